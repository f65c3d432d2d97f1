"""Offering seats by mail. It imports no model: the models’ own verbs use it."""

from datetime import timedelta

from django.conf import settings
from django.utils import timezone

from accounts import notifications


def invite(authority, email: str, role: str, *, name: str = "", language: str, by, replaces=None):
    """Offer a seat to a mail address; an offer of the same role that is open is sent anew with a later end."""
    ends = timezone.now() + timedelta(days=settings.SEAT_INVITATION_DAYS)
    values = {"name": name, "language": language, "invited_by": by, "expires_at": ends, "replaces": replaces}
    invitation, _created = authority.invitations.update_or_create(
        email=email.lower(), role=role, accepted_at=None, withdrawn_at=None, defaults=values
    )
    key = f"invitation:{invitation.pk}:{ends:%Y-%m-%d}"
    notifications.tell("seat_invitation", invitation, address=invitation.email, language=language, key=key)
    return invitation
