"""What a PDF of fiches says, as data for templates/typst: the same facts and texts as the page shows its reader.

    brief(fiches, site), full(fiches, site) -> bytes

`fiches` come from rows(); their PDF is the same for everybody who may see them. A brief of one fiche never has more than two pages: passages are shortened at the end of a
sentence, as little as needed, end with “…”, and the brief says so and where the whole text is.
"""

import re

import segno
from django.conf import settings
from django.urls import reverse
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from translations import markdown, typesetting
from translations.shown import Shown
from translations.typesetting import characters

from . import facts, languages, page
from .citation import citation
from .rendering import Body
from .vocabularies import Kind, Origin

PARTS = ("sections", "results", "sources", "attachments", "themes__parent", "tags")
# What a council needs of each kind, in this order.
BRIEF = {
    Kind.BEST_PRACTICE: ("problem", "actions", "resources", "evidence", "difficulties", "transferability", "caveats"),
    Kind.LESSON_LEARNED: ("problem", "actions", "expected", "happened", "causes", "differently", "advice", "caveats"),
    Kind.PRACTICAL_EXAMPLE: ("problem", "step", "tools", "time_needed", "resources", "prerequisites", "caveats"),
}
SENTENCE = re.compile(r".+?(?:[.!?…][”»“\")\]]*(?=\s|$)|$)", re.DOTALL)
# How many characters a passage of a brief may have at each level of shortening; at the last, any fiche fits.
BUDGETS = (None, 1800, 1400, 1100, 850, 650, 480, 340, 220)
TWO_PAGES = 6500  # characters of passages that never fit on two pages: shorter ones are tried
UNIT = 220  # characters: a longer sentence is cut between words


def rows(queryset):
    """Fiches with what their Edition shows the reader and all their parts."""
    return page.with_edition(queryset).defer(None).prefetch_related(*PARTS)


def full(fiches, site: str) -> bytes:
    """Everything the pages of `fiches` say; several have a cover with the contents."""
    _refuse_too_long(fiches)
    return _pdf("fiche", [_fiche(fiche, site) for fiche in fiches], site)


def brief(fiches, site: str) -> bytes:
    """Two pages for each of `fiches`, for those who decide."""
    _refuse_too_long(fiches)
    return _pdf("brief", [_fiche(fiche, site, brief=True) for fiche in fiches], site)


def filename(fiches, what: str = "") -> str:
    """CLV-2026-0042-brief-el.pdf, or for several clavet-3-brief-el.pdf."""
    name = fiches[0].reference if len(fiches) == 1 else f"clavet-{len(fiches)}"
    return "-".join(part for part in (name, what, get_language()) if part) + ".pdf"


def _refuse_too_long(fiches) -> None:
    """Before any Markdown is read: of several fiches of the greatest length that alone would take minutes."""
    passages = [(fiche, row) for fiche in fiches for row in fiche.sections.all()]
    length = sum(len(getattr(row, f"text_{fiche.shown_language}") or "") for fiche, row in passages)
    if length > settings.PDF_CHARACTERS:
        raise typesetting.TooLong(length)


def _pdf(template: str, fiches: list[dict], site: str) -> bytes:
    one = len(fiches) == 1
    several = _("Decision briefs") if template == "brief" else _("Selected fiches")
    levels = [fiche.pop("level") for fiche in fiches]
    data = {
        "at": max(fiche.pop("at") for fiche in fiches),
        "author": fiches[0]["author"] if one else "CLAVET",
        "labels": labels(),
        "site": site.split("://")[-1],
        "cover": None if one else {"title": several, "url": site + reverse("home")},
        "fiches": fiches,
        "levels": levels,
        "budgets": BUDGETS,
        "unit": UNIT if template == "brief" else None,
    }
    return typesetting.pdf(template, data, language=get_language(), title=fiches[0]["title"] if one else several)


