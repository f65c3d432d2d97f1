"""The longer parts of a record, read for a whole chunk in one statement each: passages, figures, files."""

import re
from collections import defaultdict

from django.urls import reverse

from translations import markdown
from translations.exports.cleaning import clean, number

from ..languages import text as text_in
from ..models import Attachment, Fiche, Result, Section
from ..sections import SECTIONS
from ..vocabularies import LICENCE_URLS

MARKED_UP = re.compile(r"[*_`\\<>\[\]#&~=+\t]|^[^\S\n]*(?:[-\d]|    )", re.MULTILINE)


def plain(text: str) -> str:
    """Markdown as words, as the search reads it; a text without any mark is not parsed: most have none."""
    if MARKED_UP.search(text):
        return clean(markdown.plain(text))
    return clean("\n".join(" ".join(block.split()) for block in re.split(r"\n\s*\n", text.strip())))


class Languages:
    """In which columns the texts of a chunk stand: those shown, and the originals they fall back to one by one."""

    def __init__(self, fiches):
        self.fiches = fiches
        pairs = {(fiche.shown_language, fiche.source_language) for fiche in fiches.values()}
        self.codes = sorted({code for pair in pairs for code in pair})

    def columns(self, *fields: str) -> list[str]:
        return [f"{field}_{code}" for field in fields for code in self.codes]

    def text(self, row: dict, field: str) -> tuple[str, str]:
        """(text, its language), as the Edition's body shows it."""
        fiche = self.fiches[row["fiche_id"]]
        return text_in(row, field, fiche.shown_language, fiche.source_language)


def sections(fiches, _taking) -> dict[int, list[dict]]:
    """The passages in reading order, as words without markup."""
    languages, found = Languages(fiches), defaultdict(list)
    order = {kind: [spec.name for spec in specs] for kind, specs in SECTIONS.items()}
    headings = {(kind, spec.name): str(spec.heading) for kind, specs in SECTIONS.items() for spec in specs}
    rows = Section.objects.filter(fiche__in=list(fiches)).order_by("position")
    for row in rows.values("fiche_id", "name", "position", *languages.columns("text")):
        text, language = languages.text(row, "text")
        kind = fiches[row["fiche_id"]].kind
        if text.strip() and row["name"] in order[kind]:
            found[row["fiche_id"]].append(
                {
                    "name": row["name"],
                    "position": row["position"],
                    "heading": headings[kind, row["name"]],
                    "language": language,
                    "text": plain(text),
                }
            )
    for pk, passages in found.items():
        passages.sort(key=lambda passage: (order[fiches[pk].kind].index(passage["name"]), passage["position"]))
    return found


def results(fiches, _taking) -> dict[int, list[dict]]:
    """The figures; where they come from only where the sources are shown."""
    languages, found = Languages(fiches), defaultdict(list)
    columns = ("fiche_id", "unit", "baseline", "value", "year", "evidence_type", "source_url")
    rows = Result.objects.filter(fiche__in=list(fiches)).order_by("position", "pk")
    for row in rows.values(*columns, *languages.columns("indicator", "note")):
        indicator, language = languages.text(row, "indicator")
        found[row["fiche_id"]].append(
            {
                "indicator": clean(indicator),
                "language": language,
                "unit": row["unit"],
                "before": number(row["baseline"]),
                "after": number(row["value"]),
                "year": row["year"],
                "evidence": row["evidence_type"],
                "note": clean(languages.text(row, "note")[0]),
                "source": clean(row["source_url"]) if fiches[row["fiche_id"]].shows("sources") else "",
            }
        )
    return found


def attachments(fiches, taking) -> dict[int, list[dict]]:
    """The files, with the address to fetch each from."""
    languages, found = Languages(fiches), defaultdict(list)
    open_ = [pk for pk, fiche in fiches.items() if fiche.shows("attachments")]
    columns = ("pk", "fiche_id", "filename", "language", "licence", "media_type", "size", "sha256")
    rows = Attachment.objects.filter(fiche__in=open_).order_by("pk") if open_ else Attachment.objects.none()
    for row in rows.values(*columns, *languages.columns("title")):
        found[row["fiche_id"]].append(
            {
                "title": clean(languages.text(row, "title")[0] or row["filename"]),
                "address": taking.site + reverse("fiches:attachment", args=[row["pk"]]),
                "language": row["language"],
                "media_type": row["media_type"],
                "size": row["size"],
                "sha256": row["sha256"],
                "licence": LICENCE_URLS.get(row["licence"], ""),
            }
        )
    return found


def budget_notes(fiches, _taking) -> dict[int, str]:
    """What a budget covers, in the language of the text."""
    languages, found = Languages(fiches), defaultdict(str)
    rows = Fiche._base_manager.filter(pk__in=list(fiches)).values("pk", *languages.columns("budget_note"))
    for row in rows:
        found[row["pk"]] = clean(languages.text(row | {"fiche_id": row["pk"]}, "budget_note")[0])
    return found


READ = {"sections": sections, "results": results, "attachments": attachments, "budget_note": budget_notes}
