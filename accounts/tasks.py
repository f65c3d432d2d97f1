"""Jobs of the worker: mails, digests, tidying up."""

from datetime import timedelta

from django.contrib.auth import get_user_model
from django.db import OperationalError, transaction
from django.utils import timezone
from procrastinate import BaseRetryStrategy, RetryDecision
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from . import account_mail, digests, mail, notifications
from .models import Notification, OnceToken

PATIENCE = timedelta(days=3)  # after that a waiting mail is stale
OVERLOOKED = timedelta(minutes=15)


class WhileTheServerIsDown(BaseRetryStrategy):
    """Try again after a minute, two, four … at most an hour, for about three days."""

    def get_retry_decision(self, *, exception, job):
        if not isinstance(exception, OSError | OperationalError) or job.attempts > 75:
            return None
        return RetryDecision(retry_in={"seconds": min(60 * 2**job.attempts, 3600)})


@app.task(name="accounts.send_notification", queue="mail", retry=WhileTheServerIsDown())
def send_notification(pk: int) -> None:
    mail.deliver(pk)


@app.task(name="accounts.send_account_mail", queue="mail", retry=WhileTheServerIsDown())
def send_account_mail(**fields) -> None:
    account_mail.deliver(**fields)


@app.periodic(cron="*/10 * * * *")
@app.task(name="accounts.send_overlooked", queueing_lock="accounts.send_overlooked")
def send_overlooked(timestamp: int) -> None:
    """Queue again what waits without a job: a crash, or a person who now wants it at once."""
    now = timezone.now()
    waiting = Notification.objects.filter(
        state=Notification.State.QUEUED, due_at__lte=now - OVERLOOKED, due_at__gte=now - PATIENCE
    ).select_related("recipient")
    for notification in waiting:
        kind = mail.KINDS.get(notification.kind)
        if kind and mail.frequency(kind, notification.recipient) in ("daily", "weekly"):
            continue
        try:
            with transaction.atomic():
                notifications.queue(notification)
        except AlreadyEnqueued:
            continue


@app.periodic(cron="5 * * * *")
@app.task(name="accounts.morning_digests", queueing_lock="accounts.morning_digests")
def morning_digests(timestamp: int) -> None:
    """Each hour: a digest for everybody whose morning has come and for whom something waits."""
    waiting = Notification.objects.filter(state=Notification.State.QUEUED, due_at__lte=timezone.now())
    people = get_user_model().objects.filter(is_active=True, mail_bounced_at=None, pk__in=waiting.values("recipient"))
    for user in people:
        digests.tell_if_due(user)


@app.periodic(cron="30 3 * * *")
@app.task(name="accounts.forget_forms", queueing_lock="accounts.forget_forms")
def forget_forms(timestamp: int) -> None:
    """A form's token is of use for days, not for ever."""
    OnceToken.objects.filter(created_at__lt=timezone.now() - timedelta(days=7)).delete()


@app.periodic(cron="*/5 * * * *")
@app.task(name="accounts.retry_stalled", queueing_lock="accounts.retry_stalled")
async def retry_stalled(timestamp: int) -> None:
    """Jobs of a worker that was killed are done by the next one."""
    for job in await app.job_manager.get_stalled_jobs():
        await app.job_manager.retry_job(job)
