"""The portal as it runs for readers, with floors to compare it with, on the benchmark's own database."""

from clavet.settings.base import MIDDLEWARE
from clavet.settings.demo import *  # noqa: F403

DEBUG = False
ALLOWED_HOSTS = ["127.0.0.1"]
ROOT_URLCONF = "clavet.bench.urls"
MIDDLEWARE = ["clavet.bench.floors.counting", *MIDDLEWARE]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
