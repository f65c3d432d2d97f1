"""The typesetting process: whatever goes wrong with one document, the next reader gets their own."""

import io
import json
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.contrib.auth.models import AnonymousUser
from pypdf import PdfReader

from fiches import printing
from fiches.models import Fiche
from fiches.sections import SECTIONS
from tests.factories import FicheFactory
from translations.typesetting import process


def order(title):
    data = {"url": "", "labels": {"qr": ""}, "lead": title, "language": "en", "document_title": title}
    return json.dumps({"template": "theme", "data": data}).encode()


def test_an_answer_that_nobody_took_is_not_the_next_readers(monkeypatch):
    typesetter = process.Typesetter()
    receive = process.receive

    def interrupted(*_arguments):
        raise ValueError("filedescriptor out of range in select()")

    monkeypatch.setattr(process, "receive", interrupted)
    with pytest.raises(ValueError, match="select"):
        typesetter.set(order("First"))
    monkeypatch.setattr(process, "receive", receive)
    try:
        assert b"Second" in typesetter.set(order("Second"))
    finally:
        typesetter.stop()


@pytest.mark.django_db
@pytest.mark.parametrize("text", ["- **a** *b*\n" * 700, "x\n\n" * 3000], ids=["items", "paragraphs"])
def test_a_brief_of_very_short_lines_fits_too(text):
    fiche = FicheFactory(sections={spec.name: text for spec in SECTIONS["best_practice"]}, results=True)
    reader = AnonymousUser()
    found = printing.rows(Fiche.objects.visible_to(reader).filter(pk=fiche.pk))
    assert printing.brief(list(found), "https://clavet.example").startswith(b"%PDF")


EMOJI = "".join(map(chr, range(0x1F600, 0x1F640)))  # each written in other words
UNDRAWN = {
    "ideographs": "中文字" * 3333,
    "sentences": "中文字。" * 2500,
    "words": "中文字 " * 2500,
    "emoji": EMOJI * 156,
    "hieroglyphs": "\U00013000\U00013001" * 5000,
}


@pytest.mark.django_db
@pytest.mark.parametrize("text", UNDRAWN.values(), ids=UNDRAWN)
def test_a_brief_of_letters_that_are_written_in_others_fits_too(text):
    result = {"indicator": text[:200], "note": text[:200]}
    fiche = FicheFactory(
        title=text[:100],
        summary=text[:300],
        sections={spec.name: text[:10_000] for spec in SECTIONS["best_practice"]},
        results=[result] * 12,
        budget_amount=5,
        budget_note=text[:200],
        place=text[:100],
    )
    found = printing.rows(Fiche.objects.visible_to(None).filter(pk=fiche.pk))
    made = printing.brief(list(found), "https://clavet.example")
    assert len(PdfReader(io.BytesIO(made)).pages) <= 2


def test_one_document_at_work_one_waits_the_rest_is_told_at_once(settings, monkeypatch):
    typesetter = process.Typesetter()
    working, go_on = threading.Event(), threading.Event()

    def exchange(_child, message):
        working.set()
        go_on.wait(5)
        return b"+", message

    monkeypatch.setattr(typesetter, "running", lambda: None)
    monkeypatch.setattr(typesetter, "exchange", exchange)
    with ThreadPoolExecutor(2) as pool:
        made = [pool.submit(typesetter.set, b"first")]
        assert working.wait(5)
        made.append(pool.submit(typesetter.set, b"second"))
        while typesetter.places._value:
            time.sleep(0.01)
        began = time.monotonic()
        with pytest.raises(process.Failed, match="waiting"):
            typesetter.set(b"third")
        assert time.monotonic() - began < 0.5
        go_on.set()
        assert [document.result()[-5:] for document in made] == [b"first", b"econd"]
    assert typesetter.set(b"fourth")


@pytest.mark.parametrize("end", ["signal.SIGABRT", "errno.ENOMEM"])
def test_a_child_that_died_of_memory_is_too_much_and_not_try_again(end, monkeypatch, tmp_path):
    child = tmp_path / "child.py"
    how = "os.abort()" if "ABRT" in end else "os._exit(errno.ENOMEM)"
    child.write_text(f"import errno, os, sys\nsys.stdin.buffer.read(9)\n{how}\n")
    monkeypatch.setattr(process, "CHILD", child)
    typesetter = process.Typesetter()
    with pytest.raises(process.TooLong):
        typesetter.set(order("x"))
    child.write_text("import sys\nsys.stdin.buffer.read(9)\nsys.exit(1)\n")
    with pytest.raises(process.Failed):
        typesetter.set(order("x"))


@pytest.mark.django_db
@pytest.mark.parametrize(
    "text",
    [
        *("- - - - - x\n" * 833, "> > > > > x\n\n" * 769, "- > - > - x\n\n" * 769, "- x\n" * 2500, "x\n\n" * 3333),
        *("*x* " * 2500, "`x` " * 2500),
    ],
    ids=["lists", "quotes", "both", "items", "paragraphs", "marks", "code"],
)
def test_small_pieces_by_the_thousand_make_a_small_file(text, settings):
    settings.PDF_SECONDS = 60  # what is measured is the size; the machine may be busy
    fiche = FicheFactory(sections={spec.name: text for spec in SECTIONS["best_practice"]})
    found = printing.rows(Fiche.objects.visible_to(None).filter(pk=fiche.pk))
    made = printing.full(list(found), "https://clavet.example")
    assert len(made) < 1_000_000
    written = sum(sheet.extract_text().count("x") for sheet in PdfReader(io.BytesIO(made)).pages)
    assert written >= text.count("x") * len(SECTIONS["best_practice"])  # nothing is lost


@pytest.fixture
def typesetter(tmp_path, settings):
    """A typesetter with templates of this test; the function sets one with the data {}."""
    settings.PDF_SECONDS = 2
    own = process.Typesetter(tmp_path)

    def typeset(source):
        (tmp_path / "test.typ").write_text(f'#set document(title: "x")\n{source}')
        return own.set(b'{"template": "test", "data": {"language": "en"}}')

    typeset.own = own
    yield typeset
    own.stop()


def test_time_limit_kills_and_the_next_document_is_made(typesetter):
    began = time.monotonic()
    with pytest.raises(process.Failed):
        typesetter("#for a in range(9000) { for b in range(9000) { calc.sin(a * b) } }")
    assert time.monotonic() - began < 4
    assert typesetter("Hello").startswith(b"%PDF")


def test_memory_limit(typesetter, settings):
    settings.PDF_SECONDS = 20  # the memory ends long before
    with pytest.raises(process.TooLong):
        typesetter("#let a = range(200000000)\n#a.len()")
    assert typesetter("Hello").startswith(b"%PDF")


@pytest.mark.parametrize(
    "source",
    [
        '#read("/etc/passwd")',
        '#read("../../../../etc/passwd")',
        '#import "@preview/cetz:0.3.0"',
        '#image("/proc/self/environ")',
    ],
)
def test_nothing_of_the_machine_can_be_read(typesetter, source):
    with pytest.raises(process.Failed):
        typesetter(source)
    assert Path(f"/proc/{typesetter.own.child.pid}/environ").read_bytes() == b""
