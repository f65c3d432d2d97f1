"""How many fiches each further choice would leave: strangers are answered by the index, others by one statement."""

from array import array
from collections import defaultdict
from typing import NamedTuple

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import BooleanField, Case, CharField, ExpressionWrapper, F, Q, Value, When
from django.utils.translation import get_language

from translations import bitsets, search

from . import facet_index
from .facet_index import Index, ThemeName
from .facets import FACETS, SHOWS_POPULATION, SHOWS_REGION, Facet, Selection
from .models import Fiche
from .vocabularies import Status


class Found:
    """What a selection leaves for strangers, by the index; with a query `hits` are its keys, best first."""

    def __init__(self, index: Index, bits: int, hits: list[int] = ()):
        self.index, self.bits, self.hits = index, bits, hits

    def __len__(self):
        return self.bits.bit_count()

    def __getitem__(self, part: slice) -> list[int]:
        """Primary keys of a part of the list, newest first: what a Paginator cuts its pages from."""
        return self.index.part(self.bits, part.start, part.stop)

    def ordered(self, sort: str):
        """The primary keys in an order of facets.SORTS."""
        if sort == "newest":
            return self
        left = set(self.index.part(self.bits, 0, len(self)))
        return [key for key in (_by_title(self.index) if sort == "title" else self.hits) if key in left]


def _by_title(index: Index) -> array:
    """All public fiches in the order of the reader's alphabet; kept as long as the index."""
    key = ("by title", get_language())
    if key not in index.kept:
        rows = Fiche.objects.visible_to(None).filter(status=Status.PUBLISHED, revises=None)
        rows = search.matching(rows, "", get_language()).order_by("found__sort_key", "pk")
        index.kept[key] = array("q", rows.values_list("pk", flat=True))
    return index.kept[key]


class Counts(NamedTuple):
    """How many fiches each choice would leave."""

    total: int  # with everything chosen
    base: int  # before any filter
    of: dict[str, dict[str, int]]  # facet → value → number, its own choice apart
    without: dict[str, int]  # facet → number if it were not filtered by
    themes: dict[str, ThemeName]
    regions: dict[str, str]  # code → name
    found: Found | None = None  # only where the index counted

    def get(self, facet: str, value) -> int:
        return self.of[facet].get(str(value), 0)

    @property
    def kept(self) -> dict | None:
        """Where parts of pages are kept that every stranger gets the same; None where these counts are not for all."""
        return self.found.index.kept if self.found and self.found.bits == self.found.index.all else None


def count(rows, selection: Selection, *, public: bool, hits: list[int] | None = None) -> Counts:
    """Counts for all facets. `rows` are the fiches before any filter and query.

    `public`: they are all that strangers may read; then one index serves everybody. `hits`: of the query, if known.
    """
    if not public:
        return count_by_sql(search.matching(rows, selection.q, get_language()), selection.conditions())
    index = facet_index.current()
    if not selection.q and not selection.is_filtered:
        return _unfiltered(index)
    if not selection.q:
        return count_by_index(index, index.all, index.conditions(selection))
    if hits is None:
        hits = search.ranked(Fiche, selection.q, get_language())  # of every state: the index knows only the public ones
    return count_by_index(index, index.bits(hits), index.conditions(selection), hits)


# --- by the index ----------------------------------------------------------------------------------------------


def _unfiltered(index: Index) -> Counts:
    """Kept as long as the index."""
    key = ("counts", get_language())
    if key not in index.kept:
        index.kept[key] = count_by_index(index, index.all, {})
    return index.kept[key]


def count_by_index(index: Index, base: int, conditions: dict[str, int], hits: list[int] = ()) -> Counts:
    """The twin of count_by_sql(): the same numbers from the bits of the index."""
    of, without = bitsets.counted(index.of, base, index.all, conditions)
    total = bitsets.all_but("", base, conditions)
    names = index.theme_names(get_language()), index.region_names
    return Counts(total.bit_count(), base.bit_count(), of, without, *names, Found(index, total, hits))


