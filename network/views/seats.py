"""The seats of one authority, for those who hold one: who sits there, invite, hand over, end, confirm."""

from datetime import timedelta

from django.conf import settings
from django.contrib import messages
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts import history
from accounts.models import Event
from accounts.once import once

from .. import holding, invitations, verbs
from ..forms.seats import ColleagueForm, InviteForm, RoleForm, SuccessorForm
from ..models import Authority, Seat, SeatInvitation, SeatRequest
from .merged import leads_on

HISTORY = 20  # entries shown
FORMS = ["GET", "HEAD", "POST"]


def seated(request, slug) -> Authority:
    """The authority, for whoever holds a seat there; for everybody else there is no such page."""
    authority = get_object_or_404(Authority.objects.visible_to(request.user), slug=slug)
    if not authority.seats.current().filter(user=request.user).exists():
        raise Http404
    return authority


def leads(authority, user) -> bool:
    """Whether `user` is representative or deputy there."""
    return authority.seats.of_representatives().filter(user=user).exists()


def one(request, slug, pk) -> Seat:
    """One current seat of that authority."""
    authority = seated(request, slug)
    rows = Seat.objects.visible_to(request.user).current().select_related("user", "authority")
    return get_object_or_404(rows, pk=pk, authority=authority)


@never_cache
@require_http_methods(FORMS)
@once
@leads_on
def seats(request, slug):
    """Who sits there; representatives invite."""
    authority = seated(request, slug)
    may = leads(authority, request.user)
    form = InviteForm(request.POST or None, authority=authority) if may else None
    if request.method != "POST":
        return _show(request, authority, form)
    if not may:
        raise PermissionDenied(_("Representatives and their deputies invite."))
    if not form.is_valid():
        return _show(request, authority, form, 422)
    if _too_many_today(authority):
        form.add_error(None, _("Too many invitations went out today. Go on tomorrow."))
        return _show(request, authority, form, 429)
    invitations.invite(authority, **form.cleaned_data, by=request.user)
    messages.success(request, _("The invitation is on its way."))
    return redirect("network:seats", slug)


def _too_many_today(authority) -> bool:
    since = timezone.now() - timedelta(days=1)
    return authority.invitations.filter(invited_at__gte=since).count() >= settings.SEAT_INVITATIONS_PER_DAY


def _show(request, authority, form, status=200):
    user, rows = request.user, authority.seats.current().select_related("user").order_by("pk")
    may = form is not None
    waiting = authority.invitations.waiting() if may else SeatInvitation.objects.none()
    context = {
        "authority": authority,
        "seats": sorted(rows, key=lambda seat: (-holding.RANK[seat.role], seat.user.name)),
        "mine": [seat for seat in rows if seat.user_id == user.pk],
        "may": may,
        "form": form,
        "invitations": waiting,
        "requests": SeatRequest.objects.to_answer(user).filter(authority=authority).select_related("user"),
        "entries": _entries(rows.model.objects.visible_to(user).filter(authority=authority)),
    }
    return render(request, "network/seats.html", context, status=status)


def _entries(rows) -> list[dict]:
    """What was done with the seats, newest first (components/history)."""
    people = {seat.pk: seat.user for seat in rows.select_related("user")}
    content_type = ContentType.objects.get_for_model(Seat)
    events = Event.objects.filter(content_type=content_type, object_id__in=people, internal=False)
    events = events.select_related("by", "on_behalf_of", "reason").order_by("-at", "-pk")[:HISTORY]
    return history.entries(events, lambda event: f"{verbs.label(event)}: {people[event.object_id]}")


@never_cache
@require_http_methods(FORMS)
@leads_on
def seat(request, slug, pk):
    """One seat: another role, a successor, its end."""
    row = one(request, slug, pk)
    if not row.can_be_ended_by(request.user):
        raise PermissionDenied(_("Representatives and their deputies change seats."))
    form = None
    if request.method == "POST":
        if not row.can_be_managed_by(request.user):
            raise PermissionDenied(_("Representatives and their deputies change seats."))
        form = RoleForm(request.POST)
        if form.is_valid() and _tried(form, lambda: row.change_role(form.cleaned_data["role"], by=request.user)):
            messages.success(request, _("The role is changed."))
            return redirect("network:seats", slug)
    return _show_one(request, row, role_form=form)


def _tried(form, verb) -> bool:
    """Do it; what the model refuses stands in the form."""
    try:
        verb()
    except ValidationError as error:
        form.add_error(None, error)
        return False
    return True


