"""Writing a fiche: begin, fill in, autosave, two tabs, languages, hand in – and everything that must not work."""

import re
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from accounts import history
from fiches import completeness, steps
from fiches.models import Fiche
from fiches.texts import section_texts
from fiches.vocabularies import Kind
from tests.browserless import EXAMPLE, at, begin, fields, send
from tests.factories import (
    CoordinatorFactory,
    FicheFactory,
    MemberFactory,
    RegionFactory,
    SeatFactory,
    ThemeFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def author(client):
    user = UserFactory()
    client.force_login(user)
    return user


@pytest.fixture
def draft(author):
    return FicheFactory(status="draft", submitted_by=author, authority=None, authority_claimed="Grad Primjer")


def test_anonymous_people_are_asked_to_log_in(client):
    for name in ("fiches:create", "fiches:my"):
        response = client.get(reverse(name))
        assert response.status_code == 302 and reverse("account_login") in response["Location"]


def test_a_practical_example_is_written_and_handed_in(client, author):
    theme = ThemeFactory(slug="early-school-leaving")
    fiche, url = begin(client, language="hr")
    assert (fiche.source_language, fiche.submitted_by) == ("hr", author)
    response = send(client, url, **EXAMPLE, themes=[theme.pk], consent="on", then="submit")
    assert response.status_code == 302, response.content.decode()
    assert response["Location"] == reverse("fiches:submitted", args=[fiche.pk])
    fiche = Fiche.objects.get(pk=fiche.pk)
    assert fiche.status == "submitted" and fiche.reference and fiche.consent_by == author
    assert fiche.title_hr == EXAMPLE["title"] and section_texts(fiche)["step", 2] == "Ring everybody."
    assert fiche.authority is None and fiche.authority_claimed == "Grad Primjer"
    assert fiche.reference in client.get(response["Location"]).content.decode()
    assert client.get(reverse("fiches:preview", args=[fiche.pk])).status_code == 200


def test_the_short_form_asks_for_at_most_14_things(client, author):
    """Kind, language, title, summary, authority, country, policy stage, theme, group, problem, three steps, consent."""
    ThemeFactory(slug="early-school-leaving")
    fiche, url = begin(client)
    page = client.get(url)
    asked = set(page.context["form"].fields) | {"consent"}
    create = {"kind", "source_language"}
    assert len(asked) + len(create) <= 14, asked
    needed = {row.key for row in completeness.requirements(fiche) if row.required}
    step = steps.find(fiche, "short")
    assert needed <= set(step.names)


@pytest.mark.parametrize("kind", Kind.values)
def test_every_step_of_every_kind_can_be_opened_and_saved_as_it_is(client, author, kind):
    fiche = FicheFactory(kind=kind, status="draft", submitted_by=author, results=True, sources=True)
    for step in steps.steps_of(fiche):
        url = at(fiche, step.key)
        assert client.get(url).status_code == 200
        response = send(client, url, then="stay")
        assert response.status_code == 302, (
            step.key,
            response.context and [rows.formset.errors for rows in response.context["form"].rows.values()],
        )


# --- who may -----------------------------------------------------------------------------------------------------


def test_another_person_s_draft_is_not_there(client, draft):
    client.force_login(MemberFactory())
    names = ("edit", "preview", "submitted")
    for name in names:
        assert client.get(reverse(f"fiches:{name}", args=[draft.pk])).status_code == 404
    for name in ("withdraw", "reopen", "delete", "revise"):
        assert client.post(reverse(f"fiches:{name}", args=[draft.pk])).status_code == 404
    assert client.post(reverse("fiches:autosave", args=[draft.pk, "story"])).status_code == 404
    assert client.post(at(draft, "basics"), {"title": "stolen"}).status_code == 404


@pytest.mark.parametrize("status", ["submitted", "in_review", "published", "rejected", "archived"])
def test_outside_a_draft_even_the_author_writes_nothing(client, author, status):
    fiche = FicheFactory(status=status, submitted_by=author)
    assert client.get(at(fiche, "basics")).status_code == 403
    assert client.post(reverse("fiches:autosave", args=[fiche.pk, "basics"]), {"title": "x"}).status_code == 403


def test_coordinators_do_not_write_in_what_they_moderate(client):
    client.force_login(CoordinatorFactory())
    fiche = FicheFactory(status="changes_requested")
    assert client.get(at(fiche, "basics")).status_code == 403


def test_a_tampered_field_changes_nothing(client, author, draft):
    other = FicheFactory(title="Another’s")
    send(
        client,
        at(draft, "basics"),
        "writing",
        title="Mine",
        pk=other.pk,
        submitted_by="1",
        status="published",
        vouched="authority",
    )
    fresh = Fiche.objects.get(pk=draft.pk)
    assert (fresh.status, fresh.title_en, fresh.submitted_by) == ("draft", "Mine", author)
    assert Fiche.objects.get(pk=other.pk).title_en == "Another’s"
    response = send(client, at(draft, "basics"), "writing", country="XX", region="999999", governance_level="galactic")
    assert response.status_code == 422 and {"country", "region", "governance_level"} <= set(
        response.context["form"].errors
    )


# --- bad values, and nothing typed is lost -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("step", "typed", "wrong"),
    [
        ("basics", {"start_year": "2022", "end_year": "2019", "ongoing": []}, "end_year"),
        ("basics", {"title": "x" * 101}, "title"),
        ("basics", {"summary": "x" * 301}, "summary"),
        ("basics", {"start_year": "soon"}, "start_year"),
        ("story", {"problem": "x" * 10_001}, "problem"),
        ("story", {"problem": "a\x00b"}, "problem"),
        ("cost", {"budget_amount": "much"}, "budget_amount"),
        ("cost", {"budget_amount": "9" * 20}, "budget_amount"),
        ("classification", {"tags": ",".join(f"word{n}" for n in range(9))}, "tags"),
    ],
)
def test_a_bad_value_is_refused_and_everything_typed_stays(client, draft, step, typed, wrong):
    response = send(client, at(draft, step), "writing", then="next", **typed)
    assert response.status_code == 422 and wrong in response.context["form"].errors
    for name, value in typed.items():
        if value:
            assert fields(response, "writing")[name] == [value.replace("\x00", "�")] or "\x00" in value
    assert Fiche.objects.get(pk=draft.pk).version == draft.version


