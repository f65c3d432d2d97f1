"""What leaves the portal as data is what the list shows, complete, in its language, and safe to open elsewhere."""

import csv
import io
import json
import re
import time

import bibtexparser
import pytest
import rispy
from django.conf import settings
from django.urls import reverse
from django.utils import translation

from clavet import page_cache
from fiches.exports import FORMATS, parts
from fiches.exports.spreadsheet import COLUMNS
from translations import editions
from translations.exports import files
from translations.exports.turns import taking_turns

from .exported import get, linked, one, titles
from .factories import FicheFactory, RegionFactory

pytestmark = pytest.mark.django_db


def rows(client, **query):
    text = get(client, "csv", **({"header": "codes"} | query))
    assert text.startswith("\ufeff")
    return list(csv.DictReader(io.StringIO(text[1:], newline="")))


@pytest.fixture
def several():
    RegionFactory(code="HR036", name="Istarska županija")
    return [
        FicheFactory(title="Evening school", tags=["skills"], results=True, sources=True, start_year=2010),
        FicheFactory(title="Night courses", kind="lesson_learned", themes=["early-school-leaving"], results=True),
        FicheFactory(
            title="Guidance bus", kind="practical_example", country="TR", origin="compiled", vouched="compiled"
        ),
        FicheFactory(
            title="Škola",
            source_language="hr",
            summary="Odrasli završavaju školu.",
            translations={"el": {"title": "Σχολή"}},
        ),
    ]


# --- what is in it ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "query",
    [
        {},
        {"kind": "best_practice"},
        {"country": "TR"},
        {"q": "school"},
        {"q": "school", "sort": "title"},
        {"sort": "title"},
        {"theme": "inclusion"},
        {"year_to": "2012"},
        {"kind": "practical_example", "country": "HR"},
        {"page": "7"},
    ],
)
def test_a_file_holds_what_the_list_counts_in_its_order(client, several, query):
    expected = client.get(reverse("fiches:list"), {key: value for key, value in query.items() if key != "page"})
    shown = [row["reference"] for row in rows(client, **query)]
    assert len(shown) == expected.context["counts"].total
    listed = "".join(section["rows"] for section in expected.context["sections"])
    cards = [int(pk) for pk in re.findall(r'name="fiche" value="(\d+)"', listed)]
    references = {fiche.pk: fiche.reference for fiche in several}
    assert shown == [references[pk] for pk in cards]
    for name, entries in [("json", "fiches"), ("jsonld", "hasPart")]:
        assert len(json.loads(get(client, name, **query))[entries]) == len(shown)
    assert get(client, "bib", **query).count("@techreport{") == len(shown)
    assert len(rispy.loads(get(client, "ris", **query))) == len(shown)


def test_single_fiches_can_be_chosen(client, several):
    assert {row["reference"] for row in rows(client, fiche=[several[0].pk, several[2].pk])} == {
        several[0].reference,
        several[2].reference,
    }


@pytest.mark.parametrize("language", settings.LANGUAGE_CODES)
def test_texts_are_those_of_the_address_and_say_what_they_are(client, language):
    FicheFactory(
        title="Evening school",
        translations={
            "tr": {
                "title": "Akşam okulu",
                "summary": "Özet",
                "problem": "Sorun",
                "status": "machine_draft",
                "method": "machine",
            }
        },
    )
    [row] = json.loads(get(client, "json", language))["fiches"]
    turkish = language == "tr"
    assert row["title"] == ("Akşam okulu" if turkish else "Evening school")
    assert row["language"]["requested"] == language
    assert row["language"]["title"] == ("tr" if turkish else "en")
    assert row["language"]["machine"] is turkish
    assert f"/{language}/fiches/" in row["address"]
    problem = next(part for part in row["sections"] if part["name"] == "problem")
    assert problem["text"] == ("Sorun" if turkish else "Text of the section problem.")
    [line] = rows(client, language=language)
    assert (
        line["title"] == row["title"] and line["kind"] == "best_practice" and line["state"] == row["language"]["state"]
    )


def test_the_spreadsheet_speaks_the_readers_language_and_keeps_its_codes(client, several):
    head = next(csv.reader(io.StringIO(get(client, "csv", "el")[1:])))
    assert head[1] == "Τίτλος" and "themes" in head
    codes = next(csv.reader(io.StringIO(get(client, "csv", "el", header="codes")[1:])))
    assert codes == [column.name for column in COLUMNS] and len(set(codes)) == len(codes)


