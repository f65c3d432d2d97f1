"""The authorities of the directory as numbers whose bits are authorities: counted and listed without the database.

The directory is the same for everybody: who moderates sees hidden authorities elsewhere. The first bit is the newest
member. Standing is computed here, from what is in force today, in one place: first the own membership, then being
represented, so that an authority that is both is counted once.
"""

import json
from itertools import compress
from operator import itemgetter
from typing import NamedTuple

from django.conf import settings
from django.db import connection
from django.db.models import F
from django.utils.translation import get_language

from translations import bitsets, search

from ..models import Authority, Representation
from ..rendering import CAN_ADVISE
from .selection import Selection

COLUMNS = ("id", "country", "kind", "governance_level", "working_languages", "partner_role")
MEMBER = {  # column → where it stands
    "status": F("membership__status"),
    "membership_class": F("membership__membership_class"),
    "since": F("membership__since"),
    "is_example": F("membership__demonstration"),
    "ends": F("membership__ends"),
    "former": F("membership__former"),
}


class Place(NamedTuple):
    """The standing of one authority, as lists say it."""

    standing: str
    membership_class: str
    since: str  # ISO date, or nothing
    coordinators: str  # primary keys, parted by commas
    demonstration: bool  # the membership or the representation is an example


class Index:
    """Which authorities have which value of which filter."""

    def __init__(self, columns: dict[str, str | None], themes: list[dict], coordinators: list[dict]):
        self.rows = bitsets.Rows(map(int, bitsets.lines(columns["id"])))
        self.keys, self.all = self.rows.keys, self.rows.all
        self.kept: dict[tuple, object] = {}  # counts and parts of pages that are the same for everybody
        self.themes = themes
        self.coordinators = {str(row["id"]): row for row in coordinators}
        names = {
            "standing": "standing",
            "country": "country",
            "kind": "kind",
            "level": "governance_level",
            "class": "membership_class",
            "language": "working_languages",
        }
        self.of = {name: bitsets.by_value(columns[column]) for name, column in names.items()}
        self.of["theme"] = self._with_upper_themes(bitsets.by_value(columns["advises"]))
        regions = bitsets.by_value(columns["coordinators"])
        self.of["euroregion"] = {self.coordinators[key]["slug"]: bits for key, bits in regions.items()}
        told = ("standing", "membership_class", "since", "coordinators", "example")
        self._told = [bitsets.lines(columns[name]) for name in told]
        self._places = {key: place for place, key in enumerate(self.keys)}

    def _with_upper_themes(self, own: dict[str, int]) -> dict[str, int]:
        """Who can advise on a theme can advise on the upper one too."""
        slugs, found = {row["id"]: row["slug"] for row in self.themes}, {}
        for row in self.themes:
            for slug in filter(None, (row["slug"], slugs.get(row["parent_id"]))):
                found[slug] = found.get(slug, 0) | own.get(str(row["id"]), 0)
        return {slug: bits for slug, bits in found.items() if bits}

    def place(self, key: int) -> Place:
        at = self._places[key]
        *told, example = (column[at] for column in self._told)
        return Place(*told, example == "true")

    def conditions(self, selection: Selection) -> dict[str, int]:
        """Filter → the authorities it leaves."""
        return {
            name: bitsets.any_of(self.of[name].get(value, 0) for value in values)
            for name, values in selection.values.items()
        }

    def by_name(self, bits: int) -> list[int]:
        """Primary keys in the order of the reader's alphabet."""
        name = ("by name", get_language())
        if name not in self.kept:
            rows = search.matching(Authority.objects.visible_to(None), "", get_language())
            keys = rows.order_by("found__sort_key", "pk").values_list("pk", flat=True)
            keys = [key for key in keys if key in self._places]
            places = [self._places[key] for key in keys]
            self.kept[name] = keys, itemgetter(*places, *places[:1]) if places else None
        keys, picked = self.kept[name]
        return list(compress(keys, picked(bitsets.flags(bits).ljust(len(self.keys), b"\0")))) if keys else []


class Counts(NamedTuple):
    """How many authorities there are, and how many each further choice would leave."""

    index: Index
    left: int  # bits
    total: int
    base: int  # before any filter, the usual standing too
    of: dict[str, dict[str, int]]
    without: dict[str, int]
    standing: dict[str, int]  # of the total: each authority in one of them
    hits: list[int]  # of a query, best first

    def get(self, facet: str, value) -> int:
        return self.of[facet].get(str(value), 0)

    def ordered(self, sort: str) -> list[int]:
        """The primary keys in an order of selection.SORTS."""
        if sort == "name":
            return self.index.by_name(self.left)
        if sort == "newest":
            return self.index.rows.part(self.left, 0, self.total)
        left = set(self.index.rows.part(self.left, 0, self.total))
        return [key for key in self.hits if key in left]


