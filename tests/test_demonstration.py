"""The 18 compiled practices: every figure is in the record they restate, and nothing is claimed that nobody said."""

import json
import re
import tomllib
from pathlib import Path

import pytest

from clavet.demonstration.content import HERE

RECORDS = {
    record["id"]: record
    for record in json.loads((Path(__file__).parent / "data/practices.json").read_text("utf-8"))["practices"]
}
FOLDERS = sorted((HERE / "fiches").iterdir())
FIGURE = re.compile(r"\d+(?:[.,\u00a0\u202f ]\d{3})+(?![\d])(?:[.,]\d+)?|\d+(?:[.,]\d+)?")
LANGUAGES = ["en", "es", "it", "fr", "nl", "el", "ro", "hr", "tr"]


def figures(text: str) -> set[str]:
    """Numbers as they are meant: 2,684, 2.684 and 2 684 are one, so are 15.4 and 15,4."""
    text = re.sub(r"^\s*\d+\.\s", "", text, flags=re.MULTILINE)  # markers of a numbered list
    found = set()
    for match in FIGURE.findall(text):
        plain = re.sub(r"[.,\u00a0\u202f ](?=\d{3}(?!\d))", "", match).replace(",", ".")
        found.add(plain.rstrip("0").rstrip(".") if "." in plain else plain)
    return found


def strings(value) -> list[str]:
    """Every text and number in nested data."""
    if isinstance(value, dict):
        return [text for item in value.values() for text in strings(item)]
    if isinstance(value, list):
        return [text for item in value for text in strings(item)]
    return [] if value is None or isinstance(value, bool) else [str(value)]


def read(path):
    return tomllib.loads(path.read_text("utf-8"))


def test_figures_are_compared_as_they_are_meant():
    assert figures("2,684 of 15.4 % in 2013") == {"2684", "15.4", "2013"}
    assert figures("2.684 su 15,40 %") == {"2684", "15.4"}
    assert figures("5 100 élèves") == {"5100"}


def test_every_record_has_its_fiche():
    assert {folder.name for folder in FOLDERS} == set(RECORDS)


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_every_figure_occurs_in_the_record(folder):
    record = figures("\n".join(strings(RECORDS[folder.name])))
    facts = read(folder / "facts.toml")
    stated = [facts.get(key) for key in ("start_year", "end_year", "budget_amount", "budget_year")]
    stated += [result.get(key) for result in facts.get("results", []) for key in ("baseline", "value", "year")]
    texts = [text for path in folder.glob("??.toml") for text in strings(read(path) | {"provenance": None})]
    unknown = figures("\n".join([*texts, *strings(stated)])) - record
    assert not unknown


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_title_and_summary_are_there_in_all_nine_languages(folder):
    for language in LANGUAGES:
        text = read(folder / f"{language}.toml")
        assert 0 < len(text["title"]) <= 100
        assert 0 < len(text["summary"]) <= 300


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_no_translation_claims_to_be_human(folder):
    source = read(folder / "facts.toml")["source_language"]
    for path in folder.glob("??.toml"):
        method = read(path)["provenance"]["method"]
        assert method == ("compiled" if path.stem == source else "machine")


def test_six_fiches_of_three_kinds_and_six_countries_are_complete_in_all_nine():
    complete = []
    for folder in FOLDERS:
        facts = read(folder / "facts.toml")
        source = read(folder / f"{facts['source_language']}.toml")
        texts = [read(folder / f"{language}.toml") for language in LANGUAGES]
        if all(
            text.get("sections", {}).keys() == source["sections"].keys()
            and text.get("results", {}).keys() == source.get("results", {}).keys()
            for text in texts
        ):
            complete.append((facts["kind"], facts["country"]))
    assert len(complete) >= 6
    assert len({country for _kind, country in complete}) >= 6
    for kind in ("best_practice", "lesson_learned", "practical_example"):
        assert sum(one == kind for one, _country in complete) >= 2
