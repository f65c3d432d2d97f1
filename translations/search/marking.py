"""Hits shown to the reader."""

import re
import unicodedata
from collections import defaultdict, deque
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache
from typing import NamedTuple

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from .parsing import parse
from .words import WORD, fold, forms, plain, restored

WIDTH = 240  # characters of an excerpt
MAX_LENGTH = 20_000  # characters of a text that are looked through

NOTHING = frozenset()
SPACE = re.compile(r"\s+")


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
    text = unicodedata.normalize("NFC", plain[:MAX_LENGTH])
    if len(text) <= width:
        return " ".join(text.split())
    start = max(0, _best(text, query, language, width * 3 // 4) - width // 4)
    if start:
        space = SPACE.search(text, start)
        start = space.end() if space else start
    end = start + width
    if end < len(text):
        spaces = [space.start() for space in SPACE.finditer(text, start + width // 2, end)]
        end = spaces[-1] if spaces else start + width // 2
    return ("… " if start else "") + " ".join(text[start:end].split()) + (" …" if end < len(text) else "")


def hits(text: str, query: str, language: str) -> Iterable[Hit]:
    """Where the terms of the query occur in an NFC text, in other word forms too, without overlaps."""
    sought = _sought(query, language)
    if not sought.terms:
        return []
    return (_phrases if sought.phrases else _words)(text, sought, language)


def _words(text: str, sought: "Sought", language: str) -> Iterator[Hit]:
    for match in sought.pattern.finditer(text):
        known = _forms(match[0], language)
        if not known.isdisjoint(sought.all):
            term = next(number for number, (word,) in enumerate(sought.terms) if not known.isdisjoint(word))
            yield Hit(*match.span(), term)


def _phrases(text: str, sought: "Sought", language: str) -> list[Hit]:
    """The same for terms of several words, which must follow one another: every word of the text counts."""
    first = sought.pattern.match
    tokens = [
        (match.span(), _forms(match[0], language) if first(match[0]) else NOTHING) for match in WORD.finditer(text)
    ]
    found, place = [], 0
    while place < len(tokens):
        for term, phrase in enumerate(sought.terms):
            run = tokens[place : place + len(phrase)]
            if len(run) == len(phrase) and all(a & b for a, (_span, b) in zip(phrase, run, strict=True)):
                found.append(Hit(run[0][0][0], run[-1][0][1], term))
                place += len(phrase) - 1
                break
        place += 1
    return found


class Sought(NamedTuple):
    """What a query looks for in the texts of one language."""

    terms: list[list[frozenset[str]]]  # for each word of each term the forms that count as a hit
    all: frozenset[str]
    phrases: bool  # whether a term has several words
    pattern: re.Pattern  # the words of a text that can be a hit: they begin with the right letter


@lru_cache(200)
def _sought(query: str, language: str) -> Sought:
    terms = [_wanted(term.words, language) for group in parse(query, language).anyof for term in group]
    known = frozenset().union(*(word for term in terms for word in term))
    letters = {letter for form in known for letter in initials().get(form[:1], form[:1] + form[:1].upper())}
    first = f"[{re.escape(''.join(sorted(letters)))}]" if letters else "(?!)"
    # The letter first, then that no other stands before it: so the search runs from letter to letter.
    pattern = re.compile(rf"{first}(?<![^\W_].)[^\W_]*")
    return Sought(terms, known, any(len(term) > 1 for term in terms), pattern)


@cache
def initials() -> dict[str, str]:
    """Letter without accent → all letters of European scripts that are written without sign as that one."""
    found = defaultdict(str)
    for code in (*range(0x30, 0x530), *range(0x1E00, 0x2000)):
        if chr(code).isalnum():
            found[plain(fold(chr(code), "en"))[:1]] += chr(code)
    return found


@lru_cache(10_000)
def _forms(written: str, language: str) -> frozenset[str]:
    return forms(fold(written, language), language)


def _wanted(term: tuple[str, ...], language: str) -> list[frozenset[str]]:
    """For each word of a term the forms that count as a hit."""
    wanted = []
    for word in term:
        folded = fold(word, language)
        known = [forms(folded, language), *(forms(other, language) for other in restored(folded, language))]
        wanted.append(frozenset().union(*known))
    return wanted


def _best(text: str, query: str, language: str, width: int) -> int:
    """The start of the hit within whose next `width` characters most different terms occur; the first of equals.

    The text is read only as far as the place where all terms are.
    """
    wanted, best, most, near = len(_sought(query, language).terms), 0, 0, deque()
    for hit in hits(text, query, language):
        while near and near[0].start + width < hit.end:
            near.popleft()
        near.append(hit)
        if (number := len({one.term for one in near})) > most:
            best, most = near[0].start, number
            if most == wanted:
                break
    return best
