"""Who may hand in a fiche now: not too many a day, and not before the documents in force are accepted."""

from datetime import timedelta

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode

from accounts.models import Event, User
from network import acceptances
from network.seats import authorities_of

from .vocabularies import Status


def too_many_today(user) -> bool:
    """Whether `user` has submitted as much as allowed within 24 hours; locks the person, so it holds for all processes."""
    User.objects.select_for_update(of=("self",)).get(pk=user.pk)
    since = timezone.now() - timedelta(days=1)
    return Event.objects.filter(by=user, verb="submit", at__gte=since).count() >= settings.SUBMISSIONS_PER_DAY


def too_many_drafts(user) -> bool:
    """Whether `user`, without a seat, keeps as many drafts as allowed; locks the person, like too_many_today()."""
    User.objects.select_for_update(of=("self",)).get(pk=user.pk)
    drafts = user.fiches.filter(status=Status.DRAFT, revises=None)
    return not authorities_of(user).exists() and drafts.count() >= settings.DRAFTS_WITHOUT_SEAT


def first_accept(user, fiche, step) -> str:
    """Where `user` accepts what is in force before handing in, and comes back from to this step; empty if nothing is left."""
    if not acceptances.missing(user):
        return ""
    back = reverse("fiches:edit", args=[fiche.pk, step.key])
    return f"{reverse('accept_documents')}?{urlencode({'next': back})}"
