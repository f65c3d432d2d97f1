"""What leaves the portal as data: lists as CSV, JSON, JSON-LD, BibTeX and RIS, single fiches as all but CSV.

A record (records.py) is what the Edition shows in the language of the address, with the facts as codes; every format
is written from it, piece by piece (translations.exports.files).
"""

from translations.exports.files import Format, nothing

from . import documents, linked, records, references, spreadsheet

FORMATS = {
    "csv": Format(
        "text/csv; charset=utf-8; header=present",
        spreadsheet.head,
        spreadsheet.entry,
        nothing,
        parts=("results",),
    ),
    "json": Format(
        "application/json",
        documents.head,
        documents.entry,
        documents.foot,
        between=",\n",
        single=documents.entry,
        parts=records.PARTS,
    ),
    "jsonld": Format(
        "application/ld+json",
        linked.head,
        linked.entry,
        linked.foot,
        between=",\n",
        single=linked.single,
    ),
    "bib": Format("application/x-bibtex; charset=utf-8", nothing, references.bibtex, nothing, single=references.bibtex),
    "ris": Format(
        "application/x-research-info-systems; charset=utf-8", nothing, references.ris, nothing, single=references.ris
    ),
}
