"""Letters as a language writes them."""

from django.utils.translation import get_language


def capitalised(text, language: str | None = None) -> str:
    """`text` with a capital first letter in `language` (the reader's by default): Turkish i becomes İ, Dutch ij IJ."""
    text, language = str(text), language or get_language()
    if language == "tr" and text[:1] == "i":
        return "İ" + text[1:]
    if language == "nl" and text[:2] == "ij":
        return "IJ" + text[2:]
    return text[:1].upper() + text[1:]
