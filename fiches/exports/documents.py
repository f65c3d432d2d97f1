"""JSON: the record as it is, facts as codes; a list is one complete document without a next page.

    {"portal": …, "language": "el", "list": address, "file": address, "made": time, "licence_note": …,
     "fiches": [{"id": …, "reference": "CLV-2026-0042", "title": …, "sections": […], "results": […], …}],
     "number": 42}

`number` stands at the end and counts what was written: a file without it was cut off on its way.
"""

from django.utils import timezone
from django.utils.translation import gettext as _

from translations.exports.cleaning import moment
from translations.exports.written import written

from .records import Taking


def head(taking: Taking) -> str:
    page = taking.base + (f"?{taking.query}" if taking.query else "")
    about = {
        "portal": "CLAVET",
        "title": _("Fiches"),
        "language": taking.language,
        "list": page,
        "file": f"{taking.base}export.json" + (f"?{taking.query}" if taking.query else ""),
        "made": moment(timezone.now()),
        "licence_note": _("Each fiche names its licence and how to cite it."),
    }
    return written(about)[:-1] + ', "fiches": [\n'


def entry(_taking: Taking, record: dict) -> str:
    return written(record)


def foot(_taking: Taking, number: int) -> str:
    return f'\n], "number": {number}}}\n'
