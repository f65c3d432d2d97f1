"""The life of a signed memorandum: reminders, review, leaving, ending, the one that follows."""

import re
import uuid
from datetime import timedelta

import pytest
import time_machine
from dateutil.relativedelta import relativedelta
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from accounts.mail import compose
from accounts.models import Event, Notification, Reason
from accounts.workdays import today
from network.membership import leaving
from network.memorandum import memorandum_life
from network.models import Memorandum
from network.tasks import memoranda_day_by_day
from tests import memoranda as made
from tests.factories import CoordinatorFactory, MemberFactory, SeatFactory
from tests.signatures import in_force, keep, person, sign

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def countersigning(settings):
    settings.COUNTERSIGNING_PARTY, settings.COUNTERSIGNING_COUNTRY = made.PARTY, "BE"


def told(kind) -> list[str]:
    return sorted(Notification.objects.filter(kind=kind).values_list("address", flat=True))


def day_by_day(day=None):
    if day is None:
        return memoranda_day_by_day(0)
    with time_machine.travel(timezone.now().replace(year=day.year, month=day.month, day=day.day, hour=12)):
        return memoranda_day_by_day(0)


def fresh(row):
    row.refresh_from_db()
    return row


def successor(memorandum, *, signed=0, **fields):
    """The next one, signed by so many parties."""
    draft = memorandum.ask_renewal(by=CoordinatorFactory(), replacing="renews")
    Memorandum.objects.filter(pk=draft.pk).update(**fields)
    draft.refresh_from_db()
    if signed:
        draft.lock(by=CoordinatorFactory())
        for text in draft.current_texts():
            keep(draft, "frozen", f"{draft.code} {text.language}".encode(), text.language)
        for party in list(draft.parties.all())[:signed]:
            sign(party)
    return fresh(draft)


# --- reminders -------------------------------------------------------------------------------------------------


def test_three_reminders_each_once():
    memorandum = in_force()
    representative = person(memorandum.parties.first()).email
    coordinators = CoordinatorFactory().email
    memorandum.review(by=CoordinatorFactory(), note="Good", note_language="en")
    for days, kind in {180: "memorandum_ends_180", 90: "memorandum_ends_90", 30: "memorandum_ends_30"}.items():
        day = memorandum.in_force_until - timedelta(days=days)
        day_by_day(day - timedelta(days=1))
        assert representative not in told(kind)
        day_by_day(day)
        day_by_day(day + timedelta(days=1))
        assert told(kind).count(representative) == 1
    assert coordinators in told("memorandum_ends_30")
    mail = compose(Notification.objects.filter(kind="memorandum_ends_30", address=representative).get())
    assert "Last reminder" in mail.subject and mail.button[1] == reverse("network:renew", args=[memorandum.code])


def test_a_renewal_silences_reminders():
    memorandum = in_force()
    successor(memorandum)
    day_by_day(memorandum.in_force_until - timedelta(days=90))
    assert not told("memorandum_ends_90")  # it has begun
    day_by_day(memorandum.in_force_until - timedelta(days=30))
    assert told("memorandum_ends_30")  # and is not signed
    other = in_force()
    successor(other, signed=2)
    for days in (180, 90, 30):
        day_by_day(other.in_force_until - timedelta(days=days))
    assert not Notification.objects.filter(kind__startswith="memorandum_ends", object_id=other.pk).exists()


# --- review ----------------------------------------------------------------------------------------------------


def test_the_review_is_called_once_and_noted(client):
    memorandum = in_force()
    representative = person(memorandum.parties.first())
    day_by_day(memorandum.review_due - timedelta(days=1))
    assert fresh(memorandum).status == "in_force"
    day_by_day(memorandum.review_due)
    assert fresh(memorandum).status == "review_due" and representative.email in told("memorandum_review_due")
    client.force_login(representative)
    page = reverse("network:review", args=[memorandum.code])
    token = re.search(r'name="once" value="([^"]+)"', client.get(page).content.decode())[1]
    client.post(page, {"note": "We gave more than we took.", "once": token})
    assert fresh(memorandum).status == "in_force"
    event = Event.objects.of(memorandum).filter(verb="review").get()
    assert (event.note, event.on_behalf_of) == ("We gave more than we took.", memorandum.parties.first().authority)
    assert "We gave more" in client.get(memorandum.get_absolute_url()).content.decode()
    day_by_day(memorandum.review_due + timedelta(days=1))
    assert fresh(memorandum).status == "in_force"  # not called again


