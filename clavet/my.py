"""The person's own page: what needs their attention, their fiches, their seats, their account."""

from django.conf import settings
from django.db.models import Q
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.middleware import has_two_factors
from accounts.workdays import today
from fiches.models import Fiche
from fiches.vocabularies import Status
from network import invitations
from network.membership import reporting
from network.models import Membership, Memorandum, Seat, SeatInvitation, SeatRequest
from network.seats import authorities_of

FICHES_SHOWN = 50
TONES = {Status.PUBLISHED: "good", Status.CHANGES_REQUESTED: "bad", Status.REJECTED: "bad", Status.ARCHIVED: ""}
ORDER = [
    Status.CHANGES_REQUESTED,
    Status.DRAFT,
    Status.SUBMITTED,
    Status.IN_REVIEW,
    Status.REJECTED,
    Status.PUBLISHED,
    Status.ARCHIVED,
]


def own_fiches(user) -> list[Fiche]:
    """What this person wrote, what waits for them first."""
    fiches = Fiche.objects.visible_to(user).filter(submitted_by=user).order_by("-updated_at")[:FICHES_SHOWN]
    return sorted(fiches, key=lambda fiche: ORDER.index(fiche.status))


def row(fiche, user) -> dict:
    """What the list says of one fiche; one that may be edited opens in the form."""
    editable = fiche.can_be_edited_by(user)
    return {
        "fiche": fiche,
        "title": fiche.source("title") or _("Without a title"),
        "tone": TONES.get(fiche.status, "wait"),
        "url": reverse("fiches:edit", args=[fiche.pk]) if editable else fiche.get_absolute_url(),
        "note": _("Revision of a published fiche") if fiche.revises_id else fiche.reference,
    }


def own_applications(user) -> list[Membership]:
    """Applications under way, or declined, of this person and of the authorities where they hold a seat."""
    states = [*Membership.JOINING, Membership.Status.DECLINED]
    rows = Membership.objects.visible_to(user).filter(Q(applied_by=user) | Q(authority__in=authorities_of(user)))
    found = list(rows.filter(status__in=states).select_related("authority").order_by("-applied_at")[:FICHES_SHOWN])
    for row in found:
        row.tone = "bad" if row.status == Membership.Status.DECLINED else "wait"
    return found


@never_cache
@require_safe
def my(request):
    user = request.user
    opinions = user.opinions.filter(answered_at=None, fiche__in=Fiche.objects.visible_to(user)).select_related("fiche")
    fiches = own_fiches(user)
    context = {
        "waiting": [row(fiche, user) for fiche in fiches if fiche.status == Status.CHANGES_REQUESTED],
        "fiches": [row(fiche, user) for fiche in fiches if fiche.status != Status.CHANGES_REQUESTED],
        "opinions": opinions,
        "seats": Seat.objects.current().filter(user=user).select_related("authority__membership"),
        "seat_requests": SeatRequest.objects.to_answer(user).select_related("authority", "user"),
        "asked": user.seat_requests.filter(status=SeatRequest.Status.OPEN).select_related("authority"),
        "invited": [
            {"authority": row.authority, "role": row.get_role_display(), "url": invitations.address(row)}
            for row in SeatInvitation.objects.offered_to(user).select_related("authority")
        ],
        "to_sign": Memorandum.objects.to_sign_by(user),
        "reports_due": reporting.due_for(user),
        "today": today(),
        "in_the_network": Membership.IN_THE_NETWORK,
        "applications": own_applications(user),
        "two_factors": has_two_factors(user),
        "providers": settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"],
    }
    return render(request, "my.html", context)
