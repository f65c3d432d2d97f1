"""What a server loads before it divides into processes: memory that they share instead of each having its own."""

from babel import Locale
from django.conf import settings
from django.urls import get_resolver
from django.utils import translation

from network.countries import country_choices
from translations import search

from . import page_cache


def warm() -> None:
    """Addresses, catalogues and names in all languages, the dictionaries of the search; half a second of one processor."""
    search.warm()
    page_cache.release()
    for code in settings.LANGUAGE_CODES:
        with translation.override(code):
            translation.gettext("")
            get_resolver()._populate()
            country_choices()
            Locale.parse(code).languages.get(code)
