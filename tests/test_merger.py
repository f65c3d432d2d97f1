"""Merging two authorities: nothing is lost, no link breaks, history stays."""

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from accounts.models import Event
from accounts.workdays import today
from network.directory import finding
from network.membership import mergers
from network.models import (
    Authority,
    Expertise,
    Membership,
    Memorandum,
    Representation,
    Seat,
    SeatInvitation,
    SeatRequest,
)
from tests import factories as made
from tests import memoranda

pytestmark = pytest.mark.django_db


@pytest.fixture
def two():
    old = made.AuthorityFactory(official_name="Općina Stara Gradiška", name="Old", slug="old", town="")
    into = made.AuthorityFactory(official_name="Grad Nova", name="New", slug="new", town="")
    return old, into


@pytest.fixture
def coordinator(client):
    person = made.CoordinatorFactory()
    client.force_login(person)
    return person


def merged(two, by=None):
    mergers.merge(*two, by=by or made.CoordinatorFactory())
    return [Authority.objects.get(pk=row.pk) for row in two]


def test_fiches_go_along_and_their_addresses_stay(two, client):
    old, into = two
    published, draft = made.FicheFactory(authority=old), made.FicheFactory(authority=old, status="draft")
    address = published.get_absolute_url()
    old, into = merged(two)
    assert set(into.fiches.all()) == {published, draft} and not old.fiches.exists()
    assert client.get(address).status_code == 200
    assert old.hidden and old.merged_into == into
    assert not Authority.objects.visible_to(None).filter(pk=old.pk).exists()


def test_the_old_address_leads_to_the_new_page(two, client):
    merged(two)
    response = client.get(reverse("network:detail", args=["old"]))
    assert response.status_code == 301 and response.url.endswith("/network/new/")


def test_an_address_merged_twice_leads_to_the_last_in_one_step(two, client):
    merged(two)
    third = made.AuthorityFactory(slug="third")
    mergers.merge(two[1], third, by=made.CoordinatorFactory())
    assert Authority.objects.get(slug="old").merged_into == third
    assert client.get(reverse("network:detail", args=["old"])).url.endswith("/network/third/")


def test_the_old_name_finds_the_new_one(two):
    merged(two)
    assert finding.near("Stara Gradiska", None) == [two[1]]


def test_people_keep_their_seats_and_nobody_sits_twice(two):
    old, into = two
    ana, both = made.SeatFactory(authority=old, role="representative"), made.UserFactory()
    ended = made.SeatFactory(authority=old, start="2020-01-01", end="2021-01-01")
    first, second = made.SeatFactory(authority=old, user=both), made.SeatFactory(authority=into, user=both)
    merged(two)
    assert Seat.objects.get(pk=ana.pk).authority == into
    assert Seat.objects.get(pk=first.pk).end == today() and Seat.objects.get(pk=second.pk).end is None
    assert Seat.objects.get(pk=ended.pk).authority == old


def test_requests_and_offers_go_along(two):
    old, into = two
    people = made.UserFactory(), made.UserFactory()
    rows = [SeatRequest.objects.create(authority=old, user=person, language="en") for person in people]
    SeatRequest.objects.create(authority=into, user=people[1], language="en")
    offer = SeatInvitation.objects.create(
        authority=old, email="x@y.example", role="deputy", language="en", expires_at="2100-01-01T00:00Z"
    )
    merged(two)
    rows = [SeatRequest.objects.get(pk=row.pk) for row in rows]
    assert (rows[0].authority, rows[0].status, rows[1].status) == (into, "open", "withdrawn")
    assert SeatInvitation.objects.get(pk=offer.pk).authority == into


def test_representations_go_along_without_doubles(two):
    old, into = two
    region, town = made.AuthorityFactory(kind="euroregion"), made.AuthorityFactory()
    of_old = made.RepresentationFactory(coordinator=region, authority=old)
    made.RepresentationFactory(coordinator=region, authority=into)
    of_town = made.RepresentationFactory(coordinator=old, authority=town)
    own = made.RepresentationFactory(coordinator=old, authority=into)
    merged(two)
    status = {row.pk: row.status for row in Representation.objects.all()}
    assert status[of_old.pk] == status[own.pk] == "ended"
    assert Representation.objects.get(pk=of_town.pk).coordinator == into and status[of_town.pk] == "confirmed"
    assert Representation.objects.in_force().filter(authority=into).count() == 1


