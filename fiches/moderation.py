"""The review page of one fiche in the admin, and a view for each verb on it."""

from functools import wraps

from django.contrib import messages
from django.contrib.admin import site
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts import history
from accounts.history import LostRace

from . import moderation_page, submissions, verbs
from .models import Fiche
from .moderation_forms import DecisionForm, InvitationForm, LinkForm, NoteForm, OpinionForm, WithholdForm
from .vocabularies import Status


def seen(request, pk) -> Fiche | None:
    """The fiche as a coordinator may see it; None where there is no such row for them."""
    if not request.user.is_coordinator:
        raise PermissionDenied
    rows = Fiche.objects.visible_to(request.user).select_related(
        "authority", "region", "read_by", "revises", "submitted_by"
    )
    return rows.filter(pk=pk).first()


@require_safe
def review(request, pk):
    """Read a submission as it will look, and decide."""
    fiche = seen(request, pk)
    return moderation_page.show(request, fiche) if fiche else gone(request)


def verb(function):
    """A POST on one fiche by a coordinator whose own it is not; who comes too late is told so."""

    @require_POST
    @wraps(function)
    def view(request, pk):
        fiche = seen(request, pk)
        if fiche is None:
            return gone(request)
        if not fiche.can_be_moderated_by(request.user):
            raise PermissionDenied
        try:
            if request.POST.get("version") not in (None, str(fiche.version)):
                raise LostRace(fiche, function.__name__, fiche.status)
            return function(request, fiche)
        except (LostRace, Fiche.DoesNotExist):
            return lost(request, pk)

    return view


def gone(request):
    """It was withdrawn, or a revision that has been decided on; or it never was."""
    context = {**site.each_context(request), "title": _("This fiche does not wait for you")}
    return render(request, "admin/fiches/fiche/gone.html", context, status=404)


def lost(request, pk):
    """409: somebody else was faster; nothing was changed."""
    fiche = seen(request, pk)
    if fiche is None:
        return gone(request)
    last = fiche.history[-1] if fiche.history else None
    title = _("Somebody else was faster")
    context = {**site.each_context(request), "title": title, "fiche": fiche, "last": last}
    return render(request, "admin/fiches/fiche/lost.html", context, status=409)


def back(fiche):
    return redirect("admin:fiches_fiche_change", fiche.pk)


def onward(request, fiche):
    """To the next fiche that waits, if that was asked for; otherwise stay with this one."""
    if "next" not in request.POST:
        return back(fiche.revises or fiche)
    if following := submissions.next_to_read(request.user, after=fiche):
        return back(following)
    messages.info(request, _("Nothing else waits for you."))
    return redirect("admin:fiches_fiche_changelist")


def decidable(request, fiche, verb):
    if not fiche.can_be_decided_by(request.user):
        raise LostRace(fiche, verb, fiche.status)


@verb
def take(request, fiche):
    """Begin to read: others see by whom."""
    if not fiche.can_be_taken_by(request.user):
        raise LostRace(fiche, "take", Status.IN_REVIEW)
    fiche.take(by=request.user)
    return back(fiche)


@verb
def approve(request, fiche):
    decidable(request, fiche, "approve")
    if fiche.authority_claimed and not fiche.authority_id:
        messages.error(request, _("Link the authority first: a fiche is published under an authority of the portal."))
        return back(fiche)
    fiche.approve(by=request.user)
    messages.success(request, _("Published. The author is told by mail."))
    return onward(request, fiche)


def decide(request, fiche, name, told):
    """A decision with a reason."""
    form = DecisionForm(request.POST, verb=name, language=request.user.language)
    if not form.is_valid():
        return moderation_page.show(request, fiche, {name: form})
    data = form.cleaned_data
    data["note_language"] = data["note_language"] if data["note"] else ""
    getattr(fiche, name)(by=request.user, **data)
    messages.success(request, told)
    return onward(request, fiche)


@verb
def request_changes(request, fiche):
    decidable(request, fiche, "request_changes")
    return decide(request, fiche, "request_changes", _("Changes requested. The author is told by mail."))


