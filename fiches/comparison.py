"""A revision beside the published fiche: what was written before and now, word by word."""

from collections.abc import Iterator
from typing import NamedTuple

from django.utils.translation import gettext as _

from translations import markdown
from translations.comparison import marked
from translations.letters import capitalised

from .facts import change
from .sections import SECTIONS, spec

# The source text and the facts that a revision may change, as columns of the fiche.
TEXTS = ("title", "summary")
FACTS = (
    *("governance_level", "country", "region", "place", "population_band"),
    *("policy_stages", "development_stage", "start_year", "end_year", "ongoing"),
    *("themes", "tags", "target_groups", "isced_levels", "eqf_levels", "conditions", "cause_types"),
    *("cost_band", "budget_amount", "budget_currency", "budget_year", "budget_note"),
    *("staff_fte", "months_to_set_up", "funding_sources", "quick_win", "evidence_strength", "licence", "disclosure"),
)


class Pair(NamedTuple):
    """One thing that two states of a fiche may differ in, as text."""

    group: str  # text, section, result, source, file or fact
    label: str
    before: str
    now: str
    moved: str = ""  # where it stood before, of a step that changed its place

    @property
    def changed(self) -> bool:
        return bool(self.moved) or self.before.strip() != self.now.strip()


def readable(group: str, text: str) -> str:
    """What readers see of a text: passages without the marks of Markdown, one block a line."""
    return markdown.plain(text) if group == "section" else text


# --- facts -----------------------------------------------------------------------------------------------------


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


# --- parts -----------------------------------------------------------------------------------------------------


def _sections(fiche, language) -> dict[tuple[str, int], str]:
    order = [section.name for section in SECTIONS[fiche.kind]]
    rows = [row for row in fiche.sections.all() if row.name in order]
    rows.sort(key=lambda row: (order.index(row.name), row.position))
    return {(row.name, row.position): getattr(row, f"text_{language}") or "" for row in rows}


def _results(fiche, language) -> str:
    rows = ((getattr(row, f"indicator_{language}") or "", change(row), row.year or "") for row in fiche.results.all())
    return "\n".join(f"{name}: {figures} {year}".strip() for name, figures, year in rows)


def _sources(fiche) -> str:
    return "\n".join(f"{row.title} {row.url}".strip() for row in fiche.sources.all())


def _files(fiche, language) -> str:
    return "\n".join(
        f"{getattr(row, f'title_{language}') or ''} ({row.filename}, {row.sha256[:8]})"
        for row in fiche.attachments.all()
    )


def pairs(old, new, language: str = "", hidden=frozenset()) -> Iterator[Pair]:
    """Everything that a revision may change, in one language (the source language unless told otherwise).

    `hidden` are names of facts, “sources” and “attachments” that the reader may not know of one of the two.
    """
    language = language or new.source_language
    for name in TEXTS:
        before, now = (getattr(fiche, f"{name}_{language}") or "" for fiche in (old, new))
        yield Pair("text", _label(old, name), before, now)
    yield from _passages(old.kind, _sections(old, language), _sections(new, language))
    yield Pair("result", _("Results"), _results(old, language), _results(new, language))
    if "sources" not in hidden:
        yield Pair("source", _("Sources"), _sources(old), _sources(new))
    if "attachments" not in hidden:
        yield Pair("file", _("Files"), _files(old, language), _files(new, language))
    for name in FACTS:
        if name not in hidden:
            yield Pair("fact", _label(old, name), value(old, name), value(new, name))


def _passages(kind, before: dict, after: dict) -> Iterator[Pair]:
    """Sections side by side; a step that only changed its place is compared with itself."""
    origins = _origins(before, after)
    for key in dict.fromkeys([*before, *after]):
        if key not in after and key in origins.values():
            continue  # compared where it stands now
        name, position = key
        section = spec(kind, name)
        label = f"{section.heading} ({position})" if section.rows > 1 else str(section.heading)
        origin = origins.get(key, key)
        was, now = before.get(origin, ""), after.get(key, "")
        moved = _("before: {place}").format(place=f"{section.heading} ({origin[1]})")
        yield Pair("section", label, was, now, moved if origin != key and was.strip() == now.strip() else "")


def _origins(before: dict, after: dict) -> dict:
    """Where each passage stood before: the same words count as the same step, the others keep their order."""
    found, free = {}, {key: text.strip() for key, text in before.items() if text.strip()}

    def take(alike):
        for key, text in after.items():
            if text.strip() and key not in found:
                old = next((old for old in free if old[0] == key[0] and alike(old, key, text.strip())), None)
                if old:
                    found[key] = old
                    del free[old]

    take(lambda old, key, text: old == key and free[old] == text)
    take(lambda old, key, text: free[old] == text)
    take(lambda old, key, text: old == key)
    take(lambda old, key, text: True)
    return found


def rows(old, new) -> list[dict]:
    """Rows for components/compare.html; what is empty on both sides is left out."""
    found = []
    for pair in pairs(old, new):
        if pair.before.strip() or pair.now.strip():
            left, right = marked(pair.before, pair.now)
            found.append({"label": pair.label, "left": left, "right": right, "changed": pair.changed})
    return found
