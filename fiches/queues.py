"""What waits for coordinators in this app (accounts.queues shows it on the admin's first page)."""

from django.contrib.contenttypes.models import ContentType
from django.db.models import Exists, OuterRef, Subquery
from django.utils.translation import gettext_lazy as _

from accounts.models import Event
from accounts.queues import Queue

from .models import Fiche, Opinion
from .vocabularies import Status, Vouched

TO_READ = [Status.SUBMITTED, Status.IN_REVIEW]
SETTLES = ["note", "ask_confirmation", "revise", "archive"]  # after these a coordinator has read it again
OBJECTED = _("Fiches to read again after an objection")
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


def objected(user):
    """Published fiches whose authority objected to the one who confirmed them for it, until a coordinator acts."""
    content_type = ContentType.objects.get_for_model(Fiche)
    events = Event.objects.filter(content_type=content_type, object_id=OuterRef("pk"))
    last = events.filter(verb="object").order_by("-at").values("at")[:1]
    rows = Fiche.objects.visible_to(user).filter(status=Status.PUBLISHED, vouched=Vouched.PERSON, revises=None)
    rows = rows.annotate(objected_at=Subquery(last)).filter(objected_at__isnull=False)
    return rows.exclude(Exists(events.filter(verb__in=SETTLES, at__gt=OuterRef("objected_at"))))


QUEUES = [
    Queue("fiches_to_read", _("Fiches to read"), new_fiches, "submitted_at", LIST, "?work=new", "country"),
    Queue("revisions_to_read", _("Revisions to read"), revisions, "submitted_at", LIST, "?work=revision", "country"),
    Queue("opinions", _("Opinions asked for, not given yet"), opinions, "asked_at", LIST, "?work=opinion"),
    Queue(
        "authorities", _("Authorities to link"), authorities_to_link, "submitted_at", LIST, "?work=authority", "country"
    ),
    Queue("objected", OBJECTED, objected, "objected_at", LIST, "?work=objected", "country"),
]
