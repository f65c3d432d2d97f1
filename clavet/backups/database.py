"""The database as a backup sees it: connections of its own, one moment, and a hash for the rows of each table."""

from contextlib import contextmanager

import psycopg
from django.apps import apps
from django.db import connections
from django.db.models import FileField
from psycopg.conninfo import make_conninfo

from .archive import BackupError

OF_DJANGO = ("cursor_factory", "context", "prepare_threshold")

# Rows that are of use only to the running portal, and a danger in a copy: sessions and the keys of the cache let
# somebody in; jobs carry links to new passwords and would send mail a second time. Their tables stay, empty.
LEFT_OUT = ("cache", "django_session", "usersessions_usersession")
LEFT_OUT_PREFIX = "procrastinate_"

# The same row is the same text whatever server, role or person asks.
STEADY = """
SET statement_timeout = 0; SET idle_in_transaction_session_timeout = 0;
SET TimeZone = 'UTC'; SET DateStyle = 'ISO, YMD'; SET IntervalStyle = 'postgres'; SET bytea_output = 'hex';
SET extra_float_digits = 1; SET search_path = public, pg_catalog; SET client_encoding = 'UTF8';
"""
TABLES = """
SELECT relname FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace
WHERE nspname = 'public' AND relkind IN ('r', 'p') ORDER BY relname
"""
ROWS = """
SELECT count(*), encode(sha256(coalesce(string_agg(hash, ''::bytea ORDER BY hash), ''::bytea)), 'hex')
FROM (SELECT sha256(convert_to(row::text, 'UTF8')) AS hash FROM public.{} AS row) AS rows
"""


def parameters() -> dict:
    """How to reach the portal's database, for libpq."""
    given = connections["default"].get_connection_params()
    return {key: value for key, value in given.items() if key not in OF_DJANGO}


def command_line() -> tuple[str, dict]:
    """(--dbname=…, environment): what names the database to pg_dump; the password is never an argument."""
    given = parameters()
    password = given.pop("password", "")
    return f"--dbname={make_conninfo(**given)}", {"PGPASSWORD": password} if password else {}


@contextmanager
def connected():
    """A connection of our own in one transaction, which is undone if anything fails inside."""
    try:
        connection = psycopg.connect(**parameters())
    except psycopg.OperationalError as error:
        raise BackupError(f"The database does not answer: {error}") from None
    with connection:
        yield connection


@contextmanager
def one_moment():
    """A reading connection that sees the database of one moment, however long it takes and whoever writes."""
    with connected() as connection:
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        connection.read_only = True
        connection.execute(STEADY)
        yield connection


def value(connection, query, *args):
    row = connection.execute(query, args or None).fetchone()
    return row and row[0]


def server(connection) -> str:
    """The version of the server, such as 18.1."""
    return value(connection, "SHOW server_version").split()[0]


def major(version: str) -> int:
    return int(version.split(".")[0])


def tables(connection) -> list[str]:
    return [name for (name,) in connection.execute(TABLES)]


def is_left_out(table: str) -> bool:
    return table in LEFT_OUT or table.startswith(LEFT_OUT_PREFIX)


def row_hashes(connection) -> dict:
    """Each table that a backup carries: its number of rows and one hash over all of them, in no order."""
    found = {}
    for table in tables(connection):
        if not is_left_out(table):
            rows, digest = connection.execute(psycopg.sql.SQL(ROWS).format(psycopg.sql.Identifier(table))).fetchone()
            found[table] = {"rows": rows, "sha256": digest}
    return found


def migrations(connection) -> list[list[str]]:
    return [list(row) for row in connection.execute("SELECT app, name FROM django_migrations ORDER BY app, name")]


def file_names(connection) -> set[str]:
    """Every stored file that a row names; asks only columns that this database has, for it may be older than we."""
    query = "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'public'"
    existing = set(connection.execute(query).fetchall())
    names = set()
    for model in apps.get_models():
        for field in model._meta.local_concrete_fields:
            if isinstance(field, FileField) and (model._meta.db_table, field.column) in existing:
                table, column = psycopg.sql.Identifier(model._meta.db_table), psycopg.sql.Identifier(field.column)
                statement = psycopg.sql.SQL("SELECT {} FROM public.{} WHERE {} <> ''").format(column, table, column)
                names |= {name for (name,) in connection.execute(statement)}
    return names
