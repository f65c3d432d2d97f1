"""The portal's typeface: one small variable WOFF2, cut from the installed package and served as a static file.

The cut keeps what the nine languages need (Latin with Extended-A and -B letters, Greek with tonos, punctuation,
arrows and currency) in the weights 400 to 700. It is made once, kept under VAR, and never committed.
"""

import hashlib
import os
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder
from django.contrib.staticfiles.storage import FileSystemStorage

NAME = "fonts/source-sans-3.woff2"
WEIGHTS = (400, 700)
RANGES = (
    (0x20, 0x7E), (0xA0, 0x17F), (0x18F, 0x18F), (0x192, 0x192), (0x1CD, 0x1CD), (0x1E6, 0x1E7), (0x1FA, 0x1FF),
    (0x218, 0x21B), (0x237, 0x237), (0x259, 0x259), (0x2BC, 0x2BC), (0x2C6, 0x2DD), (0x300, 0x304), (0x306, 0x308),
    (0x326, 0x327), (0x384, 0x3CE), (0x1E9E, 0x1E9E), (0x2010, 0x2015), (0x2018, 0x201E), (0x2020, 0x2022),
    (0x2026, 0x2026), (0x202F, 0x202F), (0x2030, 0x2030), (0x2032, 0x2033), (0x2039, 0x203A), (0x2044, 0x2044),
    (0x2070, 0x2079), (0x2080, 0x2089), (0x20AC, 0x20AC), (0x20BA, 0x20BA), (0x2116, 0x2116), (0x2122, 0x2122),
    (0x2190, 0x2193), (0x2212, 0x2212), (0x2248, 0x2248), (0x2260, 0x2265), (0xFEFF, 0xFEFF),
)  # fmt: skip
FEATURES = ["ccmp", "locl", "kern", "mark", "mkmk", "lnum", "tnum", "pnum", "sups", "case"]


def source():
    """The full variable font (TrueType, all weights) in the installed package."""
    import fontpkg_source_sans_3

    return Path(fontpkg_source_sans_3.__file__).parent / "files" / "SourceSans3[wght].ttf"


def folder():
    """Where the cut lives: one folder per recipe, so that a change of ranges or package makes a new file."""
    recipe = f"{RANGES}{WEIGHTS}{FEATURES}{source().stat().st_size}"
    var = Path(getattr(settings, "VAR", "var"))
    return var / "static-made" / hashlib.sha256(recipe.encode()).hexdigest()[:12]


def made():
    """Path of the WOFF2, cut now if it is not there yet (about five seconds, once)."""
    target = folder() / NAME
    if not target.exists():
        target.parent.mkdir(parents=True, exist_ok=True)
        # Written beside and renamed, so that two processes starting together never serve half a file.
        part = target.with_suffix(f".{os.getpid()}.part")
        _cut(part)
        part.replace(target)
    return target


def _cut(target):
    from fontTools import subset
    from fontTools.ttLib import TTFont
    from fontTools.varLib import instancer

    font = TTFont(source())
    options = subset.Options(layout_features=FEATURES, name_IDs=[0, 1, 2, 13, 14], notdef_outline=True, hinting=False)
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=[code for first, last in RANGES for code in range(first, last + 1)])
    cutter.subset(font)
    font = instancer.instantiateVariableFont(font, {"wght": WEIGHTS})
    font.flavor = "woff2"
    font.save(target)


class PackageFinder(BaseFinder):
    """Finds fonts/source-sans-3.woff2 for runserver, collectstatic and {% static %}, cutting it on first need."""

    def find(self, path, find_all=False, **kwargs):
        if path != NAME:
            return []
        found = str(made())
        return [found] if find_all or kwargs.get("all") else found

    def list(self, ignore_patterns):
        made()
        yield NAME, FileSystemStorage(location=folder())

    def check(self, **kwargs):
        return []
