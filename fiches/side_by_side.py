"""Two to four fiches in one table: a row for each fact and passage, a column for each fiche."""

from django.db.models import QuerySet
from django.utils.text import Truncator, slugify
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from translations import markdown
from translations.shown import shown

from . import facts, languages
from .rendering import Body
from .sections import SECTIONS
from .vocabularies import CauseType, Condition

LONGEST = 700  # letters of a passage that stand in the table; the rest is one link away
PARTS = ("sections", "results", "sources", "attachments", "themes", "translations")


def fiches(rows: QuerySet, ids) -> list:
    """Those of `rows` that were chosen, in that order, with all their parts; as many statements for two as for four."""
    if not ids:
        return []
    rows = rows.filter(pk__in=ids).select_related("authority", "region").prefetch_related(*PARTS)
    found = {fiche.pk: fiche for fiche in rows}
    return [found[pk] for pk in ids if pk in found]


class Column:
    """One fiche as the reader is shown it."""

    def __init__(self, fiche):
        if fiche.is_anonymised:
            fiche.population_band = ""  # whether it may be shown would be a question to the database
        translations = {row.language: row for row in fiche.translations.all()}
        self.fiche, language = fiche, get_language()
        self.shown = shown(language, fiche.source_language, translations, fiche.source_texts())
        self.body = Body(fiche, self.shown)
        self.url = fiche.get_absolute_url()
        self.title = getattr(fiche, f"title_{self.shown.title_language}") or fiche.source("title")
        self.lang = languages.foreign(self.shown.title_language)
        self.notices = languages.notices_of(fiche, self.shown)
        self.sections = {section["name"]: section for section in self.body.sections()}

    def facts(self) -> list[dict]:
        """Label, value and note of each fact, the same labels for every fiche."""
        fiche = self.fiche
        note, language = self.body.text(fiche, "budget_note")
        told = facts.glance(fiche, (note, self.body.foreign(language)), ("", ""))[:5] + facts.details(fiche)
        themes = ", ".join(facts.in_language(row, "name") for row in fiche.themes.all())
        return [
            {"label": _("Kind"), "value": fiche.get_kind_display()},
            *told,
            {"label": _("Conditions"), "value": facts.labels(fiche.conditions, Condition)},
            {"label": _("Types of cause"), "value": facts.labels(fiche.cause_types, CauseType)},
            {"label": _("Themes"), "value": themes},
        ]

    def results(self) -> list[dict]:
        rows = zip(self.fiche.results.all(), (self.body.result(row) for row in self.fiche.results.all()), strict=True)
        return [told | {"figures": facts.change(row)} for row, told in rows]

    def passage(self, name: str, heading) -> dict:
        """The text of one section: short ones whole, long ones with their beginning; with a link to the passage."""
        section = self.sections.get(name)
        if not section or not (section["parts"] or section["not_documented"]):
            return {"column": self}
        parts = section["parts"]
        plain = "\n".join(markdown.plain(part["source"]) for part in parts)
        cut = len(plain) > LONGEST
        return {
            "column": self,
            "parts": [] if cut else parts,
            "cut": Truncator(plain).chars(LONGEST, truncate=" …") if cut else "",
            "lang": parts[0]["lang"] if parts else "",
            "not_documented": section["not_documented"],
            "url": f"{self.url}#{slugify(name)}",
            "heading": heading,
            "full": True,
        }


def order() -> dict[str, object]:
    """Section name → heading: the sections of all kinds in one order that keeps the order of each."""
    names: list[str] = []
    headings = {}
    for specs in SECTIONS.values():
        place = 0
        for spec in specs:
            if spec.name in headings:
                place = names.index(spec.name) + 1
                continue
            names.insert(place, spec.name)
            headings[spec.name] = spec.heading
            place += 1
    return {name: headings[name] for name in names}


def table(found) -> dict:
    """For templates/fiches/compare.html."""
    columns = [Column(fiche) for fiche in found]
    return {"columns": columns, "facts": fact_rows(columns), "results": results(columns), "sections": passages(columns)}


def fact_rows(columns) -> list[dict]:
    """Facts that at least one fiche states; what is the same for all is said once."""
    unknown, rows = pgettext("fact", "not stated"), []
    for cells in zip(*(column.facts() for column in columns), strict=True):
        values = [str(cell["value"] or unknown) for cell in cells]
        if all(value == unknown for value in values):
            continue
        same = len(set(values)) == 1 and not any(cell.get("note") for cell in cells)
        told = [
            {"column": column, "value": value, "note": cell.get("note", ""), "note_lang": cell.get("note_lang", "")}
            | {"unknown": value == unknown}
            for column, value, cell in zip(columns, values, cells, strict=True)
        ]
        rows.append({"label": cells[0]["label"], "cells": told, "same": values[0] if same else ""})
    return rows


def results(columns) -> list[dict]:
    cells = [{"column": column, "rows": column.results()} for column in columns]
    return cells if any(cell["rows"] for cell in cells) else []


def passages(columns) -> list[dict]:
    rows = []
    for name, heading in order().items():
        cells = [column.passage(name, heading) for column in columns]
        if any(cell.get("full") for cell in cells):
            rows.append({"label": heading, "cells": cells})
    return rows
