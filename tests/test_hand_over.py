"""A seat is handed over at once to a colleague who holds one there already: drafts, role, the last representative."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.urls import reverse

from accounts import mail
from accounts.models import Event, Notification
from network.models import Seat
from tests import factories as made

pytestmark = pytest.mark.django_db


@pytest.fixture
def authority():
    return made.MembershipFactory().authority


@pytest.fixture
def ana(authority):
    return made.MemberFactory(seat_at=authority, seat_at__role="representative", name="Ana Horvat")


@pytest.fixture
def petar(authority):
    return made.MemberFactory(seat_at=authority, name="Petar Writer")


def signed_in(user):
    client = Client()
    client.force_login(user)
    return client


def seat_of(user):
    return Seat.objects.get(user=user)


def url(seat, name="seat_hand_over_to"):
    return reverse(f"network:{name}", args=[seat.authority.slug, seat.pk])


def to(seat, with_role=True):
    return {"colleague-to": seat.pk, **({"colleague-with_role": "on"} if with_role else {})}


def test_drafts_and_role_move_and_the_seat_ends(authority, ana, petar):
    drafts = [
        made.FicheFactory(status=s, authority=authority, submitted_by=ana) for s in ("draft", "changes_requested")
    ]
    sent = made.FicheFactory(status="submitted", authority=authority, submitted_by=ana)
    client = signed_in(ana)
    page = client.get(url(seat_of(ana), "seat")).content.decode()
    assert 'name="colleague-to"' in page and f'value="{seat_of(petar).pk}"' in page
    assert client.post(url(seat_of(ana)), to(seat_of(petar))).url == reverse("my")
    assert not seat_of(ana).is_current and seat_of(petar).role == "representative"
    for fiche, owner in [*((draft, petar) for draft in drafts), (sent, ana)]:
        fiche.refresh_from_db()
        assert fiche.submitted_by == owner
    assert Event.objects.of(drafts[0]).last().verb == "hand_over"
    assert {event.verb for event in Event.objects.of(seat_of(petar))} == {"change_role"}
    event = Event.objects.of(seat_of(ana)).last()
    assert (event.verb, event.by, event.on_behalf_of) == ("hand_over", ana, authority)
    told = Notification.objects.filter(kind="seat_handed_over")
    assert {row.recipient for row in told} == {ana, petar}
    content = mail.compose(told.get(recipient=petar))
    assert "From: Ana Horvat. To: Petar Writer. Role: Representative." in content.paragraphs
    assert "Drafts handed over: 2." in content.paragraphs


def test_a_second_click_changes_nothing(authority, ana, petar):
    client, data = signed_in(ana), to(seat_of(petar)) | {"once": "6a1d5f0e-5a8e-4a43-9f2b-0f0f6a2f6f11"}
    first, second = (client.post(url(seat_of(ana)), data) for _ in range(2))
    assert first.status_code == second.status_code == 302
    assert Event.objects.filter(verb="hand_over").count() == 1


def test_the_role_stays_where_the_giver_says_so_and_somebody_else_represents(authority, ana, petar):
    made.MemberFactory(seat_at=authority, seat_at__role="deputy")
    assert signed_in(ana).post(url(seat_of(ana)), to(seat_of(petar), with_role=False)).status_code == 302
    assert not seat_of(ana).is_current and seat_of(petar).role == "contributor"
    told = mail.compose(Notification.objects.get(kind="seat_handed_over", recipient=petar))
    assert "From: Ana Horvat. To: Petar Writer. Role: Contributor." in told.paragraphs


def test_a_higher_role_is_never_lowered(authority, ana):
    deputy = made.MemberFactory(seat_at=authority, seat_at__role="deputy")
    writer = made.MemberFactory(seat_at=authority)
    assert signed_in(ana).post(url(seat_of(writer)), to(seat_of(deputy))).status_code == 302
    assert seat_of(deputy).role == "deputy" and not seat_of(writer).is_current


def test_the_last_representative_does_not_vanish(authority, ana, petar):
    draft = made.FicheFactory(status="draft", authority=authority, submitted_by=ana)
    page = signed_in(ana).post(url(seat_of(ana)), to(seat_of(petar), with_role=False))
    assert page.status_code == 422 and "Invite a successor" in page.content.decode()
    draft.refresh_from_db()
    assert seat_of(ana).is_current and seat_of(petar).role == "contributor" and draft.submitted_by == ana
    assert not Event.objects.filter(verb__in=["hand_over", "change_role"]).exists()


def test_who_cannot_be_reached_is_no_successor_of_the_last(authority, ana, petar):
    type(petar).objects.filter(pk=petar.pk).update(mail_bounced_at=petar.date_joined)
    assert signed_in(ana).post(url(seat_of(ana)), to(seat_of(petar))).status_code == 422
    assert seat_of(ana).is_current and seat_of(petar).role == "contributor"


def test_who_may(authority, ana, petar):
    deputy = made.MemberFactory(seat_at=authority, seat_at__role="deputy")
    stranger, elsewhere = made.UserFactory(), made.MemberFactory()
    assert signed_in(petar).post(url(seat_of(petar)), to(seat_of(ana))).status_code == 403
    assert signed_in(deputy).post(url(seat_of(ana)), to(seat_of(deputy))).status_code == 403
    assert signed_in(stranger).post(url(seat_of(ana)), to(seat_of(petar))).status_code == 404
    assert signed_in(ana).post(url(seat_of(ana)), to(elsewhere.seats.get())).status_code == 422  # of another authority
    assert signed_in(ana).post(url(seat_of(ana)), to(seat_of(ana))).status_code == 422  # to oneself
    assert signed_in(ana).get(url(seat_of(ana))).status_code == 405
    assert not Event.objects.filter(verb="hand_over").exists()


def test_a_colleagues_address_leads_to_the_list_of_colleagues(authority, ana, petar):
    petar.emailaddress_set.update_or_create(email=petar.email, defaults={"verified": True})
    data = {"successor-email": petar.email, "successor-language": "en"}
    page = signed_in(ana).post(url(seat_of(ana), "seat_hand_over"), data)
    assert page.status_code == 422 and "Hand over to them as a colleague" in page.content.decode()


def test_drafts_for_represented_authorities_go_along_but_for_those_where_one_sits(authority, ana, petar):
    fiches = {}
    for name in ("ours", "own", "ended"):
        row = made.RepresentationFactory(coordinator=authority, scopes=["fiches"], status="confirmed")
        fiches[name] = made.FicheFactory(status="draft", authority=row.authority, submitted_by=ana)
        if name == "own":
            made.SeatFactory(authority=row.authority, user=ana)
        if name == "ended":
            row.end_it(by=ana)
    seat = Seat.objects.get(user=ana, authority=authority)
    assert seat.hand_over_to(seat_of(petar), with_role=True, by=ana) == 1
    owners = {name: type(fiche).objects.get(pk=fiche.pk).submitted_by for name, fiche in fiches.items()}
    assert owners == {"ours": petar, "own": ana, "ended": ana}


@pytest.mark.django_db(transaction=True)
def test_two_who_hand_over_to_each_other_at_once_leave_one(authority, ana):
    dora = made.MemberFactory(seat_at=authority, seat_at__role="deputy")
    pairs = [(seat_of(ana), seat_of(dora)), (seat_of(dora), seat_of(ana))]

    def give(pair):
        try:
            return pair[0].hand_over_to(pair[1], with_role=True, by=pair[0].user) == 0
        except ValidationError:
            return False
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(give, pairs)) == [False, True]
    assert authority.seats.alive().count() == 1