def _show_one(request, row, *, role_form=None, successor_form=None, colleague_form=None, refused=""):
    wrong = any(form is not None and form.errors for form in (role_form, successor_form, colleague_form)) or refused
    row.refresh_from_db()
    colleagues = row.colleagues().exists()
    context = {
        "seat": row,
        "authority": row.authority,
        "own": row.user_id == request.user.pk,
        "is_last": holding.is_last(row),
        "last_words": holding.LAST,
        "refused": refused,
        "may_manage": row.can_be_managed_by(request.user),
        "may_hand_over": row.can_be_handed_over_by(request.user),
        "role_form": role_form or RoleForm(initial={"role": row.role}),
        "colleague_form": colleague_form or (ColleagueForm(seat=row, prefix="colleague") if colleagues else None),
        "successor_form": successor_form or SuccessorForm(authority=row.authority, prefix="successor"),
    }
    return render(request, "network/seat.html", context, status=422 if wrong else 200)


@never_cache
@require_POST
@once
@leads_on
def seat_hand_over(request, slug, pk):
    """Name a successor: the seat stays until they have taken it."""
    row = one(request, slug, pk)
    if not row.can_be_handed_over_by(request.user):
        raise PermissionDenied(_("You hand over your own seat, or that of a contributor."))
    form = SuccessorForm(request.POST, authority=row.authority, prefix="successor")
    if not form.is_valid():
        return _show_one(request, row, successor_form=form)
    invitations.invite(row.authority, **form.cleaned_data, role=row.role, by=request.user, replaces=row)
    messages.success(request, _("The successor is invited. The seat changes hands when they take it."))
    return redirect("network:seats", slug)


@never_cache
@require_POST
@once
@leads_on
def seat_hand_over_to(request, slug, pk):
    """Hand over at once to a colleague who holds a seat there already."""
    row = one(request, slug, pk)
    if not row.can_be_handed_over_by(request.user):
        raise PermissionDenied(_("You hand over your own seat, or that of a contributor."))
    own = row.user_id == request.user.pk
    form = ColleagueForm(request.POST, seat=row, prefix="colleague")
    to, with_role = (form.cleaned_data["to"], form.cleaned_data["with_role"]) if form.is_valid() else (None, False)
    if to is None or not _tried(form, lambda: row.hand_over_to(to, with_role=with_role, by=request.user)):
        return _show_one(request, row, colleague_form=form)
    messages.success(request, _("Handed over. Both are told by mail."))
    return redirect("my") if own else redirect("network:seats", slug)


@never_cache
@require_POST
@leads_on
def seat_end(request, slug, pk):
    """End it at once; the last representative names a successor first."""
    authority = seated(request, slug)
    row = get_object_or_404(Seat.objects.visible_to(request.user), pk=pk, authority=authority)
    if row.is_current and not row.can_be_ended_by(request.user):
        raise PermissionDenied(_("Representatives and their deputies end seats."))
    own = row.user_id == request.user.pk
    try:
        ended = row.finish(by=request.user)
    except ValidationError as error:
        return _show_one(request, row, refused=" ".join(error.messages))
    if ended:
        messages.success(request, _("The seat has ended."))
    else:
        messages.info(request, _("The seat had ended already."))
    return redirect("my") if own else redirect("network:seats", slug)


@require_POST
@leads_on
def seat_confirm_own(request, slug, pk):
    """I still act for this authority."""
    row = one(request, slug, pk)
    if row.user_id != request.user.pk:
        raise PermissionDenied(_("Each person confirms their own seat."))
    row.confirm(by=request.user)
    messages.success(request, _("Confirmed. We ask you again in a year."))
    return redirect("network:seats", slug)


def _invitation(request, slug, pk) -> SeatInvitation:
    authority = seated(request, slug)
    if not leads(authority, request.user):
        raise PermissionDenied(_("Representatives and their deputies invite."))
    return get_object_or_404(SeatInvitation.objects.visible_to(request.user), pk=pk, authority=authority)


@require_POST
@leads_on
def invitation_resend(request, slug, pk):
    """The same offer with a new end; one mail a day."""
    row = _invitation(request, slug, pk)
    if not row.can_be_withdrawn_by(request.user):
        messages.warning(request, _("This invitation was used or withdrawn."))
        return redirect("network:seats", slug)
    fields = {"name": row.name, "language": row.language, "replaces": row.replaces}
    renewed = invitations.invite(row.authority, row.email, row.role, by=request.user, **fields)
    day = date_format(timezone.localdate(renewed.expires_at))
    messages.success(request, _("The link works until {date}. A mail goes out once a day at most.").format(date=day))
    return redirect("network:seats", slug)


@require_POST
@leads_on
def invitation_withdraw(request, slug, pk):
    """The link no longer works."""
    if _invitation(request, slug, pk).withdraw(by=request.user):
        messages.success(request, _("The invitation is withdrawn. Its link no longer works."))
    else:
        messages.warning(request, _("This invitation was used or withdrawn."))
    return redirect("network:seats", slug)
