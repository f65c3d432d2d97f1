"""The life of a membership: every move, who may decide, what follows, and which mails go to whom."""

from datetime import date, timedelta

import pytest
from django.conf import settings
from django.utils import timezone, translation

from accounts import mail
from accounts.history import LostRace
from accounts.models import Event, Notification, Reason
from accounts.workdays import months_after, today
from clavet import states
from network import invitations
from network.directory import directory_index
from network.models import Authority, Membership, Seat, SeatInvitation
from network.verbs import origins
from tests import factories as made

pytestmark = pytest.mark.django_db
TABLE = states.VERBS["network.membership"]
LANGUAGES = settings.LANGUAGE_CODES


def applied(status="applied", **fields):
    """An application of Ana, who is to be the representative; her deputy has no account."""
    applicant = fields.pop("applied_by", None) or made.UserFactory(name="Ana Horvat")
    fields = {"representative_email": applicant.email, "deputy_email": "deputy@authorities.example"} | fields
    fields |= {"representative_name": "Ana Horvat", "deputy_name": "Ivo Marić", "language": "hr"}
    authority = fields.pop("authority", None) or made.AuthorityFactory(hidden=True)
    return made.MembershipFactory(status=status, applied_by=applicant, authority=authority, **fields)


def do(membership, verb):
    return getattr(Membership.objects.get(pk=membership.pk), verb)(by=made.CoordinatorFactory())


def kinds():
    return set(Notification.objects.values_list("kind", flat=True))


def composed():
    """(address, mail) of everything queued, in order."""
    return [(row.address, mail.compose(row)) for row in Notification.objects.order_by("pk") if row.kind in mail.KINDS]


# --- the table -------------------------------------------------------------------------------------------------


def test_every_transition_has_a_verb():
    assert set(TABLE) == {(before, after) for before, after, _verb in states.moves(Membership)}


@pytest.mark.parametrize(("before", "after"), TABLE)
def test_a_verb_makes_its_move_and_tells_whom_the_table_names(before, after):
    membership = applied(before)
    made.SeatFactory(authority=membership.authority, role="representative")
    do(membership, TABLE[before, after])
    event = Event.objects.of(membership).last()
    assert (event.verb, event.from_state, event.to_state) == (TABLE[before, after], before, after)
    told = {kind for _who, kind in states.TOLD["network.membership"].get(event.verb, [])}
    assert kinds() - {"seat_invitation"} == told
    for _address, content in composed():
        assert content.subject and content.button and "{" not in str(content.paragraphs)


@pytest.mark.parametrize("status", Membership.Status.values)
def test_no_verb_leads_where_the_table_does_not(status):
    for verb in set(TABLE.values()):
        membership = applied(status)
        if status in origins(membership, verb):
            continue
        with pytest.raises(LostRace):
            do(membership, verb)
        assert Membership.objects.get(pk=membership.pk).status == status
    assert not kinds()


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_mail_can_be_written_in_each_language(language):
    membership = applied("applied", applied_by=made.UserFactory(language=language))
    made.SeatFactory(authority=membership.authority, role="representative", user=made.UserFactory(language=language))
    for verb in ("approve", "send_memorandum", "sign", "activate", "hold", "resume", "withdraw"):
        do(membership, verb)
        for row in Notification.objects.filter(kind__startswith="membership"):
            mail.compose(row)
    with translation.override(language):
        assert composed()[-1][1].subject


# --- what follows ----------------------------------------------------------------------------------------------


def test_the_applicant_gets_the_seat_and_the_other_one_an_invitation():
    membership = applied()
    do(membership, "approve")
    seat = Seat.objects.get(authority=membership.authority)
    assert (seat.user, seat.role) == (membership.applied_by, "representative")
    invitation = SeatInvitation.objects.get(authority=membership.authority)
    assert (invitation.email, invitation.role, invitation.name) == ("deputy@authorities.example", "deputy", "Ivo Marić")


