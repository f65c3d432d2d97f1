"""Asking for a seat: who answers, where the request goes when nobody does, one outcome."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import translation

from accounts import mail
from accounts.history import LostRace
from accounts.models import Event, Notification
from clavet import states
from network import asking, queues, seat_calendar
from network.models import Membership, SeatRequest
from tests import factories as made

pytestmark = pytest.mark.django_db
TABLE = states.VERBS["network.seatrequest"]
MONDAY = datetime(2026, 11, 2, 9, tzinfo=UTC)  # no public holiday in Belgium until 11 November, a Wednesday


@pytest.fixture
def monday(time_machine):
    """Stands before the other fixtures: seats begin on the day on which they are made."""
    time_machine.move_to(MONDAY, tick=False)


@pytest.fixture
def authority():
    return made.MembershipFactory(authority__country="BE").authority


@pytest.fixture
def ana(authority):
    return made.MemberFactory(seat_at=authority, seat_at__role="representative", name="Ana Horvat")


@pytest.fixture
def ivo():
    return made.UserFactory(name="Ivo Marić")


def signed_in(user):
    client = Client()
    client.force_login(user)
    return client


def ask(authority, person, **data):
    address = reverse("network:seat_ask", args=[authority.slug])
    return signed_in(person).post(address, {"role": "contributor", "message": "I teach adults."} | data)


def asked(authority, person, status="open", **fields):
    return SeatRequest.objects.create(authority=authority, user=person, language="en", status=status, **fields)


def page(row):
    return reverse("network:seat_request", args=[row.pk])


def told(kind):
    return {row.address for row in Notification.objects.filter(kind=kind)}


def mails(kind):
    return [mail.compose(row) for row in Notification.objects.filter(kind=kind)]


# --- asking ----------------------------------------------------------------------------------------------------


def test_a_registered_person_asks_and_both_sides_are_told(authority, ana, ivo):
    response = ask(authority, ivo)
    row = SeatRequest.objects.get()
    assert response.url == page(row) and told("seat_asked") == {ana.email}
    assert told("seat_request_received") == {ivo.email}
    content = mails("seat_asked")[0]
    assert content.paragraphs[0].startswith("Ivo Marić asks for a seat at this authority")
    assert content.after[0].text == "I teach adults." and content.button[1] == page(row)


def test_one_open_request_for_each_person(authority, ana, ivo):
    ask(authority, ivo)
    ask(authority, ivo)
    ask(made.MembershipFactory().authority, ivo)
    assert SeatRequest.objects.count() == 1 and Notification.objects.filter(kind="seat_asked").count() == 1
    shown = signed_in(ivo).get(reverse("network:seat_ask", args=[authority.slug])).content.decode()
    assert "You have an open request" in shown


def test_asking_has_a_limit_a_day(authority, ana, ivo, settings):
    settings.SEAT_REQUESTS_PER_DAY = 1
    ask(authority, ivo)
    SeatRequest.objects.get().withdraw(by=ivo)
    assert ask(authority, ivo).status_code == 429


def test_whom_one_cannot_ask(authority, ana, ivo):
    assert ask(made.AuthorityFactory(), ivo).status_code == 404  # not a member
    assert ask(made.AuthorityFactory(hidden=True), ivo).status_code == 404
    assert ask(authority, ana).status_code == 302  # sits there
    assert Client().get(reverse("network:seat_ask", args=[authority.slug])).status_code == 302
    assert not SeatRequest.objects.exists()


# --- the table -------------------------------------------------------------------------------------------------


def test_every_transition_has_a_verb():
    assert set(TABLE) == {(before, after) for before, after, _verb in states.moves(SeatRequest)}


@pytest.mark.parametrize(("before", "after"), TABLE)
def test_a_verb_makes_its_move_and_tells_whom_the_table_names(authority, ana, ivo, before, after):
    row, verb = asked(authority, ivo, before), TABLE[before, after]
    getattr(row, verb)(by=ivo if verb == "withdraw" else ana)
    event = Event.objects.of(row).last()
    assert (event.verb, event.from_state, event.to_state) == (verb, before, after)
    expected = {kind for _who, kind in states.TOLD["network.seatrequest"].get(verb, [])}
    assert set(Notification.objects.values_list("kind", flat=True)) == expected
    for content in [mail.compose(row) for row in Notification.objects.all()]:
        assert content.subject and content.button and "{" not in str(content.paragraphs)


@pytest.mark.parametrize("status", ["accepted", "declined", "withdrawn"])
@pytest.mark.parametrize("verb", ["accept", "decline", "withdraw"])
def test_what_is_decided_stays(authority, ana, ivo, status, verb):
    row = asked(authority, ivo, status)
    with pytest.raises(LostRace):
        getattr(row, verb)(by=ana)
    assert not authority.seats.filter(user=ivo).exists() and not Notification.objects.exists()


# --- answering -------------------------------------------------------------------------------------------------


def test_a_representative_gives_the_seat(authority, ana, ivo):
    row = asked(authority, ivo)
    assert signed_in(ana).post(page(row), {"answer": "accept", "role": "deputy"}).status_code == 302
    assert authority.seats.get(user=ivo).role == "deputy" and told("seat_given") == {ivo.email}
    assert Event.objects.of(row).last().on_behalf_of == authority


def test_a_representative_declines_with_a_note(authority, ana, ivo):
    row = asked(authority, ivo)
    signed_in(ana).post(page(row), {"answer": "decline", "note": "We do not know you."})
    content = mails("seat_request_declined")[0]
    assert content.after[0].text == "We do not know you." and not authority.seats.filter(user=ivo).exists()
    assert "We do not know you." in signed_in(ivo).get(page(row)).content.decode()


def test_the_person_takes_it_back(authority, ana, ivo):
    row = asked(authority, ivo)
    assert signed_in(ivo).post(page(row), {"answer": "withdraw"}).status_code == 302
    late = signed_in(ana).post(page(row), {"answer": "accept", "role": "contributor"})
    assert late.status_code == 409 and "Taken back" in late.content.decode()
    assert mails("seat_asked") == []


def test_strangers_neither_see_nor_answer(authority, ana, ivo):
    row = asked(authority, ivo)
    writer = made.MemberFactory(seat_at=authority)
    for stranger in (made.UserFactory(), made.MemberFactory(), writer):
        assert signed_in(stranger).get(page(row)).status_code == 404
        assert signed_in(stranger).post(page(row), {"answer": "accept", "role": "deputy"}).status_code == 404
    assert signed_in(ivo).post(page(row), {"answer": "accept", "role": "deputy"}).status_code == 403
    assert signed_in(ana).post(page(row), {"answer": "withdraw"}).status_code == 403
    assert signed_in(ana).post(page(row), {"answer": "nonsense"}).status_code == 404
    row.refresh_from_db()
    assert row.status == "open"


@pytest.mark.django_db(transaction=True)
def test_two_answers_at_once_have_one_outcome(authority, ana, ivo):
    deputy = made.MemberFactory(seat_at=authority, seat_at__role="deputy")
    row = asked(authority, ivo)

    def answer(job):
        person, verb = job
        try:
            getattr(SeatRequest.objects.get(pk=row.pk), verb)(by=person)
            return verb
        except LostRace:
            return ""
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        done = [verb for verb in pool.map(answer, [(ana, "accept"), (deputy, "decline")]) if verb]
    assert len(done) == 1
    assert authority.seats.filter(user=ivo).exists() == (done == ["accept"])


# --- when nobody answers ---------------------------------------------------------------------------------------


@pytest.fixture
def euroregion(authority):
    link = made.RepresentationFactory(authority=authority)
    return made.MemberFactory(seat_at=link.coordinator, name="Eva Euroregion")


def test_the_days_are_working_days_of_the_authority(authority, ana, ivo, time_machine):
    time_machine.move_to(datetime(2026, 11, 6, 9, tzinfo=UTC), tick=False)  # Friday before 11 November
    row = asked(authority, ivo)
    assert asking.last_day(row, row.asked_at).isoformat() == "2026-11-16"
    authority.holiday_calendar = "NL"  # no holiday on that day
    assert asking.last_day(row, row.asked_at).isoformat() == "2026-11-13"


def test_it_goes_to_the_euroregion_and_then_to_the_coordinators(monday, authority, ana, ivo, euroregion, time_machine):
    coordinator = made.CoordinatorFactory()
    row, seen = asked(authority, ivo), []
    for _day in range(25):
        seat_calendar.day_by_day()
        seat_calendar.day_by_day()
        now = [bool(told(f"seat_asked_escalated_{who}")) for who in ("euroregion", "coordinators")]
        seen.append(now)
        time_machine.shift(timedelta(days=1))
    # 2 November + 5 working days = 9; passed on 10 November; + 5 without the 11th = 18; passed on 19 November.
    assert seen.index([True, False]) == 8 and seen.index([True, True]) == 17
    assert told("seat_asked_escalated_euroregion") == {euroregion.email}
    assert told("seat_asked_escalated_coordinators") == {coordinator.email}
    assert list(queues.seat_requests(coordinator)) == [row]
    assert [event.verb for event in Event.objects.of(row)] == ["pass_on_to_euroregion", "pass_on_to_coordinators"]


def test_without_a_euroregion_it_goes_to_the_coordinators(monday, authority, ana, ivo, time_machine):
    made.CoordinatorFactory()
    asked(authority, ivo)
    time_machine.shift(timedelta(days=8))
    seat_calendar.day_by_day()
    assert told("seat_asked_escalated_coordinators") and not told("seat_asked_escalated_euroregion")


def test_where_nobody_represents_it_goes_there_at_once(authority, ivo):
    coordinator = made.CoordinatorFactory()
    ask(authority, ivo)
    assert told("seat_asked_escalated_coordinators") == {coordinator.email} and not told("seat_asked")


def test_the_euroregion_sees_it_tells_and_cannot_decide(authority, ana, ivo, euroregion):
    coordinator, row = made.CoordinatorFactory(), asked(authority, ivo)
    client = signed_in(euroregion)
    assert client.get(page(row)).status_code == 404
    asking.to_euroregion(row)
    assert "Tell the coordinators" in client.get(page(row)).content.decode()
    assert client.post(page(row), {"answer": "accept", "role": "contributor"}).status_code == 403
    assert client.post(page(row), {"answer": "tell", "tell-note": ""}).status_code == 422
    assert client.post(page(row), {"answer": "tell", "tell-note": "Ivo is a friend."}).status_code == 302
    assert told("seat_asked_escalated_coordinators") == {coordinator.email}
    assert "Ivo is a friend." not in signed_in(ivo).get(page(row)).content.decode()


def test_a_representation_that_ended_shows_nothing_more(authority, ana, ivo, euroregion):
    row = asked(authority, ivo)
    asking.to_euroregion(row)
    authority.represented_by.update(status="ended")
    assert signed_in(euroregion).get(page(row)).status_code == 404


# --- coordinators ----------------------------------------------------------------------------------------------


def decide(user, row, verb, /, **data):
    data = {f"{verb}-{name}": value for name, value in data.items()}
    return signed_in(user).post(reverse("admin:network_seatrequest_decide", args=[row.pk, verb]), data)


WHY = {"note": "Confirmed by telephone.", "note_language": "en"}


@pytest.mark.parametrize("verb", ["accept", "decline"])
def test_coordinators_decide_with_a_reason_once_it_has_come_to_them(authority, ana, ivo, verb):
    coordinator, row = made.CoordinatorFactory(), asked(authority, ivo)
    assert decide(coordinator, row, verb, **WHY).status_code == 403
    asking.to_coordinators(row)
    assert decide(coordinator, row, verb, note="", note_language="en").status_code == 400
    assert decide(coordinator, row, verb, **WHY).status_code == 302
    row.refresh_from_db()
    assert row.status == {"accept": "accepted", "decline": "declined"}[verb]
    assert Event.objects.of(row).last().note == WHY["note"]
    assert decide(coordinator, row, verb, **WHY, seen="open").status_code in (403, 409)
    admin_page = reverse("admin:network_seatrequest_change", args=[row.pk])
    assert signed_in(coordinator).get(admin_page).status_code == 200


def test_never_their_own(authority, ana):
    coordinator = made.CoordinatorFactory()
    row = asked(authority, coordinator)
    asking.to_coordinators(row)
    assert decide(coordinator, row, "accept", **WHY).status_code == 403


@pytest.mark.parametrize("language", settings.LANGUAGE_CODES)
def test_each_mail_can_be_written_in_each_language(authority, ana, ivo, euroregion, language):
    type(ivo).objects.update(language=language)
    with translation.override(language):
        ask(authority, ivo)
    asking.to_euroregion(row := SeatRequest.objects.get())
    asking.to_coordinators(row)
    for notification in Notification.objects.all():
        content = mail.compose(notification)
        assert content.subject and content.button and "{" not in str(content.paragraphs)


def test_a_euroregion_that_has_left_the_network_learns_of_no_request(
    monday, authority, ana, ivo, euroregion, time_machine
):
    made.CoordinatorFactory()
    row = asked(authority, ivo)
    Membership.objects.filter(authority__seats__user=euroregion).update(status="withdrawn")
    time_machine.shift(timedelta(days=8))
    seat_calendar.day_by_day()
    assert told("seat_asked_escalated_coordinators") and not told("seat_asked_escalated_euroregion")
    SeatRequest.objects.update(to_euroregion_at=row.asked_at, to_coordinators_at=None)  # it left after that
    assert signed_in(euroregion).get(page(row)).status_code == 404