def test_the_spreadsheet_of_most_countries_has_semicolons_and_decimal_commas(client):
    FicheFactory(staff_fte="2.5", title="One; two, three")
    text = get(client, "csv", "hr", separator="semicolon", header="codes")
    [row] = csv.DictReader(io.StringIO(text[1:], newline=""), delimiter=";")
    assert (row["staff_fte"], row["title"]) == ("2,5", "One; two, three")
    [row] = rows(client, language="hr")
    assert row["staff_fte"] == "2.5"
    page = client.get("/hr/fiches/").content.decode()
    assert "/hr/fiches/export.csv?separator=semicolon" in page
    assert "separator=semicolon" not in client.get("/en/fiches/").content.decode()


def test_json_is_complete_and_counts_itself(client, several):
    whole = json.loads(get(client, "json"))
    assert whole["number"] == len(whole["fiches"]) == 4
    row = next(row for row in whole["fiches"] if row["title"] == "Evening school")
    assert row["results"][0] | {"indicator": ""} == {
        "indicator": "",
        "language": "en",
        "unit": "percent",
        "before": 14,
        "after": 9,
        "year": 2023,
        "evidence": "monitoring",
        "note": "",
        "source": "",
    }
    assert row["licence"]["address"] == "https://creativecommons.org/licenses/by/4.0/"
    assert row["citation"].endswith(row["address"])
    assert row["keywords"] == ["skills"] and row["sources"][0]["title"] == "Annual report"
    assert row["files"]["ris"] == f"{row['address']}fiche.ris"
    assert json.loads(one(client, several[0], "json")) == row


# --- others read it --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", settings.LANGUAGE_CODES)
def test_an_independent_reader_understands_the_json_ld(client, language):
    fiche = FicheFactory(
        region=RegionFactory(code="HR036", name="Istarska županija"),
        place="Pazin",
        sources=True,
        translations={"el": {"title": "Σχολή", "summary": "Περίληψη", "problem": "Πρόβλημα"}},
    )
    [node] = linked(one(client, fiche, "jsonld", language))
    schema = "https://schema.org/"
    assert node["@type"] == [f"{schema}Report"]
    assert node["@id"].endswith(f"/{language}/fiches/{fiche.pk}/{fiche.slug}/")
    assert node[f"{schema}name"] == [{"@value": "Σχολή" if language == "el" else fiche.title_en}]
    assert node[f"{schema}license"] == [{"@id": "https://creativecommons.org/licenses/by/4.0/"}]
    assert node[f"{schema}reportNumber"] == [{"@value": fiche.reference}]
    other = {"el": "translationOfWork", "en": "workTranslation"}.get(language, "sameAs")
    assert f"{schema}{other}" in node
    [place] = node[f"{schema}spatialCoverage"]
    assert place[f"{schema}containedInPlace"][0][f"{schema}name"] == [{"@value": "Istarska županija"}]
    [listed] = linked(get(client, "jsonld", language))
    assert listed[f"{schema}hasPart"][0]["@id"] == node["@id"]


def test_the_page_holds_the_same_node(client, several):
    page = client.get(several[0].get_absolute_url()).content.decode()
    block = page.split('<script type="application/ld+json">')[1].split("</script>")[0]
    assert json.loads(block) == json.loads(one(client, several[0], "jsonld"))


@pytest.mark.parametrize("language", ["en", "el", "tr"])
def test_reference_managers_read_title_author_year_and_address(client, several, language):
    fiche = several[0]
    address = f"http://testserver/{language}/fiches/{fiche.pk}/{fiche.slug}/"
    [entry] = bibtexparser.loads(one(client, fiche, "bib", language)).entries
    assert entry["ID"] == f"{fiche.reference.lower()}-{language}"
    assert entry["title"].strip("{}") == "Evening school"
    assert entry["author"].strip("{}") == fiche.authority.name_en
    assert (entry["year"], entry["url"]) == (str(fiche.published_at.year), address)
    [entry] = rispy.loads(one(client, fiche, "ris", language))
    assert (entry["title"], entry["authors"]) == ("Evening school", [fiche.authority.name_en])
    assert (entry["year"], entry["urls"]) == (str(fiche.published_at.year), [address])
    [compiled] = rispy.loads(one(client, several[2], "ris", language))
    assert compiled["authors"] == ["CLAVET"]


