"""Accepting documents: never silently, per person and per authority, asked again, and before anything is published."""

import re
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from accounts.workdays import today
from fiches.models import Fiche
from network import acceptances
from network.models import Acceptance, Membership
from tests import factories as made
from tests.document_factories import DocumentFactory, DocumentVersionFactory
from tests.test_sign_in import newcomer, provider

__all__ = ["provider"]
pytestmark = pytest.mark.django_db
MINE = "/en/my/documents/"
REGISTER = {
    "name": "Ana Horvat",
    "email": "ana@people.example",
    "password1": "correct horse battery",
    "password2": "correct horse battery",
}


@pytest.fixture
def version():
    return DocumentVersionFactory(document=DocumentFactory(accepted_by="people"))


@pytest.fixture
def person(client):
    person = made.UserFactory()
    client.force_login(person)
    return person


def press(client, version, authority=None, **more):
    data = {"version": version.pk, "authority": authority.pk if authority else ""} | more
    return client.post(MINE, {name: value for name, value in data.items() if value})


# --- registering -----------------------------------------------------------------------------------------------


def test_registering_needs_the_box(client, version):
    page = client.get("/en/accounts/signup/").content.decode()
    box = re.search(r"<input[^>]*name=\"terms\"[^>]*>", page)[0]
    assert "checked" not in box and "required" in box
    assert 'href="/en/about/terms/"' in page and 'href="/en/about/privacy/"' in page
    refused = client.post("/en/accounts/signup/", REGISTER)
    assert refused.status_code == 200 and not User.objects.exists() and not Acceptance.objects.exists()
    assert client.post("/el/accounts/signup/", REGISTER | {"terms": "on"}).status_code == 302
    row = Acceptance.objects.get()
    assert (row.version, row.user.email, row.authority, row.language) == (version, REGISTER["email"], None, "el")
    assert not acceptances.missing(row.user)


def test_a_known_address_accepts_nothing(client, version):
    made.UserFactory(email=REGISTER["email"])
    client.post("/en/accounts/signup/", REGISTER | {"terms": "on"})
    assert not Acceptance.objects.exists()


def test_registering_through_another_service_asks_too(rf, client, provider, version):
    address = newcomer(rf, client)
    assert not User.objects.exists()
    data = {"name": "Ilias Ι.", "email": "ilias@people.example"}
    assert 'name="terms"' in client.get(address).content.decode()
    client.post(address, data)
    assert not User.objects.exists()
    client.post(address, data | {"terms": "on"})
    assert Acceptance.objects.get().user == User.objects.get() and Acceptance.objects.get().version == version


def test_where_there_are_no_terms_there_is_no_box(client):
    DocumentVersionFactory(document=DocumentFactory(slug="guidelines", accepted_by="people"))
    assert 'name="terms"' not in client.get("/en/accounts/signup/").content.decode()
    assert client.post("/en/accounts/signup/", REGISTER).status_code == 302
    assert User.objects.exists() and not Acceptance.objects.exists()


# --- who accepts what ------------------------------------------------------------------------------------------


def test_a_person_accepts_with_a_button_of_its_own(client, person, version):
    page = client.get(MINE).content.decode()
    assert "Accept for myself" in page and 'href="/en/about/terms/versions/1/"' in page
    assert "checkbox" not in page.split("<main")[1]
    client.get(MINE), client.get("/en/about/terms/")
    assert not Acceptance.objects.exists(), "looking accepts nothing"
    for _time in range(2):
        press(client, version)
    row = Acceptance.objects.get()
    assert row.user == person and not row.authority and not acceptances.missing(person)
    page = client.get(MINE).content.decode()
    assert "Accept for myself" not in page and "What you accepted" in page


def test_strangers_are_led_to_sign_in(client, version):
    assert client.get(MINE).status_code == 302 and press(client, version).status_code == 302
    assert not Acceptance.objects.exists()


