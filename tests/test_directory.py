"""The directory of authorities: who is in it, how they are counted, found and sorted."""

import re

import pytest
from lxml import html

from network.directory import directory_index
from network.directory.selection import Selection
from network.models import Expertise, Representation
from tests.factories import (
    AuthorityFactory,
    CoordinatorFactory,
    FicheFactory,
    MembershipFactory,
    RepresentationFactory,
    ThemeFactory,
)

pytestmark = pytest.mark.django_db


def test_names_of_an_authority():
    authority = AuthorityFactory(
        official_name="Ajuntament de Viladecans",
        official_language="ca",
        name="Viladecans City Council",
        name_el="Δήμος Βιλαδεκάνς",
        country="ES",
        editions=True,
    )
    rows = {row.language: row for row in authority.editions.all()}
    assert len(rows) == 9
    assert rows["el"].title == "Δήμος Βιλαδεκάνς"
    assert rows["tr"].title == "Viladecans City Council"
    assert 'lang="en"' in rows["tr"].card_html
    for row in rows.values():
        assert "Ajuntament de Viladecans" in row.card_html
        assert 'lang="ca"' in row.card_html


LIST = "/en/network/"


def made(slug, status=None, **fields):
    """An authority in the directory, with a membership in a state."""
    authority = AuthorityFactory(slug=slug, name=slug.title(), editions=True, **fields)
    if status:
        MembershipFactory(authority=authority, status=status, since="2024-03-01")
    return authority


def slugs(response):
    return re.findall(r'<h3[^>]*><a href="/\w\w/network/([^/]+)/">', response.content.decode())


@pytest.fixture
def network():
    """A member in Greece, one on hold, a Euroregion that represents a member and two others, and some of no standing."""
    region = made("euroregion", "active", kind="euroregion", country="IT", governance_level="cross_border")
    rows = {
        "region": region,
        "athens": made("athens", "active", country="GR", town="Athina", working_languages=["el", "en"]),
        "held": made("held", "on_hold"),
        "former": made("former", "withdrawn"),
        "applied": made("applied", "applied", hidden=True),
        "one": made("one", country="SI"),
        "two": made("two", country="AL", kind="regional"),
        "nobody": made("nobody"),
        "other": made("other", country="FR"),
    }
    for name in ("athens", "one", "two"):
        RepresentationFactory(coordinator=region, authority=rows[name])
    FicheFactory(authority=rows["other"])
    theme = ThemeFactory(slug="adult-learning")
    Expertise.objects.create(authority=rows["athens"], theme=theme, expertise=4)
    Expertise.objects.create(authority=rows["two"], theme=theme, expertise=2)
    rows["athens"].rewrite()
    return rows


def test_members_and_represented_are_shown_and_counted_once(client, network):
    page = client.get(LIST)
    assert slugs(page) == ["athens", "euroregion", "held", "one", "two"]
    assert "3 members, 2 represented authorities" in page.content.decode()


def test_standing_is_said(client, network):
    page = client.get(f"{LIST}?standing=on_hold&standing=represented&standing=former&standing=other").content.decode()
    assert "2 represented authorities" in page and "1 former member" in page and "1 other authority" in page
    assert page.count('<article class="card-row muted"') == 1
    assert "Member, on hold" in page
    assert 'Represented by <a href="/en/network/euroregion/">Euroregion</a>' in page
    assert "Member since 2024" in client.get(f"{LIST}?country=GR").content.decode()


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("country=GR", ["athens"]),
        ("country=HR", ["held"]),
        ("kind=euroregion", ["euroregion"]),
        ("level=cross_border", ["euroregion"]),
        ("theme=adult-learning", ["athens"]),
        ("theme=adult-learning-guidance", ["athens"]),
        ("language=el", ["athens"]),
        ("euroregion=euroregion", ["athens", "one", "two"]),
        ("euroregion=euroregion&standing=represented&country=AL", ["two"]),
        ("class=member", ["athens", "euroregion", "held"]),
        ("standing=former", ["former"]),
        ("standing=other", ["other"]),
        ("q=athina", ["athens"]),
        ("q=Municipality", []),
        ("sort=newest&standing=member", ["athens", "euroregion"]),
        ("country=XX", ["athens", "euroregion", "held", "one", "two"]),
    ],
)
def test_filters(client, network, query, found):
    assert slugs(client.get(f"{LIST}?{query}")) == found


def test_counts_are_those_of_each_further_choice(client, network):
    from django.http import QueryDict

    counts = directory_index.count(Selection.read(QueryDict("country=GR&country=SI")))
    assert counts.total == 2
    assert {code: n for code, n in counts.of["country"].items() if n} == {"GR": 1, "SI": 1, "AL": 1, "IT": 1, "HR": 1}
    assert {code: n for code, n in counts.of["standing"].items() if n} == {"member": 1, "represented": 1}
    assert counts.standing["member"] + counts.standing["represented"] == counts.total


def test_hidden_authorities_are_in_nothing(client, network):
    for path in (
        f"{LIST}?standing=other&standing=member&standing=former",
        f"{LIST}?q=applied",
        f"{LIST}suggestions/?q=appl",
    ):
        client.force_login(CoordinatorFactory())
        assert "Applied" not in re.sub(r"<input[^>]*>", "", client.get(path).content.decode()), path


def test_what_ends_by_itself_leaves_the_list(client, network):
    Representation.objects.filter(authority=network["one"]).update(start="2020-01-01", end="2020-12-31")
    assert "one" not in slugs(client.get(LIST))
    Representation.objects.filter(authority=network["two"]).update(status="claimed")
    assert slugs(client.get(f"{LIST}?standing=represented")) == []


