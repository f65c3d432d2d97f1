"""Names of languages in the reader's language."""

from functools import cache

from babel import Locale
from django.utils.translation import get_language


def language_name(code: str) -> str:
    """The name of an ISO 639 language in the reader's language; the code where Babel has none."""
    return _names(get_language()).get(code, code)


@cache
def _names(language: str) -> dict[str, str]:
    return dict(Locale.parse(language).languages.items())
