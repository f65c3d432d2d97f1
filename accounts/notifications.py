"""Telling people: one row per address and thing, sent by the worker in the recipient's language."""

from django.db import transaction

from .models import Notification


def tell(kind: str, subject, *, key: str, recipient=None, address: str = "", language: str = "", data=None, due_at=None):
    """Queue a mail of `kind` about `subject` to a person or a bare address; the same `key` is never mailed twice.

    Called inside the transaction of the change; the text is made when it is sent (`accounts.mail`).
    """
    fields = {"recipient": recipient, "language": language or recipient.language, "subject": subject, "data": data or {}}
    if due_at:
        fields["due_at"] = due_at
    with transaction.atomic():
        notification, created = Notification.objects.get_or_create(
            address=address or recipient.email, kind=kind, key=key, defaults=fields
        )
    return notification if created else None
