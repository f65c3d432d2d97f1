"""Asking for a seat at a member authority, and answering."""

from datetime import timedelta

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts import history
from accounts.history import LostRace
from accounts.models import Event, User
from accounts.once import once

from .. import asking, verbs
from ..forms.seats import AnswerForm, AskForm, TellForm
from ..models import Authority, Seat, SeatRequest
from .merged import leads_on

FORMS = ["GET", "HEAD", "POST"]


@never_cache
@require_http_methods(FORMS)
@once
@leads_on
def seat_ask(request, slug):
    """Ask the representatives of a member authority for a seat."""
    authority = get_object_or_404(Authority.objects.visible_to(request.user), slug=slug)
    if authority.seats.current().filter(user=request.user).exists():
        messages.info(request, _("You hold a seat there already."))
        return redirect("network:seats", slug)
    if not Authority.objects.in_the_network().filter(pk=authority.pk).exists():
        return render(request, "network/seat_ask.html", {"authority": authority, "form": None}, status=404)
    form = AskForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        return _ask(request, authority, form)
    context = {"authority": authority, "form": form, "open": _open(request.user)}
    return render(request, "network/seat_ask.html", context, status=422 if form.errors else 200)


def _open(user) -> SeatRequest | None:
    return user.seat_requests.filter(status=SeatRequest.Status.OPEN).select_related("authority").first()


@transaction.atomic
def _ask(request, authority, form):
    """One open request for each person: two tabs wait for each other."""
    User.objects.select_for_update(of=("self",)).get(pk=request.user.pk)
    if waiting := _open(request.user):
        if waiting.authority_id != authority.pk:
            messages.warning(request, _("You have asked another authority. Take that request back first."))
        return redirect("network:seat_request", waiting.pk)
    since = timezone.now() - timedelta(days=1)
    if request.user.seat_requests.filter(asked_at__gte=since).count() >= settings.SEAT_REQUESTS_PER_DAY:
        form.add_error(None, _("You have asked often today. Go on tomorrow."))
        context = {"authority": authority, "form": form}
        return render(request, "network/seat_ask.html", context, status=429)
    row = SeatRequest.objects.create(
        authority=authority, user=request.user, language=get_language(), **form.cleaned_data
    )
    history.record(row, "ask_for_seat", by=request.user)
    asking.sent(row)
    messages.success(request, _("Your request is on its way."))
    return redirect("network:seat_request", row.pk)


@never_cache
@require_http_methods(FORMS)
def seat_request(request, pk):
    """Where a request stands; representatives answer, the Euroregion tells what it knows, the person takes it back."""
    rows = SeatRequest.objects.visible_to(request.user).select_related("authority", "user")
    row = get_object_or_404(rows, pk=pk)
    if request.method != "POST":
        return _show(request, row)
    verb = VERBS.get(request.POST.get("answer"))
    if verb is None:
        raise Http404
    try:
        return verb(request, row)
    except LostRace as lost:
        row.refresh_from_db()
        state = lost.object.get_status_display()
        context = {"subject": str(row.authority), "state": state, "url": request.path}
        return render(request, "409.html", context, status=409)


def _allowed(row, may: bool) -> None:
    """Who may not, may not; who comes too late is told so."""
    if may:
        return
    if row.status != row.Status.OPEN:
        raise LostRace(row, "answer", row.status)
    raise PermissionDenied(_("This request is not for you to answer."))


def _accept(request, row):
    _entitled(request, row)
    form = AnswerForm(request.POST)
    if not form.is_valid():
        return _show(request, row, answer_form=form)
    row.accept(by=request.user, role=form.cleaned_data["role"], on_behalf_of=row.authority)
    messages.success(request, _("The seat is given. The person is told by mail."))
    return redirect("network:seats", row.authority.slug)


def _decline(request, row):
    _entitled(request, row)
    form = AnswerForm({**request.POST.dict(), "role": request.POST.get("role", row.role)})
    if not form.is_valid():
        return _show(request, row, answer_form=form)
    note = form.cleaned_data["note"]
    said = {"note": note, "note_language": get_language()} if note else {}
    row.decline(by=request.user, on_behalf_of=row.authority, **said)
    messages.success(request, _("Declined. The person is told by mail."))
    return redirect("network:seat_request", row.pk)


def _entitled(request, row) -> None:
    leads = Seat.objects.of_representatives().filter(user=request.user, authority=row.authority).exists()
    if not leads or row.user_id == request.user.pk:
        raise PermissionDenied(_("This request is not for you to answer."))


def _withdraw(request, row):
    if row.user_id != request.user.pk:
        raise PermissionDenied(_("Only the person who asked takes a request back."))
    row.withdraw(by=request.user)
    messages.success(request, _("The request is taken back."))
    return redirect("my")


def _tell(request, row):
    _allowed(row, row.can_be_commented_by(request.user))
    form = TellForm(request.POST, prefix="tell")
    if not form.is_valid():
        return _show(request, row, tell_form=form)
    asking.to_coordinators(
        row, by=request.user, note=form.cleaned_data["note"], note_language=get_language(), internal=True
    )
    messages.success(request, _("The coordinators have your message."))
    return redirect("network:seat_request", row.pk)


VERBS = {"accept": _accept, "decline": _decline, "withdraw": _withdraw, "tell": _tell}


def _show(request, row, *, answer_form=None, tell_form=None):
    """The page of one request, with the forms that this person may send."""
    user = request.user
    context = {
        "row": row,
        "authority": row.authority,
        "own": row.user_id == user.pk,
        "facts": _facts(row),
        "entries": _entries(row),
        "answer_form": answer_form or AnswerForm(initial={"role": row.role}),
        "tell_form": tell_form or TellForm(prefix="tell"),
        "may_answer": row.can_be_answered_by(user),
        "may_withdraw": row.can_be_withdrawn_by(user),
        "may_tell": row.can_be_commented_by(user),
        "answer_by": asking.last_day(row, row.asked_at),
    }
    return render(request, "network/seat_request.html", context, status=422 if answer_form or tell_form else 200)


def _facts(row) -> list[dict]:
    return [
        {"label": _("Person"), "value": row.user, "note": row.user.email},
        {"label": _("Role asked for"), "value": row.get_role_display()},
        {"label": _("Asked"), "value": timezone.localdate(row.asked_at)},
        {"label": _("Message"), "value": row.message, "lang": row.language},
    ]


def _entries(row) -> list[dict]:
    """What happened so far; what the Euroregion wrote stays with the coordinators."""
    events = Event.objects.of(row).select_related("by", "on_behalf_of", "reason").reverse()
    return [
        entry | {"note": "" if event.internal else entry["note"]}
        for event, entry in zip(events, verbs.entries(events), strict=True)
    ]
