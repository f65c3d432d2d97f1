"""What waits for coordinators in the network (accounts.queues shows it on the admin’s first page)."""

from django.db.models import DateTimeField
from django.db.models.functions import Cast, Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.queues import Queue

from . import holding, seat_calendar
from .memorandum import drafting
from .models import Membership, Memorandum, MemorandumFile, Representation, Seat, SeatInvitation, SeatRequest

MEMBERSHIPS = "admin:network_membership_changelist"
APPROVED = ("eligible", "mou_sent", "signed", "active", "on_hold")
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


def representations_to_confirm(user):
    return Representation.objects.visible_to(user).filter(status="claimed")


def seat_requests(user):
    return SeatRequest.objects.visible_to(user).filter(status="open", to_coordinators_at__isnull=False)


def joined_without_representative(user):
    """Approved applications, and members, at which nobody ever sat as representative, and nobody is invited now."""
    rows = Membership.objects.visible_to(user).filter(status__in=APPROVED, demonstration=False)
    led = Seat.objects.alive().values("authority")
    invited = SeatInvitation.objects.waiting().filter(role__in=holding.LEADING, expires_at__gt=timezone.now())
    rows = rows.exclude(authority__in=led).exclude(authority__in=invited.values("authority"))
    return rows.exclude(authority__in=seat_calendar.lost().values("authority"))


def without_representative(user):
    """The last seat of each authority whose representatives have gone, unless somebody new is invited."""
    invited = SeatInvitation.objects.waiting().filter(role="representative", expires_at__gt=timezone.now())
    rows = seat_calendar.lost().filter(pk__in=Seat.objects.visible_to(user).values("pk"))
    rows = rows.exclude(authority__in=invited.values("authority"))
    return rows.annotate(gone_since=Coalesce(Cast("end", DateTimeField()), Cast("start", DateTimeField())))


QUEUES = [
    Queue(
        "representations_to_confirm",
        _("Representations to confirm"),
        representations_to_confirm,
        "claimed_at",
        "admin:network_representation_changelist",
        "?status__exact=claimed",
        "authority__country",
    ),
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
    Queue(
        "seat_requests",
        _("Requests for seats that nobody answered"),
        seat_requests,
        "to_coordinators_at",
        "admin:network_seatrequest_changelist",
        "?work=waiting",
        "authority__country",
    ),
    Queue(
        "joined_without_representative",
        _("Members whom nobody represents yet"),
        joined_without_representative,
        "applied_at",
        MEMBERSHIPS,
        "?work=unrepresented",
        "authority__country",
    ),
    Queue(
        "without_representative",
        _("Authorities without a representative"),
        without_representative,
        "gone_since",
        "admin:network_seat_changelist",
        "?work=lost",
    ),
]
