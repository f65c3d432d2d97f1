"""Making a backup, while people go on reading and writing."""

import errno
import os
import re
import subprocess
import tempfile
import time
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings
from django.core.files.storage import default_storage

from clavet import embedded_postgres

from . import database
from .archive import CHUNK, DUMP, FILES, FORMAT, BackupError, Writer

OWN_NAME = re.compile(r"clavet-\d{8}T\d{6}Z\.tar")
STALE_SECONDS = 2 * 24 * 3600
LOCK_WAIT = "60s"  # for a migration that runs just now


def make(target: Path, *, keep: int = 0, say=print) -> dict:
    """Write one backup; returns its path, seal, manifest and the stored files that are missing.

    `target` is a folder, or the tar file to write. With `keep`, older backups of that folder beyond this number go.
    """
    path = file_of(Path(target))
    try:
        with appearing(path) as file:
            seal, manifest, missing = write(Writer(file), say)
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise BackupError(
                f"No space left in {path.parent}: nothing was kept. Free some, or name another."
            ) from None
        raise BackupError(f"The backup cannot be written: {error}") from None
    return {
        "path": path,
        "seal": seal,
        "manifest": manifest,
        "missing": missing,
        "removed": prune(path.parent, keep) if keep else [],
    }


def file_of(target: Path) -> Path:
    """The file to write: never one that exists."""
    if target.suffix != ".tar":
        target = target / f"clavet-{datetime.now(UTC):%Y%m%dT%H%M%SZ}.tar"
    if target.exists():
        raise BackupError(f"{target} exists: a backup never overwrites another. Choose another name.")
    return target.absolute()


@contextmanager
def appearing(path: Path):
    """A file that only we may read and that has its name only when it is whole and on the disk."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    for left in path.parent.glob(".*.tar-*.partial"):  # of one that was killed
        if time.time() - left.stat().st_mtime > STALE_SECONDS:
            left.unlink(missing_ok=True)
    handle, partial = tempfile.mkstemp(prefix=f".{path.name}-", suffix=".partial", dir=path.parent)  # mode 0600
    try:
        with os.fdopen(handle, "w+b") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        give_name(partial, path)
        folder = os.open(path.parent, os.O_RDONLY)
        os.fsync(folder)
        os.close(folder)
    finally:
        Path(partial).unlink(missing_ok=True)


def give_name(partial: str, path: Path) -> None:
    """Unlike a rename alone it never replaces a backup, also where the file system knows no hard links."""
    try:
        os.link(partial, path)
    except FileExistsError:
        raise
    except OSError:  # FAT, some network shares: reserve the name, then put the file in its place
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        try:
            Path(partial).replace(path)
        except BaseException:
            path.unlink(missing_ok=True)
            raise


def prune(folder: Path, keep: int) -> list[Path]:
    """Remove the oldest backups that carry a name of ours; their names sort by time."""
    ours = sorted(path for path in folder.iterdir() if OWN_NAME.fullmatch(path.name))
    for path in ours[:-keep]:
        path.unlink()
    return ours[:-keep]


# --- what goes in ----------------------------------------------------------------------------------------------


def write(writer, say):
    """Dump, rows and list of files are those of one moment; a file that vanished meanwhile is told."""
    with database.one_moment() as connection:
        moment = datetime.now(UTC)
        named = database.file_names(connection)
        say("· Database …")
        manifest = about(connection, moment) | dump(writer, connection)
        say("· Hashes of the rows …")
        manifest["tables"] = database.row_hashes(connection)
    say("· Files …")
    manifest["files"] = files(writer, named, moment)
    missing = sorted(named - set(manifest["files"]))
    manifest["missing_files"] = missing
    if missing:
        with database.one_moment() as connection:  # what was deleted while we copied is no loss
            missing = sorted(set(missing) & database.file_names(connection))
    return writer.close(manifest), manifest, missing


def about(connection, moment) -> dict:
    """What one wants to know before restoring; no secret, no address."""
    editions = "SELECT count(*) FROM procrastinate_jobs WHERE status IN ('todo', 'doing') AND task_name LIKE %s"
    left_out = [table for table in database.tables(connection) if database.is_left_out(table)]
    return {
        "format": FORMAT,
        "made_at": moment.isoformat(timespec="seconds"),
        "release": settings.RELEASE,
        "migrations": database.migrations(connection),
        "postgresql": database.server(connection),
        "corpus_version": database.value(connection, "SELECT max(version) FROM translations_corpus"),
        "editions_waited": database.value(connection, editions, "translations.%") > 0,
        "left_out": left_out,
    }


def dump(writer, connection) -> dict:
    """pg_dump of the connection's snapshot, straight into the archive."""
    server = database.server(connection)
    program, version = client("pg_dump", database.major(server))
    target, environment = database.command_line()
    snapshot = database.value(connection, "SELECT pg_export_snapshot()")
    flags = ["--format=custom", "--no-password", f"--snapshot={snapshot}", f"--lock-wait-timeout={LOCK_WAIT}"]
    tables = [
        f"--exclude-table-data=public.{name}" for name in database.tables(connection) if database.is_left_out(name)
    ]
    with tempfile.TemporaryFile() as errors:
        process = subprocess.Popen(
            [program, *flags, *tables, target],
            env={**os.environ, **environment},
            stdout=subprocess.PIPE,
            stderr=errors,
        )
        try:
            entry = writer.add(DUMP, iter(lambda: process.stdout.read(CHUNK), b""))
        except BaseException:
            process.kill()
            raise
        finally:
            process.stdout.close()
            failed = process.wait()
        if failed:
            errors.seek(0)
            raise BackupError(f"pg_dump failed: {errors.read().decode(errors='replace').strip()}")
    return {"dump": entry, "pg_dump": version}


def client(program: str, at_least: int) -> tuple[Path, str]:
    """A client program of PostgreSQL whose major version suffices, with its version."""
    found = embedded_postgres.clients(program)
    fitting = [entry for entry in found if entry[1] >= at_least]
    if not fitting:
        have = ", ".join(f"{path} ({version})" for path, version in found) or "none"
        raise BackupError(
            f"{program} of PostgreSQL {at_least} or newer is needed; here is {have}."
            f" Install postgresql-client-{at_least}, or name its folder in CLAVET_PG_BINDIR."
        )
    path, version = min(fitting, key=lambda entry: entry[1])  # the oldest that will do: most servers can read it
    return path, str(version)


def files(writer, named: set[str], moment) -> dict:
    """Every stored file that a row names, and every other that was there before: name → size and hash."""
    found = {}
    for name in sorted(named | {name for name in stored() if name in named or is_older(name, moment)}):
        try:
            with default_storage.open(name) as file:
                found[name] = writer.add(FILES + name, file.chunks(CHUNK))
        except FileNotFoundError:
            continue
    return found


def stored(folder: str = ""):
    """The names of all stored files, through the storage's own listing."""
    try:
        folders, names = default_storage.listdir(folder)
    except FileNotFoundError:
        return
    yield from (f"{folder}/{name}" if folder else name for name in names)
    for inner in folders:
        yield from stored(f"{folder}/{inner}" if folder else inner)


def is_older(name: str, moment) -> bool:
    """Whether a file that no row names was there already: a newer one may be half written, and its row is not ours."""
    try:
        return default_storage.get_modified_time(name) < moment
    except FileNotFoundError:
        return False
