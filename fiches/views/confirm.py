"""An authority answers from its published mailbox whether a fiche is its own; no account is needed."""

from django.contrib.auth.decorators import login_not_required
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.links import private

from .. import moderation_page, submissions


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request, token):
    """Read the fiche; say that it is yours, or that it is not."""
    fiche = submissions.to_confirm(token)
    if fiche is None:
        return private(render(request, "fiches/confirm.html", {"fiche": None}, status=410))
    answer = request.POST.get("answer") if request.method == "POST" else None
    if answer == "yes":
        submissions.confirm(fiche)
    elif answer == "no":
        submissions.deny(fiche)
    text = moderation_page.text(fiche, get_language())
    return private(render(request, "fiches/confirm.html", {"fiche": fiche, "answer": answer, **text}))
