"""Writing a fiche: begin, fill in, autosave, two tabs, languages, hand in – and everything that must not work."""

import re

import pytest
from django.urls import reverse
from django.utils import translation

from accounts.models import Event
from fiches import completeness, steps
from fiches.models import Fiche
from fiches.vocabularies import Kind
from tests.browserless import fields, send
from tests.factories import (
    AuthorityFactory,
    CoordinatorFactory,
    FicheFactory,
    MemberFactory,
    RegionFactory,
    RepresentationFactory,
    SeatFactory,
    ThemeFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def in_english():
    """A request in another language leaves that one active."""
    with translation.override("en"):
        yield


@pytest.fixture
def author(client):
    user = UserFactory()
    client.force_login(user)
    return user


@pytest.fixture
def draft(author):
    return FicheFactory(status="draft", submitted_by=author, authority=None, authority_claimed="Grad Primjer")


def at(fiche, step):
    return reverse("fiches:edit", args=[fiche.pk, step])


def begin(client, kind="practical_example", language="en"):
    url = reverse("fiches:create")
    response = send(client, url, kind=kind, source_language=language)
    assert response.status_code == 302, response.content.decode()
    return Fiche.objects.latest("pk"), response["Location"]


EXAMPLE = {
    "title": "A phone round in August",
    "summary": "Counsellors ring everybody who has not enrolled.",
    "authority": "Grad Primjer",
    "country": "HR",
    "policy_stages": ["implementation"],
    "target_groups": ["young_people"],
    "problem": "Every summer some thirty pupils vanish between two schools.",
    "step_1": "Get the list.",
    "step_2": "Ring everybody.",
    "step_3": "Offer a visit.",
}


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
    assert fiche.title_hr == EXAMPLE["title"] and fiche.source_sections["step", 2] == "Ring everybody."
    assert fiche.authority is None and fiche.authority_claimed == "Grad Primjer"
    assert fiche.reference in client.get(response["Location"]).content.decode()
    assert client.get(reverse("fiches:preview", args=[fiche.pk])).status_code == 200


def test_the_short_form_asks_for_at_most_14_things(client, author):
    """Kind, language, title, summary, authority, country, policy stage, theme, group, problem, three steps, consent."""
    ThemeFactory(slug="early-school-leaving")
    fiche, url = begin(client)
    page = client.get(url)
    asked = {name for name in page.context["form"].fields} | {"consent"}
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
        assert response.status_code == 302, (step.key, response.context and [rows.formset.errors for rows in response.context["form"].rows.values()])


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
    send(client, at(draft, "basics"), "writing", title="Mine", pk=other.pk, submitted_by="1", status="published", vouched="authority")
    fresh = Fiche.objects.get(pk=draft.pk)
    assert (fresh.status, fresh.title_en, fresh.submitted_by) == ("draft", "Mine", author)
    assert Fiche.objects.get(pk=other.pk).title_en == "Another’s"
    response = send(client, at(draft, "basics"), "writing", country="XX", region="999999", governance_level="galactic")
    assert response.status_code == 422 and {"country", "region", "governance_level"} <= set(response.context["form"].errors)


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
    typed = '<script>alert(1)</script> [x](javascript:alert(1)) <img src=x onerror=alert(1)> **bold**'
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
    assert response.status_code == 200 and re.search(r"Saved at .* – except: Start", response.content.decode())
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


def test_the_language_of_the_interface_is_preset(client, author):
    assert client.get("/el/fiches/new/").context["form"]["source_language"].value() == "el"


def test_a_programme_that_fills_in_everything_is_stopped(client, author):
    response = send(client, reverse("fiches:create"), kind="lesson_learned", source_language="it", homepage="http://x")
    assert response.status_code == 422 and not Fiche.objects.exists()


# --- for whom --------------------------------------------------------------------------------------------------------


def test_who_holds_a_seat_finds_their_authority_and_its_place(client):
    authority = AuthorityFactory(country="IT", town="Torino", population=850_000)
    client.force_login(MemberFactory(seat_at=authority))
    fiche, url = begin(client)
    assert (fiche.authority, fiche.country, fiche.place, fiche.population_band) == (authority, "IT", "Torino", "250k_1m")
    send(client, url, "writing", **EXAMPLE | {"authority": fields(client.get(url), "writing")["authority"]})
    assert Fiche.objects.get(pk=fiche.pk).authority == authority


def test_an_authority_is_chosen_from_the_list_or_by_any_of_its_names(client, draft):
    authority = AuthorityFactory(country="RO", name="Municipality of Brașov", official_name="Primăria Brașov")
    for typed in ("Municipality of Brașov (Romania)", "primăria  brașov"):
        send(client, at(draft, "basics"), "writing", authority=typed, country="")
        fresh = Fiche.objects.get(pk=draft.pk)
        assert (fresh.authority, fresh.authority_claimed) == (authority, "")
        send(client, at(draft, "basics"), "writing", authority="Nobody we know")
    assert Fiche.objects.get(pk=draft.pk).authority is None


def test_a_hidden_authority_cannot_be_chosen(client, draft):
    AuthorityFactory(official_name="Secret body", hidden=True)
    page = client.get(at(draft, "basics")).content.decode()
    send(client, at(draft, "basics"), "writing", authority="Secret body")
    assert "Secret body" not in page and Fiche.objects.get(pk=draft.pk).authority is None


def test_a_euroregion_hands_in_on_behalf_of_those_it_represents(client):
    theme, user = ThemeFactory(slug="early-school-leaving"), UserFactory()
    representation = RepresentationFactory()
    SeatFactory(user=user, authority=representation.coordinator)
    client.force_login(user)
    fiche, url = begin(client)
    send(client, url, "writing", **EXAMPLE, themes=[theme.pk], on_behalf_of=AuthorityFactory().pk)
    assert Fiche.objects.get(pk=fiche.pk).on_behalf_of is None
    typed = EXAMPLE | {"on_behalf_of": representation.authority.pk, "themes": [theme.pk]}
    response = send(client, url, "writing", **typed, consent="on", then="submit")
    assert response.status_code == 302, response.content.decode()
    fiche = Fiche.objects.get(pk=fiche.pk)
    assert (fiche.authority, fiche.on_behalf_of, fiche.vouched) == (*[representation.authority] * 2, "authority")
    assert Event.objects.of(fiche).get(verb="submit").on_behalf_of == representation.authority


# --- handing in ------------------------------------------------------------------------------------------------------


def test_what_is_missing_is_said_with_links(client, author):
    fiche, url = begin(client, kind="lesson_learned")
    response = send(client, at(fiche, "check"), "writing", consent="on", then="submit")
    assert response.status_code == 422
    assert {"title", "expected", "themes"} <= {row.key for row in response.context["missing"]}
    assert Fiche.objects.get(pk=fiche.pk).status == "draft"


def test_without_consent_nothing_is_handed_in(client, draft):
    response = send(client, at(draft, "check"), "writing", then="submit")
    assert response.status_code == 422 and "consent" in response.context["consent"].errors
    assert Fiche.objects.get(pk=draft.pk).status == "draft"


def test_the_daily_limit(client, author, draft, settings):
    settings.SUBMISSIONS_PER_DAY = 1
    response = send(client, at(draft, "check"), "writing", consent="on", then="submit")
    assert response.status_code == 302, response.content.decode()
    second = FicheFactory(status="draft", submitted_by=author)
    response = send(client, at(second, "check"), "writing", consent="on", then="submit")
    assert response.status_code == 429 and Fiche.objects.get(pk=second.pk).status == "draft"


def test_handing_in_twice_submits_once(client, draft):
    values = fields(client.get(at(draft, "check")), "writing") | {"consent": "on", "then": "submit"}
    assert client.post(at(draft, "check"), values).status_code == 302
    again = client.post(at(draft, "check"), values)
    assert again.status_code == 302 and again["Location"] == reverse("fiches:submitted", args=[draft.pk])
    assert Event.objects.of(draft).filter(verb="submit").count() == 1


def test_take_back_and_hand_in_again_keeps_the_reference(client, draft):
    send(client, at(draft, "check"), "writing", consent="on", then="submit")
    reference = Fiche.objects.get(pk=draft.pk).reference
    client.post(reverse("fiches:withdraw", args=[draft.pk]))
    assert Fiche.objects.get(pk=draft.pk).status == "draft"
    send(client, at(draft, "check"), "writing", consent="on", then="submit")
    fresh = Fiche.objects.get(pk=draft.pk)
    assert (fresh.status, fresh.reference) == ("submitted", reference)
    assert client.post(reverse("fiches:delete", args=[draft.pk])).status_code == 403


def test_a_draft_can_be_thrown_away(client, draft):
    assert client.post(reverse("fiches:delete", args=[draft.pk])).status_code == 302
    assert not Fiche.objects.filter(pk=draft.pk).exists()


def test_an_own_list_of_fiches(client, author, draft):
    FicheFactory(status="changes_requested", submitted_by=author)
    FicheFactory(submitted_by=author)
    FicheFactory(status="draft", title="Somebody else’s")
    page = client.get(reverse("fiches:my"))
    assert page.status_code == 200 and "Somebody else’s" not in page.content.decode()
    assert len(page.context["drafts"]) == len(page.context["asked"]) == len(page.context["published"]) == 1


# --- other languages -------------------------------------------------------------------------------------------------


def test_the_author_adds_a_language(client, author):
    fiche = FicheFactory(status="draft", submitted_by=author, source_language="hr", title="Naslov", summary="Sažetak")
    url = at(fiche, "languages")
    assert client.get(url).context["form"].language == "en"
    assert send(client, url, "writing", title="Title", summary="Summary").status_code == 302
    row, fresh = fiche.translations.get(), Fiche.objects.get(pk=fiche.pk)
    assert (fresh.title_en, fresh.title_hr) == ("Title", "Naslov")
    assert (row.method, row.status, row.translator) == ("human", "draft", author) and row.released_at
    response = send(client, f"{url}?to=el", "writing", title="Τίτλος")
    assert response["Location"].endswith("?to=el") and Fiche.objects.get(pk=fiche.pk).title_el == "Τίτλος"


def test_autosaved_translations_are_released_when_the_fiche_is_handed_in(client, draft):
    values = fields(client.get(at(draft, "languages") + "?to=fr"), "writing")
    url = reverse("fiches:autosave", args=[draft.pk, "languages"])
    assert client.post(url, values | {"title": "Titre"}).status_code == 200
    assert not Fiche.objects.get(pk=draft.pk).title_fr and draft.translations.get().texts == {"title": "Titre"}
    send(client, at(draft, "check"), "writing", consent="on", then="submit")
    assert Fiche.objects.get(pk=draft.pk).title_fr == "Titre"


# --- an anonymised lesson --------------------------------------------------------------------------------------------


def test_the_preview_of_an_anonymised_lesson_shows_what_others_see(client, author):
    authority = AuthorityFactory(name="Municipality of Secrets", town="Secretville")
    fiche = FicheFactory(
        kind="lesson_learned", status="draft", submitted_by=author, authority=authority, place="Secretville"
    )
    send(client, at(fiche, "basics"), "writing", disclosure="anonymised", authority="Municipality of Secrets")
    page = client.get(reverse("fiches:preview", args=[fiche.pk])).content.decode()
    assert "This is what others will see" in page
    assert "Municipality of Secrets" not in page and "Secretville" not in page
