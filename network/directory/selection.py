"""The filters of the directory: what a reader chose, read from an address and written into one."""

from dataclasses import dataclass, field
from typing import NamedTuple

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from translations import lists
from translations.lists import values_of

from ..countries import COUNTRIES
from ..models import Authority, Membership
from ..vocabularies import GovernanceLevel

SORTS = {
    "relevance": _("Relevance"),
    "name": pgettext_lazy("organisation", "Name"),
    "newest": _("Newest members first"),
}


class Standing(models.TextChoices):
    """What an authority is to the network today; each has one, so that nobody is counted twice."""

    MEMBER = "member", pgettext_lazy("standing in the network", "Member")
    ON_HOLD = "on_hold", pgettext_lazy("standing in the network", "Member, on hold")
    REPRESENTED = "represented", pgettext_lazy("standing in the network", "Represented, not a member")
    FORMER = "former", pgettext_lazy("standing in the network", "Former member")
    OTHER = "other", pgettext_lazy("standing in the network", "Other authority")


USUAL = (Standing.MEMBER, Standing.ON_HOLD, Standing.REPRESENTED)  # what is shown where nobody chose


class Facet(NamedTuple):
    """One filter: its name in the address, its heading and the values it knows."""

    name: str
    label: Promise
    values: frozenset[str] | None = None  # None: whatever the database holds


FACETS = {
    facet.name: facet
    for facet in (
        Facet("standing", _("In the network"), values_of(Standing)),
        Facet("country", _("Country"), frozenset(COUNTRIES)),
        Facet("kind", _("Kind"), values_of(Authority.Kind)),
        Facet("theme", _("Can advise on")),
        Facet("euroregion", _("Represented by")),
        Facet("level", _("Governance level"), values_of(GovernanceLevel)),
        Facet("class", _("Takes part as"), values_of(Membership.Class)),
        Facet("language", _("Working language")),
    )
}


@dataclass
class Selection:
    """What the address of the directory asks for; what it cannot mean is kept in `unknown`, to be told."""

    q: str = ""
    sort: str = "name"
    chosen: dict[str, list[str]] = field(default_factory=dict)
    unknown: list[tuple[str, str]] = field(default_factory=list)
    cut: bool = False  # the query was too long

    @classmethod
    def read(cls, data) -> "Selection":
        """From a QueryDict; never raises."""
        made = cls(**lists.asked(data, FACETS.values()))
        made.sort = lists.sort_asked(data, SORTS, made)
        return made

    @property
    def default_sort(self) -> str:
        return "relevance" if self.q else "name"

    @property
    def is_filtered(self) -> bool:
        return bool(self.chosen)

    @property
    def values(self) -> dict[str, list[str]]:
        """Filter → values, with the standing that is meant where none was chosen."""
        return {"standing": list(USUAL)} | self.chosen

    def query(self, **changed) -> str:
        """The query string of this selection: see lists.address."""
        return lists.address(self, **changed)
