"""Authorities as data: any list as CSV, JSON and JSON-LD, one authority as JSON and JSON-LD.

A record (records.py) is what readers of the language of the address are shown, with the facts as codes; every format
is written from it, piece by piece (translations.exports.files).
"""

from translations.exports.files import Format, nothing

from . import documents, linked, spreadsheet

FORMATS = {
    "csv": Format("text/csv; charset=utf-8; header=present", spreadsheet.head, spreadsheet.entry, nothing),
    "json": Format("application/json", documents.head, documents.entry, documents.foot, ",\n", single=documents.entry),
    "jsonld": Format("application/ld+json", linked.head, linked.entry, linked.foot, ",\n", single=linked.single),
}
