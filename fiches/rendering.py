"""What a reader is shown of a fiche: the card in lists and the body of its page, made once per change.

The body begins with the facts at a glance, then GLANCE_END, then the sections: the page sets the two side by side.
"""

from urllib.parse import urlsplit

from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from translations import markdown

from . import facts, languages
from .sections import SECTIONS
from .vocabularies import CauseType, Condition, Kind, Origin, Unit

GLANCE_END = "<!-- glance -->"
# After which section the table of results stands.
RESULTS_AFTER = {Kind.BEST_PRACTICE: "evidence", Kind.LESSON_LEARNED: "happened", Kind.PRACTICAL_EXAMPLE: "step"}


def source_texts(fiche) -> dict[str, str]:
    """Key → text in the source language, for everything that is translated with the fiche."""
    column = fiche.source_language
    texts = {name: fiche.source(name) for name in ("title", "summary", "budget_note")}
    order = [section.name for section in SECTIONS[fiche.kind]]
    for row in sorted(fiche.sections.all(), key=lambda row: (order.index(row.name), row.position)):
        texts[f"section:{row.pk}:text"] = getattr(row, f"text_{column}") or ""
    for row in fiche.results.all():
        texts[f"result:{row.pk}:indicator"] = getattr(row, f"indicator_{column}") or ""
        texts[f"result:{row.pk}:note"] = getattr(row, f"note_{column}") or ""
    for row in fiche.attachments.all():
        texts[f"attachment:{row.pk}:title"] = getattr(row, f"title_{column}") or ""
    return texts


def edition(fiche, shown) -> dict[str, str]:
    """Title, summary, card, body and plain text in the language that `shown` decides; names for the search."""
    title = getattr(fiche, f"title_{shown.title_language}") or fiche.source("title")
    summary = getattr(fiche, f"summary_{shown.title_language}") or ""
    body = Body(fiche, shown)
    return {
        "title": title,
        "summary": summary,
        "card_html": render_to_string("fiches/_card.html", card(fiche, shown, title, summary)),
        "body_html": render_to_string("fiches/_body.html", body.context()),
        "plain": body.plain(),
        "names": "\n".join(names(fiche)),
    }


def card(fiche, shown, title: str, summary: str) -> dict:
    """What stands in a list."""
    note = ""
    if shown.title_language != shown.language:
        note = _("Shown in {language}").format(language=facts.language_name(shown.title_language))
    elif shown.body_language != shown.language:
        note = _("Full text in {language}").format(language=facts.language_name(shown.body_language))
    return {
        "fiche": fiche,
        "url": fiche.get_absolute_url(),
        "title": title,
        "summary": summary,
        "lang": shown.title_language if shown.title_language != shown.language else "",
        "authority": facts.authority_name(fiche) or (_("Authority not named") if fiche.is_anonymised else ""),
        "period": facts.period(fiche),
        "languages": [{"code": code, "name": facts.language_name(code)} for code in fiche.available_languages],
        "note": note,
        "compiled": fiche.origin == Origin.COMPILED,
    }


def names(fiche) -> list[str]:
    """Names under which it is found: themes, keywords, country, place, authority – never one that it hides."""
    found = []
    for theme in fiche.themes.all():
        found += [facts.in_language(theme, "name"), facts.in_language(theme.parent, "name") if theme.parent else ""]
    if fiche.shows("tags"):
        found += [tag.name for tag in fiche.tags.all()]
    found.append(fiche.country_name)
    if fiche.shows("place"):
        found.append(fiche.place)
    if fiche.region_id and fiche.shows("region"):
        found.append(fiche.region.name)
    found.append(facts.authority_name(fiche))
    if fiche.authority_id and not fiche.is_anonymised:
        found.append(fiche.authority.official_name)
    return list(dict.fromkeys(name.replace("\n", " ") for name in found if name))


