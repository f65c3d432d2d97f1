"""Texts for the benchmark: words of each language, drawn as often as the portal's own texts use them.

A made-up fiche takes its words from two of those texts, so that it is about something: a search finds a part of the
fiches, not all.
"""

import tomllib
from functools import cache

from django.conf import settings

from translations.search import words

FICHES = settings.BASE_DIR / "clavet" / "demonstration" / "fiches"
PAGES = settings.BASE_DIR / "clavet" / "texts"
LEAST = 100  # words of a text from which one can draw
TEXTS_OF_A_FICHE = 2
FREQUENT = {  # what 18 to 85 of a hundred made-up fiches answer: far more than a reader’s own words find
    "en": "vocational training", "es": "formación profesional", "it": "orientamento giovani", "fr": "apprentissage jeunes",
    "nl": "opleiding volwassenen", "el": "κατάρτιση ενηλίκων", "ro": "formare tineri", "hr": "osposobljavanje odraslih",
    "tr": "mesleki eğitim",
}  # fmt: skip
RARER = {  # 4 to 13 of a hundred
    "en": "company visits", "es": "becas transporte", "it": "dispersione scolastica", "fr": "décrochage scolaire",
    "nl": "vroegtijdig schoolverlaten", "el": "πρόωρη εγκατάλειψη", "ro": "abandon școlar", "hr": "rano napuštanje",
    "tr": "okul terki",
}  # fmt: skip


@cache
def sources(language):
    """The texts of the demonstration and of the pages about the portal, as lists of words."""
    texts = [" ".join(_strings(tomllib.loads(path.read_text()))) for path in sorted(FICHES.glob(f"*/{language}.toml"))]
    texts += [path.read_text() for path in sorted(PAGES.glob(f"*/{language}.md"))]
    return [split for text in texts if len(split := words(text.lower())) >= LEAST]


def _strings(value):
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for name, inner in value.items():
            if name not in ("language", "provenance"):
                yield from _strings(inner)


class Writer:
    """Writes the texts of one fiche; the same seed, the same texts."""

    def __init__(self, chance):
        self.chance = chance
        numbers = [chance.random() for _ in range(TEXTS_OF_A_FICHE)]
        self.known = {}
        for language in settings.LANGUAGE_CODES:
            all_texts = sources(language)
            self.known[language] = [word for number in numbers for word in all_texts[int(number * len(all_texts))]]

    def sentence(self, language, words=14):
        return " ".join(self.chance.choices(self.known[language], k=words)).capitalize() + "."

    def title(self, language):
        return self.sentence(language, 7)[:95]

    def summary(self, language):
        return " ".join(self.sentence(language) for _ in range(2))[:300]

    def passage(self, language):
        return "\n\n".join(" ".join(self.sentence(language) for _ in range(3)) for _ in range(2))


def in_all_languages(name, make):
    """Nine columns."""
    return {f"{name}_{code}": make(code) for code in settings.LANGUAGE_CODES}
