"""Offering seats by mail. It imports no model: the models’ own verbs use it."""

from datetime import timedelta

from django.conf import settings
from django.core import signing
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from accounts import history, notifications

from . import holding

SALT = "network.seat"
CONFIRMATION_SALT = "network.seat_confirm"


def invite(authority, email: str, role: str, *, name: str = "", language: str, by, replaces=None):
    """Offer a seat to a mail address; an offer of the same role that is open is sent anew with a later end.

    One address gets one mail a day about the same offer.
    """
    ends = timezone.now() + timedelta(days=settings.SEAT_INVITATION_DAYS)
    values = {"name": name, "language": language, "invited_by": by, "expires_at": ends, "replaces": replaces}
    with transaction.atomic():
        invitation, _created = authority.invitations.update_or_create(
            email=email.lower(), role=role, accepted_at=None, withdrawn_at=None, defaults=values
        )
        history.record(invitation, "invite", by=by, on_behalf_of=_acts_for(authority, by))
        key = f"invitation:{invitation.pk}:{ends:%Y-%m-%d}"
        notifications.tell("seat_invitation", invitation, address=invitation.email, language=language, key=key)
    return invitation


def _acts_for(authority, by):
    return authority if by and authority.seats.current().filter(user=by).exists() else None


# --- links -----------------------------------------------------------------------------------------------------


def token(invitation) -> str:
    """A signed word that only the invited mailbox gets."""
    return signing.Signer(salt=SALT).sign_object({"invitation": invitation.pk, "email": invitation.email})


def address(invitation) -> str:
    return reverse("network:seat_invitation", args=[token(invitation)])


def said_by(word: str) -> dict | None:
    """The key and mail address in a link to take a seat; None for a forged one. The row says whether it is open."""
    try:
        said = signing.Signer(salt=SALT).unsign_object(word)
    except signing.BadSignature:
        return None
    return {"pk": said["invitation"], "email": said["email"]}


def confirmation_address(seat) -> str:
    """Where one click confirms a seat, without signing in."""
    word = signing.dumps({"seat": seat.pk, "user": seat.user_id}, salt=CONFIRMATION_SALT)
    return reverse("network:seat_confirm", args=[word])


def confirmed_by(word: str) -> dict | None:
    """The seat and its holder in a link to confirm; None for a forged one or one that is too old."""
    lasts = timedelta(days=4 * settings.SEAT_CONFIRMATION_DAYS)
    try:
        said = signing.loads(word, salt=CONFIRMATION_SALT, max_age=lasts)
    except signing.BadSignature:
        return None
    return {"pk": said["seat"], "user": said["user"]}


# --- taking and withdrawing ------------------------------------------------------------------------------------


def is_for(invitation, user) -> bool:
    """Whether this person has proven that the invited address is theirs."""
    return user.emailaddress_set.filter(verified=True, email__iexact=invitation.email).exists()


@transaction.atomic
def take(invitation, user):
    """The seat, once; None when the invitation was used, withdrawn or expired meanwhile."""
    authority = holding.locked(invitation.authority)
    row = _locked(invitation)
    if not row.is_open:
        return None
    seat = holding.give(authority, user, row.role, by=user)
    row.accepted_by, row.accepted_at = user, timezone.now()
    row.save(update_fields=["accepted_by", "accepted_at"])
    history.record(row, "take_seat", by=user)
    if row.replaces and row.replaces.user_id != user.pk:
        holding.hand_over(row.replaces, seat, by=user)
    return seat


@transaction.atomic
def withdraw(invitation, *, by) -> bool:
    """The link no longer works; False when it was used or withdrawn before."""
    row = _locked(invitation)
    if row.accepted_at or row.withdrawn_at:
        return False
    history.record(row, "withdraw", by=by, changes={"withdrawn_at": timezone.now()})
    return True


def _locked(invitation):
    rows = type(invitation)._base_manager.select_for_update(of=("self",))
    return rows.select_related("replaces", "authority").get(pk=invitation.pk)
