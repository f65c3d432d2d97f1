"""A member leaves the network: with the notice of its memoranda, and nothing that it published is lost."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts import history
from accounts.workdays import today

from ..memorandum import memorandum_life
from ..models import Membership, Memorandum, Party


def open_parties(membership) -> list[Party]:
    """As what the authority still takes part in memoranda that are valid."""
    rows = Party.objects.of([membership.authority]).filter(memorandum__status__in=Memorandum.VALID)
    return list(rows.select_related("memorandum", "authority").order_by("pk"))


def last_day(membership):
    """The last day of a member that says today that it leaves: the latest end of the notice of its memoranda."""
    days = [party.left_on or memorandum_life.last_day(party.memorandum) for party in open_parties(membership)]
    return max(days, default=today())


def can_be_announced_by(membership, user) -> bool:
    """A representative or deputy of a member that has not said so already."""
    leads = membership.authority.seats.of_representatives().filter(user=user)
    return membership.status in Membership.IN_THE_NETWORK and membership.ends is None and leads.exists()


@transaction.atomic
def end_now(membership, verb: str, *, by, **said):
    """A coordinator notes that it ends today (`withdraw`, `expire`): its parties leave their memoranda with it."""
    words = {name: said[name] for name in ("note", "note_language") if name in said}
    parties = open_parties(membership)
    event = getattr(membership, verb)(by=by, **said)
    for party in parties:
        if party.left_on is None or party.left_on > today():
            party.leave(by=by, on=today(), **words)
    return event


@transaction.atomic
def announce(membership, *, by, note="", note_language=""):
    """Say that the authority leaves: its parties leave with notice, its membership ends on the last of those days.

    Without a memorandum that is valid it ends at once. Raises ValidationError where it was announced already.
    """
    membership = Membership.objects.select_for_update(of=("self",)).select_related("authority").get(pk=membership.pk)
    if not can_be_announced_by(membership, by):
        raise ValidationError(_("This authority has said already that it leaves."), code="announced")
    ends, said = last_day(membership), {"note": note, "note_language": note_language}
    if ends <= today():
        membership.withdraw(by=by, ends=today(), on_behalf_of=membership.authority, **said)
        return membership
    for party in open_parties(membership):
        if party.left_on is None:
            party.leave(by=by, **said)
    behalf = membership.authority
    history.record(membership, "announce_withdrawal", by=by, on_behalf_of=behalf, changes={"ends": ends}, **said)
    membership.authority.rewrite()
    return membership