def test_nothing_else_can_be_accepted(client, person, version):
    old, draft = version, DocumentVersionFactory(document=version.document, draft=True)
    new = DocumentVersionFactory(document=version.document, in_force_from=today())
    other = DocumentVersionFactory(document=DocumentFactory(slug="writing-guide", accepted_by=""))
    for row in (old, draft, other):
        assert press(client, row).status_code == 404
    assert press(client, new, made.AuthorityFactory()).status_code == 404
    for data in ({}, {"version": "x"}, {"version": ""}, {"version": new.pk, "authority": "x"}):
        assert client.post(MINE, data).status_code == 404
    assert not Acceptance.objects.exists()


@pytest.mark.parametrize(("role", "may"), [("representative", True), ("deputy", True), ("contributor", False)])
def test_representatives_and_deputies_accept_for_their_authority(client, role, may):
    version = DocumentVersionFactory(document=DocumentFactory(slug="guidelines", accepted_by="authorities"))
    authority, other = made.AuthorityFactory(), made.AuthorityFactory()
    member = made.MemberFactory(seat_at=authority, seat_at__role=role)
    made.MemberFactory(seat_at=other, seat_at__role="representative")
    client.force_login(member)
    assert bool(acceptances.missing(member)) is may
    assert ("Accept for this authority" in client.get(MINE).content.decode()) is may
    assert press(client, version, other).status_code == 404
    assert press(client, version).status_code == 404, "it is not for people"
    assert press(client, version, authority).status_code == (302 if may else 404)
    assert list(Acceptance.objects.values_list("user", "authority")) == ([(member.pk, authority.pk)] if may else [])


def test_one_of_several_representatives_is_enough(client):
    version = DocumentVersionFactory()  # for people and authorities
    authority = made.AuthorityFactory()
    first, second = (made.MemberFactory(seat_at=authority, seat_at__role="representative") for _n in range(2))
    acceptances.accept(version, first, authority)
    assert [row.authority for row in acceptances.needed(first)] == [None]
    assert [row.authority for row in acceptances.needed(second)] == [None]


@pytest.mark.parametrize("status", ["applied", "signed", "withdrawn", "expired", "declined"])
def test_only_authorities_in_the_network_are_asked(status):
    version = DocumentVersionFactory(document=DocumentFactory(accepted_by="authorities"))
    member = made.MemberFactory(seat_at__role="representative")
    assert version.everybody_asked().count() == 1
    Membership.objects.update(status=status)
    assert not acceptances.missing(member) and not version.everybody_asked().exists()


def test_a_seat_that_ended_accepts_nothing(client):
    DocumentVersionFactory(document=DocumentFactory(accepted_by="authorities"))
    member = made.MemberFactory(seat_at__role="representative")
    member.seats.update(start=today() - timedelta(days=5), end=today() - timedelta(days=1))
    assert not acceptances.missing(member) and not acceptances.needed(member)


# --- a new version ---------------------------------------------------------------------------------------------


def test_a_new_version_asks_again_on_its_day(client, person, version, monkeypatch):
    acceptances.accept(version, person)
    coming = DocumentVersionFactory(document=version.document, in_force_from=today() + timedelta(days=3))
    assert not acceptances.missing(person)
    assert "Still to accept" not in client.get("/en/about/").content.decode()
    assert "takes force on" in client.get(MINE).content.decode(), "it may be accepted before"
    start = today()
    for module in ("network.models.document", "network.acceptances"):
        monkeypatch.setattr(f"{module}.today", lambda: start + timedelta(days=3))
    assert acceptances.missing(person) == ["Terms of use en"]
    page = client.get("/en/about/").content.decode()
    assert "Still to accept: Terms of use en" in page and f'href="{MINE}"' in page
    assert f"{coming.document.get_absolute_url()}changes/?to=2" in client.get(MINE).content.decode()
    press(client, coming)
    assert not acceptances.missing(person) and Acceptance.objects.count() == 2


def test_the_strip_costs_one_statement(client, person, version):
    def asked():
        with CaptureQueriesContext(
            connection,
        ) as queries:
            client.get("/en/about/")
        return [query["sql"] for query in queries if "network_documentversion" in query["sql"]]

    assert len(asked()) == 1
    client.logout()
    assert not asked(), "strangers are not asked"


