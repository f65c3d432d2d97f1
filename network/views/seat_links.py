"""What people open from a mail about a seat: take it, or confirm it."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.links import private

from .. import invitations
from ..models import Seat, SeatInvitation


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def seat_invitation(request, token):
    """Take the seat: signed in with the invited address, once, while the link works."""
    said = invitations.said_by(token)
    rows = SeatInvitation.objects.select_related("authority", "invited_by", "replaces")
    row = rows.filter(**said).first() if said else None
    mine = row is not None and request.user.is_authenticated and row.is_for(request.user)
    if mine and row.accepted_by_id == request.user.pk:
        messages.info(request, _("You have taken this seat already: {authority}").format(authority=row.authority))
        return redirect("my")
    if row is None or not row.is_open:
        return private(render(request, "network/seat_invitation_gone.html", {"why": _why(row)}, status=410))
    if mine and request.method == "POST":
        return _take(request, row)
    context = {"invitation": row, "authority": row.authority, "mine": mine, "here": request.path}
    status = 403 if request.user.is_authenticated and not mine else 200
    return private(render(request, "network/seat_invitation.html", context, status=status))


def _take(request, row):
    seat = row.take(request.user)
    if seat is None:
        row.refresh_from_db()
        return private(render(request, "network/seat_invitation_gone.html", {"why": _why(row)}, status=410))
    messages.success(request, _("You now hold a seat at: {authority}").format(authority=seat.authority))
    return redirect("network:seats", seat.authority.slug)


def _why(row) -> str:
    """What became of an invitation whose link no longer works."""
    if row is None:
        return _("The link was changed on its way: open it from the mail again.")
    if row.accepted_at:
        return _("The invitation was used already. A link works once.")
    if row.withdrawn_at:
        return _("The authority withdrew the invitation.")
    return _("The invitation has expired. Ask the authority to send it again.")


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def seat_confirm(request, token):
    """Confirm a seat without signing in: the link only ever says “I still act for this authority”."""
    said = invitations.confirmed_by(token)
    row = Seat.objects.current().select_related("authority", "user").filter(**said).first() if said else None
    if row is None or not row.user.is_active:
        return private(render(request, "network/seat_confirm.html", {"seat": None}, status=410))
    if request.method == "POST":
        row.confirm(by=row.user)
    done = request.method == "POST" or row.confirmed_on == timezone.now().date()
    return private(render(request, "network/seat_confirm.html", {"seat": row, "done": done}))
