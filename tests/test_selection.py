"""Choosing fiches one by one: ticks with and without JavaScript, what can be done with them, two to four side by side."""

import re

import pytest
from django.urls import reverse
from django.utils import translation

from fiches import side_by_side
from fiches.facets import MANY_FICHES, Selection
from tests.factories import CoordinatorFactory, FicheFactory, ResultFactory, UserFactory

LIST, CHOSEN, COMPARE = "/en/fiches/", "/en/fiches/selection/", "/en/fiches/compare/"


def titles(response) -> list[str]:
    return re.findall(r"<h3[^>]*><a [^>]*>(.*?)</a></h3>", response.content.decode())


def query(*fiches, **more):
    parts = [f"fiche={getattr(fiche, 'pk', fiche)}" for fiche in fiches]
    return "?" + "&".join([*parts, *(f"{name}={value}" for name, value in more.items())])


@pytest.fixture
def three(db):
    return [FicheFactory(title=f"Fiche {letter}") for letter in "ABC"]


# --- the list --------------------------------------------------------------------------------------------------


def test_the_list_can_be_narrowed_to_chosen_fiches(client, three):
    a, b, _c = three
    response = client.get(LIST + query(a, b, b))
    assert set(titles(response)) == {"Fiche A", "Fiche B"}
    page = response.content.decode()
    assert "2 chosen fiches" in page and 'content="noindex, follow"' in page
    assert client.get(LIST + query(a, b, kind="lesson_learned")).status_code == 200


def test_each_card_has_a_box_named_after_its_title(client, three):
    page = client.get(LIST).content.decode()
    assert page.count('type="checkbox" name="fiche"') == 3 and page.count('form="ticked"') >= 3
    assert '<span class="hidden-text">Select: <span>Fiche A</span></span>' in page
    with translation.override("el"):
        greek = client.get(reverse("fiches:list")).content.decode()
    assert '<span lang="en">Fiche A</span></span></label>' in greek


def test_ticks_in_the_address_are_shown_and_filter_nothing(client, three, settings):
    settings.PAGE_SIZE = 2
    a, b, c = three
    page = re.sub(r"\s+", " ", client.get(f"{LIST}?tick={a.pk}&tick={c.pk}").content.decode())
    assert f'value="{c.pk}" form="ticked" checked' in page and f'value="{b.pk}" form="ticked">' in page
    assert f'<input type="hidden" name="fiche" value="{a.pk}"' in page and "1 fiche is ticked on" in page
    assert f"tick={a.pk}&amp;tick={c.pk}&amp;page=2" in page


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("fiche=abc", []),
        ("fiche=-1", []),
        ("fiche=%00", []),
        ("fiche=1.5", []),
        ("fiche=²", []),
        (f"fiche={10**30}", []),
        (f"fiche={10**17}", [10**17]),
        ("fiche=3&fiche=1&fiche=3&fiche=", [3, 1]),
    ],
)
def test_what_is_no_number_is_told_and_left_out(rf, typed, kept):
    selection = Selection.read(rf.get(f"/?{typed}").GET)
    assert selection.fiches == kept and bool(selection.unknown) == (not kept)


@pytest.mark.parametrize("path", [LIST, CHOSEN, COMPARE])
@pytest.mark.parametrize(
    "typed",
    [
        *("fiche=abc", f"fiche={10**30}", f"fiche={10**17}", "fiche=-1", "fiche=%00", "fiche=", "tick=x", "go=%00"),
        *("back=//evil.example", "go=//evil.example", "go=page=x&tick=9", "fiche=1;DROP"),
        pytest.param("&".join(f"fiche={n}" for n in range(1, 501)), id="500 fiches"),
    ],
)
def test_hostile_values_are_answered(client, three, path, typed):
    response = client.get(f"{path}?{typed}", follow=True)
    assert response.status_code == 200 and "evil.example" not in response.content.decode().split("<main")[1]


def test_no_more_than_a_hundred_are_read(rf):
    numbers = "&".join(f"fiche={n}" for n in range(1, 501))
    assert len(Selection.read(rf.get(f"/?{numbers}").GET).fiches) == MANY_FICHES


# --- the selection ---------------------------------------------------------------------------------------------


