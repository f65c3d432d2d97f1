"""The side of a represented authority: who acts for it, what it allows, how it objects."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts import limits
from accounts.history import LostRace
from accounts.links import private
from translations.letters import capitalised

from ..forms.representation import ObjectionForm
from ..models import Authority, Representation
from ..representation import representing
from ..representation.representation_page import TONES, acts, facts
from .merged import leads_on

FORMS = ["GET", "HEAD", "POST"]
MAY = {
    "grant": Representation.can_be_granted_by,
    "take_back": Representation.can_be_granted_by,
    "decline": Representation.can_be_granted_by,
    "revoke": Representation.can_be_revoked_by,
    "object": Representation.can_be_objected_to_by,
}


@never_cache
@require_http_methods(FORMS)
@leads_on
def representation(request, slug):
    """Who acts for an authority, on what basis, what they did; its representatives allow more, less or nothing."""
    authority = get_object_or_404(Authority.objects.visible_to(request.user), slug=slug)
    if not (request.user.is_coordinator or representing.holds_seat(authority, request.user)):
        raise PermissionDenied(_("Only people with a seat there see this page."))
    rows = authority.represented_by.visible_to(request.user).select_related("coordinator", "authority")
    if request.method == "POST":
        number = request.POST.get("representation", "")
        row = get_object_or_404(rows, pk=number if number.isdecimal() else 0)
        _decide(request, row)
        return redirect(request.path)
    rows = sorted(rows, key=lambda row: (row.status == row.Status.ENDED, -row.pk))
    context = {
        "authority": authority,
        "held": [_held(row, request.user) for row in rows if row.status != row.Status.ENDED],
        "ended": [_held(row, request.user) for row in rows if row.status == row.Status.ENDED],
    }
    return render(request, "network/representation.html", context)


def _held(row, user) -> dict:
    """One representation with its scopes, each to allow or to take back."""
    mine = row.can_be_granted_by(user)
    scopes = [
        {
            "value": scope.value,
            "label": capitalised(scope.label),
            "given": scope in row.scopes,
            "asked": scope in row.scopes_asked,
            "may_change": mine and (scope not in row.scopes or len(row.scopes) > 1),
        }
        for scope in Representation.Scope
    ]
    return {
        "row": row,
        "tone": TONES[row.status],
        "facts": [fact for fact in facts(row) if fact["label"] != _("Authority")],
        "scopes": scopes if row.status in row.IN_FORCE else [],
        "acts": acts(row, user),
        "may_revoke": row.can_be_revoked_by(user),
        "may_object": row.can_be_objected_to_by(user),
        "may_decline": mine and row.scopes_asked,
    }


def _decide(request, row) -> None:
    """One verb; what has changed meanwhile is said."""
    then, scope = request.POST.get("then", ""), request.POST.get("scope", "")
    if then not in MAY:
        return
    if row.status == row.Status.ENDED:
        messages.info(request, _("It has ended already."))
        return
    if not MAY[then](row, request.user):
        raise PermissionDenied
    try:
        words = request.POST.get("words", "").strip()[:2000]
        if then == "revoke":
            row.revoke(by=request.user, note=words, note_language=get_language() if words else "")
        elif then == "object":
            row.object(by=request.user, words=words, language=get_language())
        else:
            asked = row.scopes_asked if scope == "asked" else [scope]
            more = {"grant": [*row.scopes, *asked], "take_back": [s for s in row.scopes if s != scope]}
            row.set_scopes(more.get(then, row.scopes), by=request.user)
    except LostRace:
        messages.warning(request, _("It has changed meanwhile. See how it stands now."))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        ended = row.status == row.Status.ENDED
        messages.success(request, _("Ended. It can no longer act for you.") if ended else _("Saved."))


@login_not_required
@never_cache
@require_http_methods(FORMS)
def object(request, token):
    """The link in the mail to the official address: read who acts for you, and object without an account."""
    said = representing.read_token(token)
    rows = Representation.objects.select_related("coordinator", "authority")
    row = rows.filter(pk=said.get("representation", 0)).first()
    if row is None:
        return private(render(request, "network/object.html", {"row": None}, status=410))
    form = ObjectionForm(request.POST if request.method == "POST" else None)
    status = 200
    if request.method == "POST" and form.is_valid():
        if limits.too_often(request, "network.object", settings.OBJECTIONS_PER_DAY, 24 * 3600):
            form.add_error(None, _("Too many objections came from your connection today. Write to us."))
            status = 429
        else:
            _object(row, said, form.cleaned_data["words"])
    elif request.method == "POST":
        status = 422
    context = {"row": row, "form": form, "facts": _told(row), "ended": row.status == row.Status.ENDED}
    context["open"] = representing.can_be_objected_to(row)
    context["just_now"] = request.method == "POST" and status == 200
    return private(render(request, "network/object.html", context, status=status))


def _object(row, said: dict, words: str) -> None:
    """At once; where it has ended already there is nothing to do."""
    try:
        row.object(words=words, language=get_language(), address=said["address"])
    except LostRace:
        row.refresh_from_db()


def _told(row) -> list[dict]:
    """What the authority needs to know: nothing that only people with an account may see."""
    hidden = {_("Official e-mail address"), _("Scopes asked for")}
    told = [fact for fact in facts(row) if fact["label"] not in hidden]
    told[0] |= {"value": row.authority.official_name, "lang": row.authority.official_language}  # as it calls itself
    return told
