"""The filters of the list: what a reader chose, which fiches that leaves, and how many each further choice would."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NamedTuple

from django.conf import settings
from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from network.countries import COUNTRIES
from network.vocabularies import GovernanceLevel, PopulationBand
from translations import lists
from translations.lists import values_of

from .models import Fiche
from .vocabularies import (
    CostBand,
    Detail,
    DevelopmentStage,
    Disclosure,
    EvidenceStrength,
    Isced,
    Kind,
    PolicyStage,
    TargetGroup,
)

YEARS = range(1900, 2101)
SORTS = {"relevance": _("Relevance"), "newest": _("Newest first"), "title": _("Title")}
MANY_FICHES = 100  # chosen one by one that are read from an address


class Facet(NamedTuple):
    """One filter: its name in the address, its heading, the column it looks at and the values it knows."""

    name: str
    label: Promise
    column: str
    values: frozenset[str] | None  # None: whatever the database holds
    many: bool = False  # the column is an array

    def condition(self, chosen: list[str]) -> Q:
        if self.name in SPECIAL:
            return SPECIAL[self.name](chosen)
        return Q(**{f"{self.column}__overlap" if self.many else f"{self.column}__in": chosen})


def _with_themes(slugs):
    """Themes of either level: a fiche belongs to the upper one of its themes too."""
    rows = Fiche.themes.through.objects.filter(Q(theme__slug__in=slugs) | Q(theme__parent__slug__in=slugs))
    return Q(pk__in=rows.values("fiche_id"))


SHOWS_REGION = Q(disclosure=Disclosure.OPEN) | Q(disclosed__contains=[Detail.REGION])
SHOWS_POPULATION = Q(disclosure=Disclosure.OPEN)  # who could be meant is for the page to decide, not for a count
SHOWS_AUTHORITY = Q(disclosure=Disclosure.OPEN)
SPECIAL: dict[str, Callable] = {
    "authority": lambda slugs: Q(authority__slug__in=slugs) & SHOWS_AUTHORITY,
    "theme": _with_themes,
    "region": lambda codes: Q(region__code__in=codes) & SHOWS_REGION,
    "population": lambda bands: Q(population_band__in=bands) & SHOWS_POPULATION,
    "quick_win": lambda _yes: Q(quick_win=True),
}


FACETS = {
    facet.name: facet
    for facet in (
        Facet("kind", _("Kind"), "kind", values_of(Kind)),
        Facet("theme", _("Theme"), "", None),
        Facet("country", _("Country"), "country", frozenset(COUNTRIES)),
        Facet("target_group", _("For whom"), "target_groups", values_of(TargetGroup), many=True),
        Facet("region", _("Region"), "shown_region", None),
        Facet("level", _("Governance level"), "governance_level", values_of(GovernanceLevel)),
        Facet("population", _("Inhabitants"), "shown_population", values_of(PopulationBand)),
        Facet("policy_stage", _("Policy stage"), "policy_stages", values_of(PolicyStage), many=True),
        Facet("development_stage", _("Stage of development"), "development_stage", values_of(DevelopmentStage)),
        Facet("isced", _("Level of education"), "isced_levels", values_of(Isced), many=True),
        Facet("cost", _("Cost"), "cost_band", values_of(CostBand)),
        Facet("evidence", _("Strength of the evidence"), "evidence_strength", values_of(EvidenceStrength)),
        Facet("quick_win", _("Quick win"), "quick_win", frozenset(["1"])),
        Facet("authority", _("Authority"), "", None),  # there are too many to offer: other pages lead here
        Facet("language", _("Available in"), "available_languages", frozenset(settings.LANGUAGE_CODES), many=True),
    )
}


@dataclass
class Selection:
    """What the address of a list asks for; what it cannot mean is kept in `unknown`, to be told."""

    q: str = ""
    sort: str = ""
    chosen: dict[str, list[str]] = field(default_factory=dict)
    year_from: int | None = None
    year_to: int | None = None
    fiches: list[int] = field(default_factory=list)  # ?fiche=: only these, chosen one by one
    ticks: list[int] = field(default_factory=list)  # ?tick=: ticked on other pages of the list; no filter
    unknown: list[tuple[str, str]] = field(default_factory=list)
    cut: bool = False  # the query was too long

    @classmethod
    def read(cls, data) -> "Selection":
        """From a QueryDict; never raises."""
        made = cls(**lists.asked(data, FACETS.values()))
        made.year_from = made._year(data.get("year_from", ""), _("From year"))
        made.year_to = made._year(data.get("year_to", ""), _("To year"))
        made.fiches = made._fiches(data.getlist("fiche"))
        made.ticks = made._fiches(data.getlist("tick"))
        made.sort = lists.sort_asked(data, SORTS, made)
        return made

    def _year(self, text: str, label) -> int | None:
        text = text.strip()
        if text.isascii() and text.isdigit() and len(text) == 4 and int(text) in YEARS:
            return int(text)
        if text:
            self.unknown.append((label, lists.printable(text)))
        return None

    def _fiches(self, typed: list[str]) -> list[int]:
        """Each number once, in the order in which they were chosen."""
        values = dict.fromkeys(value for value in typed if value)
        known = [value for value in values if value.isascii() and value.isdigit() and len(value) <= 18]
        self.unknown += [(_("Chosen fiches"), lists.printable(value)) for value in values if value not in known][:5]
        return list(dict.fromkeys(map(int, known)))[:MANY_FICHES]

    @property
    def default_sort(self) -> str:
        return "relevance" if self.q else "newest"

    @property
    def is_filtered(self) -> bool:
        return bool(self.chosen or self.year_from or self.year_to or self.fiches)

    def conditions(self) -> dict[str, Q]:
        """Facet name → condition, for what is chosen; the years and the fiches chosen one by one are two more."""
        found = {name: FACETS[name].condition(values) for name, values in self.chosen.items()}
        if self.year_from or self.year_to:
            found["years"] = self._years()
        if self.fiches:
            found["fiches"] = Q(pk__in=self.fiches)
        return found

    def _years(self) -> Q:
        """It ran in some of the years: begun before their end, not ended before their start."""
        condition = Q(start_year__isnull=False)
        if self.year_to:
            condition &= Q(start_year__lte=self.year_to)
        if self.year_from:
            condition &= Q(ongoing=True) | Q(end_year__gte=self.year_from) | Q(start_year__gte=self.year_from)
        return condition

    def query(self, *, without: str = "", value: str = "", **replaced) -> str:
        """The query string of this selection, with a filter (or one value of it) left out, or parts replaced."""
        years = [("year_from", self.year_from), ("year_to", self.year_to)] if without != "years" else []
        fiches = [("fiche", pk) for pk in self.fiches if without != "fiches"]
        more = [*years, *fiches, *(("tick", pk) for pk in self.ticks)]
        return lists.address(self, more, without=without, value=value, **replaced)
