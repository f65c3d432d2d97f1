"""The drill: a portal with people, files, waiting mail and jobs is saved, restored elsewhere, equal, and silent."""

import errno
import io
import json
import os
import socket
import stat
import subprocess
import tarfile
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest
import time_machine
from aiosmtpd.controller import Controller
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client, override_settings
from django.utils import timezone

from accounts import notifications, tasks
from accounts.models import Notification, OnceToken, User
from clavet import backups, embedded_postgres
from clavet.backups import archive, database, making, restoring
from fiches.models import Attachment, Fiche
from tests.factories import FicheFactory, UserFactory
from tests.jobs import forget, run_jobs, waiting
from tests.portals import attach, migrated, populate, portal, standing_on
from translations import corpus

LOCALHOST = "127.0.0.1"
ROWS = (
    "DELETE FROM accounts_oncetoken; INSERT INTO accounts_oncetoken VALUES (gen_random_uuid(), '/late/', now(), NULL)"
)


@pytest.fixture(scope="module", autouse=True)
def own_databases(django_db_setup, django_db_blocker):
    """These tests commit: they never stand on the database of the others."""
    with django_db_blocker.unblock():
        yield


@pytest.fixture(scope="module")
def source(own_databases, tmp_path_factory):
    """(database, folder of files) of the portal that is saved; nothing changes it for long."""
    media, like = tmp_path_factory.mktemp("media"), migrated()
    here = connection.settings_dict["NAME"]
    with portal("source", media, like=like) as name:
        if not like:
            call_command("migrate", verbosity=0)
            call_command("createcachetable", verbosity=0)
        forget()
        populate()
        with standing_on(here, settings.MEDIA_ROOT):
            yield name, media


@pytest.fixture
def living(source):
    with standing_on(*source):
        yield


@pytest.fixture(scope="module")
def saved(source, tmp_path_factory):
    """One backup of it."""
    with standing_on(*source):
        return backups.make(tmp_path_factory.mktemp("backups"), say=str)["path"]


@pytest.fixture
def elsewhere(source, tmp_path):
    """An empty database and an empty folder."""
    with portal("copy", tmp_path / "media"):
        yield


def hashes():
    with database.one_moment() as snapshot:
        return database.row_hashes(snapshot)


def is_empty():
    with database.one_moment() as snapshot:
        return not database.tables(snapshot)


def manifest(path):
    with archive.reading(path) as reader:
        return reader.manifest


# --- the drill -------------------------------------------------------------------------------------------------


def test_rows_and_files_are_the_same_elsewhere(source, saved, elsewhere, tmp_path):
    call_command("restore", str(saved), "--no-migrate", stdout=io.StringIO())
    with standing_on(*source):
        before = hashes()
    after = hashes()
    assert {"accounts_user", "fiches_fiche", "translations_edition", "network_theme"} <= set(after)
    changed = {name for name in before if before[name] != after[name]}
    assert changed == {"accounts_notification", "translations_corpus"}  # made quiet, and void for caches
    assert before["fiches_fiche"]["rows"] >= 4
    names = {row.file.name: row.file.read() for row in Attachment.objects.all()}
    assert {name: (source[1] / name).read_bytes() for name in names} == names and len(names) == 3


def test_a_restored_portal_works_and_lets_no_old_session_in(saved, elsewhere):
    out = io.StringIO()
    call_command("restore", str(saved), stdout=out)
    assert "Migrations" in out.getvalue() and "everybody signs in again" in out.getvalue()
    assert not Session.objects.exists() and not UserSession.objects.exists() and OnceToken.objects.count() == 1
    assert cache.get("somebody") is None and not waiting()
    client = Client()
    fiche = Fiche.objects.visible_to(None).first()
    assert fiche.source("title") in client.get(fiche.get_absolute_url(), follow=True).content.decode()
    client.force_login(User.objects.get(email="daily@people.example"))
    assert client.get("/en/my/").status_code == 200


