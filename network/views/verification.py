"""Checking a memorandum without an account: by its code, and whether a file is genuine."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from accounts import limits

from ..forms.signing import CodeForm
from ..memorandum import verification as checking
from ..models import Memorandum

UPLOAD_ROOM = 64 * 1024  # what a form adds to the file that it carries


@login_not_required
@require_safe
def verify(request):
    """Enter the code that stands on a PDF."""
    form = CodeForm(request.GET if "code" in request.GET else None)
    if form.is_bound and form.is_valid():
        if limits.too_often(request, "verify", settings.VERIFICATIONS_PER_HOUR, 3600):
            return too_many(render(request, "network/verify.html", {"form": form, "too_many": True}, status=429))
        if memorandum := checking.find(Memorandum.objects.verifiable(), form.cleaned_data["code"]):
            return redirect(memorandum.get_verification_url())
        form.add_error("code", unknown_words())
    response = render(request, "network/verify.html", {"form": form})
    if form.is_bound:
        response.headers["Cache-Control"] = "no-store"
    return response


# Nothing is changed and nobody is known: no token, so that reading the page sets no cookie.
@login_not_required
@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def verification(request, code):
    """What was signed, by whom, when; and which of the known files a file is."""
    memorandum = checking.find(Memorandum.objects.verifiable(), code)
    if memorandum is None:
        return unknown(request, code)
    limit = settings.ATTACHMENT_MAX_BYTES
    context = {"memorandum": memorandum, "limit": limit, **checking.context(memorandum)}
    if request.method != "POST":
        return unlisted(render(request, "network/verification.html", context))
    if limits.too_often(request, "verify", settings.VERIFICATIONS_PER_HOUR, 3600):
        page = render(request, "network/verification.html", context | {"problem": too_many_words()}, status=429)
        return too_many(unlisted(page))
    result = _check(request, memorandum)
    return unlisted(render(request, "network/verification.html", context | result))


def unknown(request, code: str):
    """The same page for a code that nobody has and for that of a draft; as many of them an hour as of checks."""
    code = code.replace("\0", "")[:40]
    guessed = checking.can_be_code(code)  # what cannot be a code costs nothing, and tries nothing
    if guessed and limits.too_often(request, "verify", settings.VERIFICATIONS_PER_HOUR, 3600):
        context = {"form": CodeForm(initial={"code": code}), "too_many": True}
        return too_many(unlisted(render(request, "network/verify.html", context, status=429)))
    form = CodeForm({"code": code})
    if form.is_valid():
        form.add_error("code", unknown_words())
    return unlisted(render(request, "network/verification_unknown.html", {"form": form}, status=404))


def unknown_words() -> str:
    return _("We know no memorandum with this code. Check the letters and numbers.")


def too_many_words() -> str:
    return _("Too many checks came from your connection. Wait an hour and try again.")


def _check(request, memorandum) -> dict:
    """The answer about the file or the hash that was sent."""
    request.upload_handlers = [checking.HashOnly(request)]
    if int(request.headers.get("Content-Length") or 0) > settings.ATTACHMENT_MAX_BYTES + UPLOAD_ROOM:
        return {"problem": _("This file is too large to be one of ours.")}
    file = request.FILES.get("file")
    typed = request.POST.get("sha256", "")[:2000]
    sha256 = file.sha256 if file else checking.hash_in(typed)
    if not sha256:
        said = _("This is no SHA-256: it has 64 characters, 0 to 9 and a to f.") if typed else _("Choose a file.")
        return {"problem": said, "typed": typed}
    return {"result": {**checking.known(memorandum, sha256), "sha256": sha256, "name": file.name if file else ""}}


def unlisted(response):
    """Search engines are asked not to list it."""
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def too_many(response):
    response.headers["Retry-After"] = "3600"
    response.headers["Cache-Control"] = "no-store"
    return response
