"""The typesetting process: whatever goes wrong with one document, the next reader gets their own."""

import json

import pytest

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
