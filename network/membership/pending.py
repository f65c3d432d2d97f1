"""Files that were accepted while the rest of their form was not: kept for the next try, forgotten after two days."""

import uuid
from datetime import timedelta
from pathlib import PurePath

from django.conf import settings
from django.core import signing
from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import history, limits, uploads
from accounts.models import Event

FOLDER = "pending"
SALT = "network.pending"
KEPT = timedelta(days=2)
STORED = "stored"  # stands for a file that its object has already


class Pending:
    """One kept file: where it is, what it is called, and the token that the form carries."""

    def __init__(self, path: str, name: str, size: int, token: str):
        self.path, self.name, self.size, self.token = path, name, size, token

    def open(self):
        return default_storage.open(self.path, "rb")

    def moved(self, obj) -> str:
        """Store it where the files of `obj` stand and drop it here once that is certain; returns its new name."""
        with self.open() as content:
            name = default_storage.save(uploads.storage_path(obj, self.name), content)
        transaction.on_commit(lambda: default_storage.delete(self.path))
        return name


@transaction.atomic
def keep(upload, user) -> Pending:
    """Check an upload and keep it for this person; ValidationError says what is wrong with it, or that it is enough."""
    checked = uploads.check(upload)
    earlier = Event.objects.filter(by=user, verb="keep_file")
    if limits.is_used_up_by(user, earlier, "at", settings.KEPT_FILES_PER_DAY):
        raise ValidationError(_("You have sent many files today. Give the reference, or send the file tomorrow."))
    history.record(user, "keep_file", by=user, internal=True)
    random = f"{FOLDER}/{uuid.uuid4().hex}{PurePath(checked.filename).suffix}"
    path = default_storage.save(random, checked.file)
    token = signing.dumps([path, checked.filename, checked.size, user.pk], salt=SALT)
    return Pending(path, checked.filename, checked.size, token)


def find(token: str, user) -> Pending | None:
    """The file that this person was given this token for, while it is kept."""
    try:
        path, name, size, pk = signing.loads(token, salt=SALT, max_age=KEPT)
    except (signing.BadSignature, ValueError):
        return None
    if pk != user.pk or not default_storage.exists(path):
        return None
    return Pending(path, name, size, token)


def forget() -> int:
    """Delete what nobody came back for; returns how many."""
    try:
        _folders, names = default_storage.listdir(FOLDER)
    except FileNotFoundError:
        return 0
    paths = [f"{FOLDER}/{name}" for name in names]
    old = [path for path in paths if default_storage.get_modified_time(path) < timezone.now() - KEPT]
    for path in old:
        default_storage.delete(path)
    return len(old)


def stored(membership) -> Pending | None:
    """The text of the decision that an application holds already."""
    file = membership.decision_file
    if not file or not file.storage.exists(file.name):
        return None
    return Pending(file.name, membership.decision_filename, file.size, STORED)


def media_type(name: str) -> str:
    """What a file is, by the ending that the check of uploads gave it."""
    by_ending = {ending: media_type for media_type, ending in uploads.EXTENSIONS.items()}
    return by_ending.get(PurePath(name).suffix, "application/octet-stream")
