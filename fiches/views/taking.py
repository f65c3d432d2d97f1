"""Fiches as PDF: whole, or as a two-page brief; one, or several that a reader chose."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from .. import choosing, printing
from ..facets import Selection
from .reading import gone, published


@login_not_required
@require_safe
def fiche_pdf(request, pk, slug):
    return _one(request, pk, slug, printing.full, "fiches:pdf")


@login_not_required
@require_safe
def fiche_brief(request, pk, slug):
    return _one(request, pk, slug, printing.brief, "fiches:brief", "brief")


@login_not_required
@require_safe
def fiche_selection_pdf(request):
    return _several(request, printing.full)


@login_not_required
@require_safe
def fiche_selection_brief(request):
    return _several(request, printing.brief, "brief")


def _one(request, pk, slug, make, name, what=""):
    """The PDF of one published fiche; like its page, 410 for an archived one and 301 for another slug."""
    fiche = printing.rows(published(request.user).filter(pk=pk)).first()
    if fiche is None:
        return gone(request, pk, None)
    if slug != fiche.slug:
        return redirect(reverse(name, args=[pk, fiche.slug]), permanent=True)
    return _file(request, [fiche], make, what)


def _several(request, make, what=""):
    """One PDF of the fiches in `?fiche=1&fiche=2`, in that order; what may not be seen is left out."""
    asked = list(dict.fromkeys(Selection.read(request.GET).fiches))
    if len(asked) > settings.PDF_FICHES:
        context = {"number": len(asked), "most": settings.PDF_FICHES}
        return render(request, "fiches/too_many_for_pdf.html", context, status=413)
    if not asked:  # the button below a list with nothing ticked: the page says what to do
        return redirect(choosing.selection_address(request.GET.get("back", "")))
    found = {fiche.pk: fiche for fiche in printing.rows(published(request.user).filter(pk__in=asked))}
    if not found:
        raise Http404(_("None of these fiches can be read."))
    return _file(request, [found[pk] for pk in asked if pk in found], make, what)


def _file(request, fiches, make, what):
    content = make(fiches, request.build_absolute_uri("/")[:-1])
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = content_disposition_header(True, printing.filename(fiches, what))
    if len(fiches) == 1:
        response["Link"] = f'<{request.build_absolute_uri(fiches[0].get_absolute_url())}>; rel="canonical"'
    return response