def test_a_named_person_with_another_address_is_invited_and_gets_no_seat_unasked():
    other = made.UserFactory()
    membership = applied(representative_email=other.email, deputy_email="")
    do(membership, "approve")
    assert not Seat.objects.filter(authority=membership.authority).exists()
    assert SeatInvitation.objects.get().email == other.email


def test_an_unproven_address_of_the_applicant_gives_no_seat():
    person = made.UserFactory(verified=False)
    membership = applied(applied_by=person, deputy_email="")
    do(membership, "approve")
    assert not Seat.objects.exists() and SeatInvitation.objects.count() == 1


@pytest.mark.parametrize("verb", ["decline", "cancel"])
def test_what_the_approval_gave_ends_with_it(verb, time_machine):
    time_machine.move_to(timezone.now() - timedelta(days=9))
    membership = applied()
    authority, applicant = membership.authority, membership.applied_by
    before = made.SeatFactory(authority=authority, role="representative")
    invitations.invite(authority, "older@people.example", "contributor", language="en", by=before.user)
    time_machine.shift(timedelta(days=5))
    do(membership, "approve")
    assert authority.can_be_edited_by(applicant) and authority.invitations.waiting().count() == 2
    time_machine.shift(timedelta(days=1))
    do(membership, verb)
    assert not authority.can_be_edited_by(applicant) and list(authority.seats.current()) == [before]
    assert authority.invitations.waiting().get().email == "older@people.example"


def test_before_an_approval_nothing_ends():
    membership = applied()
    seat = made.SeatFactory(authority=membership.authority, role="representative")
    do(membership, "decline")
    assert list(membership.authority.seats.current()) == [seat]


def test_active_means_public_since_today_with_a_report_to_come():
    membership = applied("signed")
    do(membership, "activate")
    membership = Membership.objects.get(pk=membership.pk)
    assert membership.since == today() and membership.report_due == months_after(today(), settings.REPORT_MONTHS)
    assert Authority.objects.visible_to(None).filter(pk=membership.authority_id).exists()
    assert Membership.objects.visible_to(None).filter(pk=membership.pk).exists()


def test_an_application_is_for_those_concerned():
    membership = applied()
    named = made.UserFactory(email="deputy@authorities.example")
    unproven = made.UserFactory(verified=False)
    Membership.objects.filter(pk=membership.pk).update(representative_email=unproven.email)
    seat = made.SeatFactory(authority=membership.authority, role="deputy")
    contributor = made.SeatFactory(authority=membership.authority).user
    for person in (membership.applied_by, named, seat.user, made.CoordinatorFactory()):
        assert Membership.objects.visible_to(person).filter(pk=membership.pk).exists()
    for person in (None, contributor, made.UserFactory(), made.MemberFactory(), unproven):
        assert not Membership.objects.visible_to(person).filter(pk=membership.pk).exists()


def test_nobody_decides_on_their_own():
    coordinator = made.CoordinatorFactory()
    assert applied().can_be_decided_by(coordinator)
    assert not applied(applied_by=coordinator).can_be_decided_by(coordinator)
    seat = made.SeatFactory(user=coordinator)
    assert not applied(authority=seat.authority).can_be_decided_by(coordinator)
    assert not applied().can_be_decided_by(made.MemberFactory())


# --- who is told -----------------------------------------------------------------------------------------------


def test_a_declined_application_says_why_in_the_readers_language():
    texts = {f"text_{code}": f"Reason in {code}." for code in LANGUAGES}
    reason = Reason.objects.create(verb="decline_application", key="why", **texts)
    membership = applied(applied_by=made.UserFactory(language="it"))
    membership.decline(by=made.CoordinatorFactory(), reason=reason, note="Pišite nam.", note_language="hr")
    mails = dict(composed())
    own, deputy = mails[membership.applied_by.email], mails["deputy@authorities.example"]
    assert [quote.text for quote in own.after] == ["Reason in it.", "Pišite nam."]
    assert [quote.text for quote in deputy.after] == ["Reason in hr.", "Pišite nam."]