def test_at_most_three_themes(client, draft):
    themes = [ThemeFactory(slug=f"theme-{n}").pk for n in range(4)]
    response = send(client, at(draft, "classification"), "writing", themes=themes)
    assert response.status_code == 422 and "themes" in response.context["form"].errors


def test_a_region_of_another_country_is_refused(client, draft):
    here, there = RegionFactory(code="HR04"), RegionFactory(code="IT")
    assert send(client, at(draft, "basics"), "writing", country="HR", region=here.pk).status_code == 302
    response = send(client, at(draft, "basics"), "writing", country="IT", region=here.pk)
    assert "region" in response.context["form"].errors
    response = send(client, at(draft, "basics"), "writing", country="HR", region=there.pk)
    assert "region" in response.context["form"].errors


def test_script_in_markdown_stays_text(client, draft):
    typed = "<script>alert(1)</script> [x](javascript:alert(1)) <img src=x onerror=alert(1)> **bold**"
    send(client, at(draft, "story"), "writing", problem=typed)
    html = client.get(reverse("fiches:preview", args=[draft.pk])).content.decode()
    assert "<script>alert" not in html and 'href="javascript' not in html and "<img src=x" not in html
    assert "<strong>bold</strong>" in html


def test_a_line_end_counts_as_one_character(client, draft):
    response = send(client, at(draft, "basics"), "writing", summary="a\r\n" * 100 + "b" * 100)
    assert response.status_code == 302


# --- autosave and two windows ----------------------------------------------------------------------------------------


def autosave(client, fiche, step, **typed):
    values = fields(client.get(at(fiche, step)), "writing") | typed
    return client.post(reverse("fiches:autosave", args=[fiche.pk, step]), values)


def test_autosave_keeps_what_is_well_formed_and_names_the_rest(client, draft):
    response = autosave(client, draft, "basics", title="Typed so far", start_year="soon")
    assert response.status_code == 200 and re.search(r"Saved at [\d:]+\s+– except: Start", response.content.decode())
    fresh = Fiche.objects.get(pk=draft.pk)
    assert (fresh.title_en, fresh.start_year) == ("Typed so far", draft.start_year)


def test_autosave_of_a_new_row_makes_one_row(client, draft):
    values = fields(client.get(at(draft, "results")), "writing")
    row = {"results-0-indicator": "People reached", "results-0-value": "12"}
    url = reverse("fiches:autosave", args=[draft.pk, "results"])
    for value in ("12", "120", "1200"):
        answer = client.post(url, values | row | {"results-0-value": value})
        assert answer.status_code == 200
        values |= fields_of_fragment(answer)
    assert draft.results.get().value == 1200
    response = client.post(at(draft, "results"), values | row | {"results-0-value": "1200", "then": "stay"})
    assert response.status_code == 302 and draft.results.count() == 1


def fields_of_fragment(response):
    from tests.browserless import FormReader

    reader = FormReader()
    reader.feed('<form method="post">' + response.content.decode() + "</form>")
    return reader.values


def test_a_row_is_removed_only_when_asked(client, author):
    fiche = FicheFactory(status="draft", submitted_by=author, results=True)
    send(client, at(fiche, "results"), "writing", **{"results-0-DELETE": "on"})
    assert not fiche.results.exists()


