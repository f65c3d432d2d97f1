"""What the report of a member says of its fiches (network.membership.reporting collects such figures from all apps)."""

from django.utils.translation import gettext_lazy as _

from network.membership.reporting import Figure

from .models import Fiche, FicheVersion


def published(authority, start, until) -> int:
    """Fiches of the authority that were published for the first time from `start` until `until`, both included."""
    rows = Fiche.objects.of_authority(authority, None).filter(published_at__date__range=(start, until))
    return rows.count()


def revised(authority, start, until) -> int:
    """Revisions of its fiches that were published in the period: each keeps the earlier state as a version."""
    fiches = Fiche.objects.of_authority(authority, None)
    return FicheVersion.objects.filter(fiche__in=fiches, created_at__date__range=(start, until)).count()


FIGURES = [
    Figure("fiches_published", _("Fiches published"), published),
    Figure("fiches_revised", _("Revisions of fiches published"), revised),
]
