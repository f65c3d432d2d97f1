"""Which language a reader is shown, and what a page must say about it (DESIGN §6)."""

import hashlib
import unicodedata
from collections.abc import Mapping
from typing import NamedTuple

from .models import Edition, Translation


class Shown(NamedTuple):
    """What a reader of `language` is shown of one object: title and body may come from two languages."""

    language: str
    title_language: str
    body_language: str
    state: str  # Edition.State of the title and, where it has its own, of the body
    outdated: bool
    translation: Translation | None  # of the requested language, where one was released
    source_language: str


def fingerprint(text: str) -> str:
    """What a translation remembers of the source text it translates; white space at the ends does not count."""
    return hashlib.sha256(unicodedata.normalize("NFC", text).strip().encode()).hexdigest()[:16]


def fingerprints(texts: Mapping[str, str]) -> dict[str, str]:
    """Key → fingerprint of each source text that is not empty."""
    return {key: fingerprint(text) for key, text in texts.items() if text.strip()}


def has_body(translation: Translation, texts: Mapping[str, str]) -> bool:
    """Whether more than title and summary was translated (or there is nothing more)."""
    body = [key for key, text in texts.items() if key.startswith("section:") and text.strip()]
    return not body or any(key in translation.fingerprints for key in body)


def _released(translations: Mapping[str, Translation], language: str) -> Translation | None:
    translation = translations.get(language)
    return translation if translation and translation.released_at else None


def made(translation: Translation) -> str:
    """How a released text was made, as readers are told: what a person wrote is never called a machine's."""
    if translation.status == Translation.Status.REVIEWED:
        return Edition.State.REVIEWED
    return Edition.State.MACHINE if translation.method == Translation.Method.MACHINE else Edition.State.OWN


def fallback(source_language: str, translations: Mapping[str, Translation], texts: Mapping[str, str]) -> str:
    """The language shown where the requested one has no own text: reviewed English, else the original."""
    english = _released(translations, "en")
    if english and english.status == Translation.Status.REVIEWED and has_body(english, texts):
        return "en"
    return source_language


def shown(
    language: str, source_language: str, translations: Mapping[str, Translation], texts: Mapping[str, str]
) -> Shown:
    """Decide what is shown in `language`: the own released text, else reviewed English, else the original.

    `translations` maps language → Translation, `texts` key → source text (`obj.source_texts()`).
    """
    if language == source_language:
        return Shown(language, language, language, Edition.State.ORIGINAL, False, None, source_language)
    other = fallback(source_language, translations, texts)
    own = _released(translations, language)
    if own is None:
        return Shown(language, other, other, Edition.State.FALLBACK, False, None, source_language)
    outdated = own.is_outdated(fingerprints(texts))
    if not has_body(own, texts):
        return Shown(language, language, other, Edition.State.PARTIAL, outdated, own, source_language)
    return Shown(language, language, language, made(own), outdated, own, source_language)
