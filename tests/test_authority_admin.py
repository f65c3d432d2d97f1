"""Authorities in the admin: the official address is what objections and control rest on."""

import pytest
from django.urls import reverse
from lxml import html

from accounts.mail import compose
from accounts.models import Event, Notification
from tests import factories as made

pytestmark = pytest.mark.django_db


@pytest.fixture
def town():
    return made.AuthorityFactory(slug="rijeka", official_address="office@rijeka.example", editions=True)


def saved(client, authority, **changes):
    """The form of the admin sent as a browser does, with `changes`."""
    address = reverse("admin:network_authority_change", args=[authority.pk])
    page = html.fromstring(client.get(address).content)
    values = {}
    for name, value in page.get_element_by_id("authority_form").form_values():
        values.setdefault(name, []).append(value)
    answer = client.post(address, values | {name: [value] for name, value in changes.items()})
    assert answer.status_code == 302
    authority.refresh_from_db()


def test_the_old_address_is_told_and_the_change_is_on_record(client, town):
    coordinator = made.CoordinatorFactory()
    client.force_login(coordinator)
    saved(client, town, official_address="new@rijeka.example")
    assert town.official_address == "new@rijeka.example"
    told = Notification.objects.get(kind="official_address_changed")
    assert told.address == "office@rijeka.example" and "coordinator" in compose(told).paragraphs[1]
    event = Event.objects.of(town).get(verb="official_address")
    assert event.by == coordinator and event.internal


def test_another_change_tells_nobody_and_raises_the_version(client, town):
    client.force_login(made.CoordinatorFactory())
    saved(client, town, town="Fiume")
    assert (town.town, town.version) == ("Fiume", 1) and not Notification.objects.exists()


def test_a_coordinator_with_a_seat_there_does_not_change_it(client, town):
    coordinator = made.CoordinatorFactory()
    made.SeatFactory(user=coordinator, authority=town)
    client.force_login(coordinator)
    saved(client, town, official_address="mine@people.example", town="Fiume")
    assert (town.official_address, town.town) == ("office@rijeka.example", "Fiume")


def test_who_is_told_of_a_new_address_writes_to_the_coordinators(client, town):
    """Not through the form of the authority, which reaches those who changed it."""
    client.force_login(made.CoordinatorFactory())
    saved(client, town, official_address="new@rijeka.example")
    assert compose(Notification.objects.get(kind="official_address_changed")).button[1] == reverse("contact")
