"""Representation: who is told of its beginning and its end, and two people who decide at once."""

from datetime import timedelta

import pytest
from django.contrib.messages import get_messages
from django.urls import reverse

from accounts.history import LostRace
from accounts.mail import compose
from accounts.models import Notification
from accounts.workdays import today
from network.models import Representation
from network.representation import representing_daily
from tests import factories as made

pytestmark = pytest.mark.django_db


@pytest.fixture
def row():
    euroregion = made.AuthorityFactory(kind="euroregion")
    made.MembershipFactory(authority=euroregion)
    made.SeatFactory(authority=euroregion, role="representative")
    row = made.RepresentationFactory(coordinator=euroregion, status="claimed", scopes=[], basis="Statuto")
    made.SeatFactory(authority=row.authority, role="deputy")
    made.SeatFactory(authority=row.authority, role="contributor")
    type(row.authority).objects.filter(pk=row.authority_id).update(official_address="office@town.example")
    return Representation.objects.get(pk=row.pk)


def people(authority) -> set:
    return set(authority.seats.of_representatives().values_list("user", flat=True))


def told(kind) -> dict:
    """Whom (by key, or by address) → their mail."""
    return {row.recipient_id or row.address: compose(row) for row in Notification.objects.filter(kind=kind)}


def test_representatives_of_the_authority_are_told_of_the_confirmation(row):
    row.confirm(by=made.CoordinatorFactory())
    mails = told("representation_confirmed")
    assert set(mails) == people(row.coordinator) | people(row.authority)
    [one] = [mails[key] for key in people(row.authority)]
    assert one.button[1] == f"/en/network/{row.authority.slug}/representation/" and one.after[0].text == "Statuto"
    assert str(row.coordinator) in one.subject and "{" not in str(one)


def test_both_sides_and_the_official_address_learn_of_an_end_with_its_reason(row):
    row.confirm(by=made.CoordinatorFactory())
    row.end_it(by=made.CoordinatorFactory(), note="Left the association", note_language="en")
    mails = told("representation_ended")
    assert set(mails) == people(row.coordinator) | people(row.authority) | {"office@town.example"}
    assert all("Left the association" in str(one.after) and "{" not in str(one) for one in mails.values())
    assert mails["office@town.example"].button[1] == row.authority.get_absolute_url()


def test_both_sides_learn_that_its_last_day_has_passed(row):
    row.confirm(by=made.CoordinatorFactory())
    day = today() - timedelta(days=1)
    Representation.objects.filter(pk=row.pk).update(start=day - timedelta(days=9), end=day)
    representing_daily.day_by_day(Representation.objects.all())
    assert set(told("representation_ended")) >= people(row.coordinator) | people(row.authority)


def test_the_end_of_a_claim_is_a_matter_of_who_made_it(row):
    row.end_it(by=made.UserFactory())
    assert set(told("representation_ended")) == people(row.coordinator)


def test_a_scope_taken_back_meanwhile_is_not_given_again(row):
    row.confirm(by=made.CoordinatorFactory())
    seen = Representation.objects.get(pk=row.pk)
    row.set_scopes(["fiches"], by=made.UserFactory())
    with pytest.raises(LostRace):
        seen.set_scopes([*seen.scopes, "answers"], by=made.UserFactory())
    assert Representation.objects.get(pk=row.pk).scopes == ["fiches"]


@pytest.mark.parametrize("known", [True, False])
def test_a_renewal_says_that_the_authority_is_told_only_where_it_is(client, row, known):
    row.confirm(by=made.CoordinatorFactory())
    if not known:
        type(row.authority).objects.filter(pk=row.authority_id).update(official_address="")
    Notification.objects.all().delete()
    client.force_login(row.coordinator.seats.get().user)
    sent = {"then": "renew", "renew-basis": "List of 2026"}
    answer = client.post(reverse("network:represented_one", args=[row.coordinator.slug, row.pk]), sent)
    [said] = [str(message) for message in get_messages(answer.wsgi_request)]
    assert ("official address" in said) == known == bool(told("representation_confirmed_official"))
