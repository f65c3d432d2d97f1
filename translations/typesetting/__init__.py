"""Typesetting: data set as a PDF/UA by a typst template of templates/typst, in a child process with limits.

    typesetting.pdf("fiche", data, language="el", title="…") -> bytes

`data` is what JSON can hold; texts of people stand in it as text and never become markup. Everything a reader sees,
labels included, comes in it already translated. `data["at"]` (seconds since 1970) is the date of the document: the
same data makes the same bytes. Letters that no typeface here has are written in others between square brackets
(see characters.py), and the document says so with the sentence `data["labels"]["replaced"]`.
"""

import json

from django.conf import settings

from .process import Failed, TooLong, Typesetter

__all__ = ["Failed", "TooLong", "pdf"]


_typesetter = None


def pdf(template: str, data: dict, *, language: str, title: str) -> bytes:
    """The document as templates/typst/<template>.typ sets it; raises TooLong or Failed."""
    order = {"template": template, "data": {**data, "language": language, "document_title": title}}
    message = json.dumps(order).encode()
    if len(message) > settings.PDF_DATA_BYTES:
        raise TooLong(len(message))
    global _typesetter  # one per process, when first needed
    _typesetter = _typesetter or Typesetter()
    return _typesetter.set(message)
