"""How a query is read."""

import unicodedata
from functools import lru_cache
from typing import NamedTuple

from .words import fold, small_words, words

MAX_LENGTH = 200  # characters of a query that are read
MAX_TERMS = 12  # words and phrases of a query that are looked for
QUOTES = str.maketrans("“”„«»″", '""""""')
MINUS = ("-", "−")


class Term(NamedTuple):
    """One word, or one phrase of several, as typed."""

    words: tuple[str, ...]
    excluded: bool = False


class Query(NamedTuple):
    """`anyof`: groups of terms, one of which must hold wholly; `excluded`: terms that must not occur."""

    anyof: tuple[tuple[Term, ...], ...]
    excluded: tuple[Term, ...]

    def __bool__(self):
        return bool(self.anyof or self.excluded)


def clean(query: str) -> str:
    """The query without control characters, at most 200 characters long."""
    query = "".join(c if unicodedata.category(c)[0] != "C" else " " for c in str(query or "")[: 10 * MAX_LENGTH])
    return " ".join(query.split())[:MAX_LENGTH]


@lru_cache(1000)
def parse(query: str, language: str) -> Query:
    """Read words (all must occur), "phrases", -exclusions and OR, as on the big search engines.

    Small words of the reader's language are passed over outside phrases. Never raises on what people type.
    """
    groups, excluded = [[]], []
    for term in _terms(clean(query), language):
        if term is None:
            groups.append([])
        elif term.excluded:
            excluded.append(term)
        else:
            groups[-1].append(term)
    return Query(tuple(tuple(group) for group in groups if group), tuple(excluded))


def _terms(query: str, language: str):
    """The first terms of a query, and None for OR."""
    found = 0
    for piece, quoted, excluded in _pieces(query):
        if piece == "OR" and not quoted:
            yield None
            continue
        known = tuple(words(unicodedata.normalize("NFC", piece)))
        small = len(known) == 1 and not quoted and fold(known[0], language) in small_words(language)
        if known and (excluded or not small) and found < MAX_TERMS:
            found += 1
            yield Term(known, excluded)


def _pieces(query: str):
    """(text, whether in quotation marks, whether excluded) of each piece; an open quotation ends with the query."""
    before = ""
    for place, part in enumerate(query.translate(QUOTES).split('"')):
        if place % 2:
            yield part, True, before.endswith(MINUS)
        else:
            yield from ((piece, False, piece.startswith(MINUS)) for piece in part.split())
        before = part