@pytest.fixture
def smtp():
    """A real mail server; the addresses that it was given mail for."""
    received = []

    class Server:
        async def handle_DATA(self, server, session, envelope):
            received.extend(envelope.rcpt_tos)
            return "250 OK"

    with socket.socket() as probe:
        probe.bind((LOCALHOST, 0))
        port = probe.getsockname()[1]
    controller = Controller(Server(), hostname=LOCALHOST, port=port)
    controller.start()
    backend = "django.core.mail.backends.smtp.EmailBackend"
    with override_settings(EMAIL_BACKEND=backend, EMAIL_HOST=LOCALHOST, EMAIL_PORT=port):
        yield received
    controller.stop()


def let_the_worker_work():
    """What waits, what was overlooked, and tomorrow's digests."""
    run_jobs()
    tasks.send_overlooked(0)
    run_jobs()
    with time_machine.travel(timezone.now().replace(hour=12) + timedelta(days=1)):
        tasks.morning_digests(0)
        run_jobs()


def test_a_restored_copy_sends_no_old_mail(saved, elsewhere, smtp):
    backups.restore(saved, migrate=False, say=str)
    let_the_worker_work()
    assert smtp == []
    assert {row.state for row in Notification.objects.all()} == {"dropped"}


def test_it_would_send_if_it_were_not_made_quiet(living, tmp_path, smtp, monkeypatch):
    """The proof that the test before can fail: jobs carried along, waiting mail left waiting."""
    monkeypatch.setattr(database, "LEFT_OUT_PREFIX", "nothing")
    monkeypatch.setattr(restoring, "quieten", lambda connection: 0)
    path = backups.make(tmp_path, say=str)["path"]
    with portal("loud", tmp_path / "media"):
        backups.restore(path, migrate=False, say=str)
        let_the_worker_work()
    assert set(smtp) == {"author@people.example", "daily@people.example", "lost@people.example"}


def test_mail_that_is_not_due_yet_stays(source, tmp_path):
    with portal("future", tmp_path / "media", like=source[0]):
        person = UserFactory()
        later = timezone.now() + timedelta(days=30)
        notifications.tell("fiche_received", FicheFactory(), recipient=person, key="event:7", due_at=later)
        version = corpus.version()
        with database.connected() as rows:
            assert restoring.quieten(rows) == Notification.objects.count() - 1
        assert Notification.objects.get(state="queued").recipient == person
        assert corpus.version() > version + 1000


# --- one moment ------------------------------------------------------------------------------------------------


def test_a_backup_is_of_one_moment_although_people_write(living, tmp_path):
    kept, gone = attach(FicheFactory(), b"%PDF kept"), attach(FicheFactory(), b"%PDF gone")
    tokens, before = set(OnceToken.objects.values_list("token", flat=True)), hashes()

    def say(step):
        """Somebody writes between the snapshot and the dump, and between the dump and the rest."""
        with psycopg.connect(**database.parameters()) as other:
            other.execute(ROWS)
        if "Hashes" in step:
            default_storage.save("attachments/late.pdf", ContentFile(b"half wri"))
            Attachment.objects.get(file=gone).delete()
            default_storage.delete(gone)

    done = backups.make(tmp_path / "b", say=say)
    connection.close()
    assert done["manifest"]["tables"] == before
    assert done["missing"] == [] and done["manifest"]["missing_files"] == [gone]  # its row is gone as well by now
    assert kept in done["manifest"]["files"] and "attachments/late.pdf" not in done["manifest"]["files"]
    with portal("moment", tmp_path / "media"):
        backups.restore(done["path"], migrate=False, say=str)
        assert set(OnceToken.objects.values_list("token", flat=True)) == tokens
    default_storage.delete("attachments/late.pdf")
    Attachment.objects.get(file=kept).delete()


def test_a_missing_file_is_told_and_the_backup_kept(living, tmp_path):
    name = attach(FicheFactory(), b"%PDF lost")
    default_storage.delete(name)
    with pytest.raises(CommandError, match=name) as told:
        call_command("backup", str(tmp_path), stdout=io.StringIO())
    assert told.value.returncode == 2 and len(list(tmp_path.glob("*.tar"))) == 1
    Attachment.objects.get(file=name).delete()


