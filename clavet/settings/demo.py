"""Trial and development: embedded PostgreSQL, demonstration log-ins, mail readable at /demo/mail/."""

import os
import secrets
from pathlib import Path

from .base import *  # noqa: F403
from .base import VAR


def local_secret(path: Path) -> str:
    """The secret key of this state folder: made once, readable by its owner only."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(50))
    except FileExistsError:
        pass
    return path.read_text()


DEMO = True
DEBUG = os.environ.get("CLAVET_DEBUG") == "1"
SECRET_KEY = local_secret(VAR / "secret")
ALLOWED_HOSTS = ["*"] if DEBUG else ["localhost", "127.0.0.1", "[::1]", "testserver"]
EMAIL_BACKEND = "clavet.demo_mail.EmailBackend"
DEMO_MAIL_ROOT = VAR / "mail"
MFA_REQUIRED_FOR_STAFF = False  # the demonstration coordinator signs in with a password alone
if DEBUG:
    PAGE_CACHE_BYTES = 0
    STORAGES = {
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    WHITENOISE_USE_FINDERS = True
    WHITENOISE_AUTOREFRESH = True

COUNTERSIGNING_PARTY = "CLAVET demonstration secretariat"
COUNTERSIGNING_COUNTRY = "BE"
COUNTERSIGNING_CONTACT = "secretariat@demo.example"
