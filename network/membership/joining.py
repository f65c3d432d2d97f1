"""What follows from the moves of a membership: seats for the people named, and the authority’s page for everybody."""

from datetime import timedelta

from django.utils import timezone

from accounts import history
from accounts.models import Event, User
from accounts.workdays import today

from .. import invitations

ROLES = ("representative", "deputy")


def give_seats(membership, event) -> None:
    """The named representative and deputy: a seat for the applicant, an invitation by mail for anybody else."""
    _give(membership, membership.applied_by or event.by)


def invite_again(membership, *, by) -> None:
    """The invitations of the approval ended without an answer: a coordinator sends them once more."""
    _give(membership, by)


def _give(membership, by) -> None:
    for role in ROLES:
        email = getattr(membership, f"{role}_email")
        if not email:
            continue
        if _is_applicant(membership, email):
            _seat(membership, role)
        elif not _sits_there(membership, email):
            invitations.invite(
                membership.authority,
                email,
                role,
                name=getattr(membership, f"{role}_name"),
                language=membership.language,
                by=by,
            )


def _is_applicant(membership, email: str) -> bool:
    """Whether this is an address that the applicant has proven to be theirs."""
    user = membership.applied_by
    return bool(user and user.emailaddress_set.filter(verified=True, email__iexact=email).exists())


def _seat(membership, role: str) -> None:
    seats, user = membership.authority.seats, membership.applied_by
    if not seats.of_representatives().filter(user=user).exists():
        seats.create(user=user, role=role)


def _sits_there(membership, email: str) -> bool:
    people = User.objects.filter(emailaddress__email__iexact=email, emailaddress__verified=True)
    return membership.authority.seats.of_representatives().filter(user__in=people).exists()


def take_back(membership, event) -> None:
    """What the approval gave ends with it, at once: seats and invitations since that day; older ones stay."""
    approval = Event.objects.of(membership).filter(verb="approve").order_by("-at", "-pk").first()
    if event.from_state == membership.Status.APPLIED or approval is None:
        return
    for offer in membership.authority.invitations.waiting().filter(invited_at__gte=approval.at):
        offer.withdraw(by=event.by)
    day = today() - timedelta(days=1)  # the last whole day
    for seat in membership.authority.seats.current().filter(end=None, start__gte=timezone.localdate(approval.at)):
        history.record(seat, "end_seat", by=event.by, changes={"end": day, "start": min(seat.start, day)})


def show(membership, _event) -> None:
    """An authority that was born with its application becomes public once it is in the network."""
    authority = membership.authority
    if authority.hidden and authority.merged_into_id is None:
        authority.hidden = False
        authority.save(update_fields=["hidden"])
