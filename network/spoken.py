"""Languages in which authorities have their names and work: the official ones of Europe’s states and regions."""

from babel import Locale
from django.utils.translation import get_language

from translations.search import sort_key

CODES = (
    "ar az be bg bs ca cs cy da de el en es et eu fi fo fr fy ga gl hr hu hy is it ka kl lb lt lv me mk mt nb nl nn pl pt"
    " rm ro ru se sk sl sq sr sv tr uk"
)


def choices() -> list[tuple[str, str]]:
    """(code, name in the reader’s language), in the order of the names."""
    language = get_language() or "en"
    known = Locale.parse(language).languages
    names = [(code, known[code]) for code in CODES.split() if code in known]
    return sorted(names, key=lambda row: sort_key(row[1], language))
