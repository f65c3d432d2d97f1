"""One fiche as a record: what its Edition shows in one language, its facts as codes, its terms and its addresses.

Who handed a text in, who reviewed it and how to reach anybody is in no record. What an anonymised lesson hides is
hidden here from everybody, also from its own author: what is taken away is handed on.
"""

from array import array
from collections import defaultdict
from collections.abc import Iterable
from functools import cache
from typing import NamedTuple

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import CharField, F, OuterRef, QuerySet, Value
from django.db.models.functions import Cast, Coalesce, JSONObject, NullIf
from django.urls import NoReverseMatch, reverse
from taggit.models import TaggedItem

from network.models import Authority
from network.vocabularies import PopulationBand
from translations import search
from translations.exports.cleaning import clean, moment, number
from translations.models import Edition, Translation

from .. import facts, listing
from ..citation import author, citation
from ..facets import Selection
from ..models import Fiche, Source
from ..vocabularies import LICENCE_URLS, Vouched
from . import parts

PARTS = ("sections", "results", "attachments", "budget_note")
SHOWN = ("title", "summary", "state", "outdated", "title_language", "shown_language")
HIDDEN_COLUMNS = ("title", "summary", "budget_note", "authority__description")  # nine columns each, read by nobody here


class Taking(NamedTuple):
    """One download: its language, the portal's address, what was chosen, and which other files exist of a fiche."""

    language: str
    site: str  # https://clavet.example
    query: str = ""  # of the list
    separator: str = ","
    codes: bool = False  # column names instead of headings
    files: dict[str, str] = {}  # format → end of its address

    @property
    def base(self) -> str:
        """The address under which the fiches stand, in this language."""
        return f"{self.site}/{self.language}/fiches/"


@cache
def files() -> dict[str, str]:
    """Which files there are of one fiche: format → end of the address; the PDF ones once they exist."""
    page = reverse("fiches:detail", args=[0, "x"])
    found = {}
    for name, url_name, arguments in [
        ("brief", "fiches:brief", [0, "x"]),
        ("pdf", "fiches:pdf", [0, "x"]),
        *((name, "fiches:export_one", [0, "x", name]) for name in ("json", "jsonld", "bib", "ris")),
    ]:
        try:
            found[name] = reverse(url_name, args=arguments).removeprefix(page)
        except NoReverseMatch:  # not built yet
            continue
    return found


def keys(visible: QuerySet, selection: Selection, language: str) -> array:
    """The fiches of a list in its order: eight bytes each."""
    rows = search.matching(visible, selection.q, language)
    for condition in selection.conditions().values():
        rows = rows.filter(condition)
    return array("q", listing.ordered(rows, selection.sort).values_list("pk", flat=True))


def read(visible: QuerySet, wanted: Iterable[int], taking: Taking, with_parts: Iterable[str] = ()) -> list[dict]:
    """Records of those of `wanted` that may be seen, in that order; the number of statements does not depend on it."""
    wanted = list(wanted)
    rows = with_names(search.matching(visible.filter(pk__in=wanted), "", taking.language).order_by(), taking.language)
    fiches = {fiche.pk: fiche for fiche in rows}
    made_by = _provenance(fiches)
    common = _common_bands(fiches.values())
    found = {name: parts.READ[name](fiches, taking) for name in with_parts}
    return [
        record(fiches[pk], taking, made_by, common) | {name: rows[pk] for name, rows in found.items()}
        for pk in wanted
        if pk in fiches
    ]


def with_names(rows: QuerySet, language: str) -> QuerySet:
    """Rows of search.matching with what their Edition shows as shown_title …, and with names()."""
    columns = [f"{column}_{code}" for column in HIDDEN_COLUMNS for code in settings.LANGUAGE_CODES]
    rows = rows.annotate(**{f"shown_{column.removeprefix('shown_')}": F(f"found__{column}") for column in SHOWN})
    return rows.annotate(**names(language)).select_related("authority", "region").defer(*columns)


def names(language: str) -> dict:
    """taken_themes, taken_tags and taken_sources for annotate(): what stands in other tables, in the same statement."""
    themes = Fiche.themes.through.objects.filter(fiche=OuterRef("pk")).order_by("theme__position", "theme__slug")
    name = Coalesce(NullIf(F(f"theme__name_{language}"), Value("")), F("theme__name_en"), F("theme__slug"))
    tags = TaggedItem.objects.filter(content_type=_content_type(), object_id=OuterRef("pk")).order_by("tag__name")
    sources = Source.objects.filter(fiche=OuterRef("pk")).order_by("position", "pk")
    return {
        "taken_themes": ArraySubquery(themes.values(json=JSONObject(code=F("theme__slug"), name=name))),
        "taken_tags": ArraySubquery(tags.values_list(Cast("tag__name", CharField()))),
        "taken_sources": ArraySubquery(
            sources.values(json=JSONObject(title="title", url="url", publisher="publisher", date="date"))
        ),
    }


def _content_type() -> ContentType:
    return ContentType.objects.get_for_model(Fiche)


