"""Whole portals of a test's own, with their database and files: what backups are made of and restored into."""

from contextlib import contextmanager
from datetime import timedelta

from django.contrib.contenttypes.models import ContentType
from django.core.cache import cache
from django.core.files.base import ContentFile
from django.db import connection
from django.test import Client, override_settings
from django.utils import timezone

from accounts import account_mail, notifications
from accounts.models import Notification, OnceToken
from fiches.models import Attachment
from tests.factories import CoordinatorFactory, FicheFactory, SeatFactory, UserFactory


@contextmanager
def portal(name, media, *, like=""):
    """Django works on a new database and a new folder of files inside; it is empty, or a copy of the database `like`.

    Not with the fixture `db`: these tests commit, and their database is dropped.
    """
    here = connection.settings_dict["NAME"].partition("_portal_")[0].removeprefix("test_")
    database = f"test_{here}_portal_{name}"
    connection.close()
    with connection._nodb_cursor() as cursor:
        cursor.execute(f'DROP DATABASE IF EXISTS "{database}" WITH (FORCE)')
        cursor.execute(f'CREATE DATABASE "{database}" TEMPLATE "{like or "template0"}"')
    try:
        with standing_on(database, media):
            yield database
    finally:
        with connection._nodb_cursor() as cursor:
            cursor.execute(f'DROP DATABASE IF EXISTS "{database}" WITH (FORCE)')


@contextmanager
def standing_on(database, media):
    """Django works on a database and a folder that exist."""
    before = connection.settings_dict["NAME"]
    connection.close()
    connection.settings_dict["NAME"] = database
    ContentType.objects.clear_cache()
    try:
        with override_settings(MEDIA_ROOT=media):
            yield
    finally:
        connection.close()
        connection.settings_dict["NAME"] = before
        ContentType.objects.clear_cache()


def migrated():
    """The database of the tests, if there is one: it is made only if a test with the fixture `db` runs as well."""
    name = connection.settings_dict["NAME"]
    return name if name.startswith("test_") else ""


def attach(fiche, content):
    row = Attachment(fiche=fiche, filename="a.pdf", language="en", media_type="application/pdf", size=9, sha256="0")
    row.file.save("a.pdf", ContentFile(content))
    return row.file.name


def populate():
    """What a living portal holds at some moment."""
    cache.set("somebody", "secret-of-the-cache")
    for number in range(3):
        attach(FicheFactory(translations={"el": {"title": "Τίτλος"}}), f"%PDF-1.7 {number}".encode())
    fiche = FicheFactory(status="in_review", submitted_by=UserFactory(email="author@people.example"))
    fiche.approve(by=CoordinatorFactory(email="carla@people.example"))
    daily = UserFactory(email="daily@people.example", mail_frequency={"fiche_published_of_authority": "daily"})
    SeatFactory(authority=fiche.authority, user=daily, role="representative")
    notifications.tell("fiche_published_of_authority", fiche, recipient=daily, key="event:1")
    account_mail.queue("account/email/unknown_account", "lost@people.example", {"signup_url": "/x/secret-of-a-link/"})
    client = Client()
    client.force_login(daily)
    client.get("/en/my/")
    OnceToken.objects.create(user=daily, url="/en/")
    Notification.objects.update(due_at=timezone.now() - timedelta(hours=1))