def test_an_anonymised_lesson_brings_nobody_into_the_directory(client, network):
    FicheFactory(kind="lesson_learned", disclosure="anonymised", authority=network["nobody"])
    assert "nobody" not in slugs(client.get(f"{LIST}?standing=other"))


def test_an_empty_list_says_what_to_give_up(client, network):
    page = client.get(f"{LIST}?country=GR&kind=regional").content.decode()
    assert "No authority fits" in page
    assert "Without the filter “Country”: 1 authority" in page
    assert "With former members and other authorities: 1 authority" in client.get(f"{LIST}?country=FR").content.decode()
    assert client.get(f"{LIST}?page=7").status_code == 404


@pytest.mark.parametrize(
    ("language", "names"),
    [
        ("el", ["Άργος", "Ζάκυνθος", "Ωρωπός", "Antwerpen"]),
        ("tr", ["Çorum", "Iğdır", "İzmir", "Şırnak"]),
        ("hr", ["Cavtat", "Čakovec", "Ljubuški", "Šibenik"]),
    ],
)
def test_names_are_sorted_by_the_reader_s_alphabet(client, language, names):
    for number, name in enumerate(reversed(names)):
        authority = AuthorityFactory(slug=f"town-{len(names) - number}", **{f"name_{language}": name}, editions=True)
        MembershipFactory(authority=authority)
    assert slugs(client.get(f"/{language}/network/")) == [f"town-{n}" for n in range(1, len(names) + 1)]


@pytest.mark.parametrize("query", ["", "?country=HR&kind=local", "?q=municipality", "?page=2", "?sort=newest"])
def test_queries_of_a_stranger(client, django_assert_max_num_queries, settings, query):
    settings.PAGE_SIZE = 5
    region = made("euroregion", "active")
    for number in range(12):
        RepresentationFactory(coordinator=region, authority=made(f"municipality-number-{number}"))
    with django_assert_max_num_queries(4):
        response = client.get(f"{LIST}{query}")
    assert response.status_code == 200
    assert len(slugs(response)) == 5
    assert not response.cookies


def test_with_htmx_only_the_results_come(client, network):
    page = client.get(f"{LIST}?country=GR", headers={"HX-Request": "true"})
    assert "<html" not in page.content.decode()
    assert page["HX-Push-Url"] == f"{LIST}?country=GR"
    assert 'id="count-country-GR"' in page.content.decode()


@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}], ids=["page", "htmx"])
def test_options_that_would_find_nothing_are_greyed(client, network, headers):
    """By a class of the count, which the styles carry over to its words: htmx puts in nothing but counts."""
    page = html.fromstring(client.get(f"{LIST}?theme=adult-learning", headers=headers).content)
    (none,), (some,) = (page.xpath(f"//span[@id='count-country-{code}']/@class") for code in ("SI", "GR"))
    assert (none.split(), some.split()) == (["choice-count", "choice-none"], ["choice-count"])


def test_suggestions(client, network):
    page = client.get(f"{LIST}suggestions/?q=ath").content.decode()
    assert 'href="/en/network/?q=Athens"' in page


def test_fiches_of_an_authority(client, network):
    mine = FicheFactory(authority=network["athens"], title="Named school")
    FicheFactory(authority=network["athens"], title="Secret school", kind="lesson_learned", disclosure="anonymised")
    FicheFactory(title="Other school")
    page = client.get("/en/fiches/?authority=athens").content.decode()
    assert "Named school" in page and "Secret school" not in page and "Other school" not in page
    assert re.search(r'class="chip".*?Athens', page, re.DOTALL)
    client.force_login(mine.submitted_by)
    page = client.get("/en/fiches/?authority=athens").content.decode()
    assert "Named school" in page and "Secret school" not in page and "Other school" not in page


def test_the_search_of_the_portal_finds_authorities(client, network):
    page = client.get("/en/search/?q=athens").content.decode()
    assert "Network: 1" in page and 'href="/en/network/athens/"' in page
    assert "Network:" not in client.get("/en/search/?q=applied").content.decode()


def test_sitemap_names_authorities_in_their_languages(client, network):
    assert "/sitemap-authorities-1.xml" in client.get("/sitemap.xml").content.decode()
    page = client.get("/sitemap-authorities-1.xml").content.decode()
    assert "/en/network/athens/" in page and "/el/network/athens/" not in page
    assert "applied" not in page and "nobody" not in page
    assert client.get("/sitemap-authorities-2.xml").status_code == 404


@pytest.mark.browser
def test_the_directory_is_accessible(live, axe, no_sideways_scrolling, page_language, page_width, network):
    live.page.emulate_media(color_scheme="dark" if page_width == 320 else "light")
    for query in ("", "?standing=on_hold&standing=former&country=HR", "?country=GR&kind=agency", "?q=athens"):
        live.goto(f"/{page_language}/network/{query}")
        axe(live.page)
        no_sideways_scrolling(live.page)


@pytest.mark.browser
def test_filters_change_the_directory_at_once(live, network):
    live.goto("/en/network/")
    live.page.locator("#standing-on_hold").check()
    live.page.wait_for_url("**/network/?standing=on_hold")
    assert live.page.locator("#results h3").all_inner_texts() == ["Held"]
    live.page.locator("#list-q").press_sequentially("ath")
    live.page.locator(".suggestions a").first.wait_for()
