"""Hostile texts leave the portal as texts, and what somebody may not see leaves it in no file."""

import csv
import io
import json
from datetime import timedelta

import bibtexparser
import openpyxl
import pytest
import rispy
from django.urls import reverse
from django.utils import timezone, translation

from fiches.exports import FORMATS
from fiches.exports.spreadsheet import COLUMNS
from translations.exports import files

from .exported import get, linked, one, titles
from .factories import (
    AuthorityFactory,
    CoordinatorFactory,
    FicheFactory,
    MemberFactory,
    RegionFactory,
    UserFactory,
)
from .test_pdf import squeezed, words_of

pytestmark = pytest.mark.django_db

HOSTILE = [
    '=HYPERLINK("https://evil.example","x")',
    "+1+1",
    "-2+3+cmd|' /C calc'!A0",
    "@SUM(A1:A9)",
    "\t=1+1",
    " =1+1",
    "＝1+1",
    'He said "yes", and; then\nleft\r\nER  - \nTY  - BOOK',
    "</script><script>alert(1)</script>",
    "\u202eevil\u202c \u200fname\u200e",
    "bell \x07 escape \x1b vertical \x0b end",
    r"50% of {A & B} cost $5 #1 a_b x^2 ~ \input{/etc/passwd} } {",
    "emoji 👩🏽‍🏫 and e\u0301 combining",
    "Ţară, şcoală, İstanbul ığdır, ΆΈΉς",
]


# --- hostile texts ---------------------------------------------------------------------------------------------


@pytest.fixture
def hostile():
    made = []
    for text in HOSTILE:
        authority = AuthorityFactory(name=text[:80], official_name=text[:80])
        made.append(
            FicheFactory(
                title=text[:100],
                summary=text,
                authority=authority,
                place=text[:80],
                sections={"problem": text},
                tags=[text[:90]],
                results=[{"indicator": text}],
                sources=[{"title": text, "publisher": text}],
            )
        )
    return made


@pytest.mark.parametrize("query", [{}, {"separator": "semicolon", "language": "el"}])
def test_no_cell_is_a_formula(client, hostile, query):
    language = query.pop("language", "en")
    text = get(client, "csv", language, **query)[1:]
    sheet = openpyxl.Workbook().active
    table = list(csv.reader(io.StringIO(text, newline=""), delimiter=";" if query else ","))
    assert len(table) == len(HOSTILE) + 1 and {len(row) for row in table} == {len(COLUMNS)}
    for row in table:
        sheet.append(row)
    cells = [cell for row in sheet.iter_rows() for cell in row]
    assert not [cell.value for cell in cells if cell.data_type == "f"]
    assert not [cell.value for cell in cells if str(cell.value or "")[:1] in set("=+-@\t\r＝＋－＠")]
    assert any(str(cell.value).startswith("'=HYPERLINK") for cell in cells)


def test_hostile_texts_stay_texts(client, hostile):
    whole = json.loads(get(client, "json"))
    assert len(whole["fiches"]) == len(HOSTILE)
    by_id = {row["id"]: row for row in whole["fiches"]}
    assert by_id[hostile[11].pk]["summary"] == HOSTILE[11]
    assert by_id[hostile[9].pk]["summary"] == HOSTILE[9]  # marks of direction are kept
    assert "\x1b" not in json.dumps(whole, ensure_ascii=False)
    entries = bibtexparser.loads(get(client, "bib")).entries
    assert len({entry["ID"] for entry in entries}) == len(HOSTILE)
    for fiche in hostile:
        text = one(client, fiche, "bib")
        assert text.count("{") == text.count("}")
        assert "\\input{" not in text
    found = rispy.loads(get(client, "ris"))
    assert len(found) == len(HOSTILE) and {entry["type_of_reference"] for entry in found} == {"RPRT"}
    assert len(linked(get(client, "jsonld"))[0]["https://schema.org/hasPart"]) == len(HOSTILE)


def test_no_text_ends_the_block_of_data_in_the_page(client, hostile):
    page = client.get(hostile[8].get_absolute_url()).content.decode()
    assert "<script>alert" not in page
    block = page.split('<script type="application/ld+json">')[1].split("</script>")[0]
    assert json.loads(block)["name"] == HOSTILE[8]


# --- who may see what ------------------------------------------------------------------------------------------


def test_what_is_hidden_is_in_no_file(client):
    authority = AuthorityFactory()
    tomorrow = timezone.localdate() + timedelta(days=1)
    embargoed = FicheFactory(title="Embargoed", embargo_until=tomorrow, authority=authority)
    FicheFactory(title="Draft", status="draft", authority=authority)
    FicheFactory(title="Submitted", status="submitted", authority=authority)
    gone = FicheFactory(title="Archived", status="archived")
    FicheFactory(title="Public")
    member, stranger = MemberFactory(seat_at=authority), UserFactory()
    for person, expected in [(None, ["Public"]), (stranger, ["Public"]), (member, ["Embargoed", "Public"])]:
        client.logout()
        if person:
            client.force_login(person)
        assert sorted(titles(client)) == expected
        for name in ("json", "jsonld", "bib", "ris"):
            one(client, embargoed, name, status=200 if person == member else 404)
            one(client, gone, name, status=410)


