"""How often one person may hand in fiches."""

from datetime import timedelta

from django.conf import settings
from django.utils import timezone

from accounts.models import Event, User


def too_many_today(user) -> bool:
    """Whether `user` has submitted as much as allowed within 24 hours; locks the person, so it holds for all processes."""
    User.objects.select_for_update(of=("self",)).get(pk=user.pk)
    since = timezone.now() - timedelta(days=1)
    return Event.objects.filter(by=user, verb="submit", at__gte=since).count() >= settings.SUBMISSIONS_PER_DAY
