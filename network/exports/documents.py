"""JSON: the record as it is, facts as codes; a list is one complete document without a next page.

`number` stands at the end and counts what was written: a file without it was cut off on its way.
"""

from django.utils import timezone
from django.utils.translation import gettext as _

from translations.exports.cleaning import moment
from translations.exports.written import written

from .records import Taking


def head(taking: Taking) -> str:
    about = {
        "portal": "CLAVET",
        "title": _("Network"),
        "language": taking.language,
        "list": taking.listed,
        "file": f"{taking.base}export.json" + (f"?{taking.query}" if taking.query else ""),
        "made": moment(timezone.now()),
    }
    return written(about)[:-1] + ', "authorities": [\n'


def entry(_taking: Taking, record: dict) -> str:
    return written(record)


def foot(_taking: Taking, number: int) -> str:
    return f'\n], "number": {number}}}\n'
