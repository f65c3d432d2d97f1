"""The database itself refuses to change what was locked, signed, accepted or published: raw SQL, as a superuser."""

import datetime

import pytest
from django.db import Error, connection, transaction
from django.utils import timezone

from network.models import Acceptance, Document, DocumentVersion, MemorandumFile, MemorandumText, Signature
from tests import memoranda as made
from tests.factories import CoordinatorFactory, UserFactory

pytestmark = pytest.mark.django_db
TABLES = {
    "network_memorandumtext": ("text", "sha256", "language", "authentic", "data", "locked_at", "round"),
    "network_signature": ("name", "title", "method", "signed_at", "text_sha256", "place", "party_id", "round"),
    "network_memorandumfile": ("file", "sha256", "size", "kind", "language", "party_id", "memorandum_id"),
    "network_acceptance": ("version_id", "at", "language", "authority_id"),
    "network_documentversion": ("text_en", "title_en", "number", "in_force_from", "published_at", "document_id"),
}
NEW = {  # another value of each kind of column
    "boolean": "NOT {}",
    "jsonb": "'{{\"x\": 1}}'",
    "smallint": "COALESCE({}, 0) + 1",
    "integer": "COALESCE({}, 0) + 1",
    "bigint": "COALESCE({}, 0) + 1",
    "date": "{} + 1",
    "timestamp with time zone": "{} + interval '1 day'",
}


@pytest.fixture
def rows(settings):
    """One locked row in each table."""
    settings.COUNTERSIGNING_PARTY = made.PARTY
    memorandum = made.locked(files=True)
    text = memorandum.current_texts().get(language="en")
    signature = Signature.objects.create(
        party=memorandum.parties.first(),
        round=1,
        method="portal",
        name="Ana Sample",
        title="Mayor",
        signed_at=timezone.now(),
        language="en",
        text_sha256=text.sha256,
        by=UserFactory(),
    )
    document = Document.objects.create(slug="sample")
    version = DocumentVersion.objects.create(
        document=document,
        number=1,
        in_force_from=datetime.date(2026, 1, 1),
        title_en="Sample",
        text_en="Text",
        published_at=timezone.now(),
    )
    acceptance = Acceptance.objects.create(version=version, user=UserFactory(), language="en")
    return {
        "network_memorandumtext": text,
        "network_signature": signature,
        "network_memorandumfile": memorandum.files.first(),
        "network_acceptance": acceptance,
        "network_documentversion": version,
    }


def run(sql, *values):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(sql, values)
        return cursor.rowcount


def refused(sql, *values):
    with pytest.raises(Error, match="stay as they are"):
        run(sql, *values)


@pytest.fixture
def truncating(rows):
    """As in an installation: conftest switches these triggers off, because tests that commit are cleaned up by TRUNCATE."""
    for table in TABLES:
        run(f"ALTER TABLE {table} ENABLE TRIGGER {table}_stays_whole")


def kind_of(table, column):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT data_type FROM information_schema.columns WHERE table_name = %s AND column_name = %s",
            [table, column],
        )
        return cursor.fetchone()[0]


def test_the_tests_run_as_a_superuser():
    with connection.cursor() as cursor:
        cursor.execute("SELECT usesuper FROM pg_user WHERE usename = current_user")
        assert cursor.fetchone() == (True,)


@pytest.mark.parametrize("table", TABLES)
def test_no_row_is_changed_deleted_or_emptied(rows, truncating, table):
    row = rows[table]
    before = type(row).objects.filter(pk=row.pk).values().get()
    for column in TABLES[table]:
        other = NEW.get(kind_of(table, column), "CASE {0} WHEN 'x' THEN 'y' ELSE 'x' END").format(column)
        refused(f"UPDATE {table} SET {column} = {other} WHERE id = %s", row.pk)
    refused(f"DELETE FROM {table} WHERE id = %s", row.pk)
    refused(f"TRUNCATE {table} CASCADE")
    assert before == type(row).objects.filter(pk=row.pk).values().get()


@pytest.mark.parametrize("parent", ["network_memorandum", "network_party", "network_authority", "network_document"])
def test_not_through_another_table_either(truncating, parent):
    with pytest.raises(Error, match="stay as they are"):
        run(f"TRUNCATE {parent} CASCADE")
    assert MemorandumText.objects.exists()


def test_an_account_may_go_but_be_no_other(rows):
    signature, acceptance, file = (
        rows[name] for name in ("network_signature", "network_acceptance", "network_memorandumfile")
    )
    other = UserFactory()
    refused("UPDATE network_signature SET by_id = %s WHERE id = %s", other.pk, signature.pk)
    refused("UPDATE network_acceptance SET user_id = %s WHERE id = %s", other.pk, acceptance.pk)
    refused("UPDATE network_memorandumfile SET uploaded_by_id = %s WHERE id = %s", other.pk, file.pk)
    refused("UPDATE network_signature SET network_address = '192.0.2.1' WHERE id = %s", signature.pk)
    signature.by.delete()
    acceptance.user.delete()
    signature.refresh_from_db()
    acceptance.refresh_from_db()
    assert (signature.by, signature.name, acceptance.user) == (None, "Ana Sample", None)


def test_a_copy_is_checked_once(rows):
    file = rows["network_memorandumfile"]
    copy = MemorandumFile.objects.create(
        memorandum=file.memorandum,
        round=1,
        kind="signed",
        file="x",
        filename="x",
        size=1,
        sha256="0",
        check_state="waiting",
    )
    assert run("UPDATE network_memorandumfile SET check_state = 'accepted' WHERE id = %s", copy.pk) == 1
    refused("UPDATE network_memorandumfile SET check_state = 'refused' WHERE id = %s", copy.pk)


def test_an_annex_goes_only_from_a_draft(settings):
    settings.COUNTERSIGNING_PARTY = made.PARTY
    memorandum = made.draft()
    fields = {"kind": "annex", "file": "x", "filename": "x", "size": 1, "sha256": "0"}
    first, second = (memorandum.files.create(**fields) for _n in range(2))
    first.delete()
    memorandum.lock(by=CoordinatorFactory())
    refused("DELETE FROM network_memorandumfile WHERE id = %s", second.pk)


def test_a_published_version_may_gain_a_language_and_a_draft_anything(rows):
    version = rows["network_documentversion"]
    assert run("UPDATE network_documentversion SET text_el = 'Κείμενο' WHERE id = %s", version.pk) == 1
    refused("UPDATE network_documentversion SET text_el = 'Άλλο' WHERE id = %s", version.pk)
    draft = DocumentVersion.objects.create(
        document=version.document, number=2, in_force_from=datetime.date(2027, 1, 1), title_en="B", text_en="B"
    )
    assert run("UPDATE network_documentversion SET text_en = 'C' WHERE id = %s", draft.pk) == 1
    assert run("DELETE FROM network_documentversion WHERE id = %s", draft.pk) == 1
