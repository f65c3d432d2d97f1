"""Jobs about fiches: coordinators learn each working morning what waits."""

from django.conf import settings
from django.utils import timezone
from procrastinate.contrib.django import app

from accounts import notifications
from accounts.models import User
from accounts.queues import waiting_for

SATURDAY = 5


def is_morning(user, now) -> bool:
    """Whether it is a working day's MORNING_DIGEST_HOUR where this person lives."""
    local = now.astimezone(user.zone)
    return local.hour == settings.MORNING_DIGEST_HOUR and local.weekday() < SATURDAY


@app.periodic(cron="2 * * * *")
@app.task(name="fiches.tell_what_waits", queueing_lock="fiches.tell_what_waits")
def tell_what_waits(timestamp: int) -> None:
    """Each hour: a mail to every coordinator whose morning it is, unless nothing waits."""
    now = timezone.now()
    for user in User.objects.coordinators():
        if is_morning(user, now) and any(row.number for row in waiting_for(user)):
            day = now.astimezone(user.zone).date()
            notifications.tell("queue_digest", None, recipient=user, key=f"day:{day}")
