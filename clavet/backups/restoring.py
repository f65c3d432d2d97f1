"""Restoring a backup: everything is checked first, the files come next, the database last and at one stroke."""

import hashlib
import io
import re
import subprocess
import tempfile
import threading
from pathlib import Path

import psycopg
from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.core.files.base import File
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.db import connection as portal
from django.db.migrations.loader import MigrationLoader

from accounts.models import Notification
from translations.models import Corpus

from . import database
from .archive import CHUNK, DUMP, FILES, BackupError, Reader, reading
from .making import client

COPY = re.compile(rb"COPY .* FROM stdin;\n")
END = b"\\.\n"
# Words to psql, and a setting that servers before 17 do not know.
NOT_FOR_US = re.compile(rb"\\(un)?restrict |SET transaction_timeout ")
# People's connections, not PostgreSQL's own processes.
OTHERS = """
SELECT count(*) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid() AND usesysid IS NOT NULL
"""
AFTERWARDS = "Run manage.py migrate, then manage.py editions_rebuild."


def verify(path, say=print) -> dict:
    """Whether a backup is whole; returns its manifest."""
    with reading(Path(path)) as archive:
        say(f"· Checking {path} …")
        archive.verify()
        return archive.manifest


def restore(path, *, replace: bool = False, migrate: bool = True, say=print) -> dict:
    """Put a backup into an empty database, or with `replace` over what is there; returns what was done.

    Nothing is written before the archive is checked. Files that are there already stay if they are the same, so an
    interrupted restore is repeated by the same command: until the database's one transaction ends, it is untouched.
    """
    with reading(Path(path)) as archive:
        say(f"· Checking {path} …")
        archive.verify()
        refuse_newer(archive.manifest)
        portal.close()
        try:
            with database.connected() as connection:
                done = fill(archive, connection, replace, say)
        except psycopg.Error as error:
            raise BackupError(f"The database refuses the backup and was left as it was: {error}") from None
        except OSError as error:
            raise BackupError(f"A file cannot be stored: {error}. The database was left as it was.") from None
        ContentType.objects.clear_cache()
        rebuilt = bring_up_to_date(archive.manifest, done.pop("server"), say) if migrate else False
        return {**done, "manifest": archive.manifest, "rebuilt": rebuilt}


def fill(archive, connection, replace: bool, say) -> dict:
    """Files and rows; the caller's transaction keeps all rows or none."""
    prepare(connection, replace)
    say(f"· Files ({len(archive.manifest['files'])}) …")
    kept = restore_files(archive, replace)
    say("· Database …")
    run_dump(archive.chunks(DUMP), int(archive.manifest["pg_dump"]), connection)
    compare(archive.manifest, connection)
    told = quieten(connection)
    connection.execute("RESET ALL; ANALYZE")
    return {"mails": told, "same_files": kept, "server": database.server(connection)}


# --- may we --------------------------------------------------------------------------------------------------


