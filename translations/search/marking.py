"""Hits shown to the reader."""

import unicodedata
from typing import NamedTuple

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from .parsing import parse
from .words import WORD, fold, forms, restored, seen

WIDTH = 240  # characters of an excerpt
MAX_LENGTH = 20_000  # characters of a text that are looked through

NOTHING = frozenset()


class Hit(NamedTuple):
    start: int
    end: int
    term: int  # which term of the query


def mark(text: str, query: str, language: str) -> SafeString:
    """The text, escaped, with each hit of the query in <mark>. `language` is the language of the text."""
    text = unicodedata.normalize("NFC", text)
    pieces, end = [], 0
    for hit in hits(text, query, language):
        pieces += [escape(text[end : hit.start]), "<mark>", escape(text[hit.start : hit.end]), "</mark>"]
        end = hit.end
    return mark_safe("".join([*pieces, escape(text[end:])]))  # every piece was escaped


def excerpt(plain: str, query: str, language: str, width: int = WIDTH) -> str:
    """About `width` characters around the place where most terms occur, or the beginning; not escaped, not marked."""
    text = " ".join(unicodedata.normalize("NFC", plain[:MAX_LENGTH]).split())
    if len(text) <= width:
        return text
    found = hits(text, query, language)
    start = max(0, _best(found, width) - width // 4)
    if start:
        start = text.find(" ", start) + 1
    end = start + width
    if end < len(text):
        end = max(text.rfind(" ", start, end), start + width // 2)
    return ("… " if start else "") + text[start:end].strip() + (" …" if end < len(text) else "")


def hits(text: str, query: str, language: str) -> list[Hit]:
    """Where the terms of the query occur in an NFC text, in other word forms too, without overlaps."""
    wanted = [_wanted(term.words, language) for group in parse(query, language).anyof for term in group]
    if not wanted:
        return []
    first = {letter for phrase in wanted for word in phrase for form in word for letter in form[:1]}
    tokens, known = [], []
    for match in WORD.finditer(text):
        word, letter = seen(match[0], language)
        tokens.append(match.span())
        known.append(forms(word, language) if letter in first else NOTHING)
    found, place = [], 0
    while place < len(tokens):
        for term, phrase in enumerate(wanted):
            run = known[place : place + len(phrase)]
            if len(run) == len(phrase) and all(a & b for a, b in zip(phrase, run, strict=True)):
                found.append(Hit(tokens[place][0], tokens[place + len(phrase) - 1][1], term))
                place += len(phrase) - 1
                break
        place += 1
    return found


def _wanted(term: tuple[str, ...], language: str) -> list[frozenset[str]]:
    """For each word of a term the forms that count as a hit."""
    wanted = []
    for word in term:
        folded = fold(word, language)
        known = [forms(folded, language), *(forms(other, language) for other in restored(folded, language))]
        wanted.append(frozenset().union(*known))
    return wanted


def _best(found: list[Hit], width: int) -> int:
    """The start of the hit whose neighbourhood holds most different terms; the first of equals."""
    best, most = 0, 0
    for place, hit in enumerate(found):
        near = {other.term for other in found[place : place + 50] if other.end <= hit.start + width * 3 // 4}
        if len(near) > most:
            best, most = hit.start, len(near)
    return best