def test_the_selection_shows_what_is_ticked_and_what_may_be_done(client, three):
    a, b, c = three
    response = client.get(CHOSEN + query(c, a, b, back="kind%3Dbest_practice%26page%3D2"))
    page = response.content.decode()
    assert titles(response) == ["Fiche C", "Fiche A", "Fiche B"]
    assert f"{COMPARE}?fiche={c.pk}&amp;fiche={a.pk}&amp;fiche={b.pk}" in page
    assert f"?fiche={c.pk}&amp;fiche={b.pk}&amp;back=kind%3Dbest_practice%26page%3D2" in page
    assert f"{LIST}?kind=best_practice&amp;tick={c.pk}&amp;tick={a.pk}&amp;tick={b.pk}&amp;page=2" in page
    assert "noindex" in page and not response.cookies


@pytest.mark.django_db
def test_what_is_too_much_is_said_and_not_offered(client, settings):
    settings.PDF_FICHES = 5
    fiches = [FicheFactory(editions=True) for _n in range(6)]
    page = client.get(CHOSEN + query(*fiches)).content.decode()
    assert "At most 4 fiches; you chose 6." in page and "At most 5 fiches; you chose 6." in page
    assert f'href="{COMPARE}?' not in page
    one = client.get(CHOSEN + query(fiches[0])).content.decode()
    assert "Comparing takes at least two fiches." in one


@pytest.mark.django_db
def test_an_empty_selection_leads_to_the_list(client):
    page = client.get(CHOSEN).content.decode()
    assert "Nothing is chosen" in page and f'href="{LIST}"' in page


def test_go_leads_on_through_the_list_with_the_ticks(client, three):
    a, b, _c = three
    response = client.get(CHOSEN + query(a, b, go="country%3DHR%26page%3D2%26tick%3D99"))
    assert response["Location"] == f"{LIST}?country=HR&tick={a.pk}&tick={b.pk}&page=2"
    outward = client.get(CHOSEN + query(a, go="https://evil.example/"))
    assert outward["Location"] == f"{LIST}?tick={a.pk}"


@pytest.mark.parametrize("path", [CHOSEN, COMPARE])
def test_fiches_that_may_not_be_seen_are_told_without_a_word_on_them(client, three, path):
    a, b, _c = three
    draft = FicheFactory(title="Secret draft", status="draft")
    gone = FicheFactory(title="Secret archived", status="archived")
    for person in (None, UserFactory()):
        if person:
            client.force_login(person)
        page = client.get(path + query(a, b, draft)).content.decode()
        assert "One of the chosen fiches cannot be shown." in page and "Secret" not in page and "Fiche A" in page
        page = client.get(path + query(a, b, draft, gone)).content.decode()
        assert "2 of the chosen fiches cannot be shown." in page and "Secret" not in page


# --- side by side ----------------------------------------------------------------------------------------------


@pytest.fixture
def mixed(db):
    """Three kinds, three languages, one of them anonymised."""
    practice = FicheFactory(
        title="Night school", sections={"problem": "Adults left.", "actions": "Long. " * 200}, conditions=["staff"]
    )
    ResultFactory(fiche=practice)
    lesson = FicheFactory(
        kind="lesson_learned",
        title="Cursus",
        source_language="nl",
        disclosure="anonymised",
        place="Hidden Town",
        tags=["hidden tag"],
        sections={"problem": "Te weinig plaatsen.", "expected": "Meer <b>plaatsen</b>."},
    )
    example = FicheFactory(
        kind="practical_example",
        title="Καλοκαίρι",
        source_language="el",
        staff_fte=None,
        translations={
            "en": {"title": "Summer round", "problem": "Pupils vanish.", "status": "machine_draft", "method": "machine"}
        },
    )
    return [practice, lesson, example]


def test_two_to_four_of_any_kind_stand_side_by_side(client, mixed):
    practice, lesson, _example = mixed
    page = client.get(COMPARE + query(*mixed)).content.decode()
    text = re.sub(r"\s+", " ", page)
    assert page.count('role="columnheader"') == 3 and "Night school" in page and "Summer round" in page
    assert f'<a href="{lesson.get_absolute_url()}" lang="nl">Cursus</a>' in text
    assert "Te weinig plaatsen." in page and "&lt;b&gt;plaatsen" in page
    assert "This is a machine translation" in page and "It is shown in Dutch" in page
    assert "Three steps" in page and "What was expected?" in page and "14% → 9%" in page
    assert "not stated" in page and "The same in all:" in page
    assert f'{practice.get_absolute_url()}#problem"' in page and "Read on in the fiche" in page
    assert "Hidden Town" not in page and "hidden tag" not in page and lesson.authority.name_en not in page


