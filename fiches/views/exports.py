"""Fiches as data: any list, one fiche, and a feed of what is new."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from network.models import Region, Theme
from translations.exports import files

from .. import choosing, exports, feeds
from ..exports import links, records
from ..facets import FACETS, Selection
from .reading import gone, published


@login_not_required
@require_safe
def fiche_export(request, file_format):
    """Every fiche of a list, in its order, as a file that grows while it is read."""
    written = files.named(exports.FORMATS, file_format)
    selection = Selection.read(request.GET)
    if refused := _refused(request, selection, table_too=True):
        return refused
    if "back" in request.GET and not selection.fiches:  # the button below a list with nothing ticked
        return redirect(choosing.selection_address(request.GET["back"]))
    visible = published(request.user)
    taking = _taking(request, query=links.query_of(selection), **files.of_table(request.GET))
    response = files.stream(
        request,
        written,
        taking,
        lambda: records.keys(visible, selection, taking.language),
        lambda keys: records.read(visible, keys, taking, written.parts),
    )
    return files.saved_as(response, f"clavet-fiches-{taking.language}.{file_format}")


@login_not_required
@require_safe
def fiche_export_one(request, pk, slug, file_format):
    """One fiche as a file for programs and reference managers."""
    written = files.named(exports.FORMATS, file_format, single=True)
    taking, visible = _taking(request), published(request.user)
    found = records.read(visible, [pk], taking, written.parts)
    if not found:
        return gone(request, pk)
    address = found[0]["address"]
    if not address.endswith(f"/{slug}/"):
        return redirect(found[0]["files"][file_format], permanent=True)
    response = HttpResponse(written.single(taking, found[0]), content_type=written.media_type)
    response["Link"] = f'<{address}>; rel="canonical"'
    name = (found[0]["reference"] or f"fiche-{pk}").lower()
    return files.saved_as(response, f"{name}-{taking.language}.{file_format}")


@login_not_required
@require_safe
def fiche_feed(request):
    """What was published or changed last in a list, for feed readers."""
    selection = Selection.read(request.GET)
    if refused := _refused(request, selection):
        return refused
    context = feeds.context(published(request.user), selection, _taking(request, query=links.query_of(selection)))
    response = render(request, "fiches/feed.xml", context, content_type=files.ATOM)
    response["Content-Disposition"] = "inline"
    return response


def _taking(request, **chosen) -> records.Taking:
    site = request.build_absolute_uri("/")[:-1]
    return records.Taking(get_language(), site, files=records.files(), **chosen)


def _refused(request, selection, *, table_too=False):
    """400 with what is not understood: a file of something else would mislead."""
    tables = {"theme": (Theme, "slug"), "region": (Region, "code")}
    unknown = files.not_understood(request.GET, selection, FACETS, tables, table_too=table_too)
    if not (unknown or selection.cut):
        return None
    context = {
        "section": "fiches",
        "list_url": reverse("fiches:list"),
        "lead": _(
            "This address asks for something that we do not know. "
            "A file without it would hold other fiches than you expect."
        ),
        "unknown": unknown,
        "cut": selection.cut,
        "query": links.query_of(selection),
    }
    return render(request, "export_refused.html", context, status=400)
