"""Each transition of a memorandum: its verb, its Event, and whom the table says it tells."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.history import LostRace
from accounts.models import Event, Notification
from clavet import states
from network.emails import memorandum as mails
from network.memorandum import memorandum_life
from network.models import Memorandum
from network.verbs import MOVES
from tests import memoranda as made
from tests.factories import CoordinatorFactory
from tests.signatures import in_force, keep, ready, sign

pytestmark = pytest.mark.django_db
TABLE = MOVES["network.memorandum"]


@pytest.fixture(autouse=True)
def countersigning(settings):
    settings.COUNTERSIGNING_PARTY, settings.COUNTERSIGNING_COUNTRY = made.PARTY, "BE"


def test_every_transition_has_a_verb():
    assert set(TABLE) == {(before, after) for before, after, _verb in states.moves(Memorandum)}


def until(status):
    """A memorandum in this state."""
    if status == "draft":
        return made.draft()
    memorandum = in_force([made.joining(), made.joining()]) if status in ("in_force", "review_due") else ready()
    if status == "review_due":
        memorandum_life.call_review(memorandum)
    if status == "signing":
        sign(memorandum.parties.first())
    memorandum.refresh_from_db()
    return memorandum


def renew(memorandum):
    draft = memorandum.ask_renewal(by=CoordinatorFactory(), replacing="amends")
    draft.lock(by=CoordinatorFactory())
    for text in draft.current_texts():
        keep(draft, "frozen", f"{draft.code} {text.language}".encode(), text.language)
    for party in draft.parties.all():
        sign(party)


def terminate(memorandum):
    for party in memorandum.parties.exclude(authority=None):
        party.leave(by=CoordinatorFactory())
    memorandum.parties.exclude(authority=None).update(left_on=timezone.now().date() - timedelta(days=1))
    memorandum_life.end_for_who_left(memorandum)


def expire(memorandum):
    """One of its parties has another memorandum, and keeps its membership; the other is told that it has none."""
    in_force([memorandum.parties.first().authority])
    Notification.objects.all().delete()
    memorandum_life.expire(memorandum)


DO = {
    "lock": lambda row: row.lock(by=CoordinatorFactory()),
    "discard": lambda row: row.discard(by=CoordinatorFactory()),
    "sign": lambda row: sign(row.whose_turn()),
    "take_back": lambda row: row.take_back(by=CoordinatorFactory(), note="No", note_language="en"),
    "take_force": lambda row: sign(row.whose_turn()),
    "call_review": memorandum_life.call_review,
    "review": lambda row: row.review(by=CoordinatorFactory(), note="Good", note_language="en"),
    "renew": renew,
    "expire": expire,
    "terminate": terminate,
}


@pytest.mark.parametrize(("before", "after"), TABLE)
def test_a_verb_makes_its_move_and_tells_whom_the_table_names(before, after):
    verb = TABLE[before, after]
    memorandum = until(before)
    Notification.objects.all().delete()
    DO[verb](memorandum)
    assert Memorandum.objects.get(pk=memorandum.pk).status == after
    event = Event.objects.of(memorandum).filter(to_state__gt="").last()
    assert (event.verb, event.from_state, event.to_state) == (verb, before, after)
    kinds = set(Notification.objects.filter(kind__startswith="memorandum_").values_list("kind", flat=True))
    named = {kind for _who, kind in mails.MAILS.get(verb, ())}
    if verb == "renew":
        named = kinds  # those of the memorandum that takes its place
    if verb == "expire":
        # Whose membership ends is told by that mail instead.
        assert Notification.objects.filter(kind="membership_expired").exists()
    assert named == kinds


@pytest.mark.parametrize("status", ["renewed", "expired", "terminated", "discarded"])
def test_nothing_leads_out_of_an_end(status):
    memorandum = in_force()
    Memorandum.objects.filter(pk=memorandum.pk).update(status=status)
    memorandum.refresh_from_db()
    party = memorandum.parties.first()
    for call in (
        lambda: sign(party),
        lambda: memorandum.review(by=CoordinatorFactory(), note="x", note_language="en"),
        lambda: memorandum.take_back(by=CoordinatorFactory()),
        lambda: party.leave(by=CoordinatorFactory()),
        lambda: memorandum.ask_renewal(by=CoordinatorFactory(), replacing="renews"),
        lambda: memorandum_life.expire(memorandum),
    ):
        with pytest.raises(LostRace):
            call()
