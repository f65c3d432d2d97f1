"""One authority as a record: what readers of one language are shown, its facts as codes, its standing, its addresses.

Who holds a seat, its mail addresses, what it asks for in an application: in no record.
"""

from collections.abc import Iterable
from typing import NamedTuple

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import CharField, F, OuterRef, QuerySet, Value
from django.db.models.functions import Coalesce, JSONObject, NullIf

from translations.exports.cleaning import clean, number

from .. import rendering
from ..directory import page
from ..models import Membership, Representation

FILES = ("json", "jsonld")


class Taking(NamedTuple):
    """One download: its language, the portal's address, what was chosen, how a table is written."""

    language: str
    site: str  # https://clavet.example
    query: str = ""  # of the list
    separator: str = ","
    codes: bool = False  # column names instead of headings

    @property
    def base(self) -> str:
        """The address under which the authorities stand, in this language."""
        return f"{self.site}/{self.language}/network/"

    @property
    def listed(self) -> str:
        """The address of the list."""
        return self.base + (f"?{self.query}" if self.query else "")


def complete(rows: QuerySet, language: str) -> QuerySet:
    """Rows with everything that a record says."""
    return page.shown(rows, language).annotate(
        taken_represented_by=represented_by(language),
        taken_memoranda=page.memoranda(),
        fiche_number=page.number_of_fiches(None),
    )


def represented_by(language: str):
    """For annotate(): the Euroregions that may act for it today, as everybody may know."""
    rows = Representation.objects.visible_to(None).acting().filter(authority=OuterRef("pk")).order_by("pk")
    own = NullIf(F(f"coordinator__name_{language}"), Value(""))
    english = NullIf(F("coordinator__name_en"), Value(""))
    name = Coalesce(own, english, F("coordinator__official_name"), output_field=CharField())
    names = ("status", "basis_url", "basis_date", "demonstration")
    made = JSONObject(code=F("coordinator__slug"), name=name, **{name: name for name in names})
    return ArraySubquery(rows.values(json=made))


def read(visible: QuerySet, wanted: Iterable[int], taking: Taking) -> list[dict]:
    """Records of those of `wanted` that may be seen, in that order; one statement."""
    wanted = list(wanted)
    found = {row.pk: row for row in complete(visible.filter(pk__in=wanted), taking.language).order_by()}
    return [record(found[pk], taking) for pk in wanted if pk in found]


def record(authority, taking: Taking) -> dict:
    """The facts of an authority of complete()."""
    name, language = rendering.name_in(authority, taking.language)
    address = f"{taking.base}{authority.slug}/"
    point = authority.latitude is not None and authority.longitude is not None
    region = authority.region
    return {
        "code": authority.slug,
        "address": address,
        "name": clean(name),
        "official_name": clean(authority.official_name),
        "language": {"requested": taking.language, "name": language, "official_name": authority.official_language},
        "description": clean(authority.shown_summary),
        "description_language": authority.shown_title_language if authority.shown_summary else None,
        "kind": authority.kind,
        "governance_level": authority.governance_level,
        "country": authority.country,
        "region": {"code": region.code, "name": clean(region.name)} if region else None,
        "town": clean(authority.town),
        "point": {"latitude": number(authority.latitude), "longitude": number(authority.longitude)} if point else None,
        "population": authority.population,
        "population_year": authority.population_year,
        "working_languages": authority.working_languages,
        "website": authority.website,
        "membership": membership(authority),
        "memoranda": [_memorandum(row) for row in authority.taken_memoranda],
        "expertise": [{**row, "name": clean(row["name"])} for row in authority.taken_expertise],
        "represented_by": [{**row, "name": clean(row["name"])} for row in authority.taken_represented_by],
        "fiches": authority.fiche_number,
        "sources": [{name: clean(source.get(name, "")) for name in ("title", "url")} for source in authority.sources],
        "demonstration": is_example(authority),
        "files": {name: f"{address}authority.{name}" for name in FILES},
    }


def membership_of(authority):
    """Its membership, where it is public: an application is nobody's business yet."""
    found = getattr(authority, "membership", None)
    return found and found.shown


def membership(authority) -> dict | None:
    found = membership_of(authority)
    if found is None:
        return None
    return {
        "class": found.membership_class,
        "status": found.status,
        "since": found.since and found.since.isoformat(),
        "decision": {
            "body": clean(found.decision_body),
            "date": found.decision_date and found.decision_date.isoformat(),
            "reference": clean(found.decision_reference),
        },
        "demonstration": found.demonstration,
    }


def is_example(authority) -> bool:
    """What the badge on its page and in lists says: the authority, its membership or its representation is invented."""
    found, acting = membership_of(authority), authority.taken_represented_by
    if acting and (found is None or found.status not in Membership.IN_THE_NETWORK):
        return authority.demonstration or all(row["demonstration"] for row in acting)
    return authority.demonstration or bool(found and found.demonstration)


def _memorandum(row: dict) -> dict:
    names = ("code", "status", "in_force_from", "in_force_until", "ended_on", "left_on", "demonstration")
    return {name: row[name] for name in names}
