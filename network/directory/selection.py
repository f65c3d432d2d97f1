"""The filters of the directory: what a reader chose, read from an address and written into one."""

from dataclasses import dataclass, field
from typing import NamedTuple
from urllib.parse import urlencode

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ..countries import COUNTRIES
from ..models import Authority, Membership
from ..vocabularies import GovernanceLevel

LONGEST_QUERY = 200
MANY_VALUES = 40  # of one filter that are read from an address
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


def _of(choices) -> frozenset[str]:
    return frozenset(str(value) for value in choices.values)


FACETS = {
    facet.name: facet
    for facet in (
        Facet("standing", _("In the network"), _of(Standing)),
        Facet("country", _("Country"), frozenset(COUNTRIES)),
        Facet("kind", _("Kind"), _of(Authority.Kind)),
        Facet("theme", _("Can advise on")),
        Facet("euroregion", _("Represented by")),
        Facet("level", _("Governance level"), _of(GovernanceLevel)),
        Facet("class", _("Takes part as"), _of(Membership.Class)),
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
    cut: bool = False  # the query was longer than LONGEST_QUERY

    @classmethod
    def read(cls, data) -> "Selection":
        """From a QueryDict; never raises."""
        typed = " ".join(data.get("q", "").replace("\x00", " ").split())
        made = cls(q=typed[:LONGEST_QUERY].strip(), cut=len(typed) > LONGEST_QUERY)
        for facet in FACETS.values():
            values = dict.fromkeys(value for value in data.getlist(facet.name)[:MANY_VALUES] if value)
            known = [value for value in values if _is_known(facet, value)]
            made.unknown += [(facet.label, _printable(value)) for value in values if value not in known]
            if known:
                made.chosen[facet.name] = known
        sort = data.get("sort", "")
        made.sort = sort if sort in SORTS and (made.q or sort != "relevance") else made.default_sort
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

    def query(self, *, without: str = "", value: str = "", **replaced) -> str:
        """The query string of this selection, with a filter (or one value of it) left out, or parts replaced."""
        parts = [("q", replaced.pop("q", self.q))]
        for name, values in self.chosen.items():
            parts += [(name, one) for one in values if name != without or (value and one != value)]
        sort = replaced.pop("sort", self.sort)
        parts += [("sort", sort if sort != self.default_sort else ""), *replaced.items()]
        return urlencode([(name, one) for name, one in parts if one not in ("", None)])


def _is_known(facet: Facet, value: str) -> bool:
    if facet.values is not None:
        return value in facet.values
    return len(value) <= 80 and value.replace("-", "").replace("_", "").isalnum() and value.isascii()


def _printable(text: str) -> str:
    return "".join(letter for letter in text[:40] if letter.isprintable())
