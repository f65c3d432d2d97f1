"""One mail a day or week instead of many."""

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from . import mail, notifications
from .models import Notification

MONDAY = 0


def frequencies_due(user) -> list[str]:
    """Which digests this person gets today, once their morning has come."""
    now = timezone.now().astimezone(user.zone)
    if now.hour < settings.MORNING_DIGEST_HOUR:
        return []
    return ["daily", "weekly"] if now.weekday() == MONDAY else ["daily"]


def waiting_for(user, frequencies) -> list[Notification]:
    """Notifications that wait for a digest, oldest first."""
    rows = Notification.objects.filter(recipient=user, state=Notification.State.QUEUED, due_at__lte=timezone.now())
    found = [row for row in rows.exclude(kind="digest").order_by("due_at", "pk") if row.kind in mail.KINDS]
    return [row for row in found if mail.frequency(mail.KINDS[row.kind], user) in frequencies]


def tell_if_due(user):
    """Queue today's digest, at most one a day."""
    frequencies = frequencies_due(user)
    if not frequencies or not waiting_for(user, frequencies):
        return None
    day = timezone.now().astimezone(user.zone).date()
    return notifications.tell("digest", None, recipient=user, key=f"day:{day}", data={"frequencies": frequencies})


@mail.mail("digest")
def digest(notification) -> mail.Mail | None:
    """Everything that waits, as one list of links."""
    items, covers = [], []
    for row in waiting_for(notification.recipient, notification.data["frequencies"]):
        content = mail.compose(row)
        if content is None:
            mail.settle(row, Notification.State.DROPPED)
            continue
        items.append((content.subject, content.button[1] if content.button else reverse("my")))
        covers.append(row.pk)
    if not items:
        return None
    subject = ngettext("{number} piece of news from CLAVET", "{number} pieces of news from CLAVET", len(items))
    return mail.Mail(
        subject=subject.format(number=len(items)),
        paragraphs=(_("This is what happened since the last overview."),),
        items=tuple(items),
        covers=tuple(covers),
        button=(_("Go to your page"), reverse("my")),
    )
