"""The typesetting process: whatever goes wrong with one document, the next reader gets their own."""

import json

import pytest
from django.contrib.auth.models import AnonymousUser

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
    assert printing.brief(list(found), reader, "https://clavet.example").startswith(b"%PDF")
