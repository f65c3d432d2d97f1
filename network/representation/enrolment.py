"""A Euroregion’s list of the authorities it represents: read from a file, tried without storing anything, then taken.

What was read travels in the page, signed, until it is taken: rows can be corrected and sent again, and the portal keeps
nothing of a list that nobody took. A list taken twice changes nothing the second time.
"""

import csv
import io
from collections import Counter
from copy import copy
from dataclasses import dataclass, field

from django.conf import settings
from django.core import signing
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import translation
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts import history
from translations.tasks import rewrite_editions

from .. import addresses
from ..forms.representation import EntryForm
from ..models import Authority
from . import register, representing

COLUMNS = tuple(EntryForm.field_order)
NEEDED = ("official_name", "official_language", "name", "kind", "governance_level", "country", "basis")
CODED = ("official_language", "kind", "governance_level", "country")
SALT = "network.enrolment"
MAX_BYTES = 2 * 1024 * 1024
FORMULA = tuple("=+-@＝＋－＠")
REWRITTEN_AT_ONCE = 50
TAKEN = ("new", "known")  # what a row may come to so that it is taken


@dataclass
class Row:
    """One line of the list, and what would happen to it."""

    line: int
    values: dict
    form: EntryForm | None = None
    state: str = "wrong"  # wrong, double, already, near (to decide), known, new
    authority: Authority | None = None
    near: list = field(default_factory=list)
    decision: str = ""
    first: int = 0  # the line of which this one is a double

    @property
    def errors(self) -> list[tuple[str, str, str]]:
        """(column, its name for the reader, what is wrong)."""
        fields = self.form.fields
        return [(name, str(fields[name].label), " ".join(said)) for name, said in self.form.errors.items()]

    @property
    def wrong_fields(self) -> list:
        return [self.form[name] for name in self.form.errors]


# --- reading -----------------------------------------------------------------------------------------------------


def read(upload) -> list[Row]:
    """The rows of a CSV file, commas or semicolons; ValidationError says what to do with one that cannot be read."""
    if upload.size > MAX_BYTES:
        raise ValidationError(_("This file is too large. Send the list in parts of at most 2 MB."))
    text = _text(upload.read())
    first = next((line for line in text.splitlines() if line.strip()), "")
    separator = max(";,\t", key=first.count)
    try:
        lines = list(_lines(text, separator))
    except csv.Error:
        raise ValidationError(_("The file cannot be read as CSV. Save it again as “CSV UTF-8”.")) from None
    if not lines:
        raise ValidationError(_("This file is empty. Choose another."))
    places = _places(lines[0][1])
    rows = [Row(number, _values(cells, places)) for number, cells in lines[1:]]
    if not rows:
        raise ValidationError(_("The file has no rows below its headings."))
    if len(rows) > settings.REPRESENTED_ROWS:
        message = _("The file has %(number)s rows. Send at most %(limit)s at a time.")
        raise ValidationError(message, params={"number": len(rows), "limit": settings.REPRESENTED_ROWS})
    return rows


def _text(data: bytes) -> str:
    if data[:4] == b"PK\x03\x04" or data[:4] == b"\xd0\xcf\x11\xe0" or data[:4] == b"%PDF":
        raise ValidationError(_("This is not a CSV file. In your spreadsheet, choose “Save as” and “CSV UTF-8”."))
    for encoding in ["utf-16"] if data[:2] in (b"\xff\xfe", b"\xfe\xff") else ["utf-8-sig"]:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            break
        if "\x00" not in text:
            return text
    raise ValidationError(_("The letters of this file cannot be read. Save it again as “CSV UTF-8”."))


def _lines(text: str, separator: str):
    """(number of the line, cells) of every line that holds something."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    begins = 1
    for cells in reader:
        if any(cell.strip() for cell in cells):
            yield begins, cells
        begins = reader.line_num + 1


def _places(headings: list[str]) -> dict[str, int]:
    """Column → its place; headings as codes, in English or in the reader's language."""
    known = {}
    for language in ("en", get_language()):
        with translation.override(language):
            known |= {register.fold(str(EntryForm.base_fields[name].label)): name for name in COLUMNS}
    known |= {register.fold(name): name for name in COLUMNS}
    places = {}
    for place, heading in enumerate(headings):
        if name := known.get(register.fold(heading)):
            places.setdefault(name, place)
    if missing := [str(EntryForm.base_fields[name].label) for name in NEEDED if name not in places]:
        message = _("These columns are missing: %(columns)s. Take the headings of the sample.")
        raise ValidationError(message, params={"columns": ", ".join(missing)})
    return places


