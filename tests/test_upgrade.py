"""Data of an earlier release: saved, restored with today's code, migrated, shown anew, and nothing is lost."""

import json
import tarfile
from unittest.mock import MagicMock

import pytest
from django.apps import apps
from django.conf import settings
from django.core.files.storage import default_storage
from django.db import connection
from django.test import Client, override_settings
from django.utils import translation

from accounts.models import User
from clavet import backups
from clavet.backups import database, restoring
from fiches.models import Attachment, Fiche
from network.models import Authority
from tests.portals import portal
from translations.models import Edition

DATA = settings.BASE_DIR / "tests" / "data"
EARLIER = sorted(path.stem for path in DATA.glob("release-*.dump"))
MADE_BY = 15  # the major version of the pg_dump that made the data


@pytest.fixture(scope="module", params=EARLIER)
def upgraded(request, django_db_setup, django_db_blocker, tmp_path_factory):
    """What the earlier release counted; Django stands on its data, brought here by a backup."""
    folder, release = tmp_path_factory.mktemp("upgrade"), request.param.removeprefix("release-")
    with django_db_blocker.unblock():
        with portal("earlier", folder / "media"), override_settings(RELEASE=release):
            with database.connected() as rows:
                chunks = [(DATA / f"{request.param}.dump").read_bytes()]
                restoring.run_dump(chunks, MADE_BY, rows)
            with tarfile.open(DATA / f"{request.param}.media.tar.gz") as files:
                files.extractall(folder, filter="data")
            saved = backups.make(folder, say=str)["path"]
        with portal("upgraded", folder / "new"):
            done = backups.restore(saved, say=str)
            yield json.loads((DATA / f"{request.param}.json").read_text()), done
            connection.close()


def test_there_is_an_earlier_release():
    assert {"release-0.1.0", "release-0.2.0"} <= {*EARLIER}


def test_nothing_is_lost(upgraded):
    """Every count of the earlier release is the count of today, in each model that still exists."""
    before, _done = upgraded
    now = {model._meta.label: model._base_manager.count() for model in apps.get_models()}
    counted = {name: number for name, number in before["counts"].items() if name in now}
    assert {name: now[name] for name in counted} == counted and len(counted) > 25


def test_everybody_sees_as_much_as_before(upgraded):
    before, _done = upgraded
    people = {name: User.objects.filter(email=f"{name}@demo.example").first() for name in before["visible"]}
    assert [name for name, user in people.items() if user is None] == ["stranger"]
    assert {name: Fiche.objects.visible_to(user).count() for name, user in people.items()} == before["visible"]


def test_what_readers_are_shown_is_made_anew(upgraded):
    _before, done = upgraded
    shown = Fiche.objects.with_editions().count() + Authority.objects.with_editions().count()
    assert done["rebuilt"] and Edition.objects.count() == len(settings.LANGUAGE_CODES) * shown > 200
    assert not Edition.objects.filter(title="").exists()


def test_files_are_where_their_rows_say(upgraded):
    names = [row.file.name for row in Attachment.objects.all()]
    assert len(names) == 3 and all(default_storage.exists(name) for name in names)


def test_pages_answer_with_the_texts_of_before(upgraded):
    before, _done = upgraded
    client = Client()
    for path in [*before["pages"], "/en/", "/en/fiches/", "/el/fiches/", "/en/search/?q=school"]:
        assert client.get(path).status_code == 200, path
    fiche = Fiche.objects.visible_to(None).order_by("pk").first()
    with translation.override(fiche.source_language):
        assert fiche.source("title") in client.get(fiche.get_absolute_url()).content.decode()
    client.force_login(User.objects.get(email="coordinator@demo.example"))
    assert client.get("/en/my/").status_code == 200


def test_the_waiting_mail_of_then_is_not_sent(upgraded):
    assert upgraded[1]["mails"] > 10


def test_a_pg_restore_that_dies_among_rows_is_told_by_its_exit_status():
    connection = MagicMock()
    restoring.replay(connection, iter([b"COPY public.x (id) FROM stdin;\n", b"1\n"]))
    copy = connection.cursor.return_value.copy.return_value.__enter__.return_value
    copy.write.assert_called_once_with(b"1\n")
