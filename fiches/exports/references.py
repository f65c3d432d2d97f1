"""BibTeX and RIS for reference managers: one entry a fiche, as a report of the authority that CLAVET publishes."""

import re

from django.utils.translation import gettext as _

from translations.exports.cleaning import one_line
from translations.models import Edition

from ..vocabularies import Kind
from .records import Taking

# BibTeX counts braces even where they are escaped, so they are named and never written.
LATEX = {
    "\\": r"\textbackslash{}",
    "{": r"\textbraceleft{}",
    "}": r"\textbraceright{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    **{sign: f"\\{sign}" for sign in "&%$#_"},
}
BABEL = {  # names of the languages in LaTeX
    "en": "british",
    "es": "spanish",
    "it": "italian",
    "fr": "french",
    "nl": "dutch",
    "el": "greek",
    "ro": "romanian",
    "hr": "croatian",
    "tr": "turkish",
}


def key(record: dict) -> str:
    """The same for ever: the reference, or the number, with the language."""
    name = re.sub(r"[^a-z0-9-]", "", (record["reference"] or f"fiche-{record['id']}").lower())
    return f"{name}-{record['language']['requested']}"


def note(record: dict) -> str:
    """What a reader must know of the text: a machine made it, it is outdated, it stands in another language, not everybody may read it yet."""
    language, said = record["language"], []
    if language["state"] in (Edition.State.MACHINE, Edition.State.OWN, Edition.State.PARTIAL, Edition.State.FALLBACK):
        said.append(str(Edition.State(language["state"]).label))
    if language["outdated"]:
        said.append(_("Translation outdated"))
    if record["demonstration"]:
        said.append(_("Demonstration: invented, not a real case"))
    if record["embargo_note"]:
        said.append(record["embargo_note"])
    return "; ".join([*said, record["licence"]["name"]])


def latex(text: str) -> str:
    return "".join(LATEX.get(letter, letter) for letter in one_line(text))


def bibtex(_taking: Taking, record: dict) -> str:
    year, month = (record["published"] or "-").split("-")[:2]
    fields = {
        "title": f"{{{latex(record['title'])}}}",
        "author": f"{{{latex(record['author'])}}}",
        "institution": "CLAVET",
        "type": latex(str(Kind(record["kind"]).label)),
        "number": latex(record["reference"] or ""),
        "year": year,
        "month": month.lstrip("0"),
        "url": record["address"],
        "language": BABEL.get(record["language"]["title"], record["language"]["title"]),
        "keywords": latex(", ".join([*(theme["name"] for theme in record["themes"]), *record["keywords"]])),
        "abstract": latex(record["summary"]),
        "note": latex(note(record)),
    }
    lines = [f"  {name} = {{{value}}}" for name, value in fields.items() if value]
    return f"@techreport{{{key(record)},\n" + ",\n".join(lines) + "\n}\n\n"


def ris(_taking: Taking, record: dict) -> str:
    lines = [
        ("TY", "RPRT"),
        ("ID", key(record)),
        ("TI", record["title"]),
        ("AU", record["author"]),
        ("PY", (record["published"] or "")[:4]),
        ("DA", (record["published"] or "")[:10].replace("-", "/")),
        ("PB", "CLAVET"),
        ("SN", record["reference"] or ""),
        ("M3", str(Kind(record["kind"]).label)),
        ("LA", record["language"]["title"]),
        *(("KW", word) for word in [*(theme["name"] for theme in record["themes"]), *record["keywords"]]),
        ("AB", record["summary"]),
        ("UR", record["address"]),
        ("L1", record["files"].get("pdf", "")),
        ("N1", note(record)),
    ]
    written = [f"{tag}  - {one_line(str(text))}" for tag, text in lines if text]
    return "\r\n".join([*written, "ER  - ", "", ""])
