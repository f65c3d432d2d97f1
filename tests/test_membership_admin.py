"""Coordinators decide on applications in the admin: the queue, the page, verbs with reasons, one outcome, a file."""

import csv
import io
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Event, Notification
from accounts.queues import waiting_for
from network import invitations
from network.admin.membership import DECISIONS
from network.models import Membership
from tests import factories as made

pytestmark = pytest.mark.django_db
LIST = "admin:network_membership_changelist"
WORDS = {"note": "Because.", "note_language": "en"}
BEFORE = {
    "approve": ("applied", "eligible"),
    "decline": ("eligible", "declined"),
    "cancel": ("eligible", "withdrawn"),
    "withdraw": ("on_hold", "withdrawn"),
    "expire": ("active", "expired"),
}


@pytest.fixture
def coordinator(client):
    person = made.CoordinatorFactory(name="Ana Horvat")
    client.force_login(person)
    return person


def applied(status="applied", **fields):
    fields = {"applied_by": made.UserFactory(), "applied_at": timezone.now()} | fields
    return made.MembershipFactory(status=status, **fields)


def page(membership):
    return reverse("admin:network_membership_change", args=[membership.pk])


def decide(client, membership, verb, **data):
    words = {f"{verb}-{name}": value for name, value in (WORDS | data).items()}
    return client.post(reverse("admin:network_membership_decide", args=[membership.pk, verb]), words)


def status(membership):
    return Membership.objects.get(pk=membership.pk).status


def test_every_decision_is_tested_here():
    assert {row.name for row in DECISIONS} == {*BEFORE, "invite"}


@pytest.mark.parametrize("verb", BEFORE)
def test_a_coordinator_decides(verb, coordinator, client):
    before, after = BEFORE[verb]
    membership = applied(before)
    assert client.get(page(membership)).status_code == 200
    assert decide(client, membership, verb).status_code == 302
    event = Event.objects.of(membership).last()
    assert (status(membership), event.verb, event.by, event.note) == (after, verb, coordinator, "Because.")


@pytest.mark.parametrize("before", ["mou_sent", "signed"])
def test_while_its_memorandum_waits_for_signatures_no_application_ends(before, coordinator, client):
    membership = applied(before)
    for verb in ("cancel", "decline"):
        assert decide(client, membership, verb).status_code == 403
    assert status(membership) == before


@pytest.mark.parametrize("verb", BEFORE)
def test_never_ones_own(verb, coordinator, client):
    mine = applied(BEFORE[verb][0], applied_by=coordinator)
    ours = applied(BEFORE[verb][0], authority=made.SeatFactory(user=coordinator).authority)
    for membership in (mine, ours):
        assert decide(client, membership, verb).status_code == 403
        assert status(membership) == BEFORE[verb][0]
        assert "another coordinator decides" in client.get(page(membership)).content.decode()


@pytest.mark.parametrize("verb", BEFORE)
def test_nobody_else_decides(verb, client):
    membership = applied(BEFORE[verb][0])
    for person in (membership.applied_by, made.MemberFactory(), made.TranslatorFactory()):
        client.force_login(person)
        assert decide(client, membership, verb).status_code in (302, 403, 404)
        assert status(membership) == BEFORE[verb][0]


@pytest.mark.parametrize("verb", [verb for verb in BEFORE if verb != "approve"])
def test_a_refusal_says_why(verb, coordinator, client):
    membership = applied(BEFORE[verb][0])
    assert decide(client, membership, verb, note="").status_code == 400
    assert status(membership) == BEFORE[verb][0]


def test_nothing_is_saved_through_a_change_form(coordinator, client):
    membership = applied()
    assert client.post(page(membership), {"status": "active"}).status_code == 405
    assert client.get(reverse("admin:network_membership_add")).status_code == 403
    assert status(membership) == "applied"


def test_the_page_says_what_to_check(coordinator, client):
    twin = made.AuthorityFactory(official_name="Općina Vrbovec", hidden=True)
    authority = made.AuthorityFactory(
        official_name="Vrbovec", website="https://vrbovec.example", official_address="office@gmail.com"
    )
    text = client.get(page(applied(authority=authority))).content.decode()
    assert reverse("admin:network_authority_change", args=[twin.pk]) in text and "free mail provider" in text
    authority.official_address = "office@elsewhere.example"
    authority.save()
    assert "elsewhere.example and vrbovec.example" in client.get(page(authority.membership)).content.decode()


@pytest.mark.parametrize("before", ["applied", "active"])
def test_names_like_it_are_those_of_its_country(before, coordinator, client):
    slatina = made.AuthorityFactory(official_name="Primăria Municipiului Slatina", country="RO", town="Slatina")
    made.AuthorityFactory(official_name="Primăria Slatina", country="RO", town="Slatina", slug="same")
    made.AuthorityFactory(official_name="Općina Slatina", country="HR", town="Slatina", slug="elsewhere")
    answer = client.get(page(applied(before, authority=slatina)))
    assert [row.slug for row in answer.context["near"]] == ["same"]
    assert ("decline this application" in answer.content.decode()) == (before == "applied")


