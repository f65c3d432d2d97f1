"""Who is told of a new version when: before it takes force, on its day, and once more for who has not accepted it."""

from datetime import timedelta

from django.conf import settings

from accounts.models import Notification
from accounts.workdays import today

from .emails.recipients import tell
from .models import DocumentVersion


def day_by_day() -> None:
    """What is due today; done twice it does no more, and a day that was missed is made up for."""
    day = today()
    versions = DocumentVersion.objects.published().exclude(document__accepted_by="").select_related("document")
    last = day + timedelta(days=settings.DOCUMENT_NOTICE_DAYS)
    for version in versions.filter(in_force_from__gt=day, in_force_from__lte=last):
        _tell(version, "document_new_version", f"version:{version.pk}")
    for version in versions.filter(pk__in=DocumentVersion.objects.in_force(day)):
        waited = (day - version.in_force_from).days
        again = settings.ACCEPTANCE_REMINDER_DAYS if waited >= settings.ACCEPTANCE_REMINDER_DAYS else 0
        _tell(version, "document_accept_reminder", f"version:{version.pk}:{again}")


def _tell(version, kind, key) -> None:
    told = Notification.objects.filter(kind=kind, key=key, recipient__isnull=False)
    tell(kind, version, version.everybody_asked().exclude(pk__in=told.values("recipient")).order_by("pk"), key=key)
