"""What waits for coordinators in the network (accounts.queues shows it on the admin’s first page)."""

from django.db.models import DateTimeField
from django.db.models.functions import Cast
from django.utils.translation import gettext_lazy as _

from accounts.queues import Queue

from . import drafting
from .models import Membership, Memorandum, MemorandumFile

MEMBERSHIPS = "admin:network_membership_changelist"
MEMORANDA = "admin:network_memorandum_changelist"


def applications(user):
    """Applications on which nobody has decided yet."""
    return Membership.objects.visible_to(user).filter(status=Membership.Status.APPLIED)


def memoranda_to_prepare(user):
    return drafting.to_prepare()


def memoranda_to_finish(user):
    return Memorandum.objects.visible_to(user).filter(status="draft")


def copies_to_check(user):
    return MemorandumFile.objects.visible_to(user).filter(kind="signed", check_state="waiting")


def reviews_due(user):
    rows = Memorandum.objects.visible_to(user).filter(status="review_due")
    return rows.annotate(due_since=Cast("review_due", DateTimeField()))


QUEUES = [
    Queue(
        "applications",
        _("Applications"),
        applications,
        "applied_at",
        MEMBERSHIPS,
        "?work=applications",
        "authority__country",
    ),
    Queue(
        "memoranda_to_prepare",
        _("Memoranda to prepare"),
        memoranda_to_prepare,
        "applied_at",
        "admin:network_memorandum_add",
    ),
    Queue("memoranda_to_finish", _("Memoranda to finish"), memoranda_to_finish, "created_at", MEMORANDA, "?work=draft"),
    Queue("copies_to_check", _("Signed copies to check"), copies_to_check, "uploaded_at", MEMORANDA, "?work=copies"),
    Queue("reviews_due", _("Reviews of memoranda"), reviews_due, "due_since", MEMORANDA, "?work=review"),
]
