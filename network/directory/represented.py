"""Whom a Euroregion represents today, as primary keys by country and name: counted, and cut into pages for its page.

What is shown of them page.read() reads, for the one page asked for.
"""

from typing import NamedTuple

from django.db.models import FilteredRelation, Q
from django.utils.translation import get_language

from translations import bitsets, lists, search
from translations.search.matching import literal

from ..countries import country_name
from ..models import Authority, Membership, Representation
from . import directory_index

MANY = 60  # authorities on one page of the list; up to as many stand there together
KEPT = "represents"


class Represented(NamedTuple):
    """Countries, and within each the authorities, in the order of the reader's alphabet."""

    by_country: dict[str, list[int]]
    members: int  # how many of them are members themselves

    @property
    def keys(self) -> list[int]:
        return [key for keys in self.by_country.values() for key in keys]

    @property
    def total(self) -> int:
        return sum(map(len, self.by_country.values()))


class Part(NamedTuple):
    """What one reading shows of them."""

    whom: Represented
    keys: list[int]
    country: str = ""  # chosen, where they are many
    page: object = None  # of a Paginator, where they are many


NOBODY = Represented({}, 0)


def part(slug: str, user, asked) -> Part:
    """Those whom the address asks for with `country` and `page`: nothing to ask for where they are few."""
    whom = _seen_by(user, slug) if user.is_authenticated else _publicly(slug)
    if whom.total <= MANY:
        return Part(whom, whom.keys)
    country = asked.get("country", "")
    page = lists.page(whom.by_country.get(country) or whom.keys, asked.get("page"), size=MANY)
    return Part(whom, page.object_list, country if country in whom.by_country else "", page)


def _publicly(slug: str) -> Represented:
    """As everybody may know; kept as long as the index of the directory."""
    index = directory_index.current()
    bits = index.of["euroregion"].get(slug)
    if not bits:
        return NOBODY
    name = (KEPT, get_language(), slug)
    if name not in index.kept:
        number = bits.bit_count()
        among = index.of["country"].items()
        countries = {key: code for code, own in among for key in index.rows.part(own & bits, 0, number)}
        ordered = dict.fromkeys(index.by_name(bits)) | dict.fromkeys(countries)  # without an Edition: last
        members = bitsets.any_of(index.of["standing"].get(standing, 0) for standing in ("member", "on_hold")) & bits
        index.kept[name] = _grouped([(key, countries[key]) for key in ordered], members.bit_count())
    return index.kept[name]


def _seen_by(user, slug: str) -> Represented:
    """As `user` may know: the two sides and coordinators see hidden authorities too; one statement."""
    rows = Representation.objects.visible_to(user).acting().filter(coordinator__slug=slug)
    edition = FilteredRelation("editions", condition=Q(editions__language=literal(get_language())))
    theirs = Authority.objects.filter(pk__in=rows.values("authority")).alias(found=edition)
    theirs = theirs.order_by("found__sort_key", "pk")
    found = list(theirs.values_list("pk", "country", "membership__status"))
    members = sum(status in Membership.IN_THE_NETWORK for _key, _country, status in found)
    return _grouped([(key, country) for key, country, _status in found], members)


def _grouped(rows: list[tuple[int, str]], members: int) -> Represented:
    countries = {}
    for key, country in rows:
        countries.setdefault(country, []).append(key)
    language = get_language()
    ordered = sorted(countries, key=lambda code: search.sort_key(country_name(code), language))
    return Represented({code: countries[code] for code in ordered}, members)
