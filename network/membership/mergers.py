"""Two rows that are one authority: what belongs to the first goes to the second, and its address leads there.

History is not rewritten: parties and signatures of memoranda, ended seats and past events stay with the old row.
"""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts import history
from accounts.workdays import today
from translations.tasks import rewrite_editions

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
def merge(old, into, *, by, **said) -> None:
    """Make `old` a part of `into`; ValidationError where that cannot be, also when somebody did it meanwhile."""
    rows = type(old)._base_manager.select_for_update(of=("self",)).order_by("pk")
    locked = {row.pk: row for row in rows.filter(pk__in=[old.pk, into.pk])}
    if len(locked) < 2:
        raise ValidationError(_("Choose another authority."), code="same")
    old, into = locked[old.pk], locked[into.pk]
    if old.merged_into_id:
        raise ValidationError(_("It was merged meanwhile."), code="merged")
    if into.merged_into_id:
        raise ValidationError(_("This authority was merged itself. Choose the one it became."), code="merged_target")
    _move_fiches(old, into)
    _move_people(old, into, by)
    _move_representations(old, into, by)
    _move_expertise(old, into)
    old.merged.update(merged_into=into)  # one step from every old address
    old.hidden, old.merged_into = True, into
    old.save(update_fields=["hidden", "merged_into"])
    _end_membership(old, into, by)
    history.record(old, "merge", by=by, note=into.official_name, note_language="", **said)
    history.record(into, "take_over", by=by, note=old.official_name, note_language="", **said)
    old.rewrite()
    into.rewrite()


def _move_fiches(old, into) -> None:
    pks = list(old.fiches.order_by("pk").values_list("pk", flat=True))
    shown = list(old.fiches.with_editions().order_by("pk").values_list("pk", flat=True))
    old.fiches.model._base_manager.filter(pk__in=pks).update(authority=into)
    for start in range(0, len(shown), PAGE):
        rewrite_editions.defer(model="fiches.Fiche", pks=shown[start : start + PAGE])


def _move_people(old, into, by) -> None:
    """Seats of today, offers and requests; what the other side has already is ended here."""
    for seat in old.seats.current():
        if into.seats.filter(user=seat.user, role=seat.role, end__isnull=True).exists():
            history.record(seat, "end", by=by, changes={"end": today()})
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
    else:
        history.record(row, "merge", by=by, changes={f"{side}_id": into.pk})


def _move_expertise(old, into) -> None:
    """What the other one has not said itself."""
    known = into.expertise.values("theme")
    old.expertise.exclude(theme__in=known).update(authority=into)


def _end_membership(old, into, by) -> None:
    membership = getattr(old, "membership", None)
    if membership is None:
        return
    note = {"note": f"→ {into.official_name}", "note_language": into.official_language[:2]}
    if membership.status in membership.JOINING:
        membership.cancel(by=by, **note)
    elif membership.status in membership.IN_THE_NETWORK:
        membership.withdraw(by=by, **note)
