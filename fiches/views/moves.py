"""What an author does with a whole fiche: look at it, take it back, open it again, throw it away, revise it."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.safestring import mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from translations import editions

from .. import rendering, revision
from ..models import Attachment, Fiche
from ..vocabularies import Status


def own(request, pk) -> Fiche:
    return get_object_or_404(Fiche.objects.visible_to(request.user), pk=pk)


@never_cache
@require_safe
def fiche_preview(request, pk):
    """The fiche exactly as others will see it: what is hidden from them is not here either."""
    fiche = own(request, pk)
    shown = next(row for row in editions.shown_in_all_languages(fiche) if row.language == get_language())
    parts = rendering.edition(fiche, shown)
    glance, _end, body = parts["body_html"].partition(rendering.GLANCE_END)
    context = {
        "fiche": fiche,
        "shown": shown,
        "title": parts["title"] or _("Untitled draft"),
        "summary": parts["summary"],
        "title_lang": shown.title_language if shown.title_language != get_language() else "",
        "glance": mark_safe(glance),  # both are rendered and sanitised by rendering.edition
        "body": mark_safe(body),
        "may_edit": fiche.can_be_edited_by(request.user),
    }
    return render(request, "fiches/preview.html", context)


@never_cache
@require_safe
def fiche_submitted(request, pk):
    """What happens next, after handing in."""
    fiche = own(request, pk)
    if not fiche.is_of(request.user):
        raise Http404
    if fiche.status == Status.DRAFT:
        return redirect("fiches:edit", fiche.pk)
    return render(request, "fiches/submitted.html", {"fiche": fiche, "title": fiche.source("title")})


def allowed(yes):
    if not yes:
        raise PermissionDenied(_("This cannot be done with the fiche now, or not by you."))


@require_POST
def fiche_withdraw(request, pk):
    fiche = own(request, pk)
    allowed(fiche.status != Status.SUBMITTED or fiche.can_be_withdrawn_by(request.user))
    allowed(fiche.submitted_by_id == request.user.pk)
    fiche.withdraw(by=request.user)
    messages.success(request, _("The fiche is a draft again. Its reference stays."))
    return redirect("fiches:edit", fiche.pk)


@require_POST
def fiche_reopen(request, pk):
    fiche = own(request, pk)
    allowed(fiche.submitted_by_id == request.user.pk)
    fiche.reopen(by=request.user)
    return redirect("fiches:edit", fiche.pk)


@require_POST
@transaction.atomic
def fiche_delete(request, pk):
    """Throw away a draft that was never handed in, or a revision in the making; its files go too."""
    fiche = Fiche.objects.select_for_update(of=("self",)).get(pk=own(request, pk).pk)
    allowed(fiche.can_be_deleted_by(request.user))
    files = [(row.file.storage, row.file.name) for row in fiche.attachments.all()]
    back = fiche.revises
    fiche.delete()
    transaction.on_commit(lambda: [revision.drop_file(storage, name) for storage, name in files])
    messages.success(request, _("The draft is deleted."))
    return redirect(back.get_absolute_url() if back else "fiches:my")


@require_POST
def fiche_revise(request, pk):
    """Begin a revision, or go on with the one that is open."""
    fiche = own(request, pk)
    allowed(fiche.can_be_revised_by(request.user))
    copy, begun = revision.begin(fiche, by=request.user)
    if not begun:
        messages.info(request, _("A revision of this fiche is open already: this is it."))
    if copy.can_be_edited_by(request.user):
        return redirect("fiches:edit", copy.pk)
    return redirect("fiches:preview", copy.pk)


@login_not_required
@require_safe
def fiche_attachment(request, pk):
    """A file of a fiche that one may see; never run by the browser, never kept by a cache between us."""
    row = get_object_or_404(Attachment.objects.filter(fiche__in=Fiche.objects.visible_to(request.user)), pk=pk)
    if not row.fiche.shows("attachments", request.user):
        raise Http404(_("There is no such file."))
    try:
        content = row.file.open("rb")
    except FileNotFoundError:
        raise Http404(_("There is no such file.")) from None
    response = FileResponse(content, as_attachment=True, filename=row.filename, content_type=row.media_type)
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "private, no-cache"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
