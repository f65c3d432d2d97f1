"""Coordinators and representations: the queue, one decision, many at once, never their own."""

import pytest
from django.urls import reverse

from accounts.models import Event, Notification
from accounts.queues import waiting_for
from network.models import Representation
from tests import factories as made
from tests.browserless import fields

pytestmark = pytest.mark.django_db
LIST = "admin:network_representation_changelist"


@pytest.fixture
def carla(client):
    user = made.CoordinatorFactory()
    client.force_login(user)
    return user


def claims(number, **fields_of_it):
    euroregion = made.AuthorityFactory(kind="euroregion")
    made.SeatFactory(authority=euroregion, role="representative")
    return [
        made.RepresentationFactory(
            coordinator=euroregion, status="claimed", scopes=[], basis="Statutes", **fields_of_it
        )
        for _n in range(number)
    ]


def decide(client, row, verb, **typed):
    said = {f"{verb}-{name}": value for name, value in typed.items()}
    return client.post(reverse("admin:network_representation_decide", args=[row.pk, verb]), said | {"seen": "claimed"})


def test_the_queue_counts_claims(carla):
    claims(2)
    assert {row.queue.name: row.number for row in waiting_for(carla)}["representations_to_confirm"] == 2


def test_one_is_confirmed_or_refused_with_a_reason(client, carla):
    one, other = claims(2)
    near = made.AuthorityFactory(official_name=one.authority.official_name + "a")
    page = client.get(reverse("admin:network_representation_change", args=[one.pk])).content.decode()
    assert "Statutes" in page and near.official_name in page
    assert decide(client, one, "confirm").status_code == 302
    assert decide(client, other, "refuse", note="", note_language="en").status_code == 400
    assert decide(client, other, "refuse", note="No source", note_language="en").status_code == 302
    assert list(Representation.objects.order_by("pk").values_list("status", flat=True)) == ["confirmed", "ended"]
    assert decide(client, one, "confirm").status_code == 409  # somebody else was faster
    assert Notification.objects.filter(kind="representation_refused").count() == 1


def test_an_address_that_was_found_is_kept(client, carla):
    row = claims(1)[0]
    type(row.authority).objects.filter(pk=row.authority_id).update(official_address="", hidden=True)
    answer = decide(client, row, "confirm")
    assert answer.status_code == 400 and "No official address" in answer.content.decode()
    assert decide(client, row, "confirm", official_address="ured@primjer.example").status_code == 400  # found where?
    found = {"official_address": "ured@primjer.example", "address_source": "https://primjer.example/"}
    decide(client, row, "confirm", **found)
    row.authority.refresh_from_db()
    assert (row.authority.official_address, row.authority.hidden) == ("ured@primjer.example", False)
    assert Notification.objects.get(kind="representation_confirmed_official").address == "ured@primjer.example"


def test_many_of_one_euroregion_are_confirmed_after_a_question(client, carla):
    rows = claims(3)
    type(rows[2].authority).objects.filter(pk=rows[2].authority_id).update(official_address="")
    ticked = {"action": "confirm_claims", "_selected_action": [row.pk for row in rows]}
    answer = client.post(reverse(LIST), ticked)
    assert answer.status_code == 200 and not Event.objects.filter(verb="confirm").exists()
    client.post(reverse(LIST), fields(answer) | {"confirmed": "1"})
    states = Representation.objects.order_by("pk").values_list("status", flat=True)
    assert list(states) == ["confirmed", "confirmed", "claimed"]


def test_an_address_that_only_the_euroregion_named_is_looked_up(client, carla):
    """Objections rest on it: what speaks against it is shown, and where it was found is noted."""
    good, free = claims(2)
    places = type(good.authority).objects
    places.filter(pk=good.authority_id).update(hidden=True)
    places.filter(pk=free.authority_id).update(hidden=True, official_address="mayor@gmail.com")
    page = reverse("admin:network_representation_change", args=[free.pk])
    assert len(client.get(page).context["checks"]) == 1
    assert not client.get(reverse("admin:network_representation_change", args=[good.pk])).context["checks"]
    ticked = {"action": "confirm_claims", "_selected_action": [good.pk, free.pk], "confirmed": "1"}
    answer = client.post(reverse(LIST), ticked)
    assert answer.context["form"].errors and not Event.objects.filter(verb="confirm").exists()
    client.post(reverse(LIST), ticked | {"address_source": "Register of towns"})
    assert [Representation.objects.get(pk=row.pk).status for row in (good, free)] == ["confirmed", "claimed"]
    noted = Event.objects.of(good).get(verb="check_address")
    assert noted.internal and noted.note.endswith("– Register of towns")
    assert decide(client, free, "confirm").status_code == 400
    assert decide(client, free, "confirm", address_source="Their letter").status_code == 302


def test_an_earlier_objection_is_read_before_the_next_confirmation(client, carla):
    [row] = claims(1)
    row.confirm(by=carla)
    Representation.objects.get(pk=row.pk).object(words="We never joined.", language="en")
    again = made.RepresentationFactory(coordinator=row.coordinator, authority=row.authority, status="claimed")
    answer = client.get(reverse("admin:network_representation_change", args=[again.pk]))
    assert len(answer.context["checks"]) == 1 and "We never joined." in answer.content.decode()
    ticked = {"action": "confirm_claims", "_selected_action": [again.pk], "confirmed": "1"}
    client.post(reverse(LIST), ticked)
    assert Representation.objects.get(pk=again.pk).status == "claimed"
    assert decide(client, again, "confirm").status_code == 302


def test_claims_of_two_are_not_confirmed_together(client, carla):
    rows = [*claims(1), *claims(1)]
    ticked = {"action": "confirm_claims", "confirmed": "1", "_selected_action": [row.pk for row in rows]}
    client.post(reverse(LIST), ticked)
    assert set(Representation.objects.values_list("status", flat=True)) == {"claimed"}


def test_never_their_own(client, carla):
    one, other = claims(2)
    made.SeatFactory(authority=one.authority, user=carla)
    page = client.get(reverse("admin:network_representation_change", args=[one.pk])).content.decode()
    assert "another coordinator decides" in page
    assert decide(client, one, "confirm").status_code == 403
    ticked = {"action": "confirm_claims", "confirmed": "1", "_selected_action": [one.pk, other.pk]}
    client.post(reverse(LIST), ticked)
    assert Representation.objects.get(pk=one.pk).status == "claimed"
    assert Representation.objects.get(pk=other.pk).status == "confirmed"


def test_search_and_file(client, carla):
    row = claims(1)[0]
    assert client.get(reverse(LIST), {"q": row.authority.official_name}).context["cl"].result_count == 1
    answer = client.post(reverse(LIST), {"action": "export_csv", "_selected_action": [row.pk]})
    assert row.authority.official_name in answer.content.decode() and answer["Content-Type"].startswith("text/csv")


def test_nobody_else(client):
    row = claims(1)[0]
    client.force_login(made.MemberFactory())
    assert client.get(reverse("admin:network_representation_change", args=[row.pk])).status_code in (302, 403)
    assert decide(client, row, "confirm").status_code in (302, 403)
    assert Representation.objects.get(pk=row.pk).status == "claimed"
