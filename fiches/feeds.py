"""Atom: what was published or changed last, in one language and for any choice of filters.

An entry keeps its id for ever: a tag URI of the portal's host, the fiche's reference and the language, never its
address. It is updated when its public text changes, in the language of the feed: by a revision or by a translation.
Its other languages are called related: of several alternates some readers open the first, some the last.
"""

from django.conf import settings
from django.db.models import F, FilteredRelation, Q
from django.db.models.functions import Greatest
from django.utils import timezone
from django.utils.translation import gettext as _

from network.models import Theme
from translations import search
from translations.exports.cleaning import clean, one_line
from translations.exports.feeds import tag

from . import listing
from .citation import author
from .exports.records import Taking, with_names
from .facets import Selection
from .models.columns import LAST_CHANGE
from .vocabularies import LICENCE_URLS, Kind

ENTRIES = 50


def latest(visible, selection: Selection, language: str):
    """The fiches of a list, last changed first; with `shown_changed`, of its text in `language`."""
    for condition in selection.conditions().values():
        visible = visible.filter(condition)
    if not selection.q:
        visible = visible.filter(pk__in=candidates(visible, language))
    rows = search.matching(visible, selection.q, language).annotate(
        released=FilteredRelation("translations", condition=Q(translations__language=language)),
        shown_changed=Greatest(LAST_CHANGE, F("released__released_at")),
    )
    return with_names(rows, language).order_by("-shown_changed", "-pk")[:ENTRIES]


def candidates(visible, language: str) -> set[int]:
    """Among these are the last changed ones: those whose original changed last, and those translated last."""
    translated = visible.filter(translations__language=language, translations__released_at__isnull=False)
    changed = visible.order_by(LAST_CHANGE.desc(), "-pk").values_list("pk", flat=True)[:ENTRIES]
    released = translated.order_by("-translations__released_at", "-pk").values_list("pk", flat=True)[:ENTRIES]
    return {*changed, *released}


def context(visible, selection: Selection, taking: Taking) -> dict:
    """For templates/fiches/feed.xml."""
    entries = [entry(fiche, taking) for fiche in latest(visible, selection, taking.language)]
    query = f"?{taking.query}" if taking.query else ""
    return {
        "id": tag("fiches", taking.language, *([taking.query] if taking.query else [])),
        "title": one_line(title(selection)),
        "updated": entries[0]["updated"] if entries else timezone.now().replace(microsecond=0),
        "page": f"{taking.base}{query}",
        "address": f"{taking.base}feed.atom{query}",
        "others": [
            (code, f"{taking.site}/{code}/fiches/feed.atom{query}")
            for code in settings.LANGUAGE_CODES
            if code != taking.language
        ],
        "base": taking.base,
        "entries": entries,
    }


def title(selection: Selection) -> str:
    """What the list is a choice of: the words searched for and the chosen values."""
    themes = Theme.objects.in_bulk(selection.chosen.get("theme", []), field_name="slug")
    chosen = [
        str(themes[value].name if name == "theme" and value in themes else listing.label_of(name, value))
        for name, values in selection.chosen.items()
        for value in values
    ]
    if selection.year_from or selection.year_to:
        chosen.append(listing.years_label(selection))
    said = ", ".join(([f"“{selection.q}”"] if selection.q else []) + chosen)
    return f"CLAVET – {_('Fiches')}" + (f": {said}" if said else "")


def entry(fiche, taking: Taking) -> dict:
    page = f"{taking.base}{fiche.pk}/{fiche.slug}/"
    return {
        "id": tag("fiche", str(fiche.reference or fiche.pk), taking.language),
        "title": one_line(fiche.shown_title),
        "summary": clean(fiche.shown_summary),
        "language": fiche.shown_title_language,
        "page": page,
        "others": [
            (code, page.replace(f"{taking.site}/{taking.language}/", f"{taking.site}/{code}/", 1))
            for code in fiche.available_languages
            if code != taking.language
        ],
        "published": fiche.published_at,
        "updated": fiche.shown_changed,
        "author": one_line(author(fiche)),
        "categories": [(row["code"], "theme", one_line(row["name"])) for row in fiche.taken_themes]
        + [(fiche.kind, "kind", str(Kind(fiche.kind).label)), (fiche.country, "country", fiche.country_name)],
        "licence": LICENCE_URLS.get(fiche.licence, ""),
    }
