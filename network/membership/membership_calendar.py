"""What a new day brings to members: reports that come due, memberships on hold, announced ends; done twice it does no more."""

import datetime

from django.conf import settings
from django.db import transaction

from accounts.history import LostRace
from accounts.workdays import today

from ..emails import membership as mails
from ..emails import recipients


def day_by_day(memberships) -> None:
    """Remind of reports, put on hold who is late, end what was announced."""
    rows = memberships.filter(status__in=memberships.model.IN_THE_NETWORK).select_related("authority")
    for row in rows.filter(ends__lt=today()):
        _once(row, lambda membership: membership.withdraw(by=None, ends=membership.ends))
    staying = rows.exclude(ends__lt=today())
    for row in staying.filter(status="active", report_due__lt=today()):
        _once(row, lambda membership: membership.hold())
    last = today() + datetime.timedelta(days=max(settings.REPORT_REMINDER_DAYS))
    for row in staying.filter(report_due__range=(today(), last)):
        with transaction.atomic():
            remind(row)


def _once(membership, do) -> None:
    """Do it unless somebody else was faster."""
    try:
        do(membership)
    except LostRace:
        return


def remind(membership) -> None:
    """The reminder whose time has come, once."""
    left = (membership.report_due - today()).days
    days = min(days for days in settings.REPORT_REMINDER_DAYS if left <= days)
    due = membership.report_due.isoformat()
    key = f"report:{membership.pk}:{due}:{days}"
    recipients.tell("report_due", membership, mails.with_reporters(membership), key=key, due=due)
