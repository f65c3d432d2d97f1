"""What time brings to seats and to requests for them; done twice in a day it does no more."""

from datetime import timedelta

from django.conf import settings
from django.db.models import Exists, F, OuterRef
from django.utils import timezone

from accounts.models import Notification
from accounts.workdays import months_after, today

from . import asking, holding
from .emails import recipients
from .models import Membership, Seat, SeatRequest


def day_by_day() -> None:
    pass_on_requests()
    ask_for_confirmations()
    ask_lost_authorities()


def pass_on_requests() -> None:
    """Five working days without an answer: to the Euroregion; five more: to the coordinators."""
    for row in SeatRequest.objects.filter(status=SeatRequest.Status.OPEN, to_coordinators_at=None):
        asking.pass_on(row)


def ask_for_confirmations() -> None:
    """After a year each person with a seat is asked, once more after some days; then the others are told."""
    oldest = today() - timedelta(days=27 * settings.SEAT_CONFIRMATION_MONTHS)
    rows = Seat.objects.current().filter(end=None, user__is_active=True, confirmed_on__lte=oldest)
    for seat in rows.select_related("authority", "user"):
        if months_after(seat.confirmed_on, settings.SEAT_CONFIRMATION_MONTHS) <= today():
            _ask_again_and_again(seat)


def _ask_again_and_again(seat) -> None:
    """Each step so many days after the one before it, however long the worker may have stood still."""
    pause = timedelta(days=settings.SEAT_CONFIRMATION_DAYS)
    day = seat.confirmed_on.isoformat()
    first, second = f"seat:{seat.pk}:{day}", f"seat:{seat.pk}:{day}:again"
    asked = dict(Notification.objects.filter(key__in=[first, second]).values_list("key", "created_at"))
    data = {"confirmed_on": day, "until": (today() + pause).isoformat()}
    if first not in asked:
        recipients.tell("seat_reconfirm", seat, [seat.user], key=first, **data)
    elif second not in asked and timezone.now() >= asked[first] + pause:
        recipients.tell("seat_reconfirm", seat, [seat.user], key=second, **data)
    elif second in asked and timezone.now() >= asked[second] + pause:
        recipients.tell("seat_unconfirmed", seat, _others(seat), key=f"{first}:nobody", **data)


def _others(seat) -> list:
    """The other representatives; the coordinators where there are none."""
    others = [person for person in recipients.representatives(seat.authority) if person.pk != seat.user_id]
    return others or recipients.coordinators()


def lost():
    """The seat that was the last to represent an authority which nobody represents now; one for each authority."""
    of_the_same = Seat.objects.filter(authority=OuterRef("authority"))
    members = Membership.objects.filter(status__in=Membership.IN_THE_NETWORK, demonstration=False)
    rows = Seat.objects.filter(role__in=holding.LEADING, authority__in=members.values("authority"))
    rows = rows.exclude(Exists(of_the_same.alive()))
    last = rows.order_by("authority_id", F("end").desc(nulls_first=True), "-pk").distinct("authority_id").values("pk")
    return Seat.objects.filter(pk__in=last)


def ask_lost_authorities() -> None:
    """Their official address is asked who is to be the new representative."""
    for seat in lost().select_related("authority"):
        holding.ask_for_control(seat.authority, after=seat)