# --- ending ----------------------------------------------------------------------------------------------------


def test_it_expires_and_the_membership_with_it():
    memorandum = in_force()
    membership = memorandum.parties.first().authority.membership
    day_by_day(memorandum.in_force_until)
    assert fresh(memorandum).status != "expired"
    day_by_day(memorandum.in_force_until + timedelta(days=1))
    assert fresh(memorandum).status == "expired" and memorandum.ended_on == memorandum.in_force_until
    assert fresh(membership).status == "expired" and membership.ends == memorandum.in_force_until
    assert person(memorandum.parties.first()).email in told("membership_expired")
    assert person(memorandum.parties.first()).email not in told("memorandum_expired")  # one mail a person


def test_another_valid_memorandum_keeps_the_membership():
    authority = made.joining()
    memorandum = in_force([authority])
    in_force([authority], in_force_until=memorandum.in_force_until + timedelta(days=400))
    day_by_day(memorandum.in_force_until + timedelta(days=1))
    assert fresh(memorandum).status == "expired"
    assert authority.membership.__class__.objects.get(authority=authority).status == "active"
    assert person(memorandum.parties.first()).email in told("memorandum_expired")


def test_what_is_signed_by_all_takes_the_place_of_the_old_one():
    memorandum = in_force()
    authority = memorandum.parties.first().authority
    day_by_day(memorandum.in_force_until)
    following = successor(memorandum, signed=2)
    assert following.status == "signing" and following.in_force_from == memorandum.in_force_until + timedelta(days=1)
    day_by_day(following.in_force_from)
    assert (fresh(following).status, fresh(memorandum).status) == ("in_force", "renewed")
    assert authority.membership.__class__.objects.get(authority=authority).status == "active"


def test_a_party_leaves_with_notice_and_the_memorandum_ends_with_the_last(client):
    memorandum = in_force([made.joining(), made.joining()])
    first, second, _last = memorandum.parties.all()
    client.force_login(person(first))
    page = reverse("network:leave", args=[memorandum.code])
    assert client.get(page).status_code == 200
    sent = {"party": first.pk, "note": "We merge.", "sure": "on", "once": str(uuid.uuid4())}
    client.post(page, {**sent, "party": second.pk})
    assert fresh(second).left_on is None  # not theirs
    (said,) = client.post(page, {**sent, "once": str(uuid.uuid4())}, follow=True).context["messages"]
    assert fresh(first).left_on == today() + relativedelta(months=3)
    assert date_format(fresh(first).left_on) in str(said)
    assert {person(first).email, person(second).email} <= set(told("memorandum_terminated"))
    mail = compose(Notification.objects.filter(kind="memorandum_terminated", address=person(second).email).get())
    assert "We merge." in mail.after[0].text
    day_by_day(first.left_on)
    assert fresh(first.authority.membership).status == "active"
    day_by_day(first.left_on + timedelta(days=1))
    assert fresh(first.authority.membership).status == "withdrawn"
    assert (fresh(memorandum).status, fresh(second.authority.membership).status) == ("in_force", "active")
    second.leave(by=CoordinatorFactory(), on=today())
    day_by_day(first.left_on + timedelta(days=2))
    assert fresh(memorandum).status == "terminated" and memorandum.ended_on


