"""The text of a memorandum in one language: the template with its variables filled in. It imports no model.

    fill(memorandum, language, documents) -> Filled(text, data)

The text is Markdown with tables; the SHA-256 of its UTF-8 bytes covers every value in it. What people wrote is data:
every sign that Markdown reads is escaped. The same memorandum always makes the same text.
"""

import re
import unicodedata
from typing import NamedTuple

from babel import Locale
from babel.dates import format_date
from django.conf import settings
from django.utils.translation import get_language, override, pgettext
from django.utils.translation import gettext as _

from ..countries import country_name

# The closed list: a template that names another, or leaves one out, is refused.
INLINE = (
    "code",
    "template_version",
    "text_language",
    "text_status",
    "languages_authentic",
    "languages_courtesy",
    "in_force_from",
    "in_force_until",
    "review_date",
    "notice_months",
    "replaces",
    "network_party",
    "portal_url",
    "verification_url",
    "guidelines_version",
    "terms_version",
    "privacy_version",
)
BLOCKS = (
    "parties",
    "other_organisations",
    "themes",
    "purpose",
    "commitments",
    "additional_information",
    "annexes",
    "signatures",
)
VARIABLES = (*INLINE, *BLOCKS)  # each of them is required
DOCUMENTS = ("guidelines", "terms", "privacy")  # slugs of the documents whose versions a text names
CAPACITIES = ("member", "coordinating", "countersigning")  # the order of the parties in the text
VARIABLE = re.compile(r"\{\{\s*(.*?)\s*\}\}")
SIGNS = re.compile(r"([\\`*_\[\]<>&#|~!{}])")
SIGN_AT_THE_START = re.compile(r"^([+=-])")
NUMBER_AT_THE_START = re.compile(r"^(\d{1,9})([.)])")
INVISIBLE = ("Cc", "Cf", "Cs", "Co", "Cn")  # controls, and what turns the direction of a line


class Filled(NamedTuple):
    """A text ready to be locked, and what its tables were made from."""

    text: str
    data: dict


class Variables(NamedTuple):
    """What is wrong with the variables of a template."""

    unknown: list[str]
    missing: list[str]


def check(text: str) -> Variables:
    """Which variables of a template nobody fills, and which of the closed list it leaves out."""
    found = VARIABLE.findall(text)
    unknown = sorted({name for name in found if name not in VARIABLES})
    return Variables(unknown, [name for name in VARIABLES if name not in found])


def fill(memorandum, language: str, documents: dict) -> Filled:
    """The text in `language`; `documents` gives (number, date) of the versions in force by slug."""
    with override(language):
        parties = _parties(memorandum)
        rows = [_party(party, language) for party in parties]
        organisations = _organisations(parties, language)
        values = _inline(memorandum, parties, language, documents)
        values |= {
            "parties": "\n\n".join(_table(row["facts"]) for row in rows),
            "signatures": "\n\n".join(_table(row["signs"]) for row in rows),
            "other_organisations": _organisations_table(organisations),
            "themes": _themes(memorandum, language),
            "purpose": _words(getattr(memorandum, f"purpose_{language}")) or _("The parties have no further aims."),
            "commitments": _commitments(parties, language),
            "additional_information": _words(getattr(memorandum, f"additional_information_{language}"))
            or _("There is no further information."),
            "annexes": _annexes(memorandum),
        }
        data = {"labels": {"signature": labels()["signature"]}, "parties": rows, "organisations": organisations}
    template = getattr(memorandum.template, f"text_{language}") or ""
    text = VARIABLE.sub(lambda match: values[match[1]], template.replace("\r\n", "\n"))
    return Filled(unicodedata.normalize("NFC", text.strip() + "\n"), data)


def labels() -> dict[str, str]:
    """The portal’s own words in the tables of a memorandum."""
    return {
        "party_name": _("Official name"),
        "party_name_translated": _("Name in this language"),
        "party_capacity": _("Capacity"),
        "party_country": _("Country"),
        "party_address": pgettext("postal", "Address"),
        "party_website": _("Website"),
        "party_contact": _("Contact"),
        "decision_body": _("Governing body that decided"),
        "decision_date": _("Date of the decision"),
        "decision_reference": _("Reference of the decision"),
        "signatory_name": _("Name of the person who signs"),
        "signatory_title": pgettext("of a person", "Title"),
        "signed_place": _("Place"),
        "signed_date": _("Date"),
        "signature": _("Signature"),
    }


def escape(value) -> str:
    """Somebody’s words as text within a line or a cell: no sign in them is Markdown."""
    return SIGNS.sub(r"\\\1", " ".join(_visible(str(value)).split()))


def escape_line(value) -> str:
    """The same at the start of a line, where “1.” or “-” would begin a list."""
    return NUMBER_AT_THE_START.sub(r"\1\\\2", SIGN_AT_THE_START.sub(r"\\\1", escape(value)))


def _visible(text: str) -> str:
    return "".join(" " if unicodedata.category(letter) in INVISIBLE else letter for letter in text)


def _words(text: str) -> str:
    """Paragraphs that somebody wrote, as text; each line stays a line."""
    paragraphs = re.split(r"\n\s*\n", (text or "").replace("\r\n", "\n").replace("\r", "\n").strip())
    lines = [[escape_line(line) for line in paragraph.split("\n") if line.strip()] for paragraph in paragraphs]
    return "\n\n".join("\\\n".join(paragraph) for paragraph in lines if paragraph)


