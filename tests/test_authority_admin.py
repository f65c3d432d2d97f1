"""Authorities in the admin: the official address is what objections and control rest on."""

import pytest
from django.urls import reverse
from lxml import html

from accounts.mail import compose
from accounts.models import Event, Notification
from clavet.management.commands import setup
from tests import factories as made

pytestmark = pytest.mark.django_db


@pytest.fixture
def town():
    return made.AuthorityFactory(slug="rijeka", official_address="office@rijeka.example", editions=True)


def opened(client, address) -> dict:
    """What a browser would send of this form."""
    page = html.fromstring(client.get(address).content)
    values = {}
    for name, value in page.get_element_by_id("authority_form").form_values():
        values.setdefault(name, []).append(value)
    return values


def saved(client, authority, **changes):
    """The form of the admin sent as a browser does, with `changes`."""
    address = reverse("admin:network_authority_change", args=[authority.pk])
    answer = client.post(address, opened(client, address) | {name: [value] for name, value in changes.items()})
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


def test_readers_of_its_language_read_a_corrected_official_name_unless_they_have_another(client, town):
    client.force_login(made.CoordinatorFactory())
    saved(client, town, official_name="Grad Rieka", official_language="hr", name_hr="")
    assert town.name_hr == "Grad Rieka"
    saved(client, town, official_name="Grad Rijeka")
    assert town.name_hr == "Grad Rijeka"
    saved(client, town, name_hr="Rijeka")
    saved(client, town, official_name="Grad Rijeka – Città di Fiume")
    assert town.name_hr == "Rijeka"


def test_an_old_form_overwrites_nothing(client, town):
    client.force_login(made.CoordinatorFactory())
    address = reverse("admin:network_authority_change", args=[town.pk])
    old = opened(client, address)
    saved(client, town, town="Fiume")
    answer = client.post(address, old | {"website": ["https://rijeka.example/"]})
    assert answer.status_code == 200 and answer.context["adminform"].form.has_error("__all__", "stale")
    town.refresh_from_db()
    assert (town.town, town.website) == ("Fiume", "")


def test_coordinators_keep_the_calendar_and_the_competences_too(client, town):
    client.force_login(made.CoordinatorFactory())
    type(town).objects.filter(pk=town.pk).update(country="IT")
    saved(client, town, holiday_calendar="IT-BZ", vet_competences_en="Runs two schools")
    assert (town.holiday_calendar, town.vet_competences_en) == ("IT-BZ", "Runs two schools")


def test_the_address_of_a_page_is_no_slug(client):
    client.force_login(made.CoordinatorFactory())
    address = reverse("admin:network_authority_add")
    sent = opened(client, address) | {"official_name": ["Join"], "country": ["HR"], "kind": ["local"]}
    answer = client.post(address, sent | {"slug": ["join"], "name_en": ["Join"]})
    assert answer.status_code == 200 and set(answer.context["adminform"].form.errors) == {"slug"}
    assert client.post(address, sent | {"slug": ["joined"], "name_en": ["Join"]}).status_code == 302


def test_the_official_name_is_shown_in_its_own_language_where_none_is_given(client, town):
    client.force_login(made.CoordinatorFactory())
    saved(client, town, official_name="Δήμος Βόλου", official_language="el", name_en="Volos", name_el="")
    assert (town.name_el, town.name_en) == ("Δήμος Βόλου", "Volos")
    assert town.editions.get(language="el").title == "Δήμος Βόλου"
    saved(client, town, name_el="Βόλος")
    assert town.name_el == "Βόλος"


def test_setup_names_authorities_of_earlier_releases_in_their_own_language():
    old = made.AuthorityFactory(official_name="Δήμος Βόλου", official_language="el", name="Volos", editions=True)
    type(old).objects.filter(pk=old.pk).update(name_el=None)
    named = made.AuthorityFactory(official_name="Grad Pula", official_language="hr", name_hr="Pula")
    for _twice in range(2):
        setup.add_official_names()
        assert old.editions.get(language="el").title == "Δήμος Βόλου"
    named.refresh_from_db()
    assert named.name_hr == "Pula"