def test_fewer_or_more_cannot_be_compared(client, three):
    fiches = [*three, FicheFactory(), FicheFactory()]
    for chosen in ([], fiches[:1], fiches):
        page = client.get(COMPARE + query(*chosen)).content.decode()
        assert "Choose two to four fiches" in page and "<table" not in page


def test_every_cell_has_its_row_and_column(mixed):
    with translation.override("en"):
        found = side_by_side.table(side_by_side.fiches(type(mixed[0]).objects.all(), [fiche.pk for fiche in mixed]))
    assert all(len(row["cells"]) == 3 for row in [*found["facts"], *found["sections"]])
    assert len({row["label"] for row in found["sections"]}) == len(found["sections"])


def test_statements_do_not_grow_with_the_number(
    client, mixed, django_assert_num_queries, django_assert_max_num_queries
):
    four = [*mixed, FicheFactory(results=True, sources=True)]
    client.get(COMPARE + query(*four))
    for chosen in (mixed[:2], four):
        with django_assert_max_num_queries(9):
            client.get(COMPARE + query(*chosen))
        with django_assert_num_queries(1):
            client.get(CHOSEN + query(*chosen))


def test_a_coordinator_compares_published_fiches_only(client, three):
    draft = FicheFactory(status="submitted", title="Not yet")
    client.force_login(CoordinatorFactory())
    assert "Not yet" not in client.get(COMPARE + query(*three[:2], draft)).content.decode()


# --- in the browser --------------------------------------------------------------------------------------------


@pytest.fixture
def many(transactional_db):
    return [FicheFactory(title=f"Fiche {n:02}") for n in range(23)]


def tick(page, *names):
    for name in names:
        page.get_by_role("checkbox", name=f"Select: {name}").check()


def test_ticks_survive_pages_and_filters(live, many, axe):
    live.goto(LIST)
    bar = live.page.locator("#ticked")
    assert not bar.is_visible()
    tick(live.page, "Fiche 22", "Fiche 21")
    assert bar.is_visible() and "Ticked: 2" in bar.inner_text()
    live.page.get_by_role("link", name="Next page").click()
    live.page.wait_for_url("**page=2**")
    assert "Ticked: 2" in bar.inner_text()
    tick(live.page, "Fiche 00")
    live.page.get_by_role("checkbox", name="Best practice").check()
    live.page.wait_for_url("**kind=best_practice**")
    live.page.wait_for_function("document.querySelector('#ticked [data-count]').textContent.includes('3')")
    assert live.page.get_by_role("checkbox", name="Select: Fiche 22").is_checked()
    axe(live.page)
    assert live.page.locator("#selection-status").inner_text() == "Ticked: 3"
    live.page.get_by_role("button", name="See the selection").click()
    assert live.page.locator(".card-rows > li").count() == 3
    live.page.get_by_role("link", name=re.compile("Take out of the selection.*Fiche 00")).click()
    live.page.wait_for_function("document.querySelectorAll('.card-rows > li').length === 2")
    live.page.get_by_role("link", name="Compare").click()
    assert live.page.get_by_role("columnheader").count() == 2
    assert not live.page.context.cookies()
    live.goto(LIST)
    assert "Ticked: 2" in bar.inner_text()
    live.page.get_by_role("button", name="Untick all").click()
    assert not bar.is_visible() and not live.page.get_by_role("checkbox", name="Select: Fiche 22").is_checked()


def test_ticks_without_javascript(live_server, browser, many):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(live_server.url + LIST)
    tick(page, "Fiche 22")
    page.get_by_role("button", name="Keep the ticks, go to the next page").click()
    assert "page=2" in page.url and "1 fiche is ticked on" in page.locator("#ticked").inner_text()
    tick(page, "Fiche 00")
    page.get_by_role("button", name="Keep the ticks, go back one page").click()
    assert page.get_by_role("checkbox", name="Select: Fiche 22").is_checked()
    page.locator("#filters").get_by_role("checkbox", name="Best practice").check()
    page.get_by_role("button", name="Show results").click()
    assert "kind=best_practice" in page.url and "1 fiche is ticked on" in page.locator("#ticked").inner_text()
    page.get_by_role("button", name="Compare").click()
    assert page.get_by_role("columnheader").count() == 2 and "/compare/" in page.url
    page.get_by_role("link", name="Change the selection").click()
    assert page.locator(".card-rows > li").count() == 2
    page.get_by_role("link", name="Back to the list, with these ticked").click()
    assert "kind=best_practice" in page.url and page.get_by_role("checkbox", name="Select: Fiche 22").is_checked()
    assert not context.cookies()
    context.close()
