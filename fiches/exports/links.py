"""Where a reader finds the files of what stands on the page."""

import dataclasses
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import get_language

from ..facets import Selection
from .spreadsheet import EXCEL_EXPECTS_SEMICOLONS


def of_list(selection: Selection) -> list[dict]:
    """The files of exactly this list, in its order, and the feed of it."""
    query = query_of(selection)
    spreadsheet = "&".join(filter(None, [query, urlencode(spreadsheet_query())]))
    links = [
        {"format": name, "url": _with(reverse("fiches:export", args=[name]), query)}
        for name in ("json", "jsonld", "bib", "ris")
    ]
    csv = {"format": "csv", "url": _with(reverse("fiches:export", args=["csv"]), spreadsheet)}
    return [csv, *links, {"format": "atom", "url": _with(reverse("fiches:feed"), query)}]


def query_of(selection: Selection) -> str:
    """What the list shows, without what is only ticked in it."""
    return dataclasses.replace(selection, ticks=[]).query()


def spreadsheet_query() -> dict[str, str]:
    """What the address of a CSV carries where spreadsheets expect semicolons."""
    return {"separator": "semicolon"} if get_language() in EXCEL_EXPECTS_SEMICOLONS else {}


def _with(path: str, query: str) -> str:
    return f"{path}?{query}" if query else path
