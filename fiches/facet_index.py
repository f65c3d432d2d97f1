"""All public fiches as numbers whose bits are fiches: what the filters leave is counted without asking the database.

Bit i of each number stands for the i-th fiche, newest first; the bits of `of["country"]["HR"]` are the Croatian
ones. The index is made anew by one statement when the version of the corpus or the date changes (an embargo ends at
midnight). It names primary keys only: what is shown of them is read through `visible_to`.
"""

import json
import threading
from array import array
from bisect import bisect_left
from collections import defaultdict
from itertools import compress, islice
from typing import NamedTuple

from django.conf import settings
from django.db import connection
from django.db.models import Case, CharField, F, Value, When

from accounts.workdays import today
from translations import corpus

from .facets import FACETS, SHOWS_POPULATION, SHOWS_REGION, Selection
from .models import Fiche
from .vocabularies import Status

DIGITS = bytes.maketrans(b"\x00\x01", b"01")
FLAGS = bytes.maketrans(b"01", b"\x00\x01")
YEARS = ("start_year", "end_year")


class ThemeName(NamedTuple):
    """A theme as the filters show it."""

    position: str  # sorts as the coordinators put them
    parent: str  # the slug of its upper theme
    name: str


class Index:
    """Which public fiches have which value of which filter."""

    def __init__(self, keys, columns: dict[str, dict[str, int]], themes: list[dict], regions: list[dict]):
        self.keys = array("q", keys)
        self.kept: dict[tuple, object] = {}  # counts and parts of pages that are the same for all strangers
        self.all = (1 << len(self.keys)) - 1
        self._themes = themes
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
        found = {
            name: _any(self.of[name].get(value, 0) for value in chosen) for name, chosen in selection.chosen.items()
        }
        if selection.year_from or selection.year_to:
            found["years"] = self._in_years(selection.year_from, selection.year_to)
        if selection.fiches:
            found["fiches"] = self.bits(selection.fiches)
        return found

    def _in_years(self, first: int | None, last: int | None) -> int:
        """It ran in some of the years: begun before their end, not ended before their start."""
        starts, ends = (self.years[name].items() for name in YEARS)
        found = _any(bits for year, bits in starts if not last or year <= last)
        if first:
            late = [bits for years in (starts, ends) for year, bits in years if year >= first]
            found &= self.ongoing | _any(late)
        return found

    # --- keys and bits ---

    def bits(self, keys) -> int:
        """The fiches with these primary keys."""
        wanted = set(keys)
        return number(bytes(map(wanted.__contains__, self.keys)))

    def part(self, bits: int, start: int, stop: int) -> list[int]:
        """Primary keys of the start-th to the stop-th of some fiches, newest first."""
        if bits == self.all:
            return self.keys[start:stop].tolist()
        return list(islice(compress(self.keys, flags(bits)), start, stop))

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
        near = _any(bits for bits in self.of["country"].values() if bits & own)
        steps = [part for bits in levels[:0:-1] for part in (bits & near, bits & ~near)] + [levels[0] & near]
        found = (key for bits in steps for key in self.part(bits & ~own, 0, many))
        return list(islice(found, many))


def _any(numbers) -> int:
    found = 0
    for bits in numbers:
        found |= bits
    return found


def number(flags: bytes) -> int:
    """One byte for each fiche, 0 or 1 → the number with those bits."""
    return int(flags[::-1].translate(DIGITS) or b"0", 2)


def flags(bits: int) -> bytes:
    """The inverse of number(), as far as the last bit that is set."""
    return bin(bits)[:1:-1].encode().translate(FLAGS)


# --- reading it ------------------------------------------------------------------------------------------------


def read() -> Index:
    """The index of what strangers may read now; one statement."""
    rows = Fiche.objects.visible_to(None).filter(status=Status.PUBLISHED, revises=None)
    columns = sorted({facet.column for facet in FACETS.values() if facet.column} | {*YEARS, "ongoing"})
    sql, params = _statement(rows, columns)
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        themes, regions, keys, *cells = cursor.fetchone()
    values = {name: _values(text) for name, text in zip([*columns, "themes"], cells, strict=True)}
    return Index(map(int, _split(keys)), values, json.loads(themes or "[]"), json.loads(regions or "[]"))


def _statement(rows, columns) -> tuple[str, tuple]:
    """Each column as one text, a line for each fiche: a hundred times fewer values to fetch than the table has."""
    many = {facet.column for facet in FACETS.values() if facet.many}
    shown = {
        "shown_region": Case(When(SHOWS_REGION, then=F("region_id"))),
        "shown_population": Case(
            When(SHOWS_POPULATION, then=F("population_band")), default=Value(""), output_field=CharField()
        ),
    }
    base, params = rows.annotate(**shown).order_by().values("id", "published_at", *columns).query.sql_with_params()
    cells = [f"array_to_string({name}, ',')" if name in many else f"{name}::text" for name in columns]
    lines = ", ".join(f"string_agg(coalesce({cell}, ''), chr(10))" for cell in ["id::text", *cells, "linked"])
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


def _split(text: str | None) -> list[str]:
    return text.split("\n") if text is not None else []


def _values(text: str | None) -> dict[str, int]:
    """Value → the fiches that have it; a line holds none, one, or several parted by commas."""
    lines = _split(text)
    found = defaultdict(lambda: bytearray(len(lines)))
    of_line = {line: [found[value] for value in line.split(",") if value] for line in set(lines)}
    for place, line in enumerate(lines):
        for flags_ in of_line[line]:
            flags_[place] = 1
    return {value: number(bytes(flags_)) for value, flags_ in found.items()}


# --- the one that this process keeps ---------------------------------------------------------------------------

_lock = threading.Lock()
_kept: tuple[tuple, Index] | None = None


def current() -> Index:
    """The index of the corpus as this process knows it, at most CORPUS_VERSION_MAX_AGE seconds old."""
    global _kept  # one per process
    if not settings.PAGE_CACHE_BYTES:
        return read()
    if (kept := _kept) is not None and kept[0] == _key():
        return kept[1]
    with _lock:  # one reads it, the others wait for that
        if _kept is None or _kept[0] != _key():
            key = _key()  # before reading: what is committed meanwhile belongs to the next
            _kept = key, read()
        return _kept[1]


def _key() -> tuple:
    return corpus.recent(), today()
