"""Telling people: one row per address and thing, sent by the worker in the recipient's language."""

from django.db import transaction
from procrastinate.contrib.django import app

from .models import Notification


def tell(
    kind: str, subject, *, key: str, recipient=None, address: str = "", language: str = "", data=None, due_at=None
):
    """Queue a mail of `kind` about `subject` to a person or a bare address; the same `key` is never mailed twice.

    Called inside the transaction of the change; the text is made when it is sent (`accounts.mail`).
    Returns the new Notification, or None if this address was told before.
    """
    fields = {
        "recipient": recipient,
        "language": language or recipient.language,
        "subject": subject,
        "data": data or {},
    }
    if due_at:
        fields["due_at"] = due_at
    with transaction.atomic():
        notification, created = Notification.objects.get_or_create(
            address=(address or recipient.email).lower(), kind=kind, key=key, defaults=fields
        )
        if created:
            queue(notification)
    return notification if created else None


def queue(notification) -> None:
    """Queue the sending (accounts.tasks) in the running transaction: a rollback takes the job with it."""
    job = app.configure_task(
        "accounts.send_notification",
        queue="mail",
        schedule_at=notification.due_at,
        queueing_lock=f"notification:{notification.pk}",
    )
    job.defer(pk=notification.pk)