def test_a_coordinator_notes_a_shorter_notice():
    memorandum = in_force()
    first, last = memorandum.parties.all()
    coordinator = CoordinatorFactory()
    assert first.notice_can_be_shortened_by(coordinator) and last.can_be_left_by(coordinator)
    assert not first.notice_can_be_shortened_by(person(first))
    first.leave(by=person(first))
    with pytest.raises(ValidationError):
        first.leave(by=person(first))
    with pytest.raises(ValidationError):
        first.leave(by=coordinator, on=today() + timedelta(days=1000))
    first.leave(by=coordinator, on=today() + timedelta(days=2))
    assert fresh(first).left_on == today() + timedelta(days=2)


# --- the next one ----------------------------------------------------------------------------------------------


def test_a_renewal_is_asked_for_once_and_prefilled(client):
    memorandum = in_force(
        purpose_en="More exchange", languages=("en", "it"), authentic=("en", "it"), purpose_it="Di più"
    )
    first = memorandum.parties.first()
    made.organisations(first, "A school")
    made.themes(memorandum, "adult-learning")
    client.force_login(person(first))
    page = reverse("network:renew", args=[memorandum.code])
    sent = {"replacing": "renews", "note": "Add apprentices", "once": str(uuid.uuid4())}
    client.post(page, sent)
    client.post(page, {**sent, "once": str(uuid.uuid4())})
    draft = Memorandum.objects.get(replaces=memorandum)
    assert (draft.status, draft.replacing, draft.purpose_it) == ("draft", "renews", "Di più")
    assert [party.official_name for party in draft.parties.all()] == [
        party.official_name for party in memorandum.parties.all()
    ]
    assert draft.parties.first().names.get().name == "A school" and draft.themes.count() == 1
    assert draft.in_force_from == memorandum.in_force_until + timedelta(days=1)
    assert not Memorandum.objects.visible_to(person(first)).filter(pk=draft.pk).exists()  # coordinators write it
    assert "being prepared" in client.get(page).content.decode()


def test_an_amendment_replaces_it_at_once():
    memorandum = in_force()
    draft = memorandum.ask_renewal(by=CoordinatorFactory(), replacing="amends")
    assert (draft.in_force_from, draft.in_force_until) == (today(), memorandum.in_force_until)
    assert draft.in_force_from < draft.review_due < draft.in_force_until


@pytest.mark.parametrize("name", ["review", "renew", "leave"])
def test_who_opens_these_pages(client, name):
    memorandum = in_force()
    first = memorandum.parties.first()
    contributor = SeatFactory(authority=first.authority, role="contributor").user
    expected = {MemberFactory(): 404, contributor: 403, person(first): 200, CoordinatorFactory(): 200}
    page = reverse(f"network:{name}", args=[memorandum.code])
    assert client.get(page).status_code == 302
    for user, status in expected.items():
        client.force_login(user)
        assert client.get(page).status_code == status, user


def test_a_renewal_that_is_signed_late_brings_the_membership_back():
    memorandum = in_force([made.joining()])
    end = memorandum.in_force_until
    next_one = successor(memorandum, signed=1)
    membership = memorandum.parties.first().authority.membership
    day_by_day(end + timedelta(days=1))
    assert (fresh(memorandum).status, fresh(membership).status) == ("expired", "expired")
    with time_machine.travel(timezone.now() + (end + timedelta(days=3) - today())):
        sign(next_one.parties.last())
    assert (fresh(next_one).status, fresh(membership).status) == ("in_force", "active")
    assert membership.ends is None


@pytest.mark.parametrize("again", [True, False])
def test_a_late_renewal_counts_for_who_has_applied_again_and_keeps_the_day_of_joining(again):
    memorandum = in_force([made.joining()])
    end, membership = memorandum.in_force_until, memorandum.parties.first().authority.membership
    type(membership).objects.filter(pk=membership.pk).update(since="2020-03-01", decision_body="Town council")
    next_one = successor(memorandum, signed=1)
    day_by_day(end + timedelta(days=1))
    if again:
        fresh(membership).apply(by=CoordinatorFactory(), decision_body="Mayor")
    with time_machine.travel(timezone.now() + (end + timedelta(days=3) - today())):
        sign(next_one.parties.last())
    assert (fresh(membership).status, str(membership.since)) == ("active", "2020-03-01")
    assert (membership.decision_body, membership.former) == ("Town council", None)