@pytest.mark.parametrize(
    ("language", "typed", "value"),
    [
        ("hr", "1.234,5", "1234.5"),
        ("tr", "103.500", "103500"),
        ("fr", "1\u202f234,5", "1234.5"),
        ("en", "1,234.5", "1234.5"),
    ],
)
def test_a_figure_is_written_as_people_write_it(client, draft, language, typed, value):
    with translation.override(language):
        url = at(draft, "results")
    row = {"results-0-indicator": "People reached", "results-0-value": typed}
    assert send(client, url, "writing", **row).status_code == 302
    assert draft.results.get().value == Decimal(value)


def test_what_is_wrong_in_a_row_is_said_first_on_the_page(client, draft):
    row = {"results-0-indicator": "People reached", "results-0-value": "many", "results-0-baseline": "three"}
    page = send(client, at(draft, "results"), "writing", **row).content.decode()
    assert "Check 2 answers" in page and 'href="#id_results-0-value"' in page


def test_texts_in_another_language_stand_in_reading_order(client, draft):
    send(client, at(draft, "story"), "writing", problem="First.", objectives="Then.", actions="Last.")
    page = client.get(at(draft, "languages") + "?to=hr").content.decode()
    assert page.index("First.") < page.index("Then.") < page.index("Last.")


def test_two_windows_never_overwrite_each_other(client, draft):
    mine = fields(client.get(at(draft, "story")), "writing")
    send(client, at(draft, "story"), "writing", problem="Written in the other window.")
    response = client.post(at(draft, "story"), mine | {"problem": "Written in this window."})
    page = response.content.decode()
    assert response.status_code == 409
    assert "Written in the other window." in page and "Written in this window." in page
    assert draft.sections.get(name="problem").text_en == "Written in the other window."
    again = client.post(at(draft, "story"), fields(response, "writing"))
    assert again.status_code == 302
    assert draft.sections.get(name="problem").text_en == "Written in this window."


def test_a_stale_version_alone_is_a_conflict_as_well(client, draft):
    send(client, at(draft, "story"), "writing", problem="Newer.")
    response = client.post(at(draft, "story"), {"version": str(draft.version), "problem": "Older."})
    assert response.status_code == 409
    assert client.post(reverse("fiches:autosave", args=[draft.pk, "story"]), {"version": "0"}).status_code == 409


def test_another_step_in_another_window_is_no_conflict(client, draft):
    mine = fields(client.get(at(draft, "story")), "writing")
    send(client, at(draft, "basics"), "writing", title="Changed elsewhere")
    assert client.post(at(draft, "story"), mine | {"problem": "Still mine."}).status_code == 302


def test_begin_twice_makes_one_draft(client, author):
    values = fields(client.get(reverse("fiches:create"))) | {"kind": "lesson_learned", "source_language": "it"}
    first, second = (client.post(reverse("fiches:create"), values) for _ in range(2))
    assert first["Location"] == second["Location"] and Fiche.objects.count() == 1


def test_a_person_without_a_seat_keeps_so_many_drafts(client, author, settings):
    settings.DRAFTS_WITHOUT_SEAT = 2
    FicheFactory.create_batch(2, status="draft", submitted_by=author)
    wanted = {"kind": "lesson_learned", "source_language": "it"}
    response = send(client, reverse("fiches:create"), **wanted)
    assert response.status_code == 422 and "very many drafts" in response.content.decode()
    assert author.fiches.count() == 2
    author.fiches.first().delete()
    assert send(client, reverse("fiches:create"), **wanted).status_code == 302
    SeatFactory(user=author)
    assert send(client, reverse("fiches:create"), **wanted).status_code == 302 and author.fiches.count() == 3


def test_my_fiches_cost_the_same_for_one_and_many(client, author, django_assert_max_num_queries):
    def begun():
        for status in ("draft", "changes_requested", "published", "submitted"):
            fiche = FicheFactory(status=status, submitted_by=author)
            history.record(fiche, "create", by=author, to_state=status, note="What was asked.")

    begun()
    client.get(reverse("fiches:my"))  # what a process asks for once
    with CaptureQueriesContext(connection) as once:
        client.get(reverse("fiches:my"))
    for _ in range(4):
        begun()
    with django_assert_max_num_queries(len(once)):
        page = client.get(reverse("fiches:my"))
    assert page.content.decode().count("What was asked.") == 5


def test_the_language_of_the_interface_is_preset(client, author):
    assert client.get("/el/fiches/new/").context["form"]["source_language"].value() == "el"


def test_a_programme_that_fills_in_everything_is_stopped(client, author):
    response = send(client, reverse("fiches:create"), kind="lesson_learned", source_language="it", homepage="http://x")
    assert response.status_code == 422 and not Fiche.objects.exists()


@pytest.mark.parametrize("country", ["%00A", "XX", ""])
def test_regions_of_no_country_are_none(client, country):
    client.force_login(UserFactory())
    response = client.get(f"/en/fiches/regions/?country={country}")
    assert response.status_code == 200 and not response.context["regions"]
