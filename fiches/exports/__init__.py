"""What leaves the portal as data: lists as CSV, JSON, JSON-LD, BibTeX and RIS, single fiches as all but CSV.

A record (records.py) is what the Edition shows in the language of the address, with the facts as codes; every format
is written from it. Records are read in chunks by key: the order is fixed by one statement, then each chunk asks again
what its reader may see. Memory does not grow with the list, no statement runs long, and what is hidden while somebody
downloads is left out of the rest.
"""

from collections.abc import Callable, Iterator
from typing import NamedTuple

from django.utils import translation

from translations.exports.turns import taking_turns

from . import documents, linked, records, references, spreadsheet
from .records import Taking

__all__ = ["FORMATS", "Format", "stream", "taking_turns"]


class Format(NamedTuple):
    """How a list and one fiche are written: pieces of text, from `Taking` and records."""

    media_type: str
    head: Callable[[Taking], str]
    entry: Callable[[Taking, dict], str]
    foot: Callable[[Taking, int], str]  # the number of fiches written
    between: str = ""
    single: Callable[[Taking, dict], str] | None = None
    parts: tuple[str, ...] = ()  # of records.PARTS: what is read besides the facts


def _nothing(*_arguments) -> str:
    return ""


FORMATS = {
    "csv": Format(
        "text/csv; charset=utf-8; header=present",
        spreadsheet.head,
        spreadsheet.entry,
        _nothing,
        parts=("results",),
    ),
    "json": Format(
        "application/json",
        documents.head,
        documents.entry,
        documents.foot,
        between=",\n",
        single=documents.entry,
        parts=records.PARTS,
    ),
    "jsonld": Format(
        "application/ld+json",
        linked.head,
        linked.entry,
        linked.foot,
        between=",\n",
        single=linked.single,
    ),
    "bib": Format(
        "application/x-bibtex; charset=utf-8", _nothing, references.bibtex, _nothing, single=references.bibtex
    ),
    "ris": Format(
        "application/x-research-info-systems; charset=utf-8", _nothing, references.ris, _nothing, single=references.ris
    ),
}


def stream(written: Format, taking: Taking, visible, keys) -> Iterator[str]:
    """The file, chunk by chunk. Between chunks the thread serves no one else's language: each sets its own."""
    with translation.override(taking.language):
        head = written.head(taking)
    yield head
    number = 0
    for start in range(0, len(keys), records.CHUNK):
        with translation.override(taking.language):
            found = records.read(visible, keys[start : start + records.CHUNK], taking, written.parts)
            texts = [written.entry(taking, record) for record in found]
        if texts:
            yield (written.between if number else "") + written.between.join(texts)
            number += len(texts)
    with translation.override(taking.language):
        foot = written.foot(taking, number)
    yield foot
