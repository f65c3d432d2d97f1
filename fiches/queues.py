"""What waits for coordinators in this app (accounts.queues shows it on the admin's first page)."""

from django.utils.translation import gettext_lazy as _

from accounts.queues import Queue

from .models import Fiche, Opinion
from .vocabularies import Status

TO_READ = [Status.SUBMITTED, Status.IN_REVIEW]
LIST = "admin:fiches_fiche_changelist"


def to_read(user):
    """Submissions, new ones and revisions, on which nobody has decided yet."""
    return Fiche.objects.visible_to(user).filter(status__in=TO_READ)


def new_fiches(user):
    return to_read(user).filter(revises=None)


def revisions(user):
    return to_read(user).exclude(revises=None)


def authorities_to_link(user):
    return to_read(user).filter(authority=None).exclude(authority_claimed="")


def opinions(user):
    return Opinion.objects.filter(fiche__in=to_read(user).values("pk"), answered_at=None)


QUEUES = [
    Queue("fiches_to_read", _("Fiches to read"), new_fiches, "submitted_at", LIST, "?work=new", "country"),
    Queue("revisions_to_read", _("Revisions to read"), revisions, "submitted_at", LIST, "?work=revision", "country"),
    Queue("opinions", _("Opinions asked for, not given yet"), opinions, "asked_at", LIST, "?work=opinion"),
    Queue(
        "authorities", _("Authorities to link"), authorities_to_link, "submitted_at", LIST, "?work=authority", "country"
    ),
]