def release(name: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", name))


def refuse_newer(manifest) -> None:
    """An older portal cannot read what a newer one wrote."""
    if release(manifest["release"]) > release(settings.RELEASE):
        raise BackupError(
            f"This backup was made by release {manifest['release']}, and here is {settings.RELEASE}:"
            " install that release first. Nothing was touched."
        )
    loader = MigrationLoader(None)
    known = set(loader.disk_migrations) | {old for new in loader.disk_migrations.values() for old in new.replaces}
    unknown = [f"{app}.{name}" for app, name in manifest["migrations"] if (app, name) not in known]
    unknown = [name for name in unknown if name.split(".")[0] in loader.migrated_apps]
    if unknown:
        raise BackupError(f"This backup was made by newer code: {', '.join(unknown)} is unknown here.")


def prepare(connection, replace: bool) -> None:
    """The database is empty, or emptied in our transaction; nobody else may be using it then."""
    connection.execute("SET statement_timeout = 0; SET lock_timeout = '10s'")
    if not database.tables(connection):
        return
    name = connection.info.dbname
    if not replace:
        raise BackupError(
            f"The database {name} is not empty: name an empty one, or say --replace to lose what it holds."
        )
    if number := database.value(connection, OTHERS):
        raise BackupError(f"{number} other connections use the database {name}: stop the server and the worker first.")
    connection.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public; GRANT USAGE ON SCHEMA public TO PUBLIC")
    connection.execute("ALTER SCHEMA public OWNER TO pg_database_owner")


# --- files -----------------------------------------------------------------------------------------------------


def restore_files(archive: Reader, replace: bool) -> int:
    """Store every file under its name; returns how many were there. Another file of the same name is not lost unasked."""
    there = {name for name in archive.manifest["files"] if default_storage.exists(name)}
    same = {name for name in there if stored_hash(name) == archive.manifest["files"][name]["sha256"]}
    if different := sorted(there - same):
        if not replace:
            raise BackupError(f"{different[0]} is stored here already, and is another file: say --replace to lose it.")
        for name in different:
            default_storage.delete(name)
    for name in sorted(set(archive.manifest["files"]) - same):
        with archive.open(FILES + name) as content:
            if default_storage.save(name, File(content)) != name:
                raise BackupError(f"{name} cannot be stored under its name.")
    return len(same)


def stored_hash(name: str) -> str:
    digest = hashlib.sha256()
    with default_storage.open(name) as file:
        for chunk in file.chunks(CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


# --- rows ------------------------------------------------------------------------------------------------------


def run_dump(chunks, made_by: int, connection) -> None:
    """Let pg_restore write a dump (of that major version) as SQL, and run it in our own transaction.

    One transaction for the rows, the checks after them and `quieten`: no worker ever meets a copy that is not quiet.
    """
    program, _version = client("pg_restore", made_by)
    command = [program, "--no-owner", "--no-privileges", "--no-comments", "--file=-"]
    with tempfile.TemporaryFile() as errors:
        process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors)
        feeder = threading.Thread(target=feed, args=(chunks, process.stdin), daemon=True)
        feeder.start()
        try:
            replay(connection, process.stdout)
        finally:
            process.stdout.close()
            feeder.join()
            failed = process.wait()
        if failed:
            errors.seek(0)
            said = errors.read().decode(errors="replace").strip()
            raise BackupError(f"pg_restore failed, and the database was left as it was: {said}")


def feed(chunks, pipe) -> None:
    try:
        with pipe:
            for chunk in chunks:
                pipe.write(chunk)
    except BrokenPipeError:
        pass  # it has read enough, or has failed and says why


def replay(connection, output) -> None:
    """Run a script of pg_restore: statements, and rows between `COPY … FROM stdin;` and a line with `\\.`."""
    statements = []
    for line in output:
        if COPY.fullmatch(line):
            run(connection, statements)
            with connection.cursor().copy(line) as copy:
                for row in iter(lambda: next(output, END), END):  # pg_restore that died has written no end
                    copy.write(row)
        elif not NOT_FOR_US.match(line):
            statements.append(line)
    run(connection, statements)


def run(connection, statements) -> None:
    if statements:
        connection.execute(b"".join(statements))
    statements.clear()


def compare(manifest, connection) -> None:
    """Table by table the rows are those that were saved."""
    connection.execute(database.STEADY)
    found = database.row_hashes(connection)
    if different := sorted(name for name, rows in manifest["tables"].items() if found.get(name) != rows):
        raise BackupError(
            f"The rows of {', '.join(different)} differ from those saved: the database was left as it was."
        )


def quieten(connection) -> int:
    """A restored copy tells nobody what was told, and serves no page of another time; returns the mails dropped.

    - Notifications that waited count as no longer due. They were most likely sent after the backup was made, or the
      living portal will send them; a mail too few is found on one's page, a mail twice is not taken back. Their rows
      stay, so that nobody is told later either. What is due only in the future stays.
    - Jobs, sessions and the cache are not in a backup at all (`database.LEFT_OUT`): everybody signs in again, a copy
      next to a living portal accepts none of its sessions, and Editions that waited for rewriting are rebuilt.
    - Used forms (OnceToken) stay: they let nobody in, and a form sent again after the restore still makes no second row.
    - Links in mails (new password, confirm an address, unsubscribe) are signed with SECRET_KEY, not stored. After a
      loss they are meant to go on working; a copy beside the living portal gets a SECRET_KEY of its own.
    - The corpus version jumps to the clock's seconds: a browser must not take a page of before for one of after.
    """
    waiting, dropped = Notification.State.QUEUED.value, Notification.State.DROPPED.value
    table = psycopg.sql.Identifier(Notification._meta.db_table)
    drop = psycopg.sql.SQL("UPDATE public.{} SET state = %s WHERE state = %s AND due_at <= now()").format(table)
    told = connection.execute(drop, [dropped, waiting]).rowcount
    table = psycopg.sql.Identifier(Corpus._meta.db_table)
    jump = "UPDATE public.{} SET version = GREATEST(version + 1, extract(epoch FROM now())::bigint)"
    connection.execute(psycopg.sql.SQL(jump).format(table))
    return told


# --- afterwards ------------------------------------------------------------------------------------------------


def bring_up_to_date(manifest, server: str, say) -> bool:
    """Migrate to this release; write Editions anew if they were made by another one. True if they were."""
    try:
        say("· Migrations …")
        call_command("migrate", verbosity=0, interactive=False)
        with database.one_moment() as connection:
            migrated = database.migrations(connection) != manifest["migrations"]
        other = manifest["release"] != settings.RELEASE
        other |= database.major(server) != database.major(manifest["postgresql"])
        if not (migrated or other or manifest["editions_waited"]):
            return False
        say("· What readers are shown …")
        call_command("editions_rebuild", verbosity=0, stdout=io.StringIO())
    except Exception as error:
        raise BackupError(f"The data are restored, but not brought up to date: {error}\n{AFTERWARDS}") from error
    return True
