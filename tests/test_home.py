"""The first page: it does something at once."""

import re

import pytest
from playwright.sync_api import expect

from tests.factories import AuthorityFactory, FicheFactory

pytestmark = pytest.mark.django_db


def test_home_counts_what_is_public(client):
    FicheFactory(title="Newest of all", authority=AuthorityFactory(country="GR"))
    FicheFactory(kind="lesson_learned")
    FicheFactory(title="Not public", status="in_review")
    page = client.get("/en/").content.decode()
    assert 'href="/en/fiches/?country=GR"' in page
    assert "Greece: 1 fiche" in page
    assert "Newest of all" in page
    assert "Not public" not in page
    assert re.search(r'href="/en/themes/adult-learning/">', page)
    assert (
        page.index("?kind=best_practice") < page.index("?kind=lesson_learned") < page.index("?kind=practical_example")
    )


def test_home_without_any_fiche(client):
    for language in ("en", "el", "tr"):
        assert client.get(f"/{language}/").status_code == 200


def test_home_sets_no_cookie(client):
    page = client.get("/en/")
    assert not page.cookies
    assert "csrfmiddlewaretoken" not in page.content.decode()


@pytest.mark.browser
def test_pages_are_accessible(live, axe, no_sideways_scrolling, page_language, page_width):
    fiche = FicheFactory(
        results=True, sources=True, tags=["skills"], sections={"problem": "A *text*.", "caveats": "Doubt."}
    )
    for path in (
        "",
        "fiches/",
        "fiches/?kind=best_practice&country=XX",
        "fiches/?kind=lesson_learned",
        "search/?q=school",
        f"fiches/{fiche.pk}/{fiche.slug}/",
        f"fiches/{fiche.pk}/contact/",
    ):
        live.goto(f"/{page_language}/{path}")
        axe(live.page)
        no_sideways_scrolling(live.page)


@pytest.mark.browser
def test_filters_change_the_list_at_once(live):
    FicheFactory(title="Alpha")
    FicheFactory(title="Beta", kind="lesson_learned")
    live.goto("/en/fiches/")
    live.page.get_by_label("Lesson learned").check()
    live.page.wait_for_url("**/fiches/?kind=lesson_learned")
    assert live.page.locator("#results h3").all_inner_texts() == ["Beta"]
    assert live.page.get_by_label("Lesson learned").is_checked()
    live.page.go_back()
    expect(live.page.locator("#results h3")).to_have_count(2)
    live.page.locator("#list-q").press_sequentially("alph")
    live.page.locator(".suggestions a").first.wait_for()


@pytest.mark.browser
def test_first_screen_of_a_fiche(live):
    """At 1366×768 everything one needs to decide whether to read on, and the way to write, is visible."""
    fiche = FicheFactory(
        title="A title as long as titles may be, with a hundred characters, about evening schools for all adults",
        summary="Summary. " * 33,
        results=True,
    )
    live.page.set_viewport_size({"width": 1366, "height": 768})
    live.goto(fiche.get_absolute_url())
    for selector in ("h1", ".fiche-lead .lead", ".fiche-glance tr:last-child", ".fiche-lead .button >> nth=0"):
        box = live.page.locator(selector).bounding_box()
        assert box["y"] + box["height"] <= 768, selector