def test_expertise_that_the_other_has_not_rated_goes_along(two):
    old, into = two
    adult, digital = made.ThemeFactory(slug="adult-learning"), made.ThemeFactory(slug="digital-skills")
    Expertise.objects.create(authority=old, theme=adult, expertise=5)
    Expertise.objects.create(authority=old, theme=digital, expertise=4)
    Expertise.objects.create(authority=into, theme=adult, expertise=2)
    merged(two)
    assert dict(into.expertise.values_list("theme__slug", "expertise")) == {"adult-learning": 2, "digital-skills": 4}


@pytest.mark.parametrize(
    ("before", "after"),
    [("active", "withdrawn"), ("on_hold", "withdrawn"), ("applied", "withdrawn"), ("declined", "declined")],
)
def test_its_own_membership_ends(before, after, two):
    membership = made.MembershipFactory(authority=two[0], status=before)
    merged(two)
    assert Membership.objects.get(pk=membership.pk).status == after


def test_parties_of_memoranda_stay(two):
    memorandum = memoranda.draft([two[0]])
    merged(two)
    assert memorandum.parties.filter(authority=two[0]).exists()


def test_the_people_of_the_new_one_go_on_reading_its_memoranda(two):
    old, into = two
    memorandum = memoranda.draft([old])
    Memorandum.objects.filter(pk=memorandum.pk).update(status="in_force", round=1)
    person = made.SeatFactory(authority=into, role="deputy").user
    assert not Memorandum.objects.visible_to(person).exists()
    mergers.merge(old, into, by=made.CoordinatorFactory())
    assert Memorandum.objects.visible_to(person).get() == memorandum
    assert not Memorandum.objects.visible_to(made.MemberFactory()).exists()


def test_both_remember_it(two):
    person = made.CoordinatorFactory()
    old, into = merged(two, by=person)
    assert Event.objects.of(old).get(verb="merge").by == Event.objects.of(into).get(verb="take_over").by == person


def test_nobody_merges_twice_nor_into_something_merged_nor_into_itself(two):
    old, _into = merged(two)
    third = made.AuthorityFactory()
    for first, second in ((old, third), (third, old), (third, third)):
        with pytest.raises(ValidationError):
            mergers.merge(first, second, by=made.CoordinatorFactory())


# --- the page --------------------------------------------------------------------------------------------------


def page(authority):
    return reverse("admin:network_authority_merge", args=[authority.pk])


def test_a_coordinator_merges(two, client, coordinator):
    made.FicheFactory(authority=two[0])
    assert "fiches: 1" in client.get(page(two[0])).content.decode()
    assert client.post(page(two[0]), {"into": "Grad Nova (new)", "sure": "on"}).status_code == 302
    assert Authority.objects.get(slug="old").merged_into == two[1]
    assert client.post(page(two[0]), {"into": "new", "sure": "on"}).status_code == 409


@pytest.mark.parametrize("data", [{"into": "new"}, {"into": "nowhere", "sure": "on"}, {"into": "old", "sure": "on"}])
def test_a_wrong_form_merges_nothing(data, two, client, coordinator):
    assert client.post(page(two[0]), data).status_code == 400
    assert Authority.objects.get(slug="old").merged_into is None


def test_others_and_those_with_a_seat_there_may_not(two, client, coordinator):
    made.SeatFactory(authority=two[1], user=coordinator)
    assert client.post(page(two[0]), {"into": "new", "sure": "on"}).status_code == 400
    assert client.post(page(two[1]), {"into": "old", "sure": "on"}).status_code == 403
    client.force_login(made.MemberFactory())
    assert client.post(page(two[0]), {"into": "new", "sure": "on"}).status_code in (302, 403, 404)
    assert not Authority.objects.exclude(merged_into=None).exists()
