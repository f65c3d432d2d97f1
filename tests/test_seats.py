"""The seats of an authority: who sees and changes them, the last representative, confirmation, lost control."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts import mail
from accounts.models import Event, Notification
from accounts.workdays import today
from network import holding, invitations, queues, seat_calendar
from network.models import Seat, SeatInvitation
from tests import factories as made

pytestmark = pytest.mark.django_db


@pytest.fixture
def authority():
    return made.MembershipFactory().authority


@pytest.fixture
def ana(authority):
    return made.MemberFactory(seat_at=authority, seat_at__role="representative", name="Ana Horvat")


@pytest.fixture
def deputy(authority):
    return made.MemberFactory(seat_at=authority, seat_at__role="deputy", name="Dora Deputy")


@pytest.fixture
def writer(authority):
    return made.MemberFactory(seat_at=authority, name="Petar Writer")


def signed_in(user):
    client = Client()
    client.force_login(user)
    return client


def url(name, authority, *arguments):
    return reverse(f"network:{name}", args=[authority.slug, *arguments])


def seat_of(user):
    return Seat.objects.get(user=user)


def told(kind):
    return {row.address for row in Notification.objects.filter(kind=kind)}


def first_mail(kind):
    return mail.compose(Notification.objects.filter(kind=kind).first())


# --- who sees, who may -----------------------------------------------------------------------------------------


def test_people_with_a_seat_see_the_page_and_nobody_else(authority, ana, writer):
    page = signed_in(ana).get(url("seats", authority)).content.decode()
    assert "Petar Writer" in page and writer.email in page and "Invite somebody" in page
    page = signed_in(writer).get(url("seats", authority)).content.decode()
    assert "Ana Horvat" in page and ana.email not in page and "Invite somebody" not in page
    for stranger in (made.UserFactory(), made.MemberFactory(), made.CoordinatorFactory()):
        assert signed_in(stranger).get(url("seats", authority)).status_code in (302, 404)
    assert Client().get(url("seats", authority)).status_code == 302


INVITATION = {"email": "ivo@people.example", "name": "Ivo", "role": "contributor", "language": "hr"}


def test_representatives_and_deputies_invite(authority, ana, deputy, writer):
    for number, person in enumerate((ana, deputy)):
        data = INVITATION | {"email": f"ivo{number}@people.example"}
        assert signed_in(person).post(url("seats", authority), data).status_code == 302
    assert SeatInvitation.objects.count() == 2
    assert signed_in(writer).post(url("seats", authority), INVITATION).status_code == 403
    assert signed_in(made.MemberFactory()).post(url("seats", authority), INVITATION).status_code == 404
    assert SeatInvitation.objects.count() == 2


def test_a_wrong_invitation_comes_back_as_typed(authority, ana, writer):
    page = signed_in(ana).post(url("seats", authority), INVITATION | {"email": writer.email})
    assert page.status_code == 422 and "holds a seat here already" in page.content.decode()
    page = signed_in(ana).post(url("seats", authority), INVITATION | {"email": "no address"})
    assert page.status_code == 422 and "no address" in page.content.decode()


def test_invitations_have_a_limit_a_day(authority, ana, settings):
    settings.SEAT_INVITATIONS_PER_DAY = 1
    client = signed_in(ana)
    client.post(url("seats", authority), INVITATION)
    assert client.post(url("seats", authority), INVITATION | {"email": "x@people.example"}).status_code == 429


def test_an_invitation_is_sent_again_and_withdrawn_by_those_who_invite(authority, ana, writer):
    row = invitations.invite(authority, "ivo@people.example", "deputy", language="en", by=ana)
    for name in ("invitation_resend", "invitation_withdraw"):
        assert signed_in(writer).post(url(name, authority, row.pk)).status_code == 403
        assert signed_in(made.MemberFactory()).post(url(name, authority, row.pk)).status_code == 404
        assert signed_in(ana).post(url(name, authority, row.pk)).status_code == 302
    row.refresh_from_db()
    assert row.withdrawn_at
    signed_in(ana).post(url("invitation_resend", authority, row.pk))
    assert SeatInvitation.objects.count() == 1


def test_a_role_is_changed_by_those_who_lead(authority, ana, writer):
    seat = seat_of(writer)
    assert signed_in(writer).post(url("seat", authority, seat.pk), {"role": "representative"}).status_code == 403
    assert signed_in(ana).post(url("seat", authority, seat.pk), {"role": "deputy"}).status_code == 302
    seat.refresh_from_db()
    assert seat.role == "deputy" and told("seat_given") == {writer.email}


def test_a_seat_is_handed_over_by_its_holder_or_a_contributors_by_those_who_lead(authority, ana, deputy, writer):
    data = {"successor-email": "new@people.example", "successor-name": "New", "successor-language": "en"}
    assert signed_in(writer).post(url("seat_hand_over", authority, seat_of(writer).pk), data).status_code == 403
    assert signed_in(deputy).post(url("seat_hand_over", authority, seat_of(ana).pk), data).status_code == 403
    assert signed_in(ana).post(url("seat_hand_over", authority, seat_of(writer).pk), data).status_code == 302
    assert SeatInvitation.objects.get().replaces == seat_of(writer)


def test_a_seat_is_ended_by_its_holder_or_those_who_lead(authority, ana, deputy, writer):
    other = made.MemberFactory(seat_at=authority)
    assert signed_in(writer).post(url("seat_end", authority, seat_of(other).pk)).status_code == 403
    assert signed_in(writer).post(url("seat_end", authority, seat_of(writer).pk)).status_code == 302
    assert signed_in(ana).post(url("seat_end", authority, seat_of(other).pk)).status_code == 302
    assert signed_in(writer).get(url("seats", authority)).status_code == 404  # at once, not at midnight
    assert Seat.objects.current().filter(authority=authority).count() == 2
    assert told("seat_ended") == {writer.email, other.email, ana.email, deputy.email}
    content = first_mail("seat_ended")
    assert "This seat at the authority has ended: Petar Writer, Contributor." in content.paragraphs
    assert Event.objects.of(seat_of(writer)).last().on_behalf_of == authority


# --- the last representative -----------------------------------------------------------------------------------


def refused(verb):
    with pytest.raises(ValidationError) as error:
        verb()
    assert error.value.code == "last_representative"


def test_the_last_representative_cannot_vanish(authority, ana, writer):
    seat = seat_of(ana)
    refused(lambda: seat.finish(by=ana))
    refused(lambda: seat.change_role("contributor", by=ana))
    refused(seat.delete)
    seat.refresh_from_db()
    assert seat.is_current and seat.role == "representative"
    assert seat.change_role("deputy", by=ana)  # a deputy acts as well


def test_the_page_says_what_to_do(authority, ana):
    seat, client = seat_of(ana), signed_in(ana)
    page = client.post(url("seat_end", authority, seat.pk))
    assert page.status_code == 422 and "Invite a successor" in page.content.decode()
    page = client.post(url("seat", authority, seat.pk), {"role": "contributor"})
    assert page.status_code == 422 and "Invite a successor" in page.content.decode()


@pytest.mark.parametrize("gone", [{"is_active": False}, {"mail_bounced_at": timezone.now()}])
def test_who_cannot_be_reached_does_not_count(authority, ana, deputy, gone):
    type(deputy).objects.filter(pk=deputy.pk).update(**gone)
    refused(lambda: seat_of(ana).finish(by=ana))


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("verb", ["finish", "change_role", "delete"])
def test_two_representatives_who_leave_at_once_leave_one(authority, ana, deputy, verb):
    arguments = {"finish": ((), True), "change_role": (("contributor",), True), "delete": ((), False)}[verb]

    def leave(person):
        try:
            more = {"by": person} if arguments[1] else {}
            getattr(Seat.objects.get(user=person), verb)(*arguments[0], **more)
            return True
        except ValidationError:
            return False
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(leave, (ana, deputy))) == [False, True]
    assert authority.seats.alive().count() == 1


# --- once a year -----------------------------------------------------------------------------------------------


def year_ago(seat):
    Seat.objects.filter(pk=seat.pk).update(confirmed_on=today() - timedelta(days=370))
    seat.refresh_from_db()


def test_after_a_year_each_person_is_asked_again_and_then_the_others(authority, ana, writer, time_machine):
    time_machine.move_to(timezone.now())
    year_ago(seat_of(writer))
    pause = timedelta(days=settings.SEAT_CONFIRMATION_DAYS)
    numbers = []
    for _step in range(4):
        seat_calendar.day_by_day()
        seat_calendar.day_by_day()  # no more on the same day
        kinds = Notification.objects.values_list("kind", flat=True)
        numbers.append((list(kinds).count("seat_reconfirm"), list(kinds).count("seat_unconfirmed")))
        time_machine.shift(pause)
    assert numbers == [(1, 0), (2, 0), (2, 1), (2, 1)]
    assert told("seat_reconfirm") == {writer.email} and told("seat_unconfirmed") == {ana.email}
    assert "Petar Writer did not confirm" in first_mail("seat_unconfirmed").paragraphs[0]


def test_one_click_confirms_without_signing_in(authority, writer, client):
    seat = seat_of(writer)
    year_ago(seat)
    seat_calendar.day_by_day()
    here = first_mail("seat_reconfirm").button[1]
    assert "Confirm my seat" in client.get(here).content.decode()
    seat.refresh_from_db()
    assert seat.confirmed_on != today()  # opening changes nothing
    assert client.post(here).status_code == 200
    seat.refresh_from_db()
    assert seat.confirmed_on == today() and Event.objects.of(seat).last().by == writer
    assert "sessionid" not in client.cookies
    assert first_mail("seat_reconfirm") is None  # no longer due


def test_a_link_to_confirm_ends_with_the_seat(authority, ana, writer, client):
    here = invitations.confirmation_address(seat_of(writer))
    seat_of(writer).finish(by=ana)
    assert client.post(here).status_code == 410
    assert client.get(reverse("network:seat_confirm", args=["a:b:c"])).status_code == 410


def test_one_confirms_ones_own_seat_on_the_page(authority, ana, writer):
    seat = seat_of(writer)
    year_ago(seat)
    assert signed_in(ana).post(url("seat_confirm_own", authority, seat.pk)).status_code == 403
    assert signed_in(writer).post(url("seat_confirm_own", authority, seat.pk)).status_code == 302
    seat.refresh_from_db()
    assert seat.confirmed_on == today()


# --- control lost and regained ---------------------------------------------------------------------------------


def decide(client, name, row, verb, /, **data):
    data = {f"{verb}-{key}": value for key, value in data.items()}
    return client.post(reverse(f"admin:network_{name}_decide", args=[row.pk, verb]), data)


WHY = {"note": "The person has left.", "note_language": "en"}


def message(authority, **other):
    said = {"on": today().isoformat(), "sender": authority.official_address, "text": "Eva it is.", "name": "Eva"}
    return said | {"email": "eva@people.example", "language": "en"} | other


def test_a_coordinator_ends_the_last_seat_and_the_official_address_is_asked(authority, ana):
    client = signed_in(made.CoordinatorFactory())
    assert decide(client, "seat", seat_of(ana), "end").status_code == 400  # a reason is needed
    assert decide(client, "seat", seat_of(ana), "end", **WHY).status_code == 302
    assert told("authority_control_asked") == {authority.official_address}
    assert "The last representative of this authority has gone" in first_mail("authority_control_asked").paragraphs[1]
    assert list(queues.without_representative(made.CoordinatorFactory())) == [seat_of(ana)]
    assert signed_in(ana).get(url("seats", authority)).status_code == 404


def test_a_closed_account_is_noticed_once(authority, ana):
    type(ana).objects.filter(pk=ana.pk).update(is_active=False)
    seat_calendar.day_by_day()
    seat_calendar.day_by_day()
    assert Notification.objects.filter(kind="authority_control_asked").count() == 1


def test_control_comes_back_by_a_message_from_the_official_address(authority, ana, writer):
    coordinator = made.CoordinatorFactory()
    client = signed_in(coordinator)
    decide(client, "seat", seat_of(ana), "end", **WHY)
    wrong = decide(client, "seat", seat_of(ana), "record_control", **message(authority, sender="x@people.example"))
    assert wrong.status_code == 400 and not SeatInvitation.objects.exists()
    assert decide(client, "seat", seat_of(ana), "record_control", **message(authority)).status_code == 302
    event = Event.objects.of(authority).get()
    assert event.internal and "Eva it is." in event.note and authority.official_address in event.note
    kind = "authority_control_recorded"
    assert told(kind) == {authority.official_address, "eva@people.example", writer.email}
    pages = {row.recipient: mail.compose(row).button[1] for row in Notification.objects.filter(kind=kind)}
    assert pages == {None: authority.get_absolute_url(), writer: url("seats", authority)}
    assert not queues.without_representative(coordinator).exists()
    eva = made.UserFactory(email="eva@people.example")
    SeatInvitation.objects.get().take(eva)
    assert [seat.user for seat in authority.seats.alive()] == [eva]
    assert decide(client, "seat", seat_of(ana), "record_control", **message(authority)).status_code == 403


def test_coordinators_never_decide_on_their_own_authority(authority, ana):
    coordinator = made.CoordinatorFactory()
    made.SeatFactory(authority=authority, user=coordinator)
    assert decide(signed_in(coordinator), "seat", seat_of(ana), "end", **WHY).status_code == 403
    assert not holding.is_last(seat_of(coordinator))


@pytest.mark.parametrize("name", ["seat", "seatrequest", "seatinvitation"])
def test_lists_in_the_admin_open_are_searched_and_exported(authority, ana, name):
    row = invitations.invite(authority, "=cmd@people.example", "deputy", language="en", by=ana)
    client = signed_in(made.CoordinatorFactory())
    address = reverse(f"admin:network_{name}_changelist")
    assert client.get(f"{address}?q=primjer").status_code == 200
    assert client.get(f"{address}?work=lost").status_code in (200, 302)
    assert client.get(reverse("admin:index")).status_code == 200
    if name == "seatinvitation":
        data = {"action": "export", "_selected_action": [row.pk]}
        assert b"'=cmd@people.example" in client.post(address, data).content
        assert client.get(reverse("admin:network_seatinvitation_change", args=[row.pk])).status_code == 200
        assert decide(client, name, row, "withdraw").status_code == 302
    for stranger in (ana, made.UserFactory()):
        assert signed_in(stranger).get(address).status_code in (302, 403)


@pytest.mark.parametrize("language", settings.LANGUAGE_CODES)
def test_each_mail_can_be_written_in_each_language(authority, ana, language):
    person = made.MemberFactory(seat_at=authority, language=language)
    year_ago(seat_of(person))
    seat_calendar.day_by_day()
    invitations.invite(authority, "x@people.example", "deputy", language=language, by=ana)
    seat_of(ana).finish(by=made.CoordinatorFactory(), moderated=True, note="Gone.", note_language="en")
    for row in Notification.objects.all():
        content = mail.compose(row)
        assert content.subject and content.button and "{" not in str(content.paragraphs)