@pytest.mark.parametrize("person", ["stranger", "author", "coordinator"])
def test_an_anonymised_lesson_hides_what_it_hides_from_everybody(client, person):
    author = MemberFactory(name="Hidden Person")
    authority = author.seats.first().authority
    lesson = FicheFactory(
        kind="lesson_learned",
        disclosure="anonymised",
        submitted_by=author,
        authority=authority,
        region=RegionFactory(code="HR036", name="Hidden region"),
        place="Hidden place",
        latitude=45.2,
        longitude=13.9,
        tags=["hidden-tag"],
        sources=[{"title": "Hidden source", "url": "https://hidden.example/"}],
        results=[{"source_url": "https://hidden.example/figures"}],
    )
    if person != "stranger":
        client.force_login(author if person == "author" else CoordinatorFactory())
    for name in FORMATS:
        text = get(client, name) + (one(client, lesson, name) if name != "csv" else "")
        assert "idden" not in text and authority.name_en not in text and authority.official_name not in text
        assert "45.2" not in text and "20k_50k" not in text
    assert json.loads(one(client, lesson, "json"))["authority"] is None


def test_the_band_of_an_anonymised_lesson_is_shown_where_many_share_it(client):
    for _number in range(5):
        AuthorityFactory(population=30_000)
    lesson = FicheFactory(kind="lesson_learned", disclosure="anonymised")
    assert json.loads(one(client, lesson, "json"))["population_band"] == "20k_50k"


def test_what_its_author_ticked_is_shown(client):
    lesson = FicheFactory(
        kind="lesson_learned", disclosure="anonymised", disclosed=["place"], place="Pazin", tags=["x"]
    )
    row = json.loads(one(client, lesson, "json"))
    assert row["place"] == "Pazin" and row["keywords"] == [] and row["authority"] is None


def test_what_is_archived_during_a_download_is_left_out_of_the_rest(client, monkeypatch):
    monkeypatch.setattr(files, "CHUNK", 1)
    first, second = FicheFactory(title="First"), FicheFactory(title="Second")
    with translation.override("en"):
        response = client.get(reverse("fiches:export", args=["json"]), {"sort": "title"})
    parts = response.streaming_content
    begun = next(parts) + next(parts)
    assert b"First" in begun and first
    second.archive(by=CoordinatorFactory())
    whole = json.loads(begun + b"".join(parts))
    assert whole["number"] == 1 and [row["title"] for row in whole["fiches"]] == ["First"]


@pytest.mark.parametrize(("separator", "other"), [("comma", ";"), ("semicolon", ",")])
def test_no_cell_is_a_formula_where_a_spreadsheet_expects_the_other_separator(client, separator, other):
    FicheFactory(title=f'a{other}=1+1{other}"@SUM(1){other} b{other}c', summary=f"Cheap {other} good{other} -2 a year")
    text = get(client, "csv", separator=separator)
    cells = [cell for row in csv.reader(io.StringIO(text), delimiter=other, quoting=csv.QUOTE_NONE) for cell in row]
    assert not [cell for cell in cells if cell.strip(' "').startswith(("=", "+", "-", "@"))]
    assert f"a{other}'=1+1" in text and "b" + other + "c" in text


@pytest.mark.parametrize("name", ["fiche", "brief"])
def test_an_anonymised_lesson_names_nobody_on_paper_even_to_its_author(client, name):
    author = MemberFactory(name="Hidden Person")
    authority = AuthorityFactory(name="Hidden Town", official_address="office@hidden.example")
    lesson = FicheFactory(kind="lesson_learned", disclosure="anonymised", submitted_by=author, authority=authority)
    client.force_login(author)
    said = squeezed(words_of(client.get(f"/en/fiches/{lesson.pk}/{lesson.slug}/{name}.pdf").content))
    assert "Writetotheauthors" in said and "Hidden" not in said and "hidden.example" not in said


def test_what_is_still_embargoed_says_so_in_every_format(client):
    day = timezone.now().date() + timedelta(days=30)
    words = f"Not before {day.day} {day:%B %Y}"
    fiche = FicheFactory(kind="lesson_learned", embargo_until=day)
    over = FicheFactory(kind="lesson_learned", embargo_until=timezone.now().date())
    client.force_login(fiche.submitted_by)
    assert json.loads(one(client, fiche, "json"))["embargo_until"] == day.isoformat()
    assert json.loads(one(client, over, "json"))["embargo_until"] is None
    assert json.loads(one(client, fiche, "jsonld"))["conditionsOfAccess"] == words
    for name in ("bib", "ris"):
        assert words in one(client, fiche, name)
        assert "Not before" not in one(client, over, name)
    table = list(csv.DictReader(io.StringIO(get(client, "csv", header="codes")[1:], newline="")))
    assert {row["embargo_until"] for row in table} == {day.isoformat(), ""}