def test_a_mail_that_is_no_longer_due_is_not_sent():
    membership = applied()
    do(membership, "approve")
    do(membership, "decline")
    by_kind = {row.kind: mail.compose(row) for row in Notification.objects.filter(kind__startswith="membership")}
    assert by_kind["membership_eligible"] is None and by_kind["membership_declined"] is not None


def test_a_withdrawal_reaches_the_seats_and_says_only_there_what_ends():
    membership = made.MembershipFactory(status="active")
    seat = made.SeatFactory(authority=membership.authority)
    do(membership, "withdraw")
    [(address, content)] = composed()
    assert address == seat.user.email and content.paragraphs[-1].startswith("Your account stays.")


def test_an_expired_membership_is_told_at_the_official_address():
    membership = made.MembershipFactory(status="active")
    do(membership, "expire")
    [(address, content)] = composed()
    assert address == membership.authority.official_address
    assert content.button[1].endswith(f"?authority={membership.authority.slug}")


def test_applying_again_reuses_the_row():
    membership = applied("declined")
    other = made.UserFactory()
    membership.apply(by=other, motivation="Once more")
    membership.refresh_from_db()
    assert (membership.status, membership.applied_by, membership.motivation) == ("applied", other, "Once more")
    assert Membership.objects.count() == 1 and kinds() == {"membership_received"}


# --- a former member applies again ------------------------------------------------------------------------------


FORMER = {
    "since": date(2020, 3, 1),
    "ends": date(2025, 5, 31),
    "decision_body": "Town council",
    "decision_date": date(2020, 2, 1),
    "decision_reference": "2020/7",
}


def former_member():
    """Its public record says from when to when, and who decided; a representative still holds a seat."""
    membership = made.MembershipFactory(status="withdrawn", **FORMER)
    made.SeatFactory(authority=membership.authority, role="representative")
    Membership.objects.get(pk=membership.pk).apply(
        by=made.UserFactory(), motivation="Once more", decision_body="Nobody", decision_date=None, decision_reference=""
    )
    return Membership.objects.select_related("authority").get(pk=membership.pk)


def public_record(client, membership):
    record = client.get(f"/en/network/{membership.authority.slug}/authority.json").json()
    return record["membership"] if "membership" in record else record["authority"]["membership"]


@pytest.mark.parametrize("verbs", [[], ["decline"], ["cancel"], ["approve", "decline"], ["approve", "send_memorandum"]])
def test_a_new_application_leaves_the_public_record_of_a_former_member(client, verbs):
    membership = former_member()
    for verb in verbs:
        do(membership, verb)
    told = public_record(client, membership)
    assert (told["status"], told["since"], told["decision"]["body"]) == ("withdrawn", "2020-03-01", "Town council")
    page = client.get(membership.authority.get_absolute_url())
    assert "31 May 2025" in page.content.decode() and "Nobody" not in page.content.decode()
    index = directory_index.read()
    assert index.place(membership.authority_id).standing == "former"


def test_once_it_is_a_member_again_the_new_record_counts(client):
    membership = former_member()
    for verb in ("approve", "send_memorandum", "sign", "activate"):
        do(membership, verb)
    told = public_record(client, membership)
    assert (told["status"], told["since"], told["decision"]["body"]) == ("active", today().isoformat(), "Nobody")
    assert Membership.objects.get(pk=membership.pk).former is None


def test_a_second_application_keeps_the_record_of_the_membership():
    membership = former_member()
    do(membership, "decline")
    Membership.objects.get(pk=membership.pk).apply(by=made.UserFactory())
    shown = Membership.objects.get(pk=membership.pk).shown
    assert {name: getattr(shown, name) for name in FORMER} == FORMER and shown.status == "withdrawn"


@pytest.mark.parametrize("verb", ["apply", "decline"])
def test_its_representatives_are_told(verb):
    membership = former_member()
    Notification.objects.exclude(kind="membership_received").delete()
    if verb == "decline":
        do(membership, "decline")
    kind = {"apply": "membership_received", "decline": "membership_declined"}[verb]
    representative = membership.authority.seats.get().user
    assert Notification.objects.filter(kind=kind, recipient=representative).count() == 1