def test_the_queue_counts_what_waits_with_its_age(coordinator, client):
    applied(applied_at=timezone.now() - timedelta(days=40))
    applied("eligible")
    [row] = [row for row in waiting_for(coordinator) if row.queue.name == "applications"]
    assert row.number == row.overdue == 1 and row.oldest > 20
    text = client.get(row.url).content.decode()
    assert "overdue" in text and text.count('class="field-authority') == 1


def test_the_list_is_searched_and_filtered(coordinator, client):
    applied(authority=made.AuthorityFactory(official_name="Grad Zadar", country="HR"))
    applied("active", authority=made.AuthorityFactory(official_name="Comune di Bari", country="IT"))
    for query, found in (
        ({"q": "Zadar"}, {"Grad Zadar"}),
        ({"country": "IT"}, {"Comune di Bari"}),
        ({"status__exact": "applied"}, {"Grad Zadar"}),
        ({"work": "applications"}, {"Grad Zadar"}),
        ({}, {"Grad Zadar", "Comune di Bari"}),
    ):
        rows = client.get(reverse(LIST), query).context["cl"].result_list
        assert {row.authority.official_name for row in rows} == found


def test_the_file_holds_what_was_ticked_and_no_formula(coordinator, client):
    one = applied(authority=made.AuthorityFactory(official_name="=1+1"), representative_email="ana@people.example")
    applied()
    data = {"action": "export_csv", "_selected_action": [one.pk]}
    response = client.post(reverse(LIST), data)
    rows = list(csv.reader(io.StringIO(response.content.decode("utf-8-sig"))))
    assert len(rows) == 2 and rows[1][0] == "'=1+1" and "ana@people.example" in rows[1]
    client.force_login(made.MemberFactory())
    assert client.post(reverse(LIST), data).status_code in (302, 403, 404)


@pytest.mark.django_db(transaction=True)
def test_two_coordinators_at_once_have_one_outcome():
    people, membership = (made.CoordinatorFactory(), made.CoordinatorFactory()), applied()

    def one(person, verb):
        client = Client()
        client.force_login(person)
        words = {f"{verb}-note": "No.", f"{verb}-note_language": "en", "seen": "applied"}
        try:
            return client.post(
                reverse("admin:network_membership_decide", args=[membership.pk, verb]), words
            ).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(one, people, ["approve", "decline"]))
    assert sorted(answers) == [302, 409]
    event = Event.objects.of(membership).get(from_state="applied")
    assert event.verb == ("approve" if answers[0] == 302 else "decline")
    assert status(membership) == event.to_state


@pytest.mark.django_db(transaction=True)
def test_taken_back_while_a_coordinator_approves_it():
    membership, coordinator = applied(), made.CoordinatorFactory()

    def approve():
        return decide_as(coordinator, "admin:network_membership_decide", [membership.pk, "approve"])

    def cancel():
        return decide_as(membership.applied_by, "network:application_cancel", [membership.pk])

    def decide_as(person, name, arguments):
        client = Client()
        client.force_login(person)
        try:
            words = {"approve-note_language": "en", "seen": "applied"}
            return client.post(reverse(name, args=arguments), words).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        jobs = [pool.submit(approve), pool.submit(cancel)]
        answers = [job.result() for job in jobs]
    verbs = [event.verb for event in Event.objects.of(membership) if event.from_state]
    # Both in the order in which they came, or only one, and the other was told.
    assert verbs == ["approve", "cancel"] or (sorted(answers) == [302, 409] and len(verbs) == 1)
    assert status(membership) == ("eligible" if verbs == ["approve"] else "withdrawn")


def test_where_nobody_took_the_seat_in_time_a_coordinator_invites_again(coordinator, client, time_machine):
    time_machine.move_to(timezone.now())
    membership = applied(representative_email="ivo@town.example", representative_name="Ivo", language="hr")
    membership.approve(by=coordinator)
    queue = "joined_without_representative"
    assert decide(client, membership, "invite").status_code == 403  # the invitation is open
    time_machine.shift(timedelta(days=settings.SEAT_INVITATION_DAYS + 1))
    client.force_login(coordinator)
    assert next(row for row in waiting_for(coordinator) if row.queue.name == queue).number == 1
    assert str(membership.authority) in client.get(reverse(LIST) + "?work=unrepresented").content.decode()
    assert decide(client, membership, "invite").status_code == 302
    offer = membership.authority.invitations.get()
    assert offer.is_open and Notification.objects.filter(kind="seat_invitation", address=offer.email).count() == 2
    assert not next(row.number for row in waiting_for(coordinator) if row.queue.name == queue)


def test_a_coordinator_sends_an_invitation_again(coordinator, client, time_machine):
    time_machine.move_to(timezone.now())
    authority = made.AuthorityFactory()
    offer = invitations.invite(authority, "ivo@town.example", "deputy", language="hr", by=coordinator)
    time_machine.shift(timedelta(days=settings.SEAT_INVITATION_DAYS + 1))
    again = reverse("admin:network_seatinvitation_decide", args=[offer.pk, "send_again"])
    client.force_login(made.MemberFactory())
    assert client.post(again).status_code in (302, 403, 404) and not authority.invitations.get().is_open
    client.force_login(coordinator)
    assert client.post(again).status_code == 302 and authority.invitations.get().is_open
