"""All public fiches as numbers whose bits are fiches: what the filters leave is counted without asking the database.

Bit i of each number stands for the i-th fiche, newest first; the bits of `of["country"]["HR"]` are the Croatian
ones. The index is made anew by one statement when the version of the corpus or the date changes (an embargo ends at
midnight). It names primary keys only: what is shown of them is read through `visible_to`.
"""

import json
from array import array
from bisect import bisect_left
from collections import defaultdict
from itertools import islice
from typing import NamedTuple

from django.conf import settings
from django.db import connection
from django.db.models import Case, CharField, F, Value, When

from translations import bitsets
from translations.bitsets import any_of

from .facets import FACETS, SHOWS_AUTHORITY, SHOWS_POPULATION, SHOWS_REGION, Selection
from .models import Fiche
from .vocabularies import Status

YEARS = ("start_year", "end_year")


class ThemeName(NamedTuple):
    """A theme as the filters show it."""

    position: str  # sorts as the coordinators put them
    parent: str  # the slug of its upper theme
    name: str


class Index:
    """Which public fiches have which value of which filter."""

    def __init__(self, keys, columns: dict[str, dict[str, int]], themes: list[dict], regions: list[dict]):
        self.rows = bitsets.Rows(keys)
        self.keys, self.all = self.rows.keys, self.rows.all
        self.bits, self.part = self.rows.bits, self.rows.part
        self.kept: dict[tuple, object] = {}  # counts and parts of pages that are the same for all strangers
        self._themes = themes
        self.authorities: list[str] = columns.pop(
            "shown_authority"
        )  # slug, place by place; too many for bits of their own
        self.years = {name: {int(year): bits for year, bits in columns.pop(name).items()} for name in YEARS}
        self.ongoing = columns.pop("ongoing").get("true", 0)
        self.own_themes = columns.pop("themes")
        codes = {str(row["id"]): row["code"] for row in regions}
        self.region_names = {row["code"]: row["name"] for row in regions}
        self.of = {facet.name: columns[facet.column] for facet in FACETS.values() if facet.column in columns}
        self.of["theme"] = self._with_upper_themes()
        self.of["region"] = {codes[key]: bits for key, bits in self.of["region"].items()}
        self.of["quick_win"] = {"1": self.of["quick_win"].get("true", 0)}
        by_key = sorted(range(len(self.keys)), key=self.keys.__getitem__)
        self._sorted_keys, self._places = array("q", (self.keys[place] for place in by_key)), array("I", by_key)

    def _with_upper_themes(self) -> dict[str, int]:
        """A fiche belongs to the upper one of its themes too."""
        slugs, found = {row["id"]: row["slug"] for row in self._themes}, defaultdict(int)
        for row in self._themes:
            bits = self.own_themes.get(str(row["id"]), 0)
            for slug in filter(None, (row["slug"], slugs.get(row["parent_id"]))):
                found[slug] |= bits
        return {slug: bits for slug, bits in found.items() if bits}

    def theme_names(self, language: str) -> dict[str, ThemeName]:
        slugs = {row["id"]: row["slug"] for row in self._themes}
        return {
            row["slug"]: ThemeName(
                f"{row['position']:05}",
                slugs.get(row["parent_id"], ""),
                row[f"name_{language}"] or row["name_en"] or row["slug"],
            )
            for row in self._themes
            if row["slug"] in self.of["theme"]
        }

    # --- what a selection leaves ---

    def conditions(self, selection: Selection) -> dict[str, int]:
        """Filter → the fiches it leaves; the twin of Selection.conditions()."""
        chosen = dict(selection.chosen)
        slugs = chosen.pop("authority", None)
        found = {name: any_of(self.of[name].get(value, 0) for value in values) for name, values in chosen.items()}
        if slugs is not None:
            found["authority"] = bitsets.number(bytes(map(set(slugs).__contains__, self.authorities)))
        if selection.year_from or selection.year_to:
            found["years"] = self._in_years(selection.year_from, selection.year_to)
        if selection.fiches:
            found["fiches"] = self.bits(selection.fiches)
        return found

    def _in_years(self, first: int | None, last: int | None) -> int:
        """It ran in some of the years: begun before their end, not ended before their start."""
        starts, ends = (self.years[name].items() for name in YEARS)
        found = any_of(bits for year, bits in starts if not last or year <= last)
        if first:
            late = [bits for years in (starts, ends) for year, bits in years if year >= first]
            found &= self.ongoing | any_of(late)
        return found

    def related(self, pk: int, many: int) -> list[int]:
        """Other fiches: those with most themes in common, then those of the same country, then the newest."""
        at = bisect_left(self._sorted_keys, pk)
        if at == len(self.keys) or self._sorted_keys[at] != pk:
            return []
        own = 1 << self._places[at]
        levels = [self.all]  # levels[n]: the fiches that have n of its themes
        for bits in self.own_themes.values():
            if bits & own:
                pairs = zip([*levels, 0], [0, *levels], strict=True)
                levels = [same & ~bits | less & bits for same, less in pairs]
        near = any_of(bits for bits in self.of["country"].values() if bits & own)
        steps = [part for bits in levels[:0:-1] for part in (bits & near, bits & ~near)] + [levels[0] & near]
        found = (key for bits in steps for key in self.part(bits & ~own, 0, many))
        return list(islice(found, many))


