"""A seat is offered by mail: the link, who may take it, how long it works, and that it works once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts import mail
from accounts.models import Event, Notification
from network import invitations
from network.models import SeatInvitation
from tests import factories as made

pytestmark = pytest.mark.django_db


@pytest.fixture
def authority():
    return made.MembershipFactory().authority


@pytest.fixture
def ana(authority):
    return made.MemberFactory(seat_at=authority, seat_at__role="representative", name="Ana Horvat")


def invited(authority, by, email="ivo@people.example", role="contributor", **fields):
    return invitations.invite(authority, email, role, language="en", by=by, **fields)


def signed_in(user):
    client = Client()
    client.force_login(user)
    return client


def test_an_invitation_is_mailed_with_a_link(authority, ana):
    row = invited(authority, ana)
    notification = Notification.objects.get(kind="seat_invitation")
    content = mail.compose(notification)
    assert notification.address == "ivo@people.example"
    assert content.subject.startswith("You are invited to a seat: ")
    said = f"Ana Horvat ({ana.email}) invites you to act for this authority"  # the name alone could be anybody’s
    assert content.paragraphs[0].startswith(said)
    assert content.button[1] == invitations.address(row)


def test_the_same_offer_is_sent_anew_not_twice(authority, ana, time_machine):
    time_machine.move_to(timezone.now())
    first = invited(authority, ana)
    again = invited(authority, ana, email="IVO@people.example")
    assert again.pk == first.pk and Notification.objects.filter(kind="seat_invitation").count() == 1
    time_machine.shift(timedelta(days=3))
    later = invited(authority, ana)
    assert later.pk == first.pk and later.expires_at > first.expires_at
    assert Notification.objects.filter(kind="seat_invitation").count() == 2


def test_a_stranger_is_led_to_sign_in_and_back(authority, ana, client):
    row = invited(authority, ana)
    here = invitations.address(row)
    page = client.get(here)
    assert page.status_code == 200
    for name in ("account_login", "account_signup"):
        assert f"{reverse(name)}?next={here.replace(':', '%3A')}" in page.content.decode()
    assert "no-store" in page["Cache-Control"] and page["Referrer-Policy"] == "same-origin"
    assert client.post(here).status_code == 200 and not authority.seats.exclude(user=ana).exists()


def test_nothing_tells_whether_the_address_is_known(authority, ana, client):
    unknown = client.get(invitations.address(invited(authority, ana, email="aaaaaaa@people.example")))
    made.UserFactory(email="bbbbbbb@people.example")
    known = client.get(invitations.address(invited(authority, ana, email="bbbbbbb@people.example")))
    words = [page.content.decode() for page in (unknown, known)]
    assert len(words[0]) == pytest.approx(len(words[1]), abs=20) and unknown.status_code == known.status_code
    assert words[0].count("<a ") == words[1].count("<a ")


def test_the_invited_person_takes_the_seat_once(authority, ana):
    ivo = made.UserFactory(email="ivo@people.example")
    row = invited(authority, ana, role="deputy")
    client, here = signed_in(ivo), invitations.address(row)
    assert "Take the seat" in client.get(here).content.decode()
    assert client.post(here).url == reverse("network:seats", args=[authority.slug])
    seat = authority.seats.get(user=ivo)
    assert seat.role == "deputy" and Event.objects.of(seat).get().verb == "take_seat"
    given = Notification.objects.get(kind="seat_given")
    assert given.recipient == ivo and "Deputy representative" in mail.compose(given).paragraphs[1]
    assert client.post(here).status_code == 302  # a second click
    assert authority.seats.filter(user=ivo).count() == 1
    assert Client().get(here).status_code == 410


def test_any_verified_address_of_the_person_counts_and_no_other(authority, ana):
    ivo = made.UserFactory(email="other@people.example")
    here = invitations.address(invited(authority, ana))
    ivo.emailaddress_set.create(email="ivo@people.example", verified=False)
    page = signed_in(ivo).post(here)
    assert page.status_code == 403 and "You are signed in with another address" in page.content.decode()
    assert not authority.seats.filter(user=ivo).exists()
    ivo.emailaddress_set.filter(email="ivo@people.example").update(verified=True)
    assert signed_in(ivo).post(here).status_code == 302


def end_of(kind, row, ana):
    if kind == "withdrawn":
        row.withdraw(by=ana)
    elif kind == "expired":
        SeatInvitation.objects.filter(pk=row.pk).update(expires_at=timezone.now())
    else:
        SeatInvitation.objects.filter(pk=row.pk).update(accepted_at=timezone.now(), accepted_by=ana)


def test_who_took_the_seat_is_told_when_the_link_is_opened_again(authority, ana):
    client = signed_in(made.UserFactory(email="ivo@people.example"))
    here = invitations.address(invited(authority, ana))
    client.post(here)
    client.get(reverse("my"))  # shows what was said on taking it
    page = client.get(here, follow=True)
    assert page.redirect_chain[0][0] == reverse("my")
    (said,) = page.context["messages"]
    assert str(authority) in str(said)


@pytest.mark.parametrize("kind", ["withdrawn", "expired", "used"])
def test_a_link_that_no_longer_works_says_so(authority, ana, kind):
    ivo = made.UserFactory(email="ivo@people.example")
    row = invited(authority, ana)
    end_of(kind, row, ana)
    for client in (Client(), signed_in(ivo)):
        page = client.post(invitations.address(row))
        assert page.status_code == 410 and "This link no longer works" in page.content.decode()
    assert not authority.seats.filter(user=ivo).exists()
    assert mail.compose(Notification.objects.get(kind="seat_invitation")) is None


def test_a_forged_link_opens_nothing(client):
    assert client.get(reverse("network:seat_invitation", args=["a:b:c"])).status_code == 410


def test_the_link_works_as_long_as_the_setting_says(authority, ana, time_machine):
    time_machine.move_to(timezone.now())
    row = invited(authority, ana)
    time_machine.shift(timedelta(days=settings.SEAT_INVITATION_DAYS - 1))
    assert Client().get(invitations.address(row)).status_code == 200
    time_machine.shift(timedelta(days=2))
    assert Client().get(invitations.address(row)).status_code == 410


def test_who_sits_there_keeps_the_higher_role(authority, ana):
    ivo = made.UserFactory(email="ivo@people.example")
    made.SeatFactory(authority=authority, user=ivo, role="deputy")
    assert invited(authority, ana, role="contributor").take(ivo).role == "deputy"
    assert invited(authority, ana, role="representative").take(ivo).role == "representative"
    assert authority.seats.filter(user=ivo).count() == 1


def test_an_invitation_stands_on_the_persons_own_page(authority, ana):
    ivo = made.UserFactory(email="ivo@people.example")
    row = invited(authority, ana)
    assert invitations.address(row) in signed_in(ivo).get(reverse("my")).content.decode()
    assert invitations.address(row) not in signed_in(made.UserFactory()).get(reverse("my")).content.decode()


@pytest.mark.django_db(transaction=True)
def test_two_clicks_at_once_give_one_seat(authority, ana):
    ivo = made.UserFactory(email="ivo@people.example")
    row = invited(authority, ana)

    def take(_number):
        try:
            return SeatInvitation.objects.get(pk=row.pk).take(ivo) is not None
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(take, range(4))) == [False, False, False, True]
    assert authority.seats.filter(user=ivo).count() == 1


# --- hand-over -------------------------------------------------------------------------------------------------


def test_a_seat_is_handed_over_with_its_drafts(authority, ana):
    made.MemberFactory(seat_at=authority, seat_at__role="deputy")
    ivo = made.UserFactory(email="ivo@people.example", name="Ivo Marić")
    drafts = [
        made.FicheFactory(status=s, authority=authority, submitted_by=ana) for s in ("draft", "changes_requested")
    ]
    sent = made.FicheFactory(status="submitted", authority=authority, submitted_by=ana)
    elsewhere = made.FicheFactory(status="draft", submitted_by=ana)
    before = authority.seats.get(user=ana)
    seat = invited(authority, ana, role="representative", replaces=before).take(ivo)
    before.refresh_from_db()
    assert not before.is_current and seat.role == "representative"
    for fiche, owner in [*((draft, ivo) for draft in drafts), (sent, ana), (elsewhere, ana)]:
        fiche.refresh_from_db()
        assert fiche.submitted_by == owner
    assert Event.objects.of(drafts[0]).last().verb == "hand_over"
    told = Notification.objects.filter(kind="seat_handed_over")
    assert told.count() == 3 and {ana, ivo} <= {row.recipient for row in told}
    content = mail.compose(told.get(recipient=ivo))
    assert "From: Ana Horvat. To: Ivo Marić. Role: Representative." in content.paragraphs
    assert "Drafts handed over: 2." in content.paragraphs


def test_until_the_successor_comes_the_seat_stays(authority, ana):
    before = authority.seats.get(user=ana)
    row = invited(authority, ana, role="representative", replaces=before)
    assert before.is_current
    row.withdraw(by=ana)
    before.refresh_from_db()
    assert before.is_current


def test_the_only_representative_hands_over_to_a_successor(authority, ana):
    ivo = made.UserFactory(email="ivo@people.example")
    invited(authority, ana, role="representative", replaces=authority.seats.get(user=ana)).take(ivo)
    assert [seat.user for seat in authority.seats.alive()] == [ivo]


def test_who_became_the_last_representative_meanwhile_keeps_the_seat(authority, ana):
    vesna = made.MemberFactory(seat_at=authority)
    before = authority.seats.get(user=vesna)
    offer = invited(authority, ana, role="contributor", replaces=before)
    before.change_role("representative", by=ana)
    authority.seats.get(user=ana).finish(by=ana)
    offer.take(made.UserFactory(email="ivo@people.example"))
    assert [seat.user for seat in authority.seats.alive()] == [vesna]
