"""Whole portals of a test's own, with their database and files: what backups are made of and restored into."""

from contextlib import contextmanager

from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.test import override_settings


@contextmanager
def portal(name, media, *, like_the_tests=False):
    """Django works on a new database and a new folder of files inside; the database is empty, or migrated.

    Not with the fixture `db`: these tests commit, and their database is dropped.
    """
    tests = connection.settings_dict["NAME"]
    database = f"{tests}_{name}"
    connection.close()
    with connection._nodb_cursor() as cursor:
        cursor.execute(f'DROP DATABASE IF EXISTS "{database}" WITH (FORCE)')
        cursor.execute(f'CREATE DATABASE "{database}" TEMPLATE "{tests if like_the_tests else "template0"}"')
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