class Body:
    """The body of one fiche for one reader's language, for page and PDF; texts fall back to the original one by one."""

    def __init__(self, fiche, shown, *, html=True):
        self.fiche, self.shown, self.html = fiche, shown, html
        self.language, self.original = shown.body_language, shown.source_language

    def text(self, row, field: str) -> tuple[str, str]:
        """(text, its language): in the body's language, or in the original's where that is missing."""
        return languages.text(row, field, self.language, self.original)

    def foreign(self, language: str) -> str:
        """The language to mark, where it is not the reader's."""
        return language if language != self.shown.language else ""

    def context(self) -> dict:
        fiche = self.fiche
        results = [self.result(row) for row in fiche.results.all()]
        first = (results[0]["indicator"], results[0]["lang"]) if results else ("", "")
        note, note_language = self.text(fiche, "budget_note")
        sources = fiche.sources.all() if fiche.shows("sources") else []
        return {
            "fiche": fiche,
            "glance_end": GLANCE_END,
            "glance": facts.glance(fiche, (note, self.foreign(note_language)), first),
            "sections": self.sections(),
            "results": results,
            "has": {name: any(row[name] for row in results) for name in ("before", "year", "source", "evidence")},
            "results_after": RESULTS_AFTER[fiche.kind],
            "pairs": self.pairs(),
            "conditions": facts.labels(fiche.conditions, Condition),
            "causes": facts.labels(fiche.cause_types, CauseType),
            "details": facts.details(fiche),
            "sources": sources,
            "attachments": [self.attachment(row) for row in fiche.attachments.all()]
            if fiche.shows("attachments")
            else [],
            "themes": [{"slug": row.slug, "name": facts.in_language(row, "name")} for row in fiche.themes.all()],
            "tags": [tag.name for tag in fiche.tags.all()] if fiche.shows("tags") else [],
        }

    def sections(self) -> list[dict]:
        """The passages in reading order, several rows (steps) in one; the doubts right after the results."""
        rows: dict[str, list] = {}
        for row in sorted(self.fiche.sections.all(), key=lambda row: row.position):
            text, language = self.text(row, "text")
            if text.strip():
                part = {
                    "source": text,
                    "html": self.read(text).html if self.html else "",
                    "lang": self.foreign(language),
                }
                rows.setdefault(row.name, []).append(part)
        specs = [spec for spec in SECTIONS[self.fiche.kind] if spec.name != "caveats"]
        place = next(n for n, spec in enumerate(specs, 1) if spec.name == RESULTS_AFTER[self.fiche.kind])
        specs[place:place] = [spec for spec in SECTIONS[self.fiche.kind] if spec.name == "caveats"]
        return [
            {
                "name": spec.name,
                "heading": spec.heading,
                "parts": rows.get(spec.name, []),
                "not_documented": spec.name in self.fiche.not_documented and spec.name not in rows,
            }
            for spec in specs
        ]

    def read(self, text: str) -> markdown.Read:
        """Markdown read once per text, although page and search of nine languages may show it."""
        cache = self.fiche.__dict__.setdefault("_read_markdown", {})
        if text not in cache:
            cache[text] = markdown.read(text)
        return cache[text]

    def result(self, row) -> dict:
        indicator, language = self.text(row, "indicator")
        note, note_language = self.text(row, "note")
        return {
            "indicator": indicator,
            "lang": self.foreign(language),
            "note": note,
            "note_lang": self.foreign(note_language),
            "before": "" if row.baseline is None else facts.quantity(row.baseline, row.unit),
            "after": facts.quantity(row.value, row.unit),
            "year": str(row.year or ""),
            "source": self.origin_of(row) if row.source_url and self.fiche.shows("sources") else None,
            "evidence": row.get_evidence_type_display(),
        }

    def origin_of(self, row) -> dict:
        """Where a figure comes from: the publisher of the source with this address, else the site's name."""
        known = {source.url: source.publisher or source.title for source in self.fiche.sources.all()}
        host = urlsplit(row.source_url).hostname or row.source_url
        return {"url": row.source_url, "name": known.get(row.source_url) or host.removeprefix("www.")}

    def pairs(self) -> list[tuple]:
        """Percentages before and after, for a drawing, where there are two or more."""
        rows = [row for row in self.fiche.results.all() if row.unit == Unit.PERCENT and row.baseline is not None]
        if len(rows) < 2:
            return []
        return [(self.text(row, "indicator")[0], _plain_number(row.baseline), _plain_number(row.value)) for row in rows]

    def attachment(self, row) -> dict:
        title, language = self.text(row, "title")
        return {
            "pk": row.pk,
            "title": title or row.filename,
            "lang": self.foreign(language),
            "language": facts.language_name(row.language),
            "licence": row.get_licence_display(),
            "size": row.size,
        }

    def plain(self) -> str:
        """The words of the body, for the search."""
        lines = [self.read(self.text(row, "text")[0]).plain for row in self.fiche.sections.all()]
        for row in self.fiche.results.all():
            lines += [self.text(row, "indicator")[0], self.text(row, "note")[0]]
        return "\n".join(line for line in lines if line)


def _plain_number(value) -> int | float:
    return int(value) if value == int(value) else float(value)