def labels() -> dict[str, str]:
    """Every word of ours in the templates."""
    return {
        "brief": _("Decision brief"),
        "fiche": _("Fiche"),
        "contents": _("Contents"),
        "glance": _("At a glance"),
        "results": _("Results"),
        "indicator": _("Indicator"),
        "before": _("Before"),
        "after": _("After"),
        "value": _("Value"),
        "year": _("Year"),
        "evidence": _("Evidence"),
        "source": _("Source"),
        "facts": _("More facts"),
        "themes": _("Themes"),
        "keywords": _("Keywords"),
        "files": _("Files"),
        "sources": _("Sources"),
        "behind": _("Who stands behind it"),
        "contact": _("Contact"),
        "cite": _("Cite and reuse"),
        "not_documented": _("Not documented in the sources."),
        "needs": _("It needs:"),
        "cause_types": _("Types of cause:"),
        "qr": _("QR code with the address of this page"),
        "shortened": _("Passages that end with […] were shortened to fit on two pages. The whole text:"),
        "more_results": _("More results are in the whole text."),
        "replaced": _("Square brackets hold Latin letters for others that this typeface does not have."),
    }


def _fiche(fiche, site: str, *, brief=False) -> dict:
    """One fiche as the templates read it."""
    shown = Shown(
        get_language(),
        fiche.shown_title_language,
        fiche.shown_language,
        fiche.shown_state,
        fiche.shown_outdated,
        None,
        fiche.source_language,
    )
    body = Body(fiche, shown, html=False)
    context = body.context()
    url = site + languages.address(fiche, get_language())
    title_lang = body.foreign(shown.title_language)
    vouching = page.vouching(fiche)
    made = {
        "at": int((fiche.published_at or fiche.created_at).timestamp()),
        "reference": fiche.reference or "",
        "kind": fiche.kind,
        "kind_label": fiche.get_kind_display(),
        "title": fiche.shown_title,
        "lang": title_lang,
        "summary": fiche.shown_summary,
        "author": facts.authority_name(fiche) or "CLAVET",
        "marks": _marks(fiche, vouching["label"]),
        "languages": _languages(fiche),
        "vouching": "" if vouching.get("person") else vouching["text"],
        "glance": [_fact(row) for row in context["glance"]],
        "results": [_result(row) for row in context["results"]],
        "has": context["has"],
        "conditions": context["conditions"],
        "causes": context["causes"],
        "contact": _contact(fiche, site),
        "citation": citation(fiche, fiche.shown_title, url),
        "licence": _("You may use this text under the licence %(licence)s.") % {"licence": fiche.get_licence_display()},
        "url": url,
        "qr": segno.make(url, error="l").svg_inline(border=0),
    }
    return made | (_brief_parts(fiche, context) if brief else _full_parts(fiche, context))


def _marks(fiche, vouched: str) -> list[str]:
    """What stands beside its reference: who vouches, and what nobody may overlook who gets the paper from another."""
    demonstration = _("Demonstration: invented, not a real case") if fiche.demonstration else ""
    return list(filter(None, [vouched, demonstration, facts.embargo_note(fiche.embargo_until)]))


def _languages(fiche) -> list[str]:
    """What is said about the language of the text; its own name first where it is not the reader's."""
    original = facts.language_name(fiche.source_language)
    notices = page.notices(fiche, named=False)
    told = [row["sentence"] + (f" ({row['made']})" if row.get("made") else "") for row in notices]
    return [*told, _("Original: {language}.").format(language=original)] if told else []


def _fact(row: dict) -> dict:
    unknown = row["value"] in (pgettext("fact", "not stated"), pgettext("fact", "no figure yet"))
    return {name: str(row.get(name) or "") for name in ("label", "value", "note", "note_lang")} | {"unknown": unknown}


def _result(row: dict) -> dict:
    names = ("indicator", "lang", "note", "note_lang", "before", "after", "year", "evidence")
    source = row["source"] or {"name": "", "url": ""}
    return {name: str(row[name] or "") for name in names} | {"source": source["name"], "source_url": source["url"]}


