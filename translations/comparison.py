"""Two texts beside each other: what was written before and now, word by word and paragraph by paragraph."""

import difflib
import re
from collections import Counter
from itertools import pairwise

from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import pgettext

MOST_PAIRS = 20_000  # of equal words or paragraphs, one in each text: the matching of more takes seconds
WORD = r"\s*(?:\w[\w’'-]*|[^\w\s])"  # a full stop is a word of its own: “came.” and “came, and” share “came”
FEWEST_KEPT = 2  # words in a row that a reader can find again between two changes


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
