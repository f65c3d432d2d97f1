"""Holding a seat: given, changed, confirmed, handed over, ended; an authority keeps a representative.

It imports no model: the models’ own verbs use it. Each verb locks the row of the authority first, so that two
representatives who leave at once leave one behind.
"""

from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts import history
from accounts.workdays import today

from .emails import recipients

LEADING = ("representative", "deputy")  # who sign, invite and decide
RANK = {"contributor": 0, "deputy": 1, "representative": 2}
UNFINISHED = ("draft", "changes_requested")  # states of fiches that go along with a seat
LAST = _(
    "This is the last representative of the authority. Invite a successor or another representative first; when they"
    " have taken their seat, this one can end."
)


def locked(authority):
    return type(authority)._base_manager.select_for_update(of=("self",)).get(pk=authority.pk)


def _again(seat):
    """The seat as it is now, with its authority locked."""
    authority = locked(seat.authority)
    seat.refresh_from_db()
    seat.authority = authority
    return authority


def is_last(seat) -> bool:
    """Whether nobody else could act for the authority if this seat ended."""
    if seat.role not in LEADING or not seat.is_current:
        return False
    return not seat.authority.seats.alive().exclude(pk=seat.pk).exists()


def _keep_one(seat) -> None:
    if is_last(seat):
        raise ValidationError(LAST, code="last_representative")


def _end() -> date:
    """Rights end at once, not at midnight: the last whole day was yesterday."""
    return today() - timedelta(days=1)


@transaction.atomic
def give(authority, user, role: str, *, by, tell: bool = True):
    """A seat for this person; who sits there already keeps the higher of the two roles. Returns the seat."""
    authority = locked(authority)
    seat = authority.seats.current().filter(user=user, end=None).order_by("pk").first()
    if seat is None:
        seat = authority.seats.create(user=user, role=role)
        event = history.record(seat, "take_seat", by=by, on_behalf_of=authority)
    elif RANK[role] > RANK[seat.role]:
        event = history.record(seat, "change_role", by=by, on_behalf_of=authority, changes={"role": role})
    else:
        return seat
    if tell:
        recipients.tell("seat_given", seat, [user], key=f"event:{event.pk}", event=event.pk)
    return seat


@transaction.atomic
def change_role(seat, role: str, *, by) -> bool:
    """Give the person another role; False where it is theirs already. Raises ValidationError for the last one."""
    authority = _again(seat)
    if not seat.is_current or seat.role == role:
        return False
    if role not in LEADING:
        _keep_one(seat)
    event = history.record(seat, "change_role", by=by, on_behalf_of=authority, changes={"role": role})
    recipients.tell("seat_given", seat, [seat.user], key=f"event:{event.pk}", event=event.pk)
    return True


@transaction.atomic
def finish(seat, *, by, moderated: bool = False, **said) -> bool:
    """End a seat at once; False where it has ended. A coordinator, with a reason, may end the last one too."""
    authority = _again(seat)
    if not seat.is_current:
        return False
    if not moderated:
        _keep_one(seat)
    gone = is_last(seat)
    whom = {} if moderated else {"on_behalf_of": authority}
    event = history.record(seat, "end_seat", by=by, changes=_ended(seat), **whom, **said)
    people = [seat.user, *recipients.representatives(authority)]
    recipients.tell("seat_ended", seat, people, key=f"event:{event.pk}", event=event.pk)
    if gone:
        ask_for_control(authority, after=seat)
    return True


def _ended(seat) -> dict:
    day = _end()
    return {"end": day, "start": min(seat.start, day)}


def confirm(seat, *, by) -> None:
    """The person still acts for the authority; a second click changes nothing."""
    if seat.confirmed_on != today():
        history.record(seat, "confirm_seat", by=by, changes={"confirmed_on": today()})


@transaction.atomic
def hand_over(before, seat, *, by) -> int:
    """End the predecessor's seat and give their unfinished fiches of this authority to the successor: how many.

    Who has become the last representative since the offer went out keeps the seat.
    """
    authority = seat.authority
    drafts = list(_unfinished(before).select_for_update(of=("self",)))
    for fiche in drafts:
        history.record(fiche, "hand_over", by=by, on_behalf_of=authority, changes={"submitted_by": seat.user})
    changes = _ended(before) if before.is_current and not is_last(before) else {}
    event = history.record(before, "hand_over", by=by, on_behalf_of=authority, changes=changes)
    people = [before.user, seat.user, *recipients.representatives(authority)]
    data = {"from": before.pk, "number": len(drafts)}
    recipients.tell("seat_handed_over", seat, people, key=f"event:{event.pk}", **data)
    return len(drafts)


def _unfinished(seat):
    """Fiches the person has not finished: of this authority, and of those it acts for where they hold no seat."""
    fiches = seat.authority.fiches.model._base_manager
    links = seat.authority.represents.in_force().filter(scopes__contains=["fiches"])
    elsewhere = type(seat).objects.current().filter(user=seat.user).values("authority")
    for_others = Q(authority__in=links.values("authority")) & ~Q(authority__in=elsewhere)
    return fiches.filter(Q(authority=seat.authority) | for_others, submitted_by=seat.user, status__in=UNFINISHED)


@transaction.atomic
def hand_over_to(before, seat, *, with_role: bool, by) -> int:
    """Hand over at once to somebody who holds a seat there already: how many unfinished fiches go to them.

    With the role they rise to that of the predecessor. ValidationError where nobody would be left to represent.
    """
    authority = _again(before)
    seat.refresh_from_db()
    if not (before.is_current and seat.is_current and seat.authority_id == authority.pk) or seat.user == before.user:
        raise ValidationError(_("One of the two seats has ended meanwhile."), code="ended")
    if with_role and RANK[before.role] > RANK[seat.role]:
        history.record(seat, "change_role", by=by, on_behalf_of=authority, changes={"role": before.role})
    _keep_one(before)
    return hand_over(before, seat, by=by)


# --- an authority whose last representative has gone -----------------------------------------------------------


def ask_for_control(authority, *, after) -> None:
    """Ask at the official address who is to be the new representative; once for each seat that was the last."""
    recipients.tell_official("authority_control_asked", authority, authority, key=f"seat:{after.pk}:last")


def check_sender(authority, sender: str) -> None:
    """Only the published address may name a representative."""
    if not authority.official_address or sender.lower() != authority.official_address.lower():
        raise ValidationError(_("This is not the official address of the authority. Only that one counts."))


@transaction.atomic
def record_control(authority, *, by, on, text: str, sender: str, name: str, email: str, language: str, invite):
    """Keep the message from the official address, invite the representative it names, tell everybody concerned."""
    check_sender(authority, sender)
    note = f"{on.isoformat()}, {sender}\n\n{text}"
    event = history.record(authority, "record_control", by=by, note=note, internal=True)
    invite(authority, email, "representative", name=name, language=language, by=by)
    key, data = f"event:{event.pk}", {"name": name, "date": on.isoformat()}
    kind = "authority_control_recorded"
    recipients.tell_official(kind, authority, authority, key=key, **data)
    recipients.tell_address(kind, authority, email, language, key=key, **data)
    recipients.tell(kind, authority, recipients.seat_holders(authority), key=key, **data)
    return event
