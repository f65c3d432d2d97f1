"""A revision beside the published fiche: what was written before and now, word by word."""

import difflib
import re

from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from translations.letters import capitalised

from .facts import change
from .sections import SECTIONS, spec
from .texts import section_texts

# The source text and the facts that a revision may change, as columns of the fiche.
TEXTS = ("title", "summary")
FACTS = (
    *("governance_level", "country", "region", "place", "population_band"),
    *("policy_stages", "development_stage", "start_year", "end_year", "ongoing"),
    *("themes", "tags", "target_groups", "isced_levels", "eqf_levels", "conditions", "cause_types"),
    *("cost_band", "budget_amount", "budget_currency", "budget_year", "budget_note"),
    *("staff_fte", "months_to_set_up", "funding_sources", "quick_win", "evidence_strength", "licence", "disclosure"),
)


def marked(old: str, new: str) -> tuple[SafeString, SafeString]:
    """Both texts as HTML, removed words in <del> on the left, added ones in <ins> on the right."""
    before, after = (re.findall(r"\s*\S+", text) for text in (old, new))
    left, right = [], []
    for tag, i, j, k, m in difflib.SequenceMatcher(None, before, after).get_opcodes():
        was, now = "".join(before[i:j]), "".join(after[k:m])
        if tag == "equal":
            left.append(escape(was))
            right.append(escape(now))
            continue
        if was:
            left.append(_mark("del", pgettext("comparison", "removed:"), was))
        if now:
            right.append(_mark("ins", pgettext("comparison", "added:"), now))
    return _paragraphs(left), _paragraphs(right)


def _mark(tag, word, text):
    """The words of a change; who cannot see the line hears what it means."""
    body = text.lstrip()
    return format_html(
        '{}<{} class="change"><span class="visually-hidden">{} </span>{}</{}>', text[: -len(body)], tag, word, body, tag
    )


def _paragraphs(parts) -> SafeString:
    """Line breaks kept; every part is escaped already."""
    return mark_safe("".join(parts).strip().replace("\n", "<br>"))


def value(fiche, name: str) -> str:
    """One fact as people read it."""
    if name in ("themes", "tags"):
        return ", ".join(sorted(str(row) for row in getattr(fiche, name).all()))
    field = fiche._meta.get_field(name)
    raw = fiche.source(name) if name == "budget_note" else getattr(fiche, name)
    if raw in (None, "", [], False):
        return ""
    if raw is True:
        return _("yes")
    if choices := dict(getattr(getattr(field, "base_field", field), "choices", None) or ()):
        codes = raw if isinstance(raw, list) else [raw]
        return ", ".join(str(choices.get(code, code)) for code in codes)
    if name == "country":
        return fiche.country_name
    return ", ".join(map(str, raw)) if isinstance(raw, list) else str(raw)


def facts(fiche) -> list[dict]:
    """Every fact of the fiche that is filled in, with its label."""
    return [{"label": _label(fiche, name), "value": value(fiche, name)} for name in FACTS]


def _label(fiche, name):
    return capitalised(fiche._meta.get_field(name).verbose_name)


def _sections(fiche) -> dict[tuple[str, int], str]:
    order = [section.name for section in SECTIONS[fiche.kind]]
    found = {key: text for key, text in section_texts(fiche).items() if key[0] in order}
    return dict(sorted(found.items(), key=lambda item: (order.index(item[0][0]), item[0][1])))


def _results(fiche) -> str:
    indicator = f"indicator_{fiche.source_language}"
    rows = ((getattr(row, indicator) or "", change(row), row.year or "") for row in fiche.results.all())
    return "\n".join(f"{name}: {figures} {year}".strip() for name, figures, year in rows)


def _sources(fiche) -> str:
    return "\n".join(f"{row.title} {row.url}".strip() for row in fiche.sources.all())


def _files(fiche) -> str:
    title = f"title_{fiche.source_language}"
    return "\n".join(
        f"{getattr(row, title) or ''} ({row.filename}, {row.sha256[:8]})" for row in fiche.attachments.all()
    )


def pairs(old, new):
    """(label, text before, text now) of everything that a revision may change."""
    for name in TEXTS:
        yield _label(old, name), old.source(name), new.source(name)
    before, after = _sections(old), _sections(new)
    for name, position in dict.fromkeys([*before, *after]):
        section = spec(old.kind, name)
        label = f"{section.heading} ({position})" if section.rows > 1 else str(section.heading)
        yield label, before.get((name, position), ""), after.get((name, position), "")
    yield _("Results"), _results(old), _results(new)
    yield _("Sources"), _sources(old), _sources(new)
    yield _("Files"), _files(old), _files(new)
    for name in FACTS:
        yield _label(old, name), value(old, name), value(new, name)


def rows(old, new) -> list[dict]:
    """Rows for components/compare.html; what is empty on both sides is left out."""
    found = []
    for label, before, now in pairs(old, new):
        if before.strip() or now.strip():
            left, right = marked(before, now)
            found.append({"label": label, "left": left, "right": right, "changed": before.strip() != now.strip()})
    return found