@pytest.mark.parametrize("verb", ["withdraw", "expire"])
def test_a_membership_that_a_coordinator_ends_leaves_its_memoranda(verb):
    memorandum = in_force([made.joining(), made.joining()])
    first, second, _last = memorandum.parties.all()
    next_one = successor(memorandum, signed=2)
    leaving.end_now(first.authority.membership, verb, by=CoordinatorFactory())
    assert (fresh(first).left_on, fresh(second).left_on) == (today(), None)
    assert person(second).email in told("memorandum_terminated")
    with time_machine.travel(timezone.now() + (next_one.in_force_from - today())):
        sign(next_one.parties.last())
        membership = type(first.authority.membership).objects.get(authority=first.authority)
        assert fresh(next_one).status == "in_force" and membership.status != "active"


def test_the_admin_ends_a_membership_with_its_memoranda(client):
    memorandum = in_force([made.joining(), made.joining()])
    membership = memorandum.parties.first().authority.membership
    reason = Reason.objects.create(verb="end_membership", key="x", text_en="Because.")
    client.force_login(CoordinatorFactory())
    page = reverse("admin:network_membership_decide", args=[membership.pk, "withdraw"])
    client.post(page, {"withdraw-reason": reason.pk, "withdraw-note": "", "withdraw-note_language": "en"})
    assert fresh(membership).status == "withdrawn" and fresh(memorandum.parties.first()).left_on == today()


def test_who_leaves_is_asked_neither_for_a_review_nor_for_a_renewal():
    memorandum = in_force([made.joining(), made.joining()])
    first, second, _last = memorandum.parties.all()
    first.leave(by=person(first))
    day_by_day(memorandum.review_due)
    for days in (180, 90, 30):
        day_by_day(memorandum.in_force_until - timedelta(days=days))
    for kind in ("memorandum_review_due", *memorandum_life.ENDS):
        assert person(second).email in told(kind) and person(first).email not in told(kind)


@pytest.mark.parametrize("replacing", ["renews", "amends"])
def test_who_has_said_that_it_leaves_does_not_go_on(replacing):
    memorandum = in_force([made.joining(), made.joining()])
    first = memorandum.parties.first()
    first.leave(by=person(first))
    draft = memorandum.ask_renewal(by=CoordinatorFactory(), replacing=replacing)
    copied = draft.parties.filter(authority=first.authority).values_list("left_on", flat=True)
    assert list(copied) == ([] if replacing == "renews" else [first.left_on])  # an amendment begins before that day


def test_a_coordinator_with_a_seat_at_a_party_does_not_act_for_the_network(client):
    memorandum = in_force()
    coordinator = CoordinatorFactory()
    assert memorandum.can_be_reviewed_by(coordinator)
    SeatFactory(authority=memorandum.parties.first().authority, user=coordinator, role="contributor")
    assert not memorandum.can_be_reviewed_by(coordinator)
    client.force_login(coordinator)
    assert client.get(reverse("network:renew", args=[memorandum.code])).status_code == 403
    membership = memorandum.parties.first().authority.membership
    sent = {"memberships": [membership.pk], "once": str(uuid.uuid4())}
    assert client.post(reverse("admin:network_memorandum_add"), sent).status_code == 400


def test_other_parties_learn_that_a_membership_ends_where_the_memorandum_ends_with_it():
    memorandum = in_force([made.joining()])
    other = made.joining()
    party = memorandum.parties.last()
    type(party).objects.filter(pk=party.pk).update(authority=other)  # countersigns
    first = memorandum.parties.first()
    first.leave(by=person(first))
    day_by_day(first.left_on + timedelta(days=1))
    assert fresh(memorandum).status == "terminated"
    assert {person(first).email, other.seats.get().user.email} <= set(told("membership_withdrawn"))
