"""Markdown, numbers and names as they are stored for readers."""

from decimal import Decimal

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from fiches import facts
from tests.factories import FicheFactory
from translations import markdown


@pytest.mark.parametrize(
    ("source", "bad"),
    [
        ("<script>alert(1)</script>", "<script"),
        ("<img src=x onerror=alert(1)>", "<img"),
        ("[a](javascript:alert(1))", "href"),
        ("[a](data:text/html,x)", "href"),
        ("![a](https://x.example/a.png)", "<img"),
        ("<a href='x' onclick='y'>a</a>", "<a"),
        ('[a](<https://x.example/"onmouseover=alert(1)>)', 'onmouseover="'),
    ],
)
def test_markdown_lets_nothing_dangerous_through(source, bad):
    assert bad not in markdown.render(source)


def test_markdown_headings_stand_below_the_pages():
    assert markdown.render("# One\n\n##### Two") == "<h3>One</h3>\n<h4>Two</h4>\n"


def test_markdown_links_are_marked():
    assert (
        markdown.render("[a](https://x.example/)")
        == '<p><a href="https://x.example/" rel="nofollow noopener">a</a></p>\n'
    )


def test_markdown_is_cut_before_it_is_parsed(settings):
    settings.SECTION_MAX_LENGTH = 100
    assert len(markdown.render("x" * 5000)) < 200
    assert len(markdown.plain("[" * 100_000)) <= 100


def test_plain_has_the_words_alone():
    assert (
        markdown.plain("# One\n\n- *two*\n- [three](https://x.example/)\n\nfour  \nfive")
        == "One\ntwo\nthree\nfour five"
    )


@given(st.text("ab1. )\n#-=+*'\":!/é\u00a0\u2028\x0b\x85İ", max_size=20) | st.text(max_size=20))
def test_a_text_without_markdown_reads_as_the_parser_reads_it(text):
    if not markdown.SPECIAL.search(text):
        (quick, words), (html, parsed) = markdown._paragraphs(text), markdown._parsed(text)
        assert markdown._clean(quick) == markdown._clean(html)
        assert [word.split() for word in words] == [word.split() for word in parsed]


@pytest.mark.parametrize(
    ("language", "value", "unit", "expected"),
    [
        ("en", "9.00", "percent", "9%"),
        ("en", "74.50", "percent", "74.5%"),
        ("tr", "74.50", "percent", "%74,5"),
        ("nl", "103500.00", "number", "103.500"),
        ("en", "3800000.00", "eur", "€3,800,000"),
        ("el", "3800000.50", "eur", "3.800.000,5\xa0€"),
        ("en", "1.00", "months", "1 month"),
        ("en", "20.00", "hours", "20 hours"),
        ("en", "0.00", "number", "0"),
        ("en", "100.00", "number", "100"),
    ],
)
def test_numbers_in_the_readers_language(language, value, unit, expected):
    with translation.override(language):
        assert facts.quantity(Decimal(value), unit) == expected


@pytest.mark.django_db
def test_editions_of_all_kinds_in_nine_languages():
    for kind in ("best_practice", "lesson_learned", "practical_example"):
        fiche = FicheFactory(kind=kind, results=True, sources=True, tags=["skills"])
        rows = {row.language: row for row in fiche.editions.all()}
        assert len(rows) == 9
        for language, row in rows.items():
            assert f'href="/{language}/fiches/{fiche.pk}/' in row.card_html
            assert "Text of the section" in row.body_html
            assert "Text of the section" in row.plain
            assert "skills" in row.names.split("\n")
            assert ('lang="en"' in row.card_html) == (language != "en")


@pytest.mark.django_db
def test_writing_editions_asks_little(django_assert_max_num_queries):
    from translations import editions

    fiche = FicheFactory(results=True, sources=True, tags=["skills"])
    with django_assert_max_num_queries(22):
        editions.write(fiche)
