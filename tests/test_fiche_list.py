"""The list of fiches: filters, counts, order, bad addresses, who sees what."""

import datetime
import re
from collections import Counter

import pytest
from django.utils import timezone
from django.utils.http import urlencode

from fiches.counting import count_by_sql
from fiches.facets import FACETS, Selection
from fiches.models import Fiche
from tests.factories import (
    AuthorityFactory,
    CoordinatorFactory,
    FicheFactory,
    MemberFactory,
    RegionFactory,
    UserFactory,
)
from translations import search

pytestmark = pytest.mark.django_db
LIST = "/en/fiches/"


def titles(response) -> list[str]:
    return re.findall(r"<h3[^>]*><a [^>]*>(.*?)</a></h3>", response.content.decode())


def shown(client, **query) -> set[str]:
    return set(titles(client.get(f"{LIST}?{urlencode(query, doseq=True)}")))


@pytest.fixture
def corpus():
    """Fiches that differ in every filter."""
    istria = RegionFactory(code="HR036", name="Istria")
    greek = AuthorityFactory(country="GR", name="Municipality of Geri")
    FicheFactory(title="Alpha", quick_win=True, cost_band="under_10k", region=istria, tags=["evening classes"])
    FicheFactory(
        title="Beta",
        kind="lesson_learned",
        authority=greek,
        themes=["early-school-leaving", "digital-skills"],
        target_groups=["neet", "young_people"],
        policy_stages=["monitoring", "formulation"],
        isced_levels=["2", "3"],
        start_year=2010,
        end_year=2012,
        ongoing=False,
        evidence_strength=None,
        translations={"el": {"title": "Βήτα", "summary": "Περίληψη", "problem": "Το πρόβλημα", "status": "reviewed"}},
    )
    FicheFactory(
        title="Gamma",
        kind="practical_example",
        governance_level="regional",
        population_band="over_1m",
        development_stage="ended",
        start_year=2015,
        end_year=None,
        ongoing=False,
    )
    FicheFactory(
        title="Delta hidden", kind="lesson_learned", disclosure="anonymised", region=istria, population_band="under_5k"
    )
    return Fiche.objects.public()


# --- who sees what ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", ["draft", "submitted", "in_review", "changes_requested", "rejected", "archived"])
def test_only_published_fiches_are_listed(client, status):
    FicheFactory(title="Not public", status=status)
    assert shown(client) == set()
    client.force_login(UserFactory())
    assert shown(client) == set()


def test_embargo_ends_by_itself(client):
    today = timezone.localdate()
    FicheFactory(title="Tomorrow", embargo_until=today + datetime.timedelta(days=1))
    FicheFactory(title="Today", embargo_until=today)
    assert shown(client) == {"Today"}
    assert shown(client, q="Tomorrow") == set()


def test_embargoed_fiche_is_listed_for_its_people(client):
    fiche = FicheFactory(title="Later", embargo_until=timezone.localdate() + datetime.timedelta(days=9))
    for user in (fiche.submitted_by, MemberFactory(seat_at=fiche.authority), CoordinatorFactory()):
        client.force_login(user)
        assert shown(client) == {"Later"}
    client.force_login(MemberFactory())
    assert shown(client) == set()


def test_revision_is_never_listed(client):
    fiche = FicheFactory(title="Public text")
    FicheFactory(title="Next text", status="draft", revises=fiche, submitted_by=fiche.submitted_by, editions=False)
    client.force_login(fiche.submitted_by)
    assert shown(client) == {"Public text"}


def test_anonymised_lesson_is_not_found_by_what_it_hides(client, corpus):
    assert "Delta hidden" in shown(client, kind="lesson_learned")
    assert "Delta hidden" in shown(client, country="HR")
    assert shown(client, region="HR036") == {"Alpha"}
    assert shown(client, population="under_5k") == set()
    hidden = Fiche.objects.get(title_en="Delta hidden").authority
    for name in (hidden.name, hidden.official_name):
        assert "Delta hidden" not in shown(client, q=f'"{name}"')


