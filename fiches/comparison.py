"""A revision beside the published fiche: what was written before and now, word by word."""

import difflib
import re
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from translations import markdown
from translations.letters import capitalised

from .facts import change
from .sections import SECTIONS, spec

MOST_PAIRS = 20_000  # of equal words or paragraphs, one in each text: the matching of more takes seconds
WORD = r"\s*(?:\w[\w’'-]*|[^\w\s])"  # a full stop is a word of its own: “came.” and “came, and” share “came”
FEWEST_KEPT = 2  # words in a row that a reader can find again between two changes
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


# --- words -----------------------------------------------------------------------------------------------------


def marked(old: str, new: str) -> tuple[SafeString, SafeString]:
    """Both texts as HTML, removed words in <del> on the left, added ones in <ins> on the right."""
    left, right, _both = _marked(old, new)
    return left, right


def _marked(old: str, new: str) -> tuple[SafeString, SafeString, SafeString]:
    """The text before, the text now, and both in one as a word processor tracks changes."""
    left, right, both = [], [], []
    for was, now in _runs(*(re.findall(WORD, text.rstrip()) for text in (old, new))):
        if was == now:
            for side in (left, right, both):
                side.append(escape(was))
            continue
        gone = _mark("del", pgettext("comparison", "removed:"), was) if was else ""
        added = _mark("ins", pgettext("comparison", "added:"), now) if now else ""
        left.append(gone)
        right.append(added)
        both += [gone, " " if gone and added and not now[:1].isspace() else "", added]
    return _paragraphs(left), _paragraphs(right), _paragraphs(both)


def _runs(before: list[str], after: list[str]) -> list[tuple[str, str]]:
    """Both texts in runs of words: (same, same) or (was, now); one word that stayed between two changes joins them."""
    start = _alike(before, after)
    end = _alike(before[start:][::-1], after[start:][::-1])
    old, new = before[start : len(before) - end], after[start : len(after) - end]
    found = [["equal", before[:start], after[:start]]]
    runs = list(_matched(old, new) or _by_sentences(old, new))
    for n, (tag, was, now) in enumerate(runs):
        lone = tag == "equal" and len(was) < FEWEST_KEPT and 0 < n < len(runs) - 1
        if found[-1][0] == "change" and (lone or tag != "equal"):
            found[-1][1] += was
            found[-1][2] += now
        else:
            found.append(["equal" if tag == "equal" else "change", was, now])
    found.append(["equal", before[len(before) - end :], after[len(after) - end :]])
    return [("".join(was), "".join(now)) for _tag, was, now in found if was or now]


def _matched(old: list, new: list) -> list[tuple[str, list, list]]:
    """(tag, was, now) of difflib; nothing where matching would take seconds: its work grows with the equal pairs."""
    one, other = Counter(old), Counter(new)
    if sum(number * other[word] for word, number in one.items() if other[word] <= len(new) // 100 + 1) > MOST_PAIRS:
        return []
    codes = difflib.SequenceMatcher(None, old, new).get_opcodes()
    return [(tag, old[i:j], new[k:m]) for tag, i, j, k, m in codes]


def _by_sentences(old: list[str], new: list[str]):
    """A very long text sentence by sentence, and words only within those that differ."""
    for tag, was, now in _matched(_sentences(old), _sentences(new)) or [("replace", [old], [new])]:
        before, after = ([word for sentence in side for word in sentence] for side in (was, now))
        if tag == "equal":
            yield tag, before, after
        else:
            yield from _matched(before, after) or [("replace", before, after)]


def _sentences(words: list[str]) -> list[tuple[str, ...]]:
    ends = [n for n, word in enumerate(words, start=1) if word.strip() in {".", "!", "?", ";", ":"}]
    places = [0, *ends, len(words)]
    return [tuple(words[i:j]) for i, j in pairwise(places) if i < j]


def _alike(one: list[str], other: list[str]) -> int:
    """How many words at the beginning are the same."""
    return next((n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))


def _mark(tag, word, text):
    """The words of a change; who cannot see the line hears what it means."""
    body = text.lstrip()
    return format_html(
        '{}<{} class="change"><span class="hidden-text visually-hidden">{} </span>{}</{}>',
        text[: -len(body)],
        tag,
        word,
        body,
        tag,
    )


def _paragraphs(parts) -> SafeString:
    """Line breaks kept; every part is escaped already."""
    return mark_safe("".join(parts).strip().replace("\n", "<br>"))


def blocks(old: str, new: str) -> list[dict]:
    """A long text paragraph by paragraph: {"same": number, "html"} for what stayed, {"left", "right", "both"} else."""
    before, after = ([line for line in text.splitlines() if line.strip()] for text in (old, new))
    found = []
    for tag, gone, come in _matched(before, after) or [("replace", before, after)]:
        was, now = "\n".join(gone), "\n".join(come)
        if tag == "equal":
            found.append({"same": len(come), "html": _paragraphs([escape(now)])})
            continue
        left, right, both = _marked(was, now)
        found.append({"left": left, "right": right, "both": both})
    return found


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
