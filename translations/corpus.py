"""The version of everything public: one number that every change raises and every cached page carries."""

import time

from django.conf import settings
from django.db.models import F

from .models import Corpus

_known = (0, float("-inf"))  # the version last read by this process, and when


def bump() -> None:
    """Void every cached page, in the transaction of the change that made them untrue."""
    if not Corpus.objects.update(version=F("version") + 1):
        Corpus.objects.get_or_create(pk=1)


def version() -> int:
    """The current version, read from the database."""
    global _known
    asked = time.monotonic()  # before the query: what is committed while it runs belongs to the next
    number = Corpus.objects.values_list("version", flat=True).first() or 0
    _known = (number, asked)
    return number


def recent() -> int:
    """The version as this process knows it, at most CORPUS_VERSION_MAX_AGE seconds old."""
    number, asked = _known
    return number if time.monotonic() - asked < settings.CORPUS_VERSION_MAX_AGE else version()