def _provenance(fiches) -> dict[tuple[int, str], dict]:
    """(fiche, language) → how the released translation was made."""
    rows = Translation.objects.filter(
        content_type=_content_type(), object_id__in=list(fiches), released_at__isnull=False
    )
    rows = rows.values_list("object_id", "language", "method", "engine", "status", "released_at")
    return {
        (pk, language): {"method": method, "engine": clean(engine), "status": status, "released": moment(released)}
        for pk, language, method, engine, status, released in rows
    }


def _common_bands(fiches) -> set[tuple]:
    """(country, level, band) that enough authorities share to be shown of an anonymised lesson (facts.is_common)."""
    countries = {fiche.country for fiche in fiches if fiche.is_anonymised and fiche.population_band}
    if not countries:
        return set()
    numbers = defaultdict(int)
    rows = Authority.objects.filter(country__in=countries, population__isnull=False)
    for country, level, population in rows.values_list("country", "governance_level", "population"):
        numbers[country, level, PopulationBand.of(population)] += 1
    return {key for key, number in numbers.items() if number >= facts.SHARED_BY}


# --- one record ------------------------------------------------------------------------------------------------


def record(fiche, taking: Taking, made_by: dict, common: set) -> dict:
    """The facts of a fiche of with_names(), in the active language where they are words."""
    page = f"{taking.base}{fiche.pk}/{fiche.slug}/"
    title = clean(fiche.shown_title)
    return {
        "id": fiche.pk,
        "reference": fiche.reference,
        "address": page,
        "title": title,
        "summary": clean(fiche.shown_summary),
        "kind": fiche.kind,
        "language": _language(fiche, taking, made_by),
        **_who_and_where(fiche, common),
        **_what(fiche),
        **_how_much(fiche),
        "sources": [
            {name: clean(text) for name, text in source.items()}
            for source in (fiche.taken_sources if fiche.shows("sources") else [])
        ],
        "licence": {
            "code": fiche.licence,
            "name": fiche.get_licence_display(),
            "address": LICENCE_URLS.get(fiche.licence, ""),
        },
        "author": clean(author(fiche)),
        "citation": clean(citation(fiche, title, page)),
        "origin": fiche.origin,
        "vouched": fiche.vouched or Vouched.PERSON,
        "published": moment(fiche.published_at),
        "changed": moment(fiche.changed_at or fiche.published_at),
        "embargo_until": (day := facts.embargo(fiche.embargo_until)) and day.isoformat(),
        "embargo_note": facts.embargo_note(fiche.embargo_until),
        "last_verified": fiche.last_verified and fiche.last_verified.isoformat(),
        "demonstration": fiche.demonstration,
        "files": {name: page + end for name, end in taking.files.items()},
    }


def _language(fiche, taking: Taking, made_by: dict) -> dict:
    """In which language what is written, and how that text came about."""
    return {
        "requested": taking.language,
        "title": fiche.shown_title_language,
        "text": fiche.shown_language,
        "source": fiche.source_language,
        "available": fiche.available_languages,
        "state": fiche.shown_state,
        "machine": fiche.shown_state == Edition.State.MACHINE,
        "outdated": fiche.shown_outdated,
        "translation": made_by.get((fiche.pk, fiche.shown_title_language)),
    }


def _who_and_where(fiche, common: set) -> dict:
    region = fiche.region if fiche.region_id and fiche.shows("region") else None
    point = fiche.shows("place") and fiche.latitude is not None and fiche.longitude is not None
    key = (fiche.country, fiche.governance_level, fiche.population_band)
    return {
        "anonymised": fiche.is_anonymised,
        "authority": clean(facts.authority_name(fiche)) or None,
        "country": fiche.country,
        "other_countries": fiche.other_countries,
        "region": {"code": region.code, "name": clean(region.name)} if region else None,
        "place": clean(fiche.place) if fiche.shows("place") else "",
        "point": {"latitude": number(fiche.latitude), "longitude": number(fiche.longitude)} if point else None,
        "governance_level": fiche.governance_level,
        "population_band": fiche.population_band if not fiche.is_anonymised or key in common else "",
    }


def _what(fiche) -> dict:
    return {
        "themes": [{"code": theme["code"], "name": clean(theme["name"])} for theme in fiche.taken_themes],
        "keywords": [clean(name) for name in fiche.taken_tags] if fiche.shows("tags") else [],
        "policy_stages": fiche.policy_stages,
        "development_stage": fiche.development_stage,
        "target_groups": fiche.target_groups,
        "isced_levels": fiche.isced_levels,
        "eqf_levels": fiche.eqf_levels,
        "start_year": fiche.start_year,
        "end_year": fiche.end_year,
        "ongoing": fiche.ongoing,
        "conditions": fiche.conditions,
        "cause_types": fiche.cause_types,
        "not_documented": fiche.not_documented,
        "evidence_strength": fiche.evidence_strength,
        "quick_win": fiche.quick_win,
    }


def _how_much(fiche) -> dict:
    budget = None
    if fiche.budget_amount is not None:
        budget = {
            "amount": number(fiche.budget_amount),
            "currency": fiche.budget_currency or "EUR",
            "year": fiche.budget_year,
        }
    return {
        "budget": budget,
        "cost_band": fiche.cost_band,
        "staff_fte": number(fiche.staff_fte),
        "months_to_set_up": fiche.months_to_set_up,
        "funding_sources": fiche.funding_sources,
    }
