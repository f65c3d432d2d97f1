"""Asking for a seat: who answers, until when, and where the request goes if nobody does. It imports no model."""

from datetime import date, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from accounts import history
from accounts.workdays import is_working_day, working_days

from .emails import recipients


def calendar(authority) -> str:
    """The country whose public holidays count: of its own calendar, else of the authority."""
    return (authority.holiday_calendar or authority.country).partition("-")[0]


def last_day(row, since) -> date:
    """The last working day on which those who have the request since then may answer."""
    country, found = calendar(row.authority), timezone.localdate(since)
    for _number in range(settings.SEAT_REQUEST_WORKING_DAYS):
        found += timedelta(days=1)
        while not is_working_day(found, country):
            found += timedelta(days=1)
    return found


def is_late(row, since) -> bool:
    days = working_days(timezone.localdate(since), timezone.localdate(), calendar(row.authority))
    return days > settings.SEAT_REQUEST_WORKING_DAYS


def sent(row) -> None:
    """Tell the representatives; where there is none, those who come after them at once."""
    key = f"seat-request:{row.pk}"
    recipients.tell("seat_request_received", row, [row.user], key=key)
    if row.authority.seats.alive().exists():
        recipients.tell("seat_asked", row, recipients.representatives(row.authority), key=key)
        return
    to_euroregion(row)
    to_coordinators(row)


def euroregions(authority):
    """By whom this authority is represented today: a Euroregion that has left learns of no request."""
    return authority.represented_by.acting().select_related("coordinator")


def pass_on(row) -> None:
    """What the days that went by ask for; done twice it does no more."""
    with transaction.atomic():
        row = type(row)._base_manager.select_for_update(of=("self",)).select_related("authority").get(pk=row.pk)
        if row.status != row.Status.OPEN or row.to_coordinators_at:
            return
        if row.to_euroregion_at:
            if is_late(row, row.to_euroregion_at):
                to_coordinators(row)
        elif not row.authority.seats.alive().exists():
            to_euroregion(row)
            to_coordinators(row)
        elif is_late(row, row.asked_at) and not to_euroregion(row):
            to_coordinators(row)


def to_euroregion(row) -> bool:
    """To everybody with a seat at the Euroregions that represent it; False where there is nobody."""
    people = [person for link in euroregions(row.authority) for person in recipients.seat_holders(link.coordinator)]
    if not people:
        return False
    history.record(row, "pass_on_to_euroregion", changes={"to_euroregion_at": timezone.now()})
    recipients.tell("seat_asked_escalated_euroregion", row, people, key=f"seat-request:{row.pk}")
    return True


def to_coordinators(row, *, by=None, **said) -> None:
    """To the coordinators, with what the Euroregion knows (a note of the Event), if it said something."""
    changes = {"to_coordinators_at": timezone.now()}
    history.record(row, "pass_on_to_coordinators", by=by, changes=changes, while_in=row.Status.OPEN, **said)
    people = recipients.coordinators()
    recipients.tell("seat_asked_escalated_coordinators", row, people, key=f"seat-request:{row.pk}")


def answered(row, kind: str, event) -> None:
    """Tell who asked."""
    recipients.tell(kind, row, [row.user], key=f"event:{event.pk}", event=event.pk)