def count(selection: Selection, hits: list[int] | None = None) -> Counts:
    """Without query and filter the counts are kept as long as the index. `hits`: of the query, if known already."""
    index = current()
    if selection.q or selection.is_filtered:
        return _count(index, selection, hits)
    if ("counts",) not in index.kept:
        index.kept["counts",] = _count(index, selection)
    return index.kept["counts",]


def _count(index: Index, selection: Selection, hits: list[int] | None = None) -> Counts:
    if hits is None:
        hits = search.ranked(Authority, selection.q, get_language()) if selection.q else []
    base = index.rows.bits(hits) if selection.q else index.all
    conditions = index.conditions(selection)
    of, without = bitsets.counted(index.of, base, index.all, conditions)
    left = bitsets.all_but("", base, conditions)
    standing = {value: (bits & left).bit_count() for value, bits in index.of["standing"].items()}
    return Counts(index, left, left.bit_count(), base.bit_count(), of, without, standing, hits)


def chosen(selection: Selection) -> list[int]:
    """The primary keys of a list, in its order: for files and feeds."""
    return count(selection).ordered(selection.sort)


# --- reading it ------------------------------------------------------------------------------------------------


def read() -> Index:
    """The index of who is in the directory today; one statement."""
    sql, params, names = _statement()
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        themes, coordinators, *cells = cursor.fetchone()
    columns = dict(zip(names, cells, strict=True))
    return Index(columns, json.loads(themes or "[]"), json.loads(coordinators or "[]"))


def _tables() -> dict:
    """What everybody may see: authorities, who acts for whom today, whose fiches name them."""
    base = Authority.objects.visible_to(None).filter(merged_into=None).order_by().annotate(**MEMBER)
    fiches = Authority._meta.get_field("fiches").related_model.objects.visible_to(None)
    return {
        "base": base.values_list(*COLUMNS, *MEMBER),
        "acting": Representation.objects.visible_to(None)
        .order_by()
        .values_list("authority_id", "coordinator_id", "demonstration"),
        "named": fiches.filter(status="published", revises=None, disclosure="open")
        .order_by()
        .values_list("authority_id"),
    }


def _statement() -> tuple[str, tuple, list[str]]:
    """Each column as one text, a line for each authority."""
    compiled = {name: rows.query.sql_with_params() for name, rows in _tables().items()}
    withs = ", ".join(f"{name} AS ({compiled[name][0]})" for name in compiled)
    names = ", ".join(f"name_{code}" for code in settings.LANGUAGE_CODES)
    cells = {
        "id": "id",
        **{name: name for name in ("country", "kind", "governance_level", "standing", "coordinators", "advises")},
        "working_languages": "array_to_string(working_languages, ',')",
        **{
            name: f"CASE WHEN standing IN ('member', 'on_hold') THEN {name} END"
            for name in ("membership_class", "since")
        },
        "example": "CASE standing WHEN 'represented' THEN examples ELSE is_example END",
    }
    lines = ", ".join(f"string_agg(coalesce(({cell})::text, ''), chr(10))" for cell in cells.values())
    statement = f"""
        WITH {withs},
        acts AS (SELECT authority_id, string_agg(coordinator_id::text, ',') coordinators, bool_and(demonstration) examples
            FROM acting GROUP BY 1),
        able AS (SELECT authority_id, string_agg(theme_id::text, ',') advises FROM network_expertise
            WHERE expertise >= {CAN_ADVISE:d} GROUP BY 1),
        told AS (SELECT base.*, coordinators, examples, advises, {STANDING} standing
            FROM base LEFT JOIN acts ON acts.authority_id = id LEFT JOIN able ON able.authority_id = id),
        themes AS (SELECT id, slug, parent_id, {names} FROM network_theme ORDER BY position, slug),
        acted AS (SELECT id, slug, official_name, official_language, {names} FROM network_authority
            WHERE id IN (SELECT coordinator_id FROM acting))
        SELECT (SELECT json_agg(themes)::text FROM themes), (SELECT json_agg(acted)::text FROM acted), {lines}
        FROM (SELECT * FROM told WHERE standing IS NOT NULL ORDER BY since DESC NULLS LAST, id DESC) AS sorted
    """  # noqa: S608 – our own names; values are parameters
    return statement, sum((params for _sql, params in compiled.values()), ()), [*cells]


STANDING = """CASE
    WHEN status = 'active' THEN 'member' WHEN status = 'on_hold' THEN 'on_hold'
    WHEN coordinators IS NOT NULL THEN 'represented'
    WHEN status IN ('withdrawn', 'expired') AND ends IS NOT NULL OR former IS NOT NULL THEN 'former'
    WHEN partner_role <> '' OR id IN (SELECT authority_id FROM named) OR id IN (SELECT coordinator_id FROM acting)
    THEN 'other' END"""  # the values of directory.Standing

kept = bitsets.Kept(lambda: read())  # the one that this process keeps


def current() -> Index:
    return kept.current()