@verb
def reject(request, fiche):
    decidable(request, fiche, "reject")
    return decide(request, fiche, "reject", _("Rejected. The author is told by mail."))


@verb
def archive(request, fiche):
    return decide(request, fiche, "archive", _("Archived. The author is told by mail."))


@verb
def restore(request, fiche):
    fiche.restore(by=request.user)
    messages.success(request, _("The fiche is shown again."))
    return back(fiche)


@verb
def withhold_version(request, fiche):
    """Let nobody read one earlier version: it says what a revision took out."""
    form = WithholdForm(request.POST, fiche=fiche, language=request.user.language)
    if not form.is_valid():
        return moderation_page.show(request, fiche, {"withhold_version": form})
    data = form.cleaned_data
    version = data.pop("number")
    data["note_language"] = data["note_language"] if data["note"] else ""
    version.withhold(by=request.user, **data)
    messages.success(request, verbs.LABELS["withhold_version"])
    return back(fiche)


@verb
def show_version(request, fiche):
    """Undo it."""
    shown_again = [
        row for row in fiche.versions.exclude(withheld_at=None) if str(row.number) == request.POST.get("number")
    ]
    if not shown_again:
        raise LostRace(fiche, "show_version", fiche.status)
    shown_again[0].show_again(by=request.user)
    messages.success(request, verbs.LABELS["show_version"])
    return back(fiche)


@verb
def link_authority(request, fiche):
    if not moderation_page.can_be_linked(fiche):
        raise LostRace(fiche, "link_authority", fiche.status)
    form = LinkForm(request.POST, user=request.user)
    if not form.is_valid():
        return moderation_page.show(request, fiche, {"link_authority": form})
    submissions.link_authority(fiche, form.cleaned_data["authority"], by=request.user)
    messages.success(request, _("Linked. Its representatives are told by mail."))
    return back(fiche)


@verb
def ask_opinion(request, fiche):
    decidable(request, fiche, "ask_opinion")
    form = OpinionForm(request.POST, readers=submissions.readers_to_ask(fiche, request.user))
    if not form.is_valid():
        return moderation_page.show(request, fiche, {"ask_opinion": form})
    submissions.ask_opinion(fiche, form.cleaned_data["reader"], form.cleaned_data["question"], by=request.user)
    messages.success(request, _("Asked. The answer will stand on this page."))
    return back(fiche)


@verb
def ask_confirmation(request, fiche):
    if not moderation_page.can_ask_confirmation(fiche):
        raise LostRace(fiche, "ask_confirmation", fiche.status)
    submissions.ask_confirmation(fiche, by=request.user)
    messages.success(request, _("The authority is asked at its published address."))
    return back(fiche)


@verb
def add_note(request, fiche):
    form = NoteForm(request.POST)
    if not form.is_valid():
        return moderation_page.show(request, fiche, {"add_note": form})
    note, language = form.cleaned_data["note"], request.user.language
    history.record(fiche, "note", by=request.user, note=note, note_language=language, internal=True)
    messages.success(request, _("The note is kept. Only coordinators read it."))
    return back(fiche)


@require_POST
def invite_coordinator(request, pk):
    """One's own fiche, and nobody else may decide: ask somebody to become a coordinator."""
    fiche = seen(request, pk)
    if fiche is None:
        return gone(request)
    if fiche.can_be_moderated_by(request.user) or submissions.others_who_may_decide(fiche, request.user):
        raise PermissionDenied
    form = InvitationForm(request.POST)
    if not form.is_valid():
        return moderation_page.show(request, fiche, {"invite_coordinator": form})
    submissions.invite_coordinator(fiche, **form.cleaned_data, by=request.user)
    messages.success(
        request, _("The invitation is on its way. An administrator adds the person once they have signed up.")
    )
    return back(fiche)


VERBS = {
    view.__name__: view
    for view in (
        *(take, approve, request_changes, reject, archive, restore, withhold_version, show_version, link_authority),
        *(ask_opinion, ask_confirmation, add_note, invite_coordinator),
    )
}
