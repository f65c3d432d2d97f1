"""What a new day brings to representations: the end, and a reminder before it; done twice it does no more."""

from django.db import transaction

from accounts.history import LostRace
from accounts.workdays import today

from . import representing


def day_by_day(rows) -> None:
    """End those whose last day has passed; remind of those that end within REPRESENTATION_REMINDER_DAYS."""
    confirmed = rows.filter(status__in=rows.model.IN_FORCE)
    for row in confirmed.filter(end__lt=today()).select_related("coordinator", "authority"):
        try:
            row.expire()
        except LostRace:
            continue
    for row in confirmed.filter(end__gte=today(), end__lte=representing.last_reminder_day()):
        with transaction.atomic():
            representing.remind(row)
