"""Countries by ISO 3166-1 alpha-2 code, named by Babel in the reader's language."""

from functools import cache

from babel import Locale
from django.core.exceptions import ValidationError
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from translations.search import sort_key

# The Council of Europe's members and their neighbours in the Erasmus+ area.
COUNTRIES = [
    "AD",
    "AL",
    "AM",
    "AT",
    "AZ",
    "BA",
    "BE",
    "BG",
    "CH",
    "CY",
    "CZ",
    "DE",
    "DK",
    "EE",
    "ES",
    "FI",
    "FR",
    "GB",
    "GE",
    "GR",
    "HR",
    "HU",
    "IE",
    "IS",
    "IT",
    "LI",
    "LT",
    "LU",
    "LV",
    "MC",
    "MD",
    "ME",
    "MK",
    "MT",
    "NL",
    "NO",
    "PL",
    "PT",
    "RO",
    "RS",
    "SE",
    "SI",
    "SK",
    "SM",
    "TR",
    "UA",
    "VA",
    "XK",
]
OWN_NAMES = {("en", "TR"): "Türkiye"}


def validate_country(code: str) -> None:
    if code not in COUNTRIES:
        raise ValidationError(_("Choose a country from the list."), code="country")


@cache
def _names(language: str) -> dict[str, str]:
    territories = Locale.parse(language).territories
    return {code: OWN_NAMES.get((language, code)) or territories.get(code, code) for code in COUNTRIES}


def country_name(code: str, language: str | None = None) -> str:
    """The country's name in `language` (the reader's by default); the code itself where Babel has none."""
    return _names(language or get_language() or "en").get(code, code)


def country_choices() -> list[tuple[str, str]]:
    """Choices for a form field, in the order of the names in the reader's language."""
    language = get_language() or "en"
    return sorted(_names(language).items(), key=lambda item: sort_key(item[1], language))
