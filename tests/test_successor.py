"""A party whose authority was merged into another: the people of the one that it became act for it, nobody else."""

from datetime import timedelta

import pytest
from django.urls import reverse

from accounts.models import Event, Notification
from accounts.workdays import today
from network.membership import mergers
from network.memorandum import memorandum_life, signing
from network.models import Membership, Memorandum, MemorandumFile, Party, Seat
from tests import memoranda as made
from tests.factories import CoordinatorFactory, MemberFactory, SeatFactory
from tests.signatures import in_force, keep, ready, seen, sign

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def countersigning(settings):
    settings.COUNTERSIGNING_PARTY, settings.COUNTERSIGNING_COUNTRY = made.PARTY, "BE"


class Merged:
    """A memorandum whose first party was merged, and who is who since then."""

    def __init__(self, memorandum):
        self.memorandum = memorandum
        self.party = memorandum.parties.first()
        Seat.objects.filter(authority=self.party.authority).delete()  # nobody moves: the successor’s own people act
        self.into = made.joining(status="active")
        mergers.merge(self.party.authority, self.into, by=CoordinatorFactory())
        self.party = Party.objects.get(pk=self.party.pk)
        self.memorandum = Memorandum.objects.get(pk=memorandum.pk)
        self.allowed = self.into.seats.get().user
        self.related = SeatFactory(authority=self.into, role="contributor").user
        self.stranger = MemberFactory()

    def may(self, predicate) -> list[bool]:
        return [bool(predicate(user)) for user in (self.allowed, self.related, self.stranger)]

    def get(self, client, name, *args) -> list[int]:
        found = []
        for user in (self.allowed, self.related, self.stranger):
            client.force_login(user)
            found.append(client.get(reverse(f"network:{name}", args=args)).status_code)
        return found


def test_the_successors_representatives_sign(client):
    row = Merged(ready())
    assert row.may(row.party.can_be_signed_by) == [True, False, False]
    for name in ("sign", "send_link", "upload_copy"):
        assert row.get(client, name, row.memorandum.code) == [200, 403, 404]
    assert [list(Memorandum.objects.to_sign_by(user)) for user in (row.allowed, row.related, row.stranger)] == [
        [row.memorandum],
        [],
        [],
    ]
    said = {"name": "Ana Sample", "title": "Mayor", "method": "portal", **seen(row.memorandum)}
    signing.sign(row.party, by=row.allowed, **said)
    assert Event.objects.of(row.memorandum).get(verb="sign").on_behalf_of == row.into
    told = Notification.objects.filter(kind="memorandum_party_signed").values_list("recipient", flat=True)
    assert row.allowed.pk in told and row.related.pk not in told


def test_they_review_renew_and_leave(client):
    row = Merged(in_force())
    memorandum = row.memorandum
    for predicate in (memorandum.can_be_reviewed_by, memorandum.can_be_renewed_by, row.party.can_be_left_by):
        assert row.may(predicate) == [True, False, False]
    for name in ("review", "renew", "leave"):
        assert row.get(client, name, memorandum.code) == [200, 403, 404]
    client.force_login(row.allowed)
    page = client.get(reverse("network:review", args=[memorandum.code]))
    once = page.content.decode().split('name="once" value="')[1].split('"')[0]
    client.post(reverse("network:review", args=[memorandum.code]), {"note": "It goes well.", "once": once})
    assert Event.objects.of(memorandum).get(verb="review").on_behalf_of == row.into
    row.party.leave(by=row.allowed)
    assert Event.objects.of(memorandum).get(verb="leave").on_behalf_of == row.into


def test_they_see_its_files_and_a_copy_that_waits(client):
    row = Merged(ready())
    copy = keep(row.memorandum, "signed", b"%PDF scan", party=row.party, check_state="waiting")
    assert row.get(client, "memorandum", row.memorandum.code) == [200, 200, 404]
    assert row.get(client, "memorandum_pdf", row.memorandum.code, "en") == [200, 200, 404]
    assert row.get(client, "memorandum_file", copy.pk) == [200, 200, 404]
    other = keep(row.memorandum, "signed", b"%PDF other", party=row.memorandum.parties.last(), check_state="waiting")
    assert row.get(client, "memorandum_file", other.pk) == [404, 404, 404]


def test_a_coordinator_with_a_seat_at_the_successor_decides_nothing():
    row = Merged(ready())
    free, theirs = CoordinatorFactory(), CoordinatorFactory()
    SeatFactory(authority=row.into, role="contributor", user=theirs)
    last, copy = row.memorandum.parties.last(), MemorandumFile(kind="signed", check_state="waiting")
    copy.memorandum = row.memorandum
    for predicate in (row.memorandum.can_be_taken_back_by, last.is_signed_for_by, copy.can_be_checked_by):
        assert [predicate(free), predicate(theirs)] == [True, False]


def test_a_renewal_is_made_with_the_authority_that_it_became():
    row = Merged(in_force())
    successor = row.memorandum.ask_renewal(by=row.allowed, replacing="renews")
    party = successor.parties.exclude(authority=None).get()
    assert (party.authority, party.signatory_name, party.decision_body) == (row.into, "", "")
    assert any("decision" in sentence for sentence in successor.missing())


def test_two_parties_that_became_one_are_one_in_a_renewal():
    old, into = made.joining(), made.joining()
    memorandum = in_force([old, into])
    mergers.merge(old, into, by=CoordinatorFactory())
    memorandum = Memorandum.objects.get(pk=memorandum.pk)
    successor = memorandum.ask_renewal(by=CoordinatorFactory(), replacing="renews")
    assert [party.authority for party in successor.parties.exclude(authority=None)] == [into]


def test_a_renewal_that_both_had_begun_renews_the_one_membership_once():
    old, into = made.joining(), made.joining()
    first = in_force([old, into])
    renewal = ready([old, into], in_force_from=today() + timedelta(days=1), replaces=first, replacing="renews")
    for party in renewal.parties.all():
        sign(party)
    Membership.objects.filter(authority__in=[old, into]).update(status="expired")
    mergers.merge(old, into, by=CoordinatorFactory())
    Memorandum.objects.filter(pk=renewal.pk).update(in_force_from=today())
    assert memorandum_life.take_force_if_due(Memorandum.objects.get(pk=renewal.pk))
    assert Membership.objects.get(authority=into).status == "active"


def test_the_membership_rests_on_what_was_signed_before_the_merger():
    memorandum = in_force()
    row = Merged(memorandum)
    own = in_force([row.into])
    memorandum_life.expire(own)
    row.into.membership.refresh_from_db()
    assert row.into.membership.status == "active"  # by the one that its predecessor signed
    memorandum_life.expire(row.memorandum)
    row.into.membership.refresh_from_db()
    assert row.into.membership.status == "expired"