# --- filters ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"kind": "lesson_learned"}, {"Beta", "Delta hidden"}),
        ({"kind": ["lesson_learned", "practical_example"]}, {"Beta", "Gamma", "Delta hidden"}),
        ({"theme": "early-school-leaving"}, {"Beta"}),
        ({"theme": "skills-teaching"}, {"Beta"}),
        ({"theme": "adult-learning-guidance"}, {"Alpha", "Gamma", "Delta hidden"}),
        ({"country": "GR"}, {"Beta"}),
        ({"target_group": "neet"}, {"Beta"}),
        ({"policy_stage": "formulation"}, {"Beta"}),
        ({"isced": "2"}, {"Beta"}),
        ({"level": "regional"}, {"Gamma"}),
        ({"population": "over_1m"}, {"Gamma"}),
        ({"development_stage": "ended"}, {"Gamma"}),
        ({"cost": "under_10k"}, {"Alpha"}),
        ({"evidence": "3"}, {"Alpha", "Gamma", "Delta hidden"}),
        ({"quick_win": "1"}, {"Alpha"}),
        ({"language": "el"}, {"Beta"}),
        ({"year_to": "2011"}, {"Beta"}),
        ({"year_from": "2012", "year_to": "2015"}, {"Beta", "Gamma"}),
        ({"year_from": "2016"}, {"Alpha", "Delta hidden"}),
        ({"kind": "lesson_learned", "country": "HR"}, {"Delta hidden"}),
    ],
)
def test_filters(client, corpus, query, expected):
    assert shown(client, **query) == expected
    url = f"{LIST}?{urlencode(query, doseq=True)}"
    fragment = client.get(url, headers={"HX-Request": "true"})
    assert set(titles(fragment)) == expected
    assert "<html" not in fragment.content.decode()
    assert fragment["HX-Push-Url"] == url


def brute_force(facet, rows) -> Counter:
    """Numbers as one would count by hand."""
    number = Counter()
    for fiche in rows:
        if facet.name == "theme":
            own = fiche.themes.select_related("parent")
            values = {theme.slug for theme in own} | {theme.parent.slug for theme in own if theme.parent}
        elif facet.name == "region":
            values = {fiche.region.code} if fiche.region and fiche.shows("region") else set()
        elif facet.name == "population":
            values = {fiche.population_band} if not fiche.is_anonymised else set()
        elif facet.name == "quick_win":
            values = {"1"} if fiche.quick_win else set()
        else:
            value = getattr(fiche, facet.column)
            values = {str(one) for one in (value if facet.many else [value]) if one not in ("", None)}
        number.update(values)
    return number


@pytest.mark.parametrize(
    "query",
    [
        "",
        "kind=lesson_learned",
        "kind=lesson_learned&country=HR&theme=adult-learning",
        "theme=inclusion&target_group=neet&year_from=2011",
        "quick_win=1&cost=under_10k&region=HR036",
        "language=el&evidence=3",
        "population=under_5k",
    ],
)
def test_counts_equal_counting_by_hand(client, corpus, query):
    from django.http import QueryDict

    selection = Selection.read(QueryDict(query))
    counts = count_by_sql(search.matching(corpus, "", "en"), selection.conditions())
    conditions = selection.conditions()
    for facet in FACETS.values():
        if facet.name == "authority":  # nothing is offered, so nothing is counted
            continue
        rows = corpus
        for name, condition in conditions.items():
            if name != facet.name:
                rows = rows.filter(condition)
        expected = brute_force(facet, rows)
        assert {value: n for value, n in counts.of[facet.name].items() if n} == dict(expected), facet.name
    assert counts.total == len(titles(client.get(f"{LIST}?{query}")))
    assert counts.base == 4


def test_chosen_filters_are_chips_that_remove_themselves(client, corpus):
    page = client.get(f"{LIST}?kind=lesson_learned&country=HR").content.decode()
    chips = re.search(r'<ul class="chips".*?</ul>', page, re.DOTALL)[0]
    assert 'href="?country=HR"' in chips
    assert 'href="?kind=lesson_learned"' in chips


def test_empty_list_says_what_to_give_up(client, corpus):
    page = client.get(f"{LIST}?country=GR&quick_win=1").content.decode()
    assert "No fiche fits" in page
    assert 'href="?quick_win=1"' in page
    assert "Without the filter “Country”: 1 fiche" in page
    assert "Without any filter: 4 fiches" in page


def test_filters_work_without_javascript(client, corpus):
    page = client.get(LIST).content.decode()
    assert re.search(r'<form\s+id="filters"\s+method="get"', page)
    assert "Show results" in page


# --- order and pages -------------------------------------------------------------------------------------------


def test_order(client, corpus):
    Fiche.objects.filter(title_en="Gamma").update(published_at=timezone.now())
    assert titles(client.get(LIST))[0] == "Gamma"
    assert titles(client.get(f"{LIST}?sort=title")) == ["Alpha", "Beta", "Delta hidden", "Gamma"]
    assert titles(client.get(f"{LIST}?sort=nonsense"))[0] == "Gamma"


