"""Words the reader may have meant. Only rows of the given queryset are read, so nothing hidden leaks."""

import re
from collections import Counter
from difflib import SequenceMatcher
from functools import reduce
from operator import and_, or_

from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.db.models import BooleanField, Func, Q, QuerySet, TextField, Value

from translations.models import Edition

from .matching import literal, matching
from .parsing import clean, parse
from .words import fold, forms, plain, words

ROWS = 200  # rows looked at for one suggestion or correction
ALIKE = 0.7  # how alike a correction must be to the word typed: 0 … 1
NEAR = 0.45  # trigrams that a row must share with the word typed: 0 … 1
SHORTEST = 4  # letters of a word that is worth correcting
MOST_WORDS = 6  # words of a query that are corrected


class Bare(Func):
    """The column without accents and capitals, as the trigram index holds it."""

    function = "clavet_bare"
    output_field = TextField()


class Resembles(Func):
    """A trigram or pattern operator that the trigram index serves."""

    template = "(%(expressions)s)"
    output_field = BooleanField()

    def __init__(self, operator, *expressions, **extra):
        super().__init__(*expressions, arg_joiner=f" {operator} ", **extra)


def suggestions(prefix: str, language: str, queryset: QuerySet, limit: int = 8) -> list[str]:
    """Titles and names (themes, tags, authorities) of the given rows in which every word of `prefix` begins a word.

    Accents and capitals do not matter. Names first, then titles; alphabetical. Nothing for fewer than two letters.
    """
    parts = [plain(word) for word in words(fold(clean(prefix), language))]
    if not parts or len("".join(parts)) < 2:
        return []
    rows = _editions(queryset, language)
    rows = rows.filter(_has(parts, "title") | _has(parts, "names")).order_by("object_id")
    found = set()
    for title, names in rows.values_list("title", "names")[:ROWS]:
        found |= {(1, title), *((0, name.strip()) for name in names.split("\n"))}
    good = [(kind, fold(text, language), text) for kind, text in found if text and _begins(parts, text, language)]
    return list(dict.fromkeys(text for _kind, _folded, text in sorted(good)))[:limit]


def _has(parts: list[str], column: str) -> Q:
    """Every part begins a word of the column."""
    patterns = [Q(Resembles("~", Bare(column), Value(rf"\m{part}"))) for part in parts]
    return reduce(and_, patterns)


def did_you_mean(query: str, language: str, queryset: QuerySet) -> str | None:
    """The query with the words that the given rows do not have replaced by the most alike that they have, or None.

    Three statements at most; the same answer for the same rows. Words come from titles, names and summaries.
    """
    read = parse(query, language)
    typed = [word for group in read.anyof for term in group for word in term.words]
    typed = [word for word in dict.fromkeys(typed) if len(word) >= SHORTEST][:MOST_WORDS]
    if not typed:
        return None
    with connection.cursor() as cursor:  # what the operator %> calls alike, in this connection from now on
        cursor.execute("SELECT set_config('pg_trgm.word_similarity_threshold', %s, false)", [str(NEAR)])
    rows = _editions(queryset, language)
    there = [
        matching(queryset, word, language).order_by().values_list(Value(number))[:1]
        for number, word in enumerate(typed)
    ]
    known = {number for (number,) in _together(there)}
    near = [_near(rows, fold(word, language), number) for number, word in enumerate(typed) if number not in known]
    corpus = {number: Counter() for number in range(len(typed))}
    for number, *texts in _together(near):
        corpus[number].update(words(fold("\n".join(texts), language)))
    better = {word: _correction(fold(word, language), corpus[n], language) for n, word in enumerate(typed)}
    better = {word: other for word, other in better.items() if other}
    if not better:
        return None
    return re.sub(r"[^\W_]+", lambda match: better.get(match[0], match[0]), clean(query))


def _together(querysets: list[QuerySet]) -> QuerySet | list:
    """The rows of all of them in one statement."""
    return querysets[0].union(*querysets[1:], all=True) if len(querysets) > 1 else querysets[0] if querysets else []


def _editions(queryset: QuerySet, language: str) -> QuerySet:
    """What readers of `language` are shown of the rows. Asked for themselves, so that the trigram index serves."""
    of_type = {"content_type": ContentType.objects.get_for_model(queryset.model), "language": literal(language)}
    return Edition.objects.filter(**of_type, object_id__in=queryset.order_by().values("pk"))


def _begins(parts: list[str], text: str, language: str) -> bool:
    known = [plain(word) for word in words(fold(text, language))]
    return all(any(word.startswith(part) for word in known) for part in parts)


def _near(rows: QuerySet, word: str, number: int) -> QuerySet:
    """Texts of rows that hold something like the word."""
    columns = ["title", "names", "summary"]
    alike = reduce(or_, (Q(Resembles("%%>", Bare(column), Value(plain(word)))) for column in columns))
    return rows.filter(alike).order_by().values_list(Value(number), *columns)[:ROWS]


def _correction(word: str, corpus: Counter, language: str) -> str | None:
    """The most alike word of the corpus; None when the word itself is there in any form, or nothing is near."""
    bare = plain(word)
    match, scored = SequenceMatcher(b=bare, autojunk=False), []
    for other, times in corpus.items():
        match.set_seq1(plain(other))
        if match.real_quick_ratio() >= ALIKE and match.quick_ratio() >= ALIKE and match.ratio() >= ALIKE:
            scored.append((-match.ratio(), -times, other))
    if any(forms(word, language) & forms(other, language) for _score, _times, other in scored):
        return None
    return min(scored)[2] if scored else None
