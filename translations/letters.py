"""Letters as a language writes them, and names without what people leave off when they type them."""

import unicodedata

from django.utils.translation import get_language


def capitalised(text, language: str | None = None) -> str:
    """`text` with a capital first letter in `language` (the reader's by default): Turkish i becomes İ, Dutch ij IJ."""
    text, language = str(text), language or get_language()
    if language == "tr" and text[:1] == "i":
        return "İ" + text[1:]
    if language == "nl" and text[:2] == "ij":
        return "IJ" + text[2:]
    return text[:1].upper() + text[1:]


def folded(text: str) -> str:
    """Small letters without accents: İzmir and izmir, Δήμος and δημος are the same."""
    plain = unicodedata.normalize("NFKD", text.replace("ı", "i").casefold())
    return "".join(letter for letter in plain if not unicodedata.combining(letter)).replace("ς", "σ")
