"""Earlier states of a published fiche, made anew from what was kept: never more than its disclosure of today allows."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from django.conf import settings
from django.db.models import QuerySet
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from modeltranslation.fields import TranslationField
from modeltranslation.translator import translator
from taggit.models import Tag

from network.models import Authority, Region, Theme
from translations.comparison import blocks
from translations.models import Translation
from translations.shown import Shown, shown

from . import comparison, facts
from .models import Fiche
from .models.parts import Attachment, Result, Section, Source
from .revision import reveals
from .sections import SECTIONS
from .vocabularies import Detail

ROWS = {"sections": Section, "results": Result, "sources": Source, "attachments": Attachment}
LISTED = {Section: ("name", "position"), Result: ("position", "id"), Source: ("position", "id"), Attachment: ("id",)}


@dataclass
class Version:
    """One approved state of a fiche: its number, when it was read, and the fiche as it was."""

    number: int
    fiche: Fiche
    since: datetime | None
    until: datetime | None = None  # None: it is read now
    withheld: bool = False  # it shows what has been hidden since
    changes: str | None = None  # since the version before; the first has none

    @property
    def vouching(self) -> str:
        """Who stood behind it; no person is named."""
        return self.fiche.get_vouched_display()


def of(fiche, user) -> list[Version]:
    """Every version of a fiche that `user` may read, the current one first.

    What would show what today's disclosure hides is withheld from all but those who read the lesson whole; what a
    coordinator withheld, from everybody.
    """
    now = fiche.for_editions()
    kept = list(fiche.versions.order_by("number"))
    known = _Known([row.data for row in kept])
    may_read_whole = now._is_open_to(user)
    since, found = now.published_at, []
    for row in kept:
        old = rebuilt(row.data, known, now)
        withheld = bool(row.withheld_at) or (reveals(old, now) and not may_read_whole)
        found.append(Version(row.number, old, since, row.created_at, withheld))
        since = row.created_at
    found.append(Version(len(kept) + 1, now, since))
    for before, after in pairwise(found):
        if not before.withheld:
            after.changes = summary(before.fiche, after.fiche)
    return found[::-1]


def hidden(*fiches) -> set[str]:
    """Facts and parts that one of the states hides: they are compared with nothing."""
    found = {detail for detail in Detail.values if not all(fiche.shows(detail) for fiche in fiches)}
    return found | ({"population_band"} if any(fiche.is_anonymised for fiche in fiches) else set())


# --- made anew -------------------------------------------------------------------------------------------------


class _Known:
    """The authorities, regions and themes that stored states speak of: three statements for any number of states."""

    def __init__(self, states: Iterable[dict]):
        states = list(states)
        self.authorities = Authority.objects.in_bulk({data["authority"] for data in states if data.get("authority")})
        self.regions = Region.objects.in_bulk({data["region"] for data in states if data.get("region")})
        slugs = {slug for data in states for slug in data.get("themes", [])}
        self.themes = Theme.objects.select_related("parent").in_bulk(slugs, field_name="slug") if slugs else {}


def rebuilt(data: dict, known: _Known, now: Fiche) -> Fiche:
    """The fiche as it was: never saved, with its parts at hand as if they had been prefetched."""
    fiche = _filled(Fiche(), data)
    fiche.authority = known.authorities.get(fiche.authority_id)
    fiche.region = known.regions.get(fiche.region_id)
    names = {section.name for section in SECTIONS[fiche.kind]}
    language = fiche.source_language
    parts = {
        related: [_filled(model(), _in_source(row, model, language)) for row in data.get(related, [])]
        for related, model in ROWS.items()
    }
    parts["sections"] = [row for row in parts["sections"] if row.name in names]
    for related, model in ROWS.items():
        parts[related].sort(key=lambda row: [getattr(row, name) or 0 for name in LISTED[model]])
        _at_hand(fiche, related, model, parts[related])
    _at_hand(fiche, "themes", Theme, [known.themes[slug] for slug in data.get("themes", []) if slug in known.themes])
    _at_hand(fiche, "tags", Tag, [Tag(name=name) for name in data.get("tags", [])])
    if "translations" in data:
        released = [_filled(Translation(), row) for row in data["translations"]]
    else:  # kept before 0.2.0: the translations of today say how these were made
        released = [row for row in now.translations.all() if row.released_at and data.get(f"title_{row.language}")]
    _at_hand(fiche, "translations", Translation, released)
    return fiche


def _in_source(row: dict, model, language: str) -> dict:
    """Rows kept before 0.2.0 have their texts in one language only: the best guess is that of the original."""
    names = translator.get_options_for_model(model).fields if model in TRANSLATED else ()
    return {f"{name}_{language}": row.get(name) for name in names} | row


def _filled(row, data: dict):
    """The columns of `row` from stored JSON; columns that did not exist then keep their defaults."""
    translated = translator.get_options_for_model(type(row)).fields if type(row) in TRANSLATED else ()
    for field in row._meta.concrete_fields:
        if field.name in translated and not isinstance(field, TranslationField):
            continue  # “title” is what “title_xx” says in the active language
        for name in (field.name, field.attname):
            if name in data:
                setattr(row, field.attname, field.to_python(data[name]))
                break
    return row


TRANSLATED = set(translator.get_registered_models(abstract=False))


def _at_hand(fiche, related: str, model, rows: list) -> None:
    """Let `fiche.<related>.all()` give these rows without asking the database."""
    found: QuerySet = model._base_manager.all()
    found._result_cache = rows
    found._prefetch_done = True
    fiche.__dict__.setdefault("_prefetched_objects_cache", {})[related] = found


# --- read and compared -----------------------------------------------------------------------------------------


def shown_to(fiche, language: str) -> Shown:
    """Which text of this state a reader of `language` is shown."""
    released = {row.language: row for row in fiche.translations.all()}
    return shown(language, fiche.source_language, released, fiche.source_texts())


def languages(*fiches) -> list[str]:
    """The languages in which every one of the states has a text of its own, the source language first."""
    source = fiches[0].source_language
    own = [
        code for code in settings.LANGUAGE_CODES if all(shown_to(one, code).title_language == code for one in fiches)
    ]
    return sorted(own, key=lambda code: code != source)


def differences(old, new, language: str) -> dict[str, list]:
    """What changed, part by part, and what stayed, in one language."""
    changed, same = [], []
    for pair in comparison.pairs(old, new, language, hidden(old, new)):
        text = pair.group in ("text", "section", "result", "file")
        lang = language if text and language != get_language() else ""
        if pair.changed:
            changed.append({"label": pair.label, "lang": lang, "moved": pair.moved, **_words(pair)})
        elif pair.now.strip():
            same.append({"label": pair.label, "lang": lang, "text": comparison.readable(pair.group, pair.now)})
    return {"changed": changed, "same": same}


def _words(pair) -> dict:
    """How one part changed: came, went, moved, or which words; and whether only its form did."""
    before, now = (comparison.readable(pair.group, text) for text in (pair.before, pair.now))
    how = "moved" if pair.moved else "changed"
    if not before.strip() or not now.strip():
        how = "added" if now.strip() else "removed"
    return {"how": how, "blocks": blocks(before, now), "form_only": before == now and not pair.moved}


def summary(old, new) -> str:
    """What changed from one state to the next, in one line: 3 sections, 2 facts; empty if readers see nothing of it."""
    found: dict[str, int] = {}
    for pair in comparison.pairs(old, new, "", hidden(old, new)):
        if pair.changed:
            found[pair.group] = found.get(pair.group, 0) + 1
    words = [_number(group, number) for group, number in found.items() if group in ("section", "fact")]
    names = {"text": _("title or summary"), "result": _("results"), "source": _("sources"), "file": _("files")}
    words = [names[group] for group in found if group in names][:1] + words
    words += [names[group] for group in found if group in names][1:]
    return ", ".join(words)


def _number(group: str, number: int) -> str:
    if group == "section":
        text = ngettext("{number} section", "{number} sections", number)
    else:
        text = ngettext("{number} fact", "{number} facts", number)
    return text.format(number=facts.number(number))
