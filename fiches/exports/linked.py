"""JSON-LD with the words of schema.org: a fiche is a Report of an authority, a list a Collection of them.

The same node stands in the page of the fiche, as a block of data: browsers do not execute it, so the Content Security
Policy has nothing to forbid. A translation and its original point at each other by their addresses.
"""

from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from network.countries import country_name
from translations.exports.written import in_page, known, written
from translations.models import Edition

from ..vocabularies import Isced, Kind, Origin, TargetGroup
from . import records
from .records import Taking

CONTEXT = "https://schema.org"
MEDIA_TYPES = {"pdf": "application/pdf", "brief": "application/pdf", "json": "application/json"}


def node(record: dict, taking: Taking) -> dict:
    """The Report that a record is; what it does not know is left out."""
    language = record["language"]
    made = {
        "@type": "Report",
        "@id": record["address"],
        "url": record["address"],
        "mainEntityOfPage": record["address"],
        "identifier": record["reference"],
        "reportNumber": record["reference"],
        "name": record["title"],
        "headline": record["title"],
        "abstract": record["summary"],
        "description": record["summary"],
        "genre": _word(record["kind"], Kind),
        "inLanguage": language["title"],
        "creativeWorkStatus": str(Edition.State(language["state"]).label),
        "author": _author(record),
        "publisher": {"@type": "Organization", "name": "CLAVET", "url": f"{taking.site}/{taking.language}/"},
        "license": record["licence"]["address"],
        "isAccessibleForFree": True,
        "conditionsOfAccess": record["embargo_note"],
        "creditText": record["citation"],
        "datePublished": record["published"],
        "dateModified": record["changed"],
        "temporalCoverage": _period(record),
        "about": [_theme(theme, taking) for theme in record["themes"]],
        "keywords": record["keywords"],
        "audience": [_audience(code) for code in record["target_groups"]],
        "educationalLevel": [_level(code) for code in record["isced_levels"]],
        "spatialCoverage": _place(record),
        "isBasedOn": [_source(source) for source in record["sources"]],
        "encoding": _files(record),
        **_versions(record, taking),
    }
    return known(made)


def _word(code: str, choices) -> str:
    return str(choices(code).label) if code else ""


def _author(record: dict) -> dict | None:
    if record["origin"] == Origin.COMPILED:
        return {"@type": "Organization", "name": "CLAVET"}
    return {"@type": "Organization", "name": record["authority"]} if record["authority"] else None


def _period(record: dict) -> str:
    """ISO 8601: 2019/2022, 2019/.. while it runs."""
    start, end = record["start_year"], record["end_year"]
    if not (start or end):
        return ""
    return f"{start or '..'}/{end or ('..' if record['ongoing'] else start)}"


def _theme(theme: dict, taking: Taking) -> dict:
    return {
        "@type": "DefinedTerm",
        "name": theme["name"],
        "termCode": theme["code"],
        "url": f"{taking.base}?theme={theme['code']}",
    }


def _audience(code: str) -> dict:
    return {"@type": "EducationalAudience", "audienceType": _word(code, TargetGroup)}


def _level(code: str) -> dict:
    return {"@type": "DefinedTerm", "name": _word(code, Isced), "termCode": code}


def _place(record: dict) -> dict | None:
    country = record["country"]
    if not country:
        return None
    found = {"@type": "Country", "name": country_name(country), "identifier": country}
    if region := record["region"]:
        identifier = {"@type": "PropertyValue", "propertyID": "NUTS", "value": region["code"]}
        found = {
            "@type": "AdministrativeArea",
            "name": region["name"],
            "identifier": identifier,
            "containedInPlace": found,
        }
    if record["place"]:
        found = {"@type": "Place", "name": record["place"], "containedInPlace": found}
        if record["point"]:
            found["geo"] = {"@type": "GeoCoordinates", **record["point"]}
    return found


def _source(source: dict) -> dict:
    publisher = {"@type": "Organization", "name": source["publisher"]} if source["publisher"] else None
    made = {
        "@type": "CreativeWork",
        "name": source["title"],
        "url": source["url"],
        "publisher": publisher,
        "datePublished": source["date"],
    }
    return {name: value for name, value in made.items() if value}


def _files(record: dict) -> list[dict]:
    return [
        {"@type": "MediaObject", "contentUrl": record["files"][name], "encodingFormat": media_type}
        for name, media_type in MEDIA_TYPES.items()
        if name in record["files"]
    ]


def _versions(record: dict, taking: Taking) -> dict:
    """The original of a translation, or the translations of an original; a stand-in is a version of neither."""
    language = record["language"]

    def work(code):
        address = record["address"].replace(f"{taking.site}/{taking.language}/", f"{taking.site}/{code}/", 1)
        return {"@type": "Report", "@id": address, "inLanguage": code}

    if language["title"] != language["source"]:
        return {"translationOfWork": work(language["source"])}
    if language["requested"] == language["source"]:
        others = [code for code in language["available"] if code != language["source"]]
        return {"workTranslation": [work(code) for code in others]}
    return {"sameAs": work(language["source"])["@id"]}


# --- files -----------------------------------------------------------------------------------------------------


def head(taking: Taking) -> str:
    page = taking.base + (f"?{taking.query}" if taking.query else "")
    about = {
        "@context": CONTEXT,
        "@type": "Collection",
        "@id": page,
        "url": page,
        "name": _("Fiches"),
        "inLanguage": taking.language,
        "publisher": {"@type": "Organization", "name": "CLAVET"},
    }
    return written(about)[:-1] + ', "hasPart": [\n'


def entry(taking: Taking, record: dict) -> str:
    return written(node(record, taking))


def foot(_taking: Taking, number: int) -> str:
    return f'\n], "collectionSize": {number}}}\n'


def single(taking: Taking, record: dict) -> str:
    return written({"@context": CONTEXT} | node(record, taking))


def of_page(fiche, site: str) -> SafeString:
    """For the inside of <script type="application/ld+json">: < > & are written so that no text ends the element.

    `fiche` comes from page.with_edition(); what this asks for is there already.
    """
    taking = records.Taking(get_language(), site, files=records.files())
    text = single(taking, records.record(fiche, taking, {}, set()))
    return in_page(text)
