"""Memoranda as PDF: every language whole and tagged, with hash, status and verification; kept once, by a job."""

import hashlib
import io

import pytest
from django.conf import settings as configured
from pypdf import PdfReader

from network.memorandum import printing
from network.models import MemorandumTemplate, Signature
from network.tasks import make_memorandum_files, make_overlooked_files
from tests import memoranda as made
from tests.factories import CoordinatorFactory
from tests.jobs import waiting
from tests.test_pdf import TEXTS, font_is_embedded, squeezed, words_of
from translations.typesetting.process import Failed

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def countersigning(settings):
    settings.COUNTERSIGNING_PARTY, settings.COUNTERSIGNING_COUNTRY = made.PARTY, "BE"


@pytest.fixture
def memorandum():
    authority = made.joining(official_name="Općina Primjer")
    memorandum = made.draft([authority], languages=configured.LANGUAGE_CODES, authentic=("en", "hr"))
    for language, text in TEXTS.items():
        setattr(memorandum, f"purpose_{language}", text)
    memorandum.save()
    made.organisations(memorandum.parties.first(), *(f"Srednja škola {n}" for n in range(40)))
    memorandum.lock(by=CoordinatorFactory())
    return memorandum


def sign(memorandum, method="portal"):
    text = memorandum.current_texts().first()
    for party in memorandum.parties.all():
        Signature.objects.create(
            party=party,
            round=memorandum.round,
            method=method,
            name="Ana Sample",
            title="Mayor",
            place="Primjer",
            signed_at=memorandum.locked_at,
            language=text.language,
            text_sha256=text.sha256,
        )


def test_every_language(memorandum):
    for text in memorandum.current_texts():
        content = printing.frozen(text)
        written = squeezed(words_of(content))
        for words in (
            text.sha256,
            memorandum.code,
            memorandum.verification_code,
            TEXTS[text.language],
            "Srednja škola 39",
        ):
            assert squeezed(words) in written
        assert "\ufffd" not in written
        assert "{{" not in written
        assert "Signaturesheet" not in written
        document = PdfReader(io.BytesIO(content))
        root = document.trailer["/Root"]
        assert root["/Lang"] == text.language
        assert root["/MarkInfo"]["/Marked"]
        assert root["/StructTreeRoot"]["/K"]
        assert memorandum.code in document.metadata.title
        assert len([entry for entry in document.outline if not isinstance(entry, list)]) >= 1
        assert all(font_is_embedded(font) for sheet in document.pages for font in sheet["/Resources"]["/Font"].values())
        assert content == printing.frozen(text)  # the same bytes


def test_the_job_keeps_each_file_once(memorandum):
    assert not memorandum.files_ready()
    assert waiting("network.make_memorandum_files") == [("network.make_memorandum_files", {"pk": memorandum.pk})]
    make_memorandum_files(memorandum.pk)
    assert memorandum.files_ready()
    files = {row.language: row for row in memorandum.files.filter(kind="frozen")}
    assert set(files) == set(configured.LANGUAGE_CODES)
    for row in files.values():
        content = row.file.read()
        assert (row.size, row.sha256) == (len(content), hashlib.sha256(content).hexdigest())
    make_memorandum_files(memorandum.pk)
    assert memorandum.files.count() == 9


def test_what_was_overlooked_is_made_within_the_hour(memorandum):
    make_overlooked_files(0)
    assert len(waiting("network.make_memorandum_files")) == 2
    make_memorandum_files(memorandum.pk)
    make_overlooked_files(0)
    assert len(waiting("network.make_memorandum_files")) == 2


def test_a_text_taken_back_gets_no_file(memorandum):
    memorandum.take_back(by=CoordinatorFactory())
    make_memorandum_files(memorandum.pk)
    assert not memorandum.files.exists()


def test_what_was_made_stays_when_the_typesetter_fails(memorandum, monkeypatch):
    made_so_far = []

    def fails_at_the_third(text):
        made_so_far.append(text)
        if len(made_so_far) == 3:
            raise Failed("no")
        return b"%PDF-" + text.language.encode()

    monkeypatch.setattr(printing, "frozen", fails_at_the_third)
    with pytest.raises(Failed):
        make_memorandum_files(memorandum.pk)
    assert memorandum.files.count() == 2
    assert not memorandum.files_ready()


def test_the_final_file_says_who_signed(memorandum):
    sign(memorandum)
    text = memorandum.current_texts().get(language="en")
    written = squeezed(words_of(printing.final(text)))
    for words in ("Signature sheet", "Ana Sample", "Mayor", made.PARTY, "simple electronic signature", text.sha256):
        assert squeezed(words) in written
    assert printing.finals(memorandum) == 9
    assert printing.finals(memorandum) == 0
    assert "Demonstration" not in words_of(printing.final(text))


def test_demonstration_and_no_review_are_printed(memorandum):
    type(memorandum).objects.update(demonstration=True)
    MemorandumTemplate.objects.update(reviewed_on=None)
    sign(memorandum, "demonstration")
    text = type(memorandum).objects.get().current_texts().get(language="en")
    assert "notyetreviewedbyalawyer" in squeezed(words_of(printing.frozen(text)))
    written = squeezed(words_of(printing.final(text)))
    assert written.count("notyetreviewedbyalawyer") >= 1
    assert squeezed("Demonstration: not a real signature.") in written
