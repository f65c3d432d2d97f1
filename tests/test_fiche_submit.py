"""Handing in a fiche: for whom, with which consent, how often; and what the author adds in other languages."""

import pytest
from django.urls import reverse
from django.utils import translation

from accounts.models import Event
from fiches.models import Fiche
from tests.browserless import EXAMPLE, at, begin, fields, send
from tests.factories import (
    AuthorityFactory,
    FicheFactory,
    MemberFactory,
    MembershipFactory,
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


# --- for whom --------------------------------------------------------------------------------------------------------


def test_who_holds_a_seat_finds_their_authority_and_its_place(client):
    authority = AuthorityFactory(country="IT", town="Torino", population=850_000)
    client.force_login(MemberFactory(seat_at=authority))
    fiche, url = begin(client)
    assert (fiche.authority, fiche.country, fiche.place, fiche.population_band) == (
        authority,
        "IT",
        "Torino",
        "250k_1m",
    )
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
    representation = RepresentationFactory(coordinator=MembershipFactory().authority)
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
    fiche, _url = begin(client, kind="lesson_learned")
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