# --- by the database -------------------------------------------------------------------------------------------


def count_by_sql(rows, conditions: dict[str, Q]) -> Counts:
    """One statement, for any rows."""
    try:
        sql, params = _statement(rows, conditions)
    except EmptyResultSet:  # a query without a searchable word
        return Counts(0, 0, defaultdict(dict), dict.fromkeys(conditions, 0), {}, {})
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        found = cursor.fetchall()
    numbers, labels = defaultdict(dict), defaultdict(dict)
    for facet, value, label, number in found:
        if value not in ("", None):
            numbers[facet][value] = number
            labels[facet][value] = label
    totals = numbers.pop("", {})
    without = {name: totals[f"without {name}"] for name in conditions}
    themes = {slug: ThemeName(*label.split("|", 2)) for slug, label in labels["theme"].items()}
    return Counts(totals["total"], totals["base"], numbers, without, themes, labels["region"])


def _statement(rows, conditions: dict[str, Q]) -> tuple[str, tuple]:
    """One WITH over the narrow rows, then one small count for each facet: without its own condition."""
    columns = {facet.column for facet in FACETS.values() if facet.column} - {"shown_region", "shown_population"}
    flags = {f"ok_{name}": ExpressionWrapper(condition, BooleanField()) for name, condition in conditions.items()}
    narrow = rows.order_by().annotate(
        shown_region=Case(When(SHOWS_REGION, then=F("region_id"))),
        shown_population=Case(
            When(SHOWS_POPULATION, then=F("population_band")), default=Value(""), output_field=CharField()
        ),
        **flags,
    )
    narrow = narrow.values("id", *sorted(columns), "shown_region", "shown_population", *flags)
    sql, params = narrow.query.sql_with_params()
    counts = [_counting(facet, flags) for facet in FACETS.values() if facet.name != "authority"]
    totals = {"total": _all(flags), "base": "true"} | {f"without {name}": _all(flags, name) for name in conditions}
    counts += [f"SELECT '', '{name}', '', count(*) FILTER (WHERE {test}) FROM base" for name, test in totals.items()]  # noqa: S608 – our own names
    return f"WITH base AS MATERIALIZED ({sql}) " + " UNION ALL ".join(counts), params


def _all(flags, but: str = "") -> str:
    return " AND ".join(flag for flag in flags if flag != f"ok_{but}") or "true"


def _counting(facet: Facet, flags) -> str:
    """SELECT facet, value, label, number; a value that only other choices exclude is counted 0."""
    test = _all(flags, facet.name)
    number = f"count(*) FILTER (WHERE {test})"
    start = f"SELECT '{facet.name}' AS facet,"
    if facet.name == "theme":
        name = f"coalesce(nullif(theme.name_{get_language()}, ''), theme.name_en, theme.slug)"
        return (
            f"{start} theme.slug, max(to_char(theme.position, '00000') || '|' || coalesce(upper.slug, '') || '|' || {name}), "
            f"count(DISTINCT base.id) FILTER (WHERE {test}) FROM base "
            "JOIN fiches_fiche_themes link ON link.fiche_id = base.id JOIN network_theme own ON own.id = link.theme_id "
            "JOIN network_theme theme ON theme.id IN (own.id, own.parent_id) "
            "LEFT JOIN network_theme upper ON upper.id = theme.parent_id GROUP BY theme.slug"
        )
    if facet.name == "region":
        return (
            f"{start} region.code, max(region.name), {number} FROM base "
            "JOIN network_region region ON region.id = base.shown_region GROUP BY region.code"
        )
    if facet.name == "quick_win":
        return f"{start} '1', '', count(*) FILTER (WHERE quick_win AND {test}) FROM base"
    if facet.many:
        return f"{start} value::text, '', {number} FROM base, unnest({facet.column}) AS value GROUP BY value"
    return f"{start} {facet.column}::text, '', {number} FROM base GROUP BY {facet.column}"