def _table(rows: list, head: list | None = None) -> str:
    """A table; its first row is the head unless one is given."""
    head, *body = [head, *rows] if head else rows
    first, *others = [f"| {' | '.join(escape(cell) for cell in line)} |" for line in (head, *body)]
    return "\n".join([first, "|" + " --- |" * len(head), *others])


# --- values ----------------------------------------------------------------------------------------------------


def day(date) -> str:
    """A day written out in the active language; Babel's plain English puts the month first."""
    language = get_language()
    return format_date(date, format="long", locale="en_GB" if language == "en" else language)


def language_names(codes) -> str:
    """Languages by their names in the active one, in the order of the portal."""
    names = Locale.parse(get_language()).languages
    return ", ".join(names[code] for code in settings.LANGUAGE_CODES if code in codes)


def _languages(codes) -> str:
    """The same as the whole of a table cell."""
    said = language_names(codes)
    return said[:1].upper() + said[1:]


def _version(documents: dict, slug: str) -> str:
    number, date = documents.get(slug) or (None, None)
    return f"{number} ({day(date)})" if number else "–"


def _inline(memorandum, parties, language: str, documents: dict) -> dict[str, str]:
    courtesy = [code for code in memorandum.languages if code not in memorandum.authentic_languages]
    authentic = language in memorandum.authentic_languages
    values = {
        "code": memorandum.code,
        "template_version": f"{memorandum.template.number} ({day(memorandum.template.dated)})",
        "text_language": _languages([language]),
        "text_status": _("Authentic text") if authentic else _("Courtesy translation"),
        "languages_authentic": _languages(memorandum.authentic_languages),
        "languages_courtesy": _languages(courtesy) or pgettext("courtesy translations", "none"),
        "in_force_from": day(memorandum.in_force_from),
        "in_force_until": day(memorandum.in_force_until),
        "review_date": day(memorandum.review_due),
        "notice_months": memorandum.notice_months,
        "replaces": memorandum.replaces.code if memorandum.replaces_id else pgettext("replaced memorandum", "none"),
        "network_party": next((party.official_name for party in parties if party.capacity == "countersigning"), "–"),
        "portal_url": settings.SITE_URL,
        "verification_url": settings.SITE_URL + memorandum.get_verification_url(),
        **{f"{slug}_version": _version(documents, slug) for slug in DOCUMENTS},
    }
    return {name: escape(value) for name, value in values.items()}


# --- parties, organisations, further words ---------------------------------------------------------------------


def _parties(memorandum) -> list:
    parties = memorandum.parties.select_related("authority")
    return sorted(parties, key=lambda party: (CAPACITIES.index(party.capacity), party.position))


def _party(party, language: str) -> dict:
    """The rows of its two tables: what it is, and where it signs."""
    authority, words = party.authority, labels()
    decided = {
        "decision_body": party.decision_body,
        "decision_date": day(party.decision_date) if party.decision_date else "",
        "decision_reference": party.decision_reference,
    }
    values = {
        "party_name": party.official_name,
        "party_name_translated": getattr(authority, f"name_{language}") if authority else "",
        "party_capacity": party.get_capacity_display(),
        "party_country": country_name(authority.country if authority else settings.COUNTERSIGNING_COUNTRY, language),
        "party_address": party.address,
        "party_website": authority.website if authority else settings.SITE_URL,
        "party_contact": party.contact,
        **(decided if party.capacity != "countersigning" else {}),
        "signatory_name": party.signatory_name,
        "signatory_title": party.signatory_title,
    }
    if values["party_name_translated"] == values["party_name"]:
        del values["party_name_translated"]
    person = ("signatory_name", "signatory_title")
    facts = [[words[name], str(value)] for name, value in values.items() if value and name not in person]
    signs = [[words[name], str(values[name] or "")] for name in ("party_name", "party_capacity", *person)]
    blank = [[words[name], ""] for name in ("signed_place", "signed_date", "signature")]
    return {"facts": facts, "signs": signs + blank}


def _organisations(parties, language: str) -> list[list[str]]:
    """Name, country, by whom named, source with its date: in the order of the parties, countries, names."""
    return [
        [row.name, country_name(row.country, language), party.official_name, _source(row)]
        for party in parties
        for row in party.names.order_by("country", "name", "pk")
    ]


def _source(row) -> str:
    return " · ".join(filter(None, [row.source, day(row.source_date) if row.source_date else ""])) or "–"


def _organisations_table(rows: list) -> str:
    if not rows:
        return _("No other organisations are covered.")
    return _table(rows, [pgettext("organisation", "Name"), _("Country"), _("Named by"), _("Source of the list")])


def _themes(memorandum, language: str) -> str:
    names = [getattr(theme, f"name_{language}") or theme.slug for theme in memorandum.themes.order_by("position", "pk")]
    return "\n".join(f"- {escape_line(name)}" for name in names) or _("The parties have not chosen particular themes.")


def _commitments(parties, language: str) -> str:
    """Each party that commits itself to more, by name, and its words."""
    said = [(party, _words(getattr(party, f"commitments_{language}"))) for party in parties]
    made = [f"#### {escape_line(party.official_name)}\n\n{words}" for party, words in said if words]
    return "\n\n".join(made) or _("The parties make no further commitments.")


def _annexes(memorandum) -> str:
    rows = [[row.title or row.filename, row.filename, row.sha256] for row in memorandum.annexes()]
    if not rows:
        return _("There are no further annexes.")
    return _table(rows, [_("Annex"), _("Name of the file"), "SHA-256"])
