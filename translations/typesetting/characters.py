"""Which letters can be drawn, and what stands for those that cannot.

Source Sans 3 and, behind it, Noto Sans draw Latin, Greek, Cyrillic and the usual signs. For Arabic, Hebrew, Chinese,
emoji and whatever else they lack, a PDF/UA may not show boxes, and a picture would not be text. So a run of such
letters is written in Latin ones between square brackets: 中文 becomes [ZhongWen], 😀 [:grinning:]; where nothing is
known for a letter, its number stands there: [U+13000]. Invisible characters that steer direction or joining are left
out, because they could turn a line round; of more than six marks on one letter, six stay. The document says that
letters were replaced.
"""

import importlib.util
import re
import unicodedata
from functools import cache
from pathlib import Path

FONTS = ("fontpkg_source_sans_3", "fontpkg_noto_sans")
# A base letter with the marks on it: one font has to draw all of it.
MARKS = r"[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]"
CLUSTER = re.compile(rf"(.){MARKS}*", re.DOTALL)
MANY_MARKS = re.compile(rf"({MARKS}{{6}}){MARKS}+")
PLAIN = re.compile(
    r"[\x20-\x7e\u00a0-\u00ac\u00ae-\u017f\u0386-\u03ce\u0218-\u021b\u2013\u2014\u2018-\u201e\u2022\u2026\u20ac]*"
)
BREAKING = "\n\t\r\v\f\x85\u2028\u2029"
SOFT_HYPHEN = "\u00ad"
JOINING = range(0x0590, 0x1100)  # scripts whose letters change shape or direction beside others: not set here
LONG_WORD = re.compile(r"[^\s\u200b]{50,}")
REPEATED = re.compile(r"(\S)\1{3,}", re.DOTALL)
EVERY = 16  # letters of a word too long for any line, between two places where it may break


def folder(package: str) -> Path:
    return Path(importlib.util.find_spec(package).origin).parent / "files"


def font_folders() -> list[str]:
    return [str(folder(package)) for package in FONTS]


@cache
def alphabets() -> list[frozenset[int]]:
    """The letters that each family has, upright and italic alike."""
    from fontTools.ttLib import TTFont

    found = []
    for package in FONTS:
        maps = [set(TTFont(path, lazy=True).getBestCmap()) for path in sorted(folder(package).glob("*.ttf"))]
        found.append(frozenset(set.intersection(*maps) - set(JOINING)))
    return found


def drawable(data, *, strict: bool = False, unit: int | None = None):
    """(`data` with every string made drawable, whether letters were replaced).

    Letters written in others are longer: one emoji may take thirty. With `unit`, where the template leaves sentences
    out to fit, the sentences of "paragraphs" are cut anew, and no other text becomes much longer than it was.
    """
    replaced = []

    def walk(value, name=""):
        if isinstance(value, str):
            drawn = text(value, replaced, strict)
            return shortened(drawn, len(value)) if unit and name != "citation" else drawn
        if name == "paragraphs" and unit:
            return [[mark, cut_anew(sentences)] for mark, sentences in value]
        if isinstance(value, list):
            return [walk(part, name) for part in value]
        if isinstance(value, dict):
            return {key: walk(part, key) for key, part in value.items()}
        return value

    def cut_anew(sentences):
        return [piece for sentence in sentences for piece in pieces(text(sentence, replaced, strict), unit)]

    return walk(data), bool(replaced)


def shortened(drawn: str, length: int) -> str:
    """What takes far more letters than the text that it stands for, cut; a name or a few signs stay whole."""
    most = length + max(60, length // 4)
    return drawn if len(drawn.replace("\u200b", "")) <= most else f"{drawn[:most].rstrip()} […]"


def pieces(sentence: str, unit: int) -> list[str]:
    """A sentence; what is far too long for one is cut between words."""
    found, rest = [], sentence
    while len(rest) > unit:
        space = rest.rfind(" ", unit // 2, unit)
        cut = space if space > 0 else unit
        found.append(rest[:cut] + (" " if space > 0 else ""))
        rest = rest[cut:].lstrip()
    return [*found, rest] if rest else found


def text(value: str, replaced: list, strict: bool) -> str:
    if not PLAIN.fullmatch(value):
        value = MANY_MARKS.sub(r"\1", unicodedata.normalize("NFC", visible(value)))
        if not PLAIN.fullmatch(value):
            value = without_missing(value, replaced, strict)
    return LONG_WORD.sub(breakable, value) if len(value) >= 50 else value


def visible(value: str) -> str:
    """Without what has no shape: controls, direction and joining marks, halves of characters, unassigned ones."""
    kept = []
    for letter in value:
        if letter in BREAKING:
            kept.append(" ")
        elif letter == SOFT_HYPHEN or not (unicodedata.category(letter)[0] == "C" or "\ufe00" <= letter <= "\ufe0f"):
            kept.append(letter)
    return "".join(kept)


def without_missing(value: str, replaced: list, strict: bool) -> str:
    written, run = [], []

    def close():
        if run:
            spaces = len("".join(run)) - len("".join(run).rstrip())
            written.append(f"[{in_latin(''.join(run).strip())}]" + " " * spaces)
            replaced.append(True)
            run.clear()

    for match in CLUSTER.finditer(value):
        cluster = match[0]
        if can_be_drawn(cluster, strict):
            if run and cluster == " ":  # words of one passage stay in one bracket
                run.append(cluster)
                continue
            close()
            written.append(cluster)
        else:
            run.append(cluster)
    close()
    return "".join(written)


def can_be_drawn(cluster: str, strict: bool) -> bool:
    if strict:
        return bool(PLAIN.fullmatch(cluster))
    codes = {ord(letter) for letter in cluster} - {ord(SOFT_HYPHEN)}
    return cluster != "\ufffd" and any(codes <= alphabet for alphabet in alphabets())


def in_latin(run: str) -> str:
    from anyascii import anyascii

    def named(letter):
        return " " if letter.isspace() else anyascii(letter) or f"U+{ord(letter):04X}"

    pieces, end = [], 0
    for match in REPEATED.finditer(run):  # nobody reads one name nine thousand times
        pieces += [*map(named, run[end : match.start()]), f"{named(match[1])}×{len(match[0])}"]
        end = match.end()
    return "".join([*pieces, *map(named, run[end:])])


def breakable(match: re.Match) -> str:
    """A word that no line can hold may break anywhere; an address breaks by itself at its signs."""
    word = match[0]
    if "://" in word[:12]:
        return word
    return "\u200b".join(word[start : start + EVERY] for start in range(0, len(word), EVERY))
