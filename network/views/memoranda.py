"""The memoranda of the authorities at which one holds a seat: which there are, one of them, its files."""

import hashlib
import logging

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from ..memorandum import locked_text, memorandum_page
from ..models import Memorandum, MemorandumFile

log = logging.getLogger(__name__)
SHOWN = 200


@never_cache
@require_safe
def memoranda(request):
    """Those that one may see; what waits for one’s own signature first."""
    rows = Memorandum.objects.visible_to(request.user).prefetch_related("parties__authority")[:SHOWN]
    turns = {row.pk: row.whose_turn() for row in rows if row.status in Memorandum.OPEN_TO_SIGN}
    entries = [
        {
            "memorandum": row,
            "mine": bool(turns.get(row.pk) and turns[row.pk].is_signed_for_by(request.user)),
            "tone": memorandum_page.TONES.get(row.status, ""),
        }
        for row in rows
    ]
    entries.sort(key=lambda entry: not entry["mine"])
    return render(request, "network/memoranda.html", {"entries": entries})


@never_cache
@require_safe
def memorandum(request, code):
    row = get_object_or_404(
        Memorandum.objects.visible_to(request.user).select_related("template", "replaces"), code=code
    )
    text = memorandum_page.chosen(row, request.GET.get("language", ""))
    context = {
        "memorandum": row,
        "text": text,
        "html": locked_text.html(text.text) if text else "",
        **memorandum_page.context(row, request.user),
    }
    return render(request, "network/memorandum.html", context)


@require_safe
def memorandum_pdf(request, code, language):
    """The PDF to keep: with all signatures where there is one, else that of the locked text."""
    row = get_object_or_404(Memorandum.objects.visible_to(request.user), code=code)
    return serve(row.pdf(language))


@require_safe
def memorandum_file(request, pk):
    """A file of a memorandum for its parties and coordinators."""
    return serve(get_object_or_404(MemorandumFile.objects.visible_to(request.user), pk=pk))


def serve(file) -> HttpResponse:
    """The bytes that were stored, checked against their hash; never run by the browser, never kept between us."""
    if file is None:
        raise Http404(_("There is no such file."))
    try:
        with file.file.open("rb") as stored:
            content = stored.read()
    except FileNotFoundError:
        raise Http404(_("There is no such file.")) from None
    if hashlib.sha256(content).hexdigest() != file.sha256:
        log.critical("File %s of %s is not what was stored: its SHA-256 differs.", file.pk, file.memorandum_id)
        raise Http404(_("The stored file is damaged. Write to us."))
    media_type = "application/pdf" if file.filename.lower().endswith(".pdf") else "application/octet-stream"
    response = HttpResponse(content, content_type=media_type)
    response.headers["Content-Disposition"] = content_disposition_header(True, file.filename)
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
