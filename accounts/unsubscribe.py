"""Signed addresses that end one kind of mail without signing in (RFC 8058)."""

from django.conf import settings
from django.core import signing
from django.urls import reverse
from django.utils import translation

from .models import User

SALT = "accounts.unsubscribe"


def address(user, kind: str) -> str:
    """The whole address at which `user` ends mails of this kind with one POST."""
    token = signing.dumps([user.pk, kind], salt=SALT)
    with translation.override(user.language):
        return settings.SITE_URL + reverse("accounts:unsubscribe", args=[token])


def read(token: str) -> tuple[User, str] | None:
    """Whom and which kind a token is about; None if it is not one of ours or the person is gone."""
    try:
        pk, kind = signing.loads(token, salt=SALT)
    except (signing.BadSignature, ValueError):
        return None
    user = User.objects.filter(pk=pk).first()
    return (user, kind) if user else None


def stop(user, kind: str) -> None:
    """No more mails of this kind."""
    user.mail_frequency = {**user.mail_frequency, kind: "never"}
    user.save(update_fields=["mail_frequency"])
