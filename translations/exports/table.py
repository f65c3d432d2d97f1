"""CSV for people with a spreadsheet, and for programs: cells, lines and headings of any table.

UTF-8 with a byte order mark: without it Excel reads the file in the computer's old code page and breaks every Greek
and Turkish letter; programs read it as "utf-8-sig". By default as in RFC 4180: commas, full stops in figures. Excel in
most European countries expects semicolons and decimal commas, and takes 2.5 for the second of May: `?separator=semicolon`
writes it so, and the pages link to it in the languages where that is the custom. The headings are in the reader's
language; `?header=codes` writes names that never change. Labels come first, their codes stand at the end.
A text that a spreadsheet could take for a formula gets an apostrophe before it (§11).
"""

import csv
import io
import re
from collections.abc import Callable
from functools import cache
from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from ..letters import capitalised
from .cleaning import one_line

BOM = "\ufeff"
BETWEEN = " | "  # several values in one cell
FORMULA = (
    "=",
    "+",
    "-",
    "@",
    "＝",
    "＋",
    "－",
    "＠",
)  # the full-width ones count for Excel too; a tab or line end never begins a cell
SEPARATORS = {"comma": ",", "semicolon": ";"}
# A spreadsheet that expects the other separator begins a cell there, in the middle of our text and despite its quotes.
BEGINS_ELSEWHERE = {
    own: re.compile(rf'({other}["\s]*)(?=[{"".join(map(re.escape, FORMULA))}])') for own, other in (",;", ";,")
}
EXCEL_EXPECTS_SEMICOLONS = {"es", "it", "fr", "nl", "el", "ro", "hr", "tr"}


class Column(NamedTuple):
    name: str
    heading: str | Promise
    value: Callable[[dict], object]


def label(name: str, choices) -> Callable[[dict], str]:
    """The word for a code, or the words for several."""

    def words(record):
        codes = record[name] if isinstance(record[name], list) else [record[name]]
        return BETWEEN.join(text for code, text in in_words(choices, get_language()) if code in codes)

    return words


@cache
def in_words(choices, _language: str) -> list[tuple]:
    """The vocabulary in the active language, looked up once: a table has a dozen of them in each row."""
    return [(code, str(text)) for code, text in choices.choices]


def plain(*path: str) -> Callable[[dict], object]:
    def value(record):
        for name in path:
            record = record[name] if record else None
        return BETWEEN.join(map(str, record)) if isinstance(record, list) else record

    return value


def yes(*path: str) -> Callable[[dict], str]:
    value = plain(*path)
    return lambda record: _("yes") if value(record) else _("no")


def cell(value, separator: str) -> str:
    """Figures as figures; a text with a leading sign that begins a formula is quoted."""
    if value is None:
        return ""
    if isinstance(value, float):
        return str(value).replace(".", ",") if separator == ";" else str(value)
    if isinstance(value, int):
        return str(int(value))
    text = BEGINS_ELSEWHERE[separator].sub(r"\1'", one_line(str(value)))
    return f"'{text}" if text.startswith(FORMULA) else text


def line(cells, separator: str) -> str:
    file = io.StringIO()
    csv.writer(file, delimiter=separator).writerow([cell(value, separator) for value in cells])
    return file.getvalue()


def head(columns, *, codes: bool, separator: str) -> str:
    """The first line: headings of the active language, or names that never change."""
    return BOM + line([column.name if codes else heading(column) for column in columns], separator)


def heading(column: Column) -> str:
    return capitalised(column.heading) if isinstance(column.heading, Promise) else column.heading


def entry(columns, record: dict, separator: str) -> str:
    return line([column.value(record) for column in columns], separator)