def test_acceptances_stay_as_they_are(person, version):
    row = acceptances.accept(version, person)
    for change in (lambda: Acceptance.objects.update(language="tr"), row.delete):
        with pytest.raises(IntegrityError), transaction.atomic():
            change()
    person.delete()
    row.refresh_from_db()
    assert row.user is None and row.version == version


# --- before publishing -----------------------------------------------------------------------------------------


def example(person):
    return made.FicheFactory(kind="practical_example", status="draft", submitted_by=person, target_groups=["adults"])


def hand_in(client, fiche, **more):
    path = reverse("fiches:edit", args=[fiche.pk, "short"])
    page = client.get(path)
    form = page.context["form"]
    data = {"base": form.base, "version": fiche.version, "then": "submit", "consent": "on"} | more
    for name, value in form.initial.items():
        data.setdefault(name, value if value is not None else "")
    return client.post(path, data)


def test_a_fiche_is_handed_in_after_accepting_and_the_draft_is_kept(client, person, version):
    fiche = example(person)
    answer = hand_in(client, fiche, summary="Typed just now.")
    assert answer.status_code == 302 and answer["Location"].startswith(MINE), (
        answer.context and answer.context["form"].errors
    )
    fiche.refresh_from_db()
    assert fiche.status == "draft" and fiche.summary_en == "Typed just now."
    page = client.get(answer["Location"]).content.decode()
    back = reverse("fiches:edit", args=[fiche.pk, "short"])
    assert "Your draft is kept" in page and f'value="{back}"' in page
    assert press(client, version, next=back)["Location"] == back
    assert hand_in(client, Fiche.objects.get(pk=fiche.pk))["Location"] == reverse("fiches:submitted", args=[fiche.pk])
    fiche.refresh_from_db()
    assert fiche.status == "submitted"


def test_reading_and_writing_drafts_stay_open(client, person, version):
    fiche = example(person)
    for path in (reverse("fiches:edit", args=[fiche.pk, "short"]), "/en/fiches/", "/en/my/"):
        assert client.get(path).status_code == 200


@pytest.mark.parametrize("away", ["https://evil.example/", "//evil.example/", "javascript:alert(1)", "/\\evil.example"])
def test_the_way_back_leads_nowhere_else(client, person, version, away):
    assert "evil" not in client.get(f"{MINE}?next={away}").content.decode().split("<main")[1].split("</main")[0]
    assert "evil" not in press(client, version, next=away)["Location"]


def test_coordinators_see_acceptances_and_take_them_away_as_a_file(client, version):
    person = made.UserFactory(name="=cmd", email="x@people.example")
    row = acceptances.accept(version, person)
    client.force_login(made.UserFactory())
    path = reverse("admin:network_acceptance_changelist")
    assert client.get(path).status_code == 302
    client.force_login(made.CoordinatorFactory())
    assert "terms" in client.get(f"{path}?q=x@people").content.decode()
    file = client.post(path, {"action": "export", "_selected_action": [row.pk]}).content.decode("utf-8-sig")
    assert "x@people.example" in file and "'=cmd" in file
    change = reverse("admin:network_acceptance_change", args=[row.pk])
    assert client.get(change).status_code == 200 and client.post(change, {"language": "tr"}).status_code == 403


# --- in the browser --------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_accepting_is_accessible_and_fits(live, axe, no_sideways_scrolling, page_language, page_width):
    DocumentVersionFactory(document=DocumentFactory(accepted_by="both"))
    live.goto(f"/{page_language}/accounts/signup/")
    axe(live.page)
    no_sideways_scrolling(live.page)
    member = made.MemberFactory(language=page_language, seat_at__role="representative")
    live.log_in(member)
    live.goto(f"/{page_language}/my/documents/?next=/{page_language}/fiches/")
    axe(live.page)
    no_sideways_scrolling(live.page)
    for _button in range(2):
        live.page.locator("main button[type=submit]").first.click()
        live.page.wait_for_load_state()
    assert live.page.url.endswith(f"/{page_language}/fiches/")
    assert Acceptance.objects.filter(user=member).count() == 2
