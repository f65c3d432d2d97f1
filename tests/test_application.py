"""An application: who reads it, where it stands, and what becomes of it when it is declined or taken back."""

import datetime
import re

import pytest
from django.urls import reverse

from accounts.models import Event
from network.directory import directory_index
from network.models import Authority, Membership
from tests import factories as made
from tests.applications import PDF, apply, kept_token, pdf

pytestmark = pytest.mark.django_db


@pytest.fixture
def person(client):
    user = made.UserFactory(name="Ana Horvat")
    client.force_login(user)
    return user


def handed_in(client, **changes) -> Membership:
    apply(client, decision_upload=pdf(), **changes)
    return Membership.objects.latest("pk")


def test_regions_of_a_country_are_there_without_scripts_before_anything_is_handed_in(client, person):
    here, there = made.RegionFactory(code="HR04"), made.RegionFactory(code="ITC1")
    page = client.post(reverse("network:apply"), {"country": "HR", "town": "Vrbovec", "regions": "1"})
    offered = list(page.context["form"].fields["region"].queryset)
    assert page.status_code == 200 and here in offered and there not in offered
    text = page.content.decode()
    assert 'value="Vrbovec"' in text and "error-summary" not in text and not Membership.objects.exists()


@pytest.mark.parametrize(("who", "needed"), [("representative", False), ("deputy", True), ("", True)])
def test_the_representative_is_optional_for_who_is_that_person(client, person, who, needed):
    page = client.post(reverse("network:apply"), {"i_am": who, "regions": "1"})
    label = re.search(r'<label\s+for="id_representative_name"\s*>.*?</label>', page.content.decode(), re.DOTALL)[0]
    assert ('class="optional"' not in label) == needed


def test_the_page_is_for_those_concerned(client, person):
    membership = handed_in(client)
    seat = made.SeatFactory(authority=membership.authority, role="representative")
    contributor, named = made.SeatFactory(authority=membership.authority), made.UserFactory(email="ivo@vrbovec.example")
    for name in ("application", "decision_file"):
        url = reverse(f"network:{name}", args=[membership.pk])
        for user in (person, seat.user, named, made.CoordinatorFactory()):
            client.force_login(user)
            assert client.get(url).status_code == 200
        for user in (contributor.user, made.UserFactory(), made.MemberFactory(), made.TranslatorFactory()):
            client.force_login(user)
            assert client.get(url).status_code == 404
        client.logout()
        assert client.get(url).status_code == 302


def test_an_application_stays_private_when_the_membership_is_public(client, person):
    membership = handed_in(client)
    Membership.objects.filter(pk=membership.pk).update(status="active")
    Authority.objects.update(hidden=False)
    client.force_login(made.MemberFactory())
    assert client.get(reverse("network:application", args=[membership.pk])).status_code == 404
    assert client.get(reverse("network:decision_file", args=[membership.pk])).status_code == 404


def test_the_file_is_never_run_by_a_browser(client, person):
    response = client.get(reverse("network:decision_file", args=[handed_in(client).pk]))
    assert response.headers["Content-Disposition"].startswith("attachment")
    assert response.headers["X-Content-Type-Options"] == "nosniff" and "no-store" in response.headers["Cache-Control"]
    assert response.headers["Content-Type"] == "application/pdf" and response.getvalue() == PDF


@pytest.mark.parametrize("status", Membership.Status.values)
def test_each_state_says_what_is_next(status, client, person):
    membership = handed_in(client)
    Membership.objects.filter(pk=membership.pk).update(status=status)
    page = client.get(reverse("network:application", args=[membership.pk])).content.decode()
    assert "What is next" in page and page.count('aria-current="step"') == (status not in ("active", "on_hold"))
    assert ("Correct and apply again" in page) == (status in ("declined", "withdrawn", "expired"))
    assert ("Withdraw the application" in page) == (status in ("applied", "eligible"))