def _values(cells: list[str], places: dict[str, int]) -> dict:
    return {
        name: " ".join(cells[places[name]].split())[:2000] if name in places and places[name] < len(cells) else ""
        for name in COLUMNS
    }


# --- what was read travels in the page ---------------------------------------------------------------------------


def keep(rows: list[Row], coordinator) -> str:
    """The rows as a signed word for a hidden field."""
    said = [[row.line, row.decision, [row.values[name] for name in COLUMNS]] for row in rows]
    return signing.dumps({"of": coordinator.pk, "rows": said}, salt=SALT, compress=True)


def kept(word: str, coordinator, typed) -> list[Row]:
    """The rows of a page that was sent, with what was corrected (r<line>-<column>) and decided (d<line>) there."""
    try:
        said = signing.loads(word, salt=SALT)
    except signing.BadSignature:
        said = {}
    if said.get("of") != coordinator.pk:
        raise ValidationError(_("The rows were changed on their way. Choose the file again."))
    rows = []
    for line, decision, cells in said["rows"]:
        values = {name: typed.get(f"r{line}-{name}", cell)[:2000] for name, cell in zip(COLUMNS, cells, strict=True)}
        rows.append(Row(line, values, decision=typed.get(f"d{line}", decision)))
    return rows


# --- trying ------------------------------------------------------------------------------------------------------


def check(rows: list[Row], coordinator, user) -> list[Row]:
    """Say of each row what would happen to it; nothing is stored."""
    codes, first = _codes(), EntryForm(in_list=True)
    for row in rows:
        coded = row.values | {name: _code(codes[name], row.values[name]) for name in CODED}
        typed = {f"r{row.line}-{name}": value for name, value in coded.items()}
        row.form = EntryForm(typed, prefix=f"r{row.line}", first=first)
        _refuse_formulas(row)
    good = [row for row in rows if row.form.is_valid()]
    known = register.Register(known_to(coordinator, user, {row.form.cleaned_data["country"] for row in good}))
    listed = set(coordinator.represents.exclude(status="ended").values_list("authority", flat=True))
    seen = {}
    for row in good:
        _place(row, known, coordinator, listed)
        if row.state == "wrong":
            continue
        data = row.form.cleaned_data
        names = {(data["country"], register.fold(data["official_name"])), row.authority and row.authority.pk} - {None}
        if row.state != "near" and (double := next((seen[name] for name in names if name in seen), 0)):
            row.state, row.first = "double", double
        for name in names:
            seen.setdefault(name, row.line)
    return rows


def _codes() -> dict[str, dict[str, str]]:
    """Column → folded code or label, in English or the reader's language → code."""
    found = {name: {} for name in CODED}
    for language in ("en", get_language()):
        with translation.override(language):
            for name in CODED:
                for code, label in EntryForm().fields[name].choices:
                    found[name] |= {register.fold(str(label)): code, register.fold(code): code} if code else {}
    return found


def _code(known: dict[str, str], typed: str) -> str:
    return known.get(register.fold(typed), typed)


def _refuse_formulas(row: Row) -> None:
    row.form.is_valid()
    for name, value in row.values.items():
        if value.lstrip("'’ \t").startswith(FORMULA):
            row.form.add_error(name, _("This cell holds a formula. Write its value instead."))


def known_to(coordinator, user, countries):
    """The authorities that may be meant: those that everybody sees, and those that this Euroregion entered itself."""
    own = coordinator.represents.values("authority")
    pks = Authority.objects.visible_to(user).values("pk")
    names = [f"name_{code}" for code in settings.LANGUAGE_CODES]
    rows = Authority.objects.filter(Q(pk__in=pks) | Q(pk__in=own), country__in=countries, merged_into=None)
    return rows.only(
        "slug", "official_name", "official_language", "country", "town", "website", "official_address", *names
    )