# --- the file --------------------------------------------------------------------------------------------------


def test_a_backup_is_one_private_file_without_sessions_links_or_passwords(saved, living):
    assert stat.S_IMODE(saved.stat().st_mode) == 0o600
    assert [path.name for path in saved.parent.iterdir()] == [saved.name]
    told = manifest(saved)
    assert {"django_session", "usersessions_usersession", "cache", "procrastinate_jobs"} <= set(told["left_out"])
    assert not {"@", "secret", "host=", "password"} & set(json.dumps({**told, "tables": "", "migrations": ""}))
    program, _version = making.client("pg_restore", int(told["pg_dump"]))
    with tarfile.open(saved) as tar:
        dump = tar.extractfile(archive.DUMP).read()
    text = subprocess.run([program, "--file=-"], input=dump, capture_output=True, check=True).stdout
    assert b"author@people.example" in text and b"secret-of" not in text


def test_the_password_is_no_argument(living, monkeypatch):
    monkeypatch.setitem(connection.settings_dict, "PASSWORD", "s3cret")
    argument, environment = database.command_line()
    assert "s3cret" not in argument and environment == {"PGPASSWORD": "s3cret"}


def test_old_backups_go_and_nothing_else(living, tmp_path):
    killed = tmp_path / ".clavet-20250101T000000Z.tar-x.partial"
    for name in ("clavet-20250101T000000Z.tar", "clavet-20250102T000000Z.tar", "clavet-mine.tar", "other.txt"):
        (tmp_path / name).touch()
    killed.touch()
    os.utime(killed, (0, 0))
    done = backups.make(tmp_path, keep=2, say=str)
    left = {path.name for path in tmp_path.iterdir()}
    assert left == {"clavet-20250102T000000Z.tar", "clavet-mine.tar", "other.txt", done["path"].name}


def test_a_backup_never_overwrites(saved, living):
    with pytest.raises(backups.BackupError, match="exists"):
        backups.make(saved, say=str)


def test_a_full_disk_leaves_nothing_behind(living, tmp_path, monkeypatch):
    def full(*args):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(archive, "header", full)
    with pytest.raises(backups.BackupError, match="No space left"):
        backups.make(tmp_path / "b", say=str)
    assert not list((tmp_path / "b").iterdir())


def test_an_old_pg_dump_is_named(living, tmp_path, monkeypatch):
    monkeypatch.setattr(embedded_postgres, "clients", lambda program: [(Path("/old/pg_dump"), 9)])
    with pytest.raises(backups.BackupError, match=r"or newer is needed; here is /old/pg_dump \(9\)"):
        backups.make(tmp_path, say=str)
    assert not list(tmp_path.iterdir())


MEMORY = {"default": {"BACKEND": "django.core.files.storage.InMemoryStorage"}}


def test_files_are_reached_through_the_storage_alone(tmp_path):
    path = tmp_path / "files.tar"
    with override_settings(STORAGES=MEMORY), path.open("w+b") as file:
        default_storage.save("a/b/c.pdf", ContentFile(b"deep"))
        default_storage.save("d.pdf", ContentFile(b"flat"))
        writer = archive.Writer(file)
        dump = writer.add(archive.DUMP, [b"x"])
        files = making.files(writer, set(), timezone.now() + timedelta(seconds=1))
        writer.close({"format": 1, "dump": dump, "files": files})
    with override_settings(STORAGES=MEMORY), archive.reading(path) as reader:
        reader.verify()
        assert restoring.restore_files(reader, replace=False) == 0
        assert default_storage.open("a/b/c.pdf").read() == b"deep"
        assert restoring.restore_files(reader, replace=False) == 2
        default_storage.delete("d.pdf")
        default_storage.save("d.pdf", ContentFile(b"another"))
        with pytest.raises(backups.BackupError, match="another file"):
            restoring.restore_files(reader, replace=False)
        assert restoring.restore_files(reader, replace=True) == 1


# --- what is refused -------------------------------------------------------------------------------------------