def test_pages(client, settings):
    settings.PAGE_SIZE = 2
    for number in range(5):
        FicheFactory(title=f"Fiche {number}")
    assert len(titles(client.get(LIST))) == 2
    assert len(titles(client.get(f"{LIST}?page=3"))) == 1
    seen = [title for number in (1, 2, 3) for title in titles(client.get(f"{LIST}?page={number}"))]
    assert len(set(seen)) == 5


@pytest.mark.parametrize("page", ["99999", "0", "-1", "x", "1e9", "٣", "9" * 400, "%00"])
def test_page_that_does_not_exist_is_404(client, corpus, page):
    assert client.get(f"{LIST}?page={page}").status_code == 404


@pytest.mark.parametrize(
    "query",
    [
        "country=XX",
        "kind=nonsense&kind=%00",
        "theme=%3Cscript%3E",
        "theme=no-such-theme",
        "region=ZZ999",
        "year_from=abc",
        "year_from=99999999999999999999",
        "year_to=-5",
        "evidence=9",
        "isced=%27",
        "q=%00",
        "q=" + "a" * 10_000,
        "q=%F0%9F%92%A9%27%22%5C",
        "q=" + "%22" * 50 + "-" * 50,
        "sort[]=x&q=school",
        "language=de",
        "&".join(f"kind={n}" for n in range(500)),
    ],
    ids=lambda query: query[:20],
)
def test_bad_addresses_get_a_message_never_an_error(client, corpus, query):
    for page in (LIST, "/el/fiches/", "/en/search/", "/en/fiches/suggestions/"):
        response = client.get(f"{page}?{query}")
        assert response.status_code == 200
        assert "<script>" not in response.content.decode()


def test_unknown_value_is_named(client, corpus):
    page = client.get(f"{LIST}?country=XX").content.decode()
    assert "“XX” is not a value of the filter “Country”. It was left out." in page
    assert len(titles(client.get(f"{LIST}?country=XX"))) == 4


# --- searching -------------------------------------------------------------------------------------------------


def test_search_marks_hits_and_puts_own_language_first(client):
    FicheFactory(title="Evening schools for adults", sections={"problem": "Many left school early."})
    FicheFactory(title="Avondschool", source_language="nl", summary="Volwassenen", tags=["evening school"])
    page = client.get(f"{LIST}?q=evening+school").content.decode()
    assert "<mark>Evening</mark> <mark>schools</mark>" in page
    assert page.index("In your language") < page.index("In other languages")
    page = client.get("/en/search/?q=evening+school").content.decode()
    assert page.index("In your language") < page.index("In other languages")
    assert 'lang="nl"' in page


def test_marked_card_stays_escaped(client):
    FicheFactory(title='A <b>bold</b> "school" & more', summary="5 < 6 & school")
    page = client.get(f"{LIST}?q=school").content.decode()
    assert "A &lt;b&gt;bold&lt;/b&gt; &quot;<mark>school</mark>&quot; &amp; more" in page
    assert "5 &lt; 6 &amp; <mark>school</mark>" in page


def test_did_you_mean(client):
    FicheFactory(title="Apprenticeship in small companies")
    page = client.get(f"{LIST}?q=aprenticship").content.decode()
    assert "Did you mean" in page
    assert "q=apprenticeship" in page


def test_suggestions_are_links(client):
    FicheFactory(title="Apprenticeship in small companies")
    FicheFactory(title="Apprentices hidden", status="draft")
    page = client.get("/en/fiches/suggestions/?q=appr").content.decode()
    assert "Apprenticeship in small companies" in page
    assert "hidden" not in page
    assert client.get("/en/fiches/suggestions/").content.decode().strip() == ""


def test_search_without_words_shows_the_field(client):
    assert "No fiche" not in client.get("/en/search/").content.decode()


# --- cost ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("url", "most"),
    [
        (LIST, 2),
        (f"{LIST}?sort=title&page=2", 3),
        (f"{LIST}?kind=best_practice&theme=adult-learning&country=HR", 2),
        (f"{LIST}?q=school", 3),
        ("/en/search/?q=school", 4),  # two of them for indexes that a server keeps: tests/test_search_page.py
        ("/en/", 2),
    ],
)
def test_queries_of_a_stranger(client, django_assert_max_num_queries, settings, url, most):
    settings.PAGE_SIZE = 12
    for number in range(25):
        FicheFactory(title=f"Evening school {number}", tags=["skills"], results=True)
    with django_assert_max_num_queries(most):
        response = client.get(url)
    assert response.status_code == 200
    assert len(titles(response)) >= 4
    assert not response.cookies