def test_declined_corrected_and_applied_for_again(client, person):
    membership = handed_in(client)
    membership.decline(by=made.CoordinatorFactory(), note="The date is missing.", note_language="en")
    page = client.get(reverse("network:application", args=[membership.pk])).content.decode()
    assert "The date is missing." in page
    again = client.get(reverse("network:apply"), {"authority": membership.authority.slug})
    page = again.content.decode()
    assert "Općina Vrbovec" in page and "decision.pdf" in page and kept_token(again) == "stored"
    response = apply(
        client, f"?authority={membership.authority.slug}", town="Vrbovec Novi", kept="stored", decision_reference=""
    )
    assert response.status_code == 302 and Membership.objects.count() == Authority.objects.count() == 1
    membership.refresh_from_db()
    assert membership.status == "applied" and membership.decision_file.read() == PDF
    assert Authority.objects.get().town == "Vrbovec Novi"
    assert [event.verb for event in Event.objects.of(membership)] == ["apply", "decline", "apply"]


def test_somebody_else_who_applies_again_reads_nothing_of_the_first(client, person):
    authority = made.AuthorityFactory()
    apply(client, f"?authority={authority.slug}", decision_upload=pdf("secret-name.pdf"))
    membership = Membership.objects.get()
    membership.decline(by=made.CoordinatorFactory(), note="No.", note_language="en")
    client.force_login(made.UserFactory())
    page = client.get(reverse("network:apply"), {"authority": authority.slug}).content.decode()
    assert "secret-name" not in page and "We run an evening school" not in page and person.email not in page
    response = apply(client, f"?authority={authority.slug}", kept="stored", decision_reference="")
    assert response.status_code == 422
    apply(client, f"?authority={authority.slug}")
    membership.refresh_from_db()
    assert membership.status == "applied" and not membership.decision_file
    page = client.get(reverse("network:application", args=[membership.pk])).content.decode()
    assert "No." not in page and str(person) not in page


def test_an_official_address_is_not_learnt_by_applying(client, person):
    authority = made.AuthorityFactory(official_address="mailbox@authority.example")
    apply(client, f"?authority={authority.slug}")
    url = reverse("network:application", args=[Membership.objects.get().pk])
    assert "mailbox@authority.example" not in client.get(url).content.decode()
    for user in (made.CoordinatorFactory(), made.SeatFactory(authority=authority, role="deputy").user):
        client.force_login(user)
        assert "mailbox@authority.example" in client.get(url).content.decode()


@pytest.mark.parametrize("status", [None, "withdrawn", "expired"])
def test_an_application_that_was_taken_back_is_on_no_public_page(status, client, person):
    authority = made.AuthorityFactory(partner_role="partner")
    if status:
        made.MembershipFactory(authority=authority, status=status, since=datetime.date(2020, 1, 1))
    apply(client, f"?authority={authority.slug}", decision_body="Council of Mischief")
    membership = Membership.objects.get()
    client.post(reverse("network:application_cancel", args=[membership.pk]))
    authority.rewrite()
    assert Membership.objects.visible_to(None).exists() == bool(status)  # what had ended before stays public
    client.logout()
    pages = [
        client.get(reverse("network:detail", args=[authority.slug])),
        client.get(reverse("network:export_one", args=[authority.slug, "json"])),
        client.get(reverse("network:feed")),
        client.get(reverse("network:list"), {"standing": ["former", "other"]}),
    ]
    for page in pages:
        text = b"".join(page).decode()
        assert page.status_code == 200
        assert "Council of Mischief" not in text
        assert status == "withdrawn" or ("Withdrawn" not in text and "withdrawn" not in text)
    assert directory_index.read().place(authority.pk).standing == ("former" if status else "other")


def test_an_application_is_taken_back_by_those_who_lead_it(client, person):
    membership = handed_in(client)
    url = reverse("network:application_cancel", args=[membership.pk])
    client.force_login(made.UserFactory(email="ivo@vrbovec.example"))  # the deputy it names
    assert client.post(url).status_code == 403
    client.force_login(made.MemberFactory())
    assert client.post(url).status_code == 404
    client.force_login(person)
    assert client.get(url).status_code == 405
    assert client.post(url).status_code == client.post(url).status_code == 302
    membership.refresh_from_db()
    assert membership.status == "withdrawn"
    assert Event.objects.of(membership).filter(verb="cancel").count() == 1
