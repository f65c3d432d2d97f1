"""What members do in the years after joining: report, and leave."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.once import once

from ..directory import page
from ..forms.reporting import ReportForm, WithdrawalForm
from ..membership import leaving, reporting
from ..models import Membership
from .merged import leads_on

WRITING = ["GET", "HEAD", "POST"]


def membership_of(request, slug) -> Membership:
    """The membership that this person may see, of an authority that is or was in the network."""
    rows = Membership.objects.visible_to(request.user).public().filter(authority__slug=slug)
    row = rows.select_related("authority").first()
    if row is None:
        raise Http404(_("There is no such authority."))
    return row


def about(membership) -> dict:
    name, lang = page.name_of(membership.authority)
    return {"membership": membership, "authority": membership.authority, "name": name, "name_lang": lang}


@never_cache
@once
@require_http_methods(WRITING)
@leads_on
def report(request, slug):
    """The report that is due, pre-filled; and those of before."""
    membership = membership_of(request, slug)
    if not reporting.can_be_read_by(membership, request.user):
        raise PermissionDenied(_("Reports are for the people of the authority and for coordinators."))
    writes = reporting.can_be_written_by(membership, request.user)
    is_open = reporting.is_open(membership)
    form = ReportForm(membership, request.user, request.POST or None) if writes and is_open else None
    if request.method == "POST" and form is None:
        raise PermissionDenied(_("This report was submitted meanwhile, or you may no longer submit it."))
    if form is not None and form.is_valid():
        text, stated = form.cleaned_data["text"], form.stated()
        try:
            reporting.submit(membership, by=request.user, text=text, language=get_language(), stated=stated)
        except ValidationError as wrong:
            form.add_error(None, wrong)
        else:
            messages.success(request, _("The report is submitted."))
            return redirect("network:report", membership.authority.slug)
    return render(request, "network/report.html", shown(membership, request.user, form, is_open))


def shown(membership, user, form, is_open) -> dict:
    start, until = reporting.period(membership)
    earlier = [{"report": row, "facts": reporting.rows(row.figures)} for row in membership.reports.all()]
    return about(membership) | {
        "form": form,
        "is_open": is_open,
        "opens": reporting.opens(membership),
        "facts": reporting.rows(reporting.counted(membership)),
        "start": start,
        "until": until,
        "earlier": earlier,
        "may_leave": leaving.can_be_announced_by(membership, user),
    }


def leaving_words(last_day, *, told=True) -> str:
    """What somebody reads who has just noted that a party leaves."""
    day = _("Noted. Last day: {date}.").format(date=date_format(last_day))
    return f"{day} {_('The other parties are told by mail.')}" if told else day


@never_cache
@once
@require_http_methods(WRITING)
@leads_on
def membership_leave(request, slug):
    """Say that the authority leaves the network."""
    membership = membership_of(request, slug)
    if not leaving.can_be_announced_by(membership, request.user):
        raise PermissionDenied(_("Only a representative says that an authority leaves, and only once."))
    label = _("What you want to tell the other parties")
    form = WithdrawalForm(request.POST or None, label=label, required=False)
    if request.method == "POST" and form.is_valid():
        try:
            told = bool(leaving.open_parties(membership))
            left = leaving.announce(membership, by=request.user, **form.said())
        except ValidationError as wrong:
            form.add_error(None, wrong)
        else:
            messages.success(request, leaving_words(left.ends, told=told))
            return redirect(membership.authority)
    parties = leaving.open_parties(membership)
    context = about(membership) | {"form": form, "parties": parties, "day": leaving.last_day(membership)}
    return render(request, "network/membership_leave.html", context)
