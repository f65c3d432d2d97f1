"""Deleting or closing an account leaves on record who sat where, and no authority loses its last representative unseen."""

import pytest
from django.contrib.auth import get_user_model
from django.db.models import ProtectedError
from django.test import Client
from django.urls import reverse

from accounts import history
from accounts.models import Event, Notification
from network import queues, seat_calendar
from network.models import Acceptance, Seat
from tests import document_factories
from tests import factories as made

pytestmark = pytest.mark.django_db
User = get_user_model()


@pytest.fixture
def authority():
    return made.MembershipFactory().authority


@pytest.fixture
def ana(authority):
    return made.MemberFactory(seat_at=authority, seat_at__role="representative", name="Ana Horvat")


@pytest.fixture
def admin():
    client = Client()
    client.force_login(made.UserFactory(is_staff=True, is_superuser=True))
    return client


@pytest.mark.parametrize("ended", [False, True])
def test_an_account_with_a_seat_today_or_earlier_is_not_deleted(authority, ana, ended):
    if ended:
        made.MemberFactory(seat_at=authority, seat_at__role="representative")
        ana.seats.get().finish(by=ana)
    for delete in (ana.delete, User.objects.filter(pk=ana.pk).delete):
        with pytest.raises(ProtectedError):
            delete()
    assert Seat.objects.get(user=ana).authority == authority


def test_what_was_done_from_a_seat_keeps_its_name(authority, ana):
    version = document_factories.DocumentVersionFactory()
    row = Acceptance.objects.create(version=version, user=ana, authority=authority, language="en")
    event = history.record(authority, "profile", by=ana, on_behalf_of=authority)
    with pytest.raises(ProtectedError):
        ana.delete()
    row.refresh_from_db()
    event.refresh_from_db()
    assert row.user == event.by == ana


def test_an_account_without_a_seat_goes_and_what_it_did_stays(authority):
    person = made.UserFactory()
    event = history.record(authority, "profile", by=person)
    person.delete()
    event.refresh_from_db()
    assert event.by is None and event.verb == "profile"


def test_the_administration_deletes_no_account_not_even_for_a_superuser(admin, ana):
    page = admin.get(reverse("admin:accounts_user_changelist"))
    assert page.status_code == 200 and b"delete_selected" not in page.content
    here = reverse("admin:accounts_user_delete", args=[ana.pk])
    assert admin.get(here).status_code == admin.post(here, {"post": "yes"}).status_code == 403
    data = {"action": "delete_selected", "_selected_action": [ana.pk], "post": "yes"}
    admin.post(reverse("admin:accounts_user_changelist"), data)
    assert User.objects.filter(pk=ana.pk).exists() and Seat.objects.filter(user=ana).exists()


def closed(admin, person, **more):
    here = reverse("admin:accounts_user_change", args=[person.pk])
    form = admin.get(here).context["adminform"].form
    data = {name: form[name].value() for name in form.fields if name != "is_active"}
    data = {name: value for name, value in data.items() if value not in (None, False)}
    data |= {"date_joined_0": "2026-01-01", "date_joined_1": "10:00:00"} | more
    page = admin.post(here, data)
    assert page.status_code == 302, page.context["errors"]


def test_a_closed_account_of_the_last_representative_is_recorded_and_its_authority_asked(admin, authority, ana):
    closed(admin, ana)
    assert Event.objects.of(ana).get().verb == "close_account"
    assert [seat.user for seat in queues.without_representative(made.CoordinatorFactory())] == [ana]
    seat_calendar.day_by_day()
    told = Notification.objects.get(kind="authority_control_asked")
    assert told.address == authority.official_address
    closed(admin, ana, is_active="on")
    assert Event.objects.of(ana).last().verb == "open_account"
    assert not queues.without_representative(made.CoordinatorFactory()).exists()
