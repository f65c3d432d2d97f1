"""Where a reader finds the files of what stands on the page."""

import dataclasses
from functools import cache
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import get_language

from translations.exports.table import EXCEL_EXPECTS_SEMICOLONS

from ..facets import Selection


def of_list(selection: Selection) -> dict[str, str]:
    """Format → address: the files of exactly this list, in its order, and the feed of it."""
    query, found = query_of(selection), addresses(get_language())
    spreadsheet = "&".join(filter(None, [query, urlencode(spreadsheet_query())]))
    return {name: _with(path, spreadsheet if name == "csv" else query) for name, path in found.items()}


@cache
def addresses(_language: str) -> dict[str, str]:
    """Format → address of all fiches, in the active language."""
    found = {name: reverse("fiches:export", args=[name]) for name in ("csv", "json", "jsonld", "bib", "ris")}
    return found | {"atom": reverse("fiches:feed")}


def query_of(selection: Selection) -> str:
    """What the list shows, without what is only ticked in it."""
    return dataclasses.replace(selection, ticks=[]).query()


def spreadsheet_query() -> dict[str, str]:
    """What the address of a CSV carries where spreadsheets expect semicolons."""
    return {"separator": "semicolon"} if get_language() in EXCEL_EXPECTS_SEMICOLONS else {}


def _with(path: str, query: str) -> str:
    return f"{path}?{query}" if query else path
