"""Authorities as data: any list as CSV, JSON and JSON-LD, one authority as JSON and JSON-LD.

A record (records.py) is what readers of the language of the address are shown, with the facts as codes; every format
is written from it. Records are read in chunks by key, and each chunk asks again what its reader may see.
"""

from collections.abc import Callable, Iterator
from typing import NamedTuple

from django.utils import translation

from . import documents, linked, records, spreadsheet
from .records import Taking

__all__ = ["FORMATS", "Format", "stream"]


class Format(NamedTuple):
    """How a list and one authority are written: pieces of text, from `Taking` and records."""

    media_type: str
    head: Callable[[Taking], str]
    entry: Callable[[Taking, dict], str]
    foot: Callable[[Taking, int], str]  # the number of authorities written
    between: str = ""
    single: Callable[[Taking, dict], str] | None = None


def _nothing(*_arguments) -> str:
    return ""


FORMATS = {
    "csv": Format("text/csv; charset=utf-8; header=present", spreadsheet.head, spreadsheet.entry, _nothing),
    "json": Format("application/json", documents.head, documents.entry, documents.foot, ",\n", single=documents.entry),
    "jsonld": Format("application/ld+json", linked.head, linked.entry, linked.foot, ",\n", single=linked.single),
}


def stream(written: Format, taking: Taking, visible, keys) -> Iterator[str]:
    """The file, chunk by chunk. Between chunks the thread serves no one else's language: each sets its own."""
    with translation.override(taking.language):
        head = written.head(taking)
    yield head
    number = 0
    for start in range(0, len(keys), records.CHUNK):
        with translation.override(taking.language):
            found = records.read(visible, keys[start : start + records.CHUNK], taking)
            texts = [written.entry(taking, record) for record in found]
        if texts:
            yield (written.between if number else "") + written.between.join(texts)
            number += len(texts)
    with translation.override(taking.language):
        foot = written.foot(taking, number)
    yield foot
