"""JSON-LD with the words of schema.org: an authority is a GovernmentOrganization, other bodies are an Organization."""

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from translations.exports.written import in_page, known, written

from ..countries import country_name
from ..models import Authority, Membership
from .records import Taking

CONTEXT = "https://schema.org"
Kind = Authority.Kind
GOVERNMENT = {Kind.LOCAL, Kind.REGIONAL, Kind.SCHOOL_INSPECTORATE, Kind.AGENCY}


def node(record: dict, taking: Taking) -> dict:
    """The Organization that a record is; what it does not know is left out."""
    official = record["official_name"]
    made = {
        "@type": "GovernmentOrganization" if record["kind"] in GOVERNMENT else "Organization",
        "@id": record["address"],
        "mainEntityOfPage": record["address"],
        "identifier": record["code"],
        "url": record["website"] or record["address"],
        "name": record["name"],
        "legalName": official,
        "alternateName": official if official != record["name"] else "",
        "description": record["description"],
        "additionalType": str(Kind(record["kind"]).label),
        "address": _address(record),
        "location": _place(record),
        "areaServed": _area(record),
        "knowsLanguage": record["working_languages"],
        "knowsAbout": [_theme(row, taking) for row in record["expertise"] if row["expertise"]],
        "memberOf": [*_network(record, taking), *(_euroregion(row, taking) for row in record["represented_by"])],
        "subjectOf": [
            known({"@type": "CreativeWork", "name": row["title"], "url": row["url"]}) for row in record["sources"]
        ],
    }
    return known(made)


def _address(record: dict) -> dict:
    return known({"@type": "PostalAddress", "addressLocality": record["town"], "addressCountry": record["country"]})


def _place(record: dict) -> dict | None:
    if not record["point"]:
        return None
    return {"@type": "Place", "geo": {"@type": "GeoCoordinates", **record["point"]}}


def _area(record: dict) -> dict | None:
    """Where it is competent: its region or its country; a Euroregion's area is that of those it represents."""
    if record["kind"] == Kind.EUROREGION:
        return None
    country = {"@type": "Country", "name": country_name(record["country"]), "identifier": record["country"]}
    if not (region := record["region"]):
        return country
    identifier = {"@type": "PropertyValue", "propertyID": "NUTS", "value": region["code"]}
    area = {"@type": "AdministrativeArea", "name": region["name"], "identifier": identifier}
    return area | {"containedInPlace": country}


def _theme(row: dict, taking: Taking) -> dict:
    url = f"{taking.site}/{taking.language}/themes/{row['theme']}/"
    return {"@type": "DefinedTerm", "name": row["name"], "termCode": row["theme"], "url": url}


def _network(record: dict, taking: Taking) -> list[dict]:
    membership = record["membership"]
    if not membership or membership["status"] not in Membership.IN_THE_NETWORK:
        return []
    clavet = {"@type": "Organization", "@id": taking.base, "name": "CLAVET", "url": taking.base}
    return [known({"@type": "OrganizationRole", "memberOf": clavet, "startDate": membership["since"]})]


def _euroregion(row: dict, taking: Taking) -> dict:
    address = f"{taking.base}{row['code']}/"
    return {"@type": "Organization", "@id": address, "name": row["name"], "url": address}


# --- files -----------------------------------------------------------------------------------------------------


def head(taking: Taking) -> str:
    about = {
        "@context": CONTEXT,
        "@type": "ItemList",
        "@id": taking.listed,
        "url": taking.listed,
        "name": _("Network"),
    }
    return written(about)[:-1] + ', "itemListElement": [\n'


def entry(taking: Taking, record: dict) -> str:
    return written(node(record, taking))


def foot(_taking: Taking, number: int) -> str:
    return f'\n], "numberOfItems": {number}}}\n'


def single(taking: Taking, record: dict) -> str:
    return written({"@context": CONTEXT} | node(record, taking))


def of_page(record: dict, taking: Taking) -> SafeString:
    """The same node inside the page of the authority, as a block of data that no browser executes."""
    return in_page(single(taking, record))