def _place(row: Row, known, coordinator, listed: set) -> None:
    """Known, perhaps known, or new."""
    data = row.form.cleaned_data
    names = (data["official_name"], data["name"])
    same = {found.pk: found for name in names for found in known.same(name, data["country"])}
    row.near = [found for name in names for found in known.near(name, data["country"], data["website"])]
    row.near = list({found.pk: found for found in [*same.values(), *row.near]}.values())[: register.OFFERED]
    if row.decision == "new":
        row.state = "new"
    elif chosen := next((found for found in row.near if str(found.pk) == row.decision), None):
        row.state, row.authority = "known", chosen
    elif len(same) == 1:
        row.state, row.authority = "known", next(iter(same.values()))
    else:
        row.state = "near" if row.near else "new"
    if row.authority and row.authority.pk == coordinator.pk:
        row.form.add_error("official_name", _("An authority does not represent itself."))
        row.state = "wrong"
    elif row.authority and row.authority.pk in listed:
        row.state = "already"


def totals(rows: list[Row]) -> Counter:
    return Counter(row.state for row in rows)


# --- taking ------------------------------------------------------------------------------------------------------


@transaction.atomic
def take(rows: list[Row], coordinator, user) -> tuple[list, list[Row]]:
    """Claim what is clear; returns the new representations and the rows that stay. Two lists at once wait in turn."""
    Authority._base_manager.select_for_update(of=("self",)).get(pk=coordinator.pk)
    representing.expire_past(coordinator)
    check(rows, coordinator, user)
    taken = [row for row in rows if row.state in TAKEN]
    born = [row for row in taken if row.authority is None]
    for row, authority in zip(born, create([row.form.about_the_authority() for row in born]), strict=True):
        row.authority = authority
    facts = [(row.authority, row.form.about_the_basis() | {"language": get_language()}) for row in taken]
    claims = representing.claim_all(coordinator, facts, by=user)
    for claim, row in zip(claims, taken, strict=True):
        _note_address(claim, row, user)
    pks = [row.authority.pk for row in born]
    for start in range(0, len(pks), REWRITTEN_AT_ONCE):
        rewrite_editions.defer(model="network.Authority", pks=pks[start : start + REWRITTEN_AT_ONCE])
    representing.tell_claimed(coordinator, claims)
    return claims, [row for row in rows if row.state in ("wrong", "near")]


def _note_address(claim, row, user) -> None:
    """An official address that we lack is noted for coordinators, who decide whether it is one."""
    address = row.form.cleaned_data["official_address"]
    if address and not row.authority.official_address:
        history.record(claim, "give_address", by=user, note=address, internal=True)


def create(all_facts: list[dict]) -> list[Authority]:
    """Authorities that nobody sees until a coordinator confirms that they are represented."""
    slugs = addresses.free_slugs(Authority._base_manager, [facts["official_name"] for facts in all_facts])
    blank = Authority(hidden=True, source_language="en")  # copied: making each anew asks 26 columns for their defaults
    rows = [copy(blank) for _slug in slugs]
    for row, facts, slug in zip(rows, all_facts, slugs, strict=True):
        language = facts["official_language"]
        for name, value in facts.items():
            setattr(row, "name_en" if name == "name" else name, value)
        row.name_officially()
        row.slug, row.working_languages = slug, [language]
        row.language_of_contact = _language_of_contact(language)
    return Authority._base_manager.bulk_create(rows)


def _language_of_contact(code: str) -> str:
    return code if code in settings.LANGUAGE_CODES else settings.LANGUAGE_CODE


# --- the sample --------------------------------------------------------------------------------------------------


def sample() -> str:
    """A file with the headings in the reader's language and one row to show what belongs where."""
    row = {
        "official_name": "Općina Primjer",
        "official_language": "hr",
        "name": "Municipality of Sample",
        "kind": "local",
        "governance_level": "local",
        "country": "HR",
        "region": "HR036",
        "town": "Primjer",
        "official_address": "ured@primjer.example",
        "website": "https://primjer.example/",
        "basis": _("Member of the association since 2019, article 5 of its statutes"),
        "basis_url": "https://euroregion.example/members",
        "basis_date": "2026-03-31",
        "end": "",
    }
    out = io.StringIO()
    writer = csv.writer(out, delimiter="," if get_language() == "en" else ";", lineterminator="\r\n")
    writer.writerow([str(EntryForm.base_fields[name].label) for name in COLUMNS])
    writer.writerow([row[name] for name in COLUMNS])
    return "\ufeff" + out.getvalue()