# --- reading it ------------------------------------------------------------------------------------------------


def read() -> Index:
    """The index of what strangers may read now; one statement."""
    rows = Fiche.objects.visible_to(None).filter(status=Status.PUBLISHED, revises=None)
    columns = sorted({facet.column for facet in FACETS.values() if facet.column} | {*YEARS, "ongoing"})
    sql, params = _statement(rows, columns)
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        themes, regions, keys, *cells = cursor.fetchone()
    read_as = {"shown_authority": bitsets.lines}
    names = [*columns, "shown_authority", "themes"]
    values = {name: read_as.get(name, bitsets.by_value)(text) for name, text in zip(names, cells, strict=True)}
    return Index(map(int, bitsets.lines(keys)), values, json.loads(themes or "[]"), json.loads(regions or "[]"))


def _statement(rows, columns) -> tuple[str, tuple]:
    """Each column as one text, a line for each fiche: a hundred times fewer values to fetch than the table has."""
    many = {facet.column for facet in FACETS.values() if facet.many}
    shown = {
        "shown_authority": Case(When(SHOWS_AUTHORITY, then=F("authority__slug"))),
        "shown_region": Case(When(SHOWS_REGION, then=F("region_id"))),
        "shown_population": Case(
            When(SHOWS_POPULATION, then=F("population_band")), default=Value(""), output_field=CharField()
        ),
    }
    base, params = (
        rows.annotate(**shown)
        .order_by()
        .values("id", "published_at", "shown_authority", *columns)
        .query.sql_with_params()
    )
    cells = [f"array_to_string({name}, ',')" if name in many else f"{name}::text" for name in columns]
    lines = ", ".join(
        f"string_agg(coalesce({cell}, ''), chr(10))" for cell in ["id::text", *cells, "shown_authority", "linked"]
    )
    names = ", ".join(f"name_{code}" for code in settings.LANGUAGE_CODES)
    return (
        f"WITH base AS MATERIALIZED ({base}), "  # noqa: S608 – our own names
        "links AS (SELECT fiche_id, string_agg(theme_id::text, ',') linked FROM fiches_fiche_themes GROUP BY fiche_id), "
        f"themes AS (SELECT id, slug, parent_id, position, {names} FROM network_theme ORDER BY position, slug), "
        "regions AS (SELECT id, code, name FROM network_region WHERE id IN (SELECT shown_region FROM base)) "
        "SELECT (SELECT json_agg(themes)::text FROM themes), (SELECT json_agg(regions)::text FROM regions), "
        f"{lines} FROM (SELECT base.*, linked FROM base LEFT JOIN links ON fiche_id = id "
        "ORDER BY published_at DESC, id DESC) AS sorted",
        params,
    )


# The one that this process keeps.
kept = bitsets.Kept(lambda: read())


def current() -> Index:
    """The index of the corpus as this process knows it, at most CORPUS_VERSION_MAX_AGE seconds old."""
    return kept.current()