def _contact(fiche, site: str) -> dict:
    """The public way to those who answer. What is printed is handed on: no person and no address of one stands in it."""
    compiled = fiche.origin == Origin.COMPILED
    return {
        "label": _("Ask about this fiche") if compiled else _("Write to the authors"),
        "url": site + reverse("fiches:contact", args=[fiche.pk]),
        "authority": "" if compiled else facts.authority_name(fiche),
    }


def _sections(context: dict) -> list[dict]:
    """The passages that say anything."""
    after = context["results_after"]
    return [
        {
            "name": section["name"],
            "heading": str(section["heading"]),
            "parts": section["parts"],
            "not_documented": section["not_documented"],
            "results": section["name"] == after and bool(context["results"]),
        }
        for section in context["sections"]
        if section["parts"] or section["not_documented"] or (section["name"] == after and context["results"])
    ]


def _full_parts(fiche, context: dict) -> dict:
    sections = _sections(context)
    for section in sections:
        section["parts"] = [{"blocks": markdown.tree(row["source"]), "lang": row["lang"]} for row in section["parts"]]
    return {
        "level": 0,
        "sections": sections,
        "details": [_fact(row) for row in context["details"] if row["value"]],
        "themes": ", ".join(theme["name"] for theme in context["themes"]),
        "tags": ", ".join(context["tags"]),
        "files": [
            {"title": row["title"], "lang": row["lang"], "note": f"{row['language']} · {row['licence']}"}
            for row in context["attachments"]
        ],
        "sources": [
            {"title": row.title, "url": row.url, "note": ", ".join(filter(None, [row.publisher, row.date]))}
            for row in context["sources"]
        ],
    }


def _brief_parts(fiche, context: dict) -> dict:
    found = {section["name"]: section for section in _sections(context)}
    sections = [found[name] for name in BRIEF[fiche.kind] if name in found]
    for section in sections:
        section["parts"] = [
            {"lang": row["lang"], "paragraphs": _paragraphs(markdown.tree(row["source"]))} for row in section["parts"]
        ]
    lengths = [
        sum(len(sentence) for part in section["parts"] for _mark, spoken in part["paragraphs"] for sentence in spoken)
        for section in sections
    ]
    return {"sections": sections, "level": _first_level(lengths)}


def _first_level(lengths: list[int]) -> int:
    """The first level at which passages so long may fit on two pages at all."""
    for level, budget in enumerate(BUDGETS):
        if sum(min(length, budget or length) for length in lengths) <= TWO_PAGES:
            return level
    return len(BUDGETS) - 1


def _paragraphs(blocks: list, mark: str = "") -> list[list]:
    """[mark, sentences] for each paragraph, heading or item, so that the template can leave sentences out."""
    found = []
    for kind, *rest in blocks:
        if kind in ("p", "h"):
            found.append([mark, _sentences(_words(rest[0]))])
        elif kind == "code":
            found.append([mark, _sentences(" ".join(rest[0]))])
        elif kind == "quote":
            found += _paragraphs(rest[0], mark)
        elif kind in ("ul", "ol"):
            for number, item in enumerate(rest[-1], rest[0] if kind == "ol" else 1):
                inner = _paragraphs(item, mark)
                if inner:
                    inner[0][0] = f"{number}." if kind == "ol" else "–"
                found += inner
    return [row for row in found if row[1]]


def _words(inlines: list) -> str:
    return "".join(part if isinstance(part, str) else _word(part) for part in inlines)


def _word(part: list) -> str:
    if part[0] == "br":
        return " "
    return part[1] if part[0] == "code" else _words(part[-1])


def _sentences(text: str) -> list[str]:
    """The sentences of a paragraph."""
    found = [match[0].strip() for match in SENTENCE.finditer(" ".join(text.split()))]
    return [piece for sentence in found if sentence for piece in characters.pieces(sentence + " ", UNIT)]
