"""What parties do with a memorandum in force: note the review, ask for the next one, leave."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.once import once

from ..forms.signing import LeaveForm, NoteForm, RenewForm
from ..memorandum import memorandum_life
from ..models import Party
from .membership_life import leaving_words
from .signing import WRITING, visible


def allowed(yes):
    if not yes:
        raise PermissionDenied(_("This cannot be done with the memorandum now, or not by you."))


def behalf(memorandum, user):
    """The authority of a party for which this person acts; none for the network."""
    party = memorandum.parties.led_by(user).select_related("authority__merged_into").first()
    return party and party.acting


@never_cache
@once
@require_http_methods(WRITING)
def review(request, code):
    memorandum = visible(request, code)
    allowed(memorandum.can_be_reviewed_by(request.user))
    help_text = _("What did each party give and gain? What should be done differently? Should it go on, change or end?")
    form = NoteForm(request.POST or None, label=_("Result of the review"), help_text=help_text)
    if request.method == "POST" and form.is_valid():
        memorandum.review(by=request.user, on_behalf_of=behalf(memorandum, request.user), **form.said())
        messages.success(request, _("The result is noted. All parties see it here."))
        return redirect(memorandum)
    return render(request, "network/review.html", {"memorandum": memorandum, "form": form})


@never_cache
@once
@require_http_methods(WRITING)
def renew(request, code):
    """Ask for the next memorandum: coordinators get a draft with everything that was agreed."""
    memorandum = visible(request, code)
    allowed(memorandum.can_be_reviewed_by(request.user))
    successor = memorandum_life.open_successor(memorandum)
    form = RenewForm(request.POST or None, label=_("What should change"), required=False)
    if request.method == "POST" and not successor and form.is_valid():
        said = form.said() | {"replacing": form.cleaned_data["replacing"]}
        try:
            memorandum.ask_renewal(by=request.user, on_behalf_of=behalf(memorandum, request.user), **said)
        except ValidationError as wrong:
            form.add_error(None, wrong)
        else:
            messages.success(
                request, _("The coordinators prepare the next memorandum. You get a mail when it is ready.")
            )
            return redirect(memorandum)
    return render(request, "network/renew.html", {"memorandum": memorandum, "form": form, "successor": successor})


@never_cache
@once
@require_http_methods(WRITING)
def leave(request, code):
    """A party leaves with notice; coordinators note a shorter one on which the parties have agreed."""
    memorandum = visible(request, code)
    rows = list(memorandum.parties.select_related("authority"))
    shorter = any(party.notice_can_be_shortened_by(request.user) for party in rows)
    mine = [party.pk for party in rows if shorter or party.can_be_left_by(request.user)]
    allowed(mine)
    parties = Party.objects.filter(pk__in=mine).select_related("authority")
    label = _("What you want to tell the other parties")
    form = LeaveForm(request.POST or None, parties=parties, shorter=shorter, label=label, required=False)
    if request.method == "POST" and form.is_valid():
        party = form.cleaned_data["party"]
        try:
            party.leave(by=request.user, on=form.cleaned_data.get("on"), **form.said())
        except ValidationError as wrong:
            form.add_error(None, wrong)
        else:
            party.refresh_from_db(fields=["left_on"])
            messages.success(request, leaving_words(party.left_on))
            return redirect(memorandum)
    day = memorandum_life.last_day(memorandum)
    return render(request, "network/leave.html", {"memorandum": memorandum, "form": form, "day": day})