def flip(member, offset):
    def change(content):
        with tarfile.open(fileobj=io.BytesIO(content)) as tar:
            found = next(info for info in tar.getmembers() if info.name.startswith(member))
        content[found.offset_data + offset % found.size] ^= 1

    return change


@pytest.mark.parametrize(
    "change",
    [
        *(flip(archive.DUMP, place) for place in (0, 30_000, -1)),
        flip(archive.FILES, 3),
        *(flip(archive.MANIFEST, place) for place in (0, 700, -2)),
        flip(archive.SEAL, 5),
        lambda content: content.__delitem__(slice(len(content) // 2, None)),
        lambda content: content.__delitem__(slice(len(content) - 4000, None)),
        lambda content: content.__setitem__(slice(0, None), b"not a backup at all" * 99),
        lambda content: content.clear(),
    ],
)
def test_a_changed_byte_is_refused_before_anything_is_touched(saved, elsewhere, tmp_path, change):
    content, path = bytearray(saved.read_bytes()), tmp_path / "spoiled.tar"
    change(content)
    path.write_bytes(content)
    for flags in (["--check"], []):
        with pytest.raises(CommandError, match=r"touched|cannot be read"):
            call_command("restore", str(path), *flags, stdout=io.StringIO())
    assert is_empty() and not (tmp_path / "media").exists()


def test_a_whole_backup_is_said_to_be_whole(saved, elsewhere):
    out = io.StringIO()
    call_command("restore", str(saved), "--check", stdout=out)
    assert "It is whole" in out.getvalue() and is_empty()


def test_a_database_that_is_not_empty_is_refused_and_replaced_only_on_demand(source, saved, tmp_path, monkeypatch):
    with portal("full", tmp_path / "media", like=source[0]):
        UserFactory(email="here@people.example")
        with pytest.raises(CommandError, match="not empty"):
            call_command("restore", str(saved), stdout=io.StringIO())
        monkeypatch.setattr("builtins.input", lambda question: "no")
        with pytest.raises(CommandError, match="Nothing was touched"):
            call_command("restore", str(saved), "--replace", stdout=io.StringIO())
        assert User.objects.filter(email="here@people.example").exists()
        with psycopg.connect(**database.parameters()), pytest.raises(CommandError, match="stop the server"):
            call_command("restore", str(saved), "--replace", "--yes", stdout=io.StringIO())
        call_command("restore", str(saved), "--replace", "--yes", "--no-migrate", stdout=io.StringIO())
        assert not User.objects.filter(email="here@people.example").exists() and User.objects.count() > 3


def test_a_backup_of_a_newer_release_is_refused(saved, elsewhere):
    with override_settings(RELEASE="0.0.9"), pytest.raises(CommandError, match=r"0\.0\.9: install that release first"):
        call_command("restore", str(saved), stdout=io.StringIO())
    with pytest.raises(backups.BackupError, match=r"fiches\.9999_later is unknown"):
        restoring.refuse_newer(manifest(saved) | {"migrations": [["fiches", "9999_later"], ["gone", "0001_initial"]]})
    assert is_empty()


def test_an_interrupted_restore_is_repeated_by_the_same_command(saved, elsewhere, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(restoring, "quieten", lambda connection: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            backups.restore(saved, migrate=False, say=str)
    assert is_empty()
    assert backups.restore(saved, migrate=False, say=str)["same_files"] == 3


def test_rows_that_differ_after_all_are_not_kept(saved, elsewhere, monkeypatch):
    run = restoring.run

    def careless(connection, statements):
        run(connection, statements)
        connection.execute("UPDATE public.fiches_fiche SET place = 'elsewhere'")

    monkeypatch.setattr(restoring, "run", lambda c, s: careless(c, s) if b"CREATE INDEX" in b"".join(s) else run(c, s))
    with pytest.raises(backups.BackupError, match="fiches_fiche differ"):
        backups.restore(saved, migrate=False, say=str)
    assert is_empty()


def test_a_backup_that_is_no_longer_there(elsewhere, tmp_path):
    with pytest.raises(CommandError, match="There is no file"):
        call_command("restore", str(tmp_path / "nothing"), stdout=io.StringIO())
