"""What the report of a member says of its fiches (network.membership.reporting collects such figures from all apps)."""

from django.db.models import Exists, OuterRef
from django.db.models.functions import TruncDate
from django.utils.translation import gettext_lazy as _

from accounts.models import Event
from network.membership.reporting import Figure

from .models import Fiche, FicheVersion


def published(authority, start, until) -> int:
    """Fiches of the authority that were published for the first time from `start` until `until`, both included."""
    rows = Fiche.objects.of_authority(authority, None).filter(published_at__date__range=(start, until))
    return rows.annotate(first_day=TruncDate("published_at")).exclude(_reported_before()).count()


def _reported_before() -> Exists:
    """Whether the authority whose it was, before that became part of another, has counted it in a report."""
    moves = Event.objects.filter(verb="merge", content_type__app_label="fiches", content_type__model="fiche")
    reports = "on_behalf_of__membership__reports__"
    day = OuterRef("first_day")
    within = {f"{reports}period_from__lte": day, f"{reports}period_until__gte": day}
    return Exists(moves.filter(object_id=OuterRef("pk"), **within))


def revised(authority, start, until) -> int:
    """Revisions of its fiches that were published in the period: each keeps the earlier state as a version."""
    fiches = Fiche.objects.of_authority(authority, None)
    return FicheVersion.objects.filter(fiche__in=fiches, created_at__date__range=(start, until)).count()


FIGURES = [
    Figure("fiches_published", _("Fiches published"), published),
    Figure("fiches_revised", _("Revisions of fiches published"), revised),
]
