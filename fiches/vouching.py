"""Who stood behind each text of a fiche, and what is true once an authority objects to the one who spoke for it.

It imports no model: FicheQuerySet uses it.
"""

from collections import defaultdict

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.utils import timezone

from accounts import history
from accounts.models import Event
from translations import corpus

from . import derived
from .vocabularies import Vouched

HANDED_IN = ("submit", "revision_submit")
WRITTEN = ("draft", "changes_requested")  # from here one hands in


@transaction.atomic
def objected(fiches, authority, coordinator, *, by=None) -> int:
    """What `coordinator` confirmed on behalf of `authority` was not confirmed by it; how many fiches change.

    What its own people handed in, or what it confirmed itself by the mailed link, stays confirmed; so do fiches for
    which another organisation spoke. Earlier versions are set right like the text of today.
    """
    # Locked first, read then: a revision that is approved at this moment is either waited for or waits. Nobody waits
    # for what is being handed in: that holds the fiche, asks for the representation, and tells anew who vouches.
    written = fiches.filter(status__in=WRITTEN).select_for_update(of=("self",), skip_locked=True)
    waiting = fiches.exclude(status__in=WRITTEN).select_for_update(of=("self",))
    pks = [pk for rows in (written, waiting) for pk in rows.order_by("pk").values_list("pk", flat=True)]
    rows = list(fiches.filter(pk__in=pks).prefetch_related("versions"))
    told = _events(fiches.model, pks)
    own, others = list(authority.seats.all()), {seat.user_id for seat in coordinator.seats.all()}
    number = 0
    for fiche in rows:
        earlier, now = _vouchers(told[fiche.pk])
        for version, voucher in zip(sorted(fiche.versions.all(), key=lambda row: row.number), earlier, strict=False):
            if version.data.get("vouched") == Vouched.AUTHORITY and _spoke(voucher, fiche, own, others):
                version.data["vouched"] = Vouched.PERSON.value
                version.save(update_fields=["data"])
        if fiche.vouched == Vouched.AUTHORITY and _spoke(now, fiche, own, others):
            changes = {"vouched": Vouched.PERSON}
            history.record(fiche, "object", by=by, on_behalf_of=authority, changes=changes)
            derived.refresh(fiche)
            number += 1
    corpus.bump()
    return number


def _events(model, pks) -> dict[int, list]:
    """The Events of each fiche, oldest first."""
    found = defaultdict(list)
    rows = Event.objects.filter(content_type=ContentType.objects.get_for_model(model), object_id__in=pks)
    for event in rows.order_by("at", "pk"):
        found[event.object_id].append(event)
    return found


def _vouchers(events) -> tuple[list, object]:
    """The Events by which somebody stood behind each earlier version, and behind the text of today."""
    earlier, handed_in, shown, published = [], None, None, False
    for event in events:
        if event.verb in HANDED_IN:
            handed_in = event
        elif event.verb == "confirm" and published:
            shown = event  # of what the public reads, not of a revision that waits
        elif event.verb == "confirm":
            handed_in = event
        elif event.verb == "approve":
            shown, published = handed_in, True
        elif event.verb == "revise":
            earlier.append(shown)
            shown = handed_in
    return earlier, shown if published else handed_in


def _spoke(voucher, fiche, own, others: set) -> bool:
    """Whether it was somebody of the other organisation, without a seat of their own at the authority that day."""
    if voucher is not None and voucher.verb == "confirm":
        return False
    user, at = (voucher.by_id, voucher.at) if voucher else (fiche.submitted_by_id, fiche.submitted_at)
    day = timezone.localdate(at or fiche.created_at)
    sat = any(s.user_id == user and s.start <= day and (s.end is None or s.end >= day) for s in own)
    return user in others and not sat