# --- as a file -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", FORMATS)
def test_files_say_what_they_are(client, several, name):
    with translation.override("el"):
        path = reverse("fiches:export", args=[name])
    for ask in (client.get, client.head):
        response = ask(path)
        assert response.streaming
        assert response["Content-Type"] == FORMATS[name].media_type
        assert response["Content-Disposition"] == f'attachment; filename="clavet-fiches-el.{name}"'
        assert response["X-Robots-Tag"] == "noindex"
        assert "Set-Cookie" not in response
        assert bool(response.getvalue()) is (ask == client.get)


def test_the_file_of_one_fiche_keeps_its_name_from_the_cache_of_ready_pages(client, several, settings, monkeypatch):
    settings.PAGE_CACHE_BYTES = 1_000_000
    monkeypatch.setattr(page_cache, "pages", page_cache.Pages())
    fiche = several[0]
    for _time in range(2):
        response = client.get(reverse("fiches:export_one", args=[fiche.pk, fiche.slug, "ris"]))
        assert response["Content-Disposition"] == f'attachment; filename="{fiche.reference.lower()}-en.ris"'
        assert response["X-Robots-Tag"] == "noindex"
        assert 'rel="canonical"' in response["Link"]


def test_an_unknown_format_is_not_found_and_an_old_slug_leads_on(client, several):
    fiche = several[0]
    for path in ("/en/fiches/export.exe", "/en/fiches/export.pdf", f"/en/fiches/{fiche.pk}/{fiche.slug}/fiche.csv"):
        assert client.get(path).status_code == 404
    response = client.get(f"/en/fiches/{fiche.pk}/old-slug/fiche.json")
    assert response.status_code == 301 and response["Location"].endswith(f"/{fiche.slug}/fiche.json")


@pytest.mark.parametrize(
    "query",
    [
        *("country=XX", "kind=nonsense", "year_from=soon", f"q={'x' * 300}", "separator=tab", "header=none"),
        *("fiche=abc", "theme=nonsense", "region=XX99"),
    ],
)
def test_what_is_not_understood_makes_no_file(client, several, query):
    response = client.get(f"/en/fiches/export.csv?{query}")
    assert response.status_code == 400 and not response.streaming
    assert "No file was made" in response.content.decode()


# --- cost ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "most"), [("csv", 4), ("json", 7), ("jsonld", 3), ("bib", 3), ("ris", 3)])
def test_queries_do_not_grow_with_the_list(client, django_assert_max_num_queries, name, most):
    for number in range(12):
        FicheFactory(title=f"Fiche {number}", results=True, sources=True, tags=["skills"])
    FicheFactory(kind="lesson_learned", disclosure="anonymised")
    get(client, name)
    with django_assert_max_num_queries(most + 1):
        assert get(client, name)


def test_several_chunks_make_one_file(client, monkeypatch):
    monkeypatch.setattr(files, "CHUNK", 3)
    for number in range(8):
        FicheFactory(title=f"Fiche {number}")
    assert titles(client, sort="title") == [f"Fiche {number}" for number in range(8)]
    assert len(rows(client)) == 8


def test_a_fiche_whose_edition_was_rewritten_is_exported_anew(client):
    fiche = FicheFactory(title="Before")
    assert titles(client) == ["Before"]
    type(fiche).objects.filter(pk=fiche.pk).update(title_en="After")
    fiche.refresh_from_db()
    editions.write(fiche)
    assert titles(client) == ["After"]


def test_a_passage_of_empty_lines_is_read_at_once():
    begun = time.process_time()
    assert parts.plain("a" + "\n" * 9998 + "b") == "a\nb"
    assert time.process_time() - begun < 0.5


def test_slow_readers_of_long_files_leave_threads_for_the_others(client, several, settings, monkeypatch):
    settings.LONG_EXPORTS = 1
    address = reverse("fiches:export", args=["csv"])
    one = f"{address}?fiche={several[0].pk}"
    monkeypatch.setattr(files, "CHUNK", 1)
    slow = client.get(address)
    refused = client.get(address)
    assert (refused.status_code, refused["Retry-After"]) == (503, "30")
    assert client.get(one).status_code == 200  # a short file takes no thread for long
    b"".join(slow.streaming_content)
    again = client.get(address)
    assert len(b"".join(again.streaming_content).splitlines()) == 1 + len(several)
    assert client.head(address).status_code == 200


def test_a_download_broken_off_frees_its_place(settings):
    settings.LONG_EXPORTS = 1
    turn = taking_turns(piece for piece in "ab")
    assert turn and not taking_turns(iter(""))
    turn.close()
    turn.close()
    second = taking_turns(piece for piece in "ab")
    assert second and not taking_turns(iter(""))
    del second
    assert taking_turns(piece for piece in "ab")
