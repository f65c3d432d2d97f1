"""Texts, figures and times, made fit for files that are stricter than a page."""

import datetime
import re
from decimal import Decimal

# Control characters except tab, line feed and carriage return, and what is no character: XML and most readers of JSON,
# BibTeX and RIS refuse them, and nobody sees them. Marks of direction (RTL) stay: names in such scripts need them.
UNFIT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")


def clean(text: str) -> str:
    """`text` without control characters."""
    return UNFIT.sub("", text) if text else ""


def one_line(text: str) -> str:
    """In one line: also the rarer characters that some readers take for its end."""
    return " ".join(clean(text).split())


def number(value: Decimal | float | None) -> int | float | None:
    """Without the noughts that only fill a column."""
    if value is None:
        return None
    return int(value) if value == int(value) else float(value)


def moment(value: datetime.datetime | None) -> str | None:
    """ISO 8601 in universal time, to the second."""
    return value and value.astimezone(datetime.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
