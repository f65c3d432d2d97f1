"""Two rows that are one authority: what belongs to the first goes to the second, and its address leads there.

History is not rewritten: parties and signatures of memoranda, ended seats and past events stay with the old row.
"""

from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts import history
from accounts.models import Event
from accounts.workdays import today
from translations.tasks import rewrite_editions

from ..emails import recipients
from ..representation import representing
from . import leaving

MOVED = "merge"  # the verb in the histories of what moved
PAGE = 500  # Editions of fiches rewritten by one job


def countable(authority) -> dict[str, int]:
    """What would move, for the page that asks."""
    return {
        "fiches": authority.fiches.count(),
        "seats": authority.seats.current().count(),
        "represents": authority.represents.exclude(status="ended").count(),
        "represented_by": authority.represented_by.exclude(status="ended").count(),
        "requests": authority.seat_requests.filter(status="open").count(),
    }


@transaction.atomic
def merge(old, into, *, by, pass_membership=False, **said) -> None:
    """Make `old` a part of `into`; ValidationError where that cannot be, also when somebody did it meanwhile.

    A membership of `old` ends, unless it is passed on to one that has none.
    """
    rows = type(old)._base_manager.select_for_update(of=("self",)).order_by("pk")
    locked = {row.pk: row for row in rows.filter(pk__in=[old.pk, into.pk])}
    if len(locked) < 2:
        raise ValidationError(_("Choose another authority."), code="same")
    old, into = locked[old.pk], locked[into.pk]
    if old.merged_into_id:
        raise ValidationError(_("It was merged meanwhile."), code="merged")
    if into.merged_into_id:
        raise ValidationError(_("This authority was merged itself. Choose the one it became."), code="merged_target")
    passed = _pass_or_end_membership(old, into, by, pass_membership)  # while its people sit there: they are told
    _move_fiches(old, into, by)
    _move_people(old, into, by)
    _move_representations(old, into, by)
    _move_expertise(old, into)
    old.merged.update(merged_into=into)  # one step from every old address
    old.hidden, old.merged_into = True, into
    old.save(update_fields=["hidden", "merged_into"])
    history.record(old, "merge", by=by, note=into.official_name, note_language="", **said)
    event = history.record(into, "take_over", by=by, note=old.official_name, note_language="", **said)
    people, key = recipients.seat_holders(into), f"event:{event.pk}"
    recipients.tell("authority_merged", into, people, key=key, old=old.official_name, passed=passed)
    old.rewrite()
    into.rewrite()


def _move_fiches(old, into, by) -> None:
    pks = list(old.fiches.order_by("pk").values_list("pk", flat=True))
    shown = list(old.fiches.with_editions().order_by("pk").values_list("pk", flat=True))
    old.fiches.model._base_manager.filter(pk__in=pks).update(authority=into)
    # Each remembers whose it was: what that one has reported is not counted again.
    kind = ContentType.objects.get_for_model(old.fiches.model)
    said = {"verb": MOVED, "by": by, "on_behalf_of": old, "internal": True}
    Event.objects.bulk_create(Event(content_type=kind, object_id=pk, **said) for pk in pks)
    for start in range(0, len(shown), PAGE):
        rewrite_editions.defer(model="fiches.Fiche", pks=shown[start : start + PAGE])


def _move_people(old, into, by) -> None:
    """Seats of today, offers and requests; what the other side has already is ended here."""
    for seat in old.seats.current():
        if into.seats.filter(user=seat.user, role=seat.role, end__isnull=True).exists():
            history.record(seat, "end_seat", by=by, changes={"end": today()})
        else:
            seat.authority = into
            seat.save(update_fields=["authority"])
    for offer in old.invitations.filter(accepted_at=None, withdrawn_at=None):
        if not into.invitations.filter(
            email=offer.email, role=offer.role, accepted_at=None, withdrawn_at=None
        ).exists():
            offer.authority = into
            offer.save(update_fields=["authority"])
    for request in old.seat_requests.filter(status="open"):
        there = into.seats.current().filter(user=request.user)
        if there.exists() or into.seat_requests.filter(user=request.user, status="open").exists():
            history.move(request, "withdrawn", verb="withdraw", by=by)
        else:
            request.authority = into
            request.save(update_fields=["authority"])


def _move_representations(old, into, by) -> None:
    """Whom it represents and who represents it; nobody represents themselves or anybody twice."""
    for row in old.represents.exclude(status="ended"):
        taken = into.represents.exclude(status="ended").filter(authority=row.authority_id).exists()
        _move_representation(row, "coordinator", into, by, taken or row.authority_id == into.pk)
    for row in old.represented_by.exclude(status="ended"):
        taken = into.represented_by.exclude(status="ended").filter(coordinator=row.coordinator_id).exists()
        _move_representation(row, "authority", into, by, taken or row.coordinator_id == into.pk)


def _move_representation(row, side: str, into, by, is_double: bool) -> None:
    if is_double:
        history.move(row, "ended", verb="end", by=by, changes={"end": max(today(), row.start)})
    elif side == "authority":
        representing.pass_on(row, into, by=by)
    else:
        history.record(row, MOVED, by=by, changes={f"{side}_id": into.pk})


def _move_expertise(old, into) -> None:
    """What the other one has not said itself."""
    known = into.expertise.values("theme")
    old.expertise.exclude(theme__in=known).update(authority=into)


def _pass_or_end_membership(old, into, by, pass_on: bool) -> bool:
    """Whether it passed: then the other one goes on with it, its reports and its memoranda."""
    membership, other = getattr(old, "membership", None), getattr(into, "membership", None)
    if membership is None:
        return False
    note = {"note": f"→ {into.official_name}", "note_language": into.official_language[:2]}
    joined = membership.status in membership.IN_THE_NETWORK
    goes_on = other is not None and other.status in other.IN_THE_NETWORK
    if membership.status in (membership.Status.MOU_SENT, membership.Status.SIGNED) and not goes_on:
        # It would take force without a member.
        raise ValidationError(_("Take the text of the memorandum back first, if it waits for signatures."), code="text")
    if joined and pass_on:
        if other:
            raise ValidationError(
                _("The other has an application or a membership of its own: this one cannot pass to it."), code="taken"
            )
        history.record(membership, MOVED, by=by, changes={"authority": into})
        into.hidden = False
        into.save(update_fields=["hidden"])
        return True
    if membership.status in membership.JOINING:
        membership.cancel(by=by, **note)
    elif joined and goes_on:
        membership.withdraw(by=by, **note)  # its memoranda go on: the other one is a member
    elif joined:
        leaving.end_now(membership, "withdraw", by=by, **note)
    return False
