"""Fiches as data: any list, one fiche, and a feed of what is new."""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from network.models import Region, Theme
from translations.exports.table import SEPARATORS

from .. import choosing, exports, feeds, page
from ..exports import links, records
from ..facets import FACETS, Selection
from .reading import published

ATOM = "application/atom+xml; charset=utf-8"
RETRY_AFTER = 30  # seconds


@login_not_required
@require_safe
def fiche_export(request, file_format):
    """Every fiche of a list, in its order, as a file that grows while it is read."""
    written = exports.FORMATS.get(file_format) or _no_such_format()
    selection = Selection.read(request.GET)
    if refused := _refused(request, selection, spreadsheet_too=True):
        return refused
    if "back" in request.GET and not selection.fiches:  # the button below a list with nothing ticked
        return redirect(choosing.selection_address(request.GET["back"]))
    visible = published(request.user)
    taking = _taking(
        request,
        query=links.query_of(selection),
        separator=SEPARATORS[request.GET.get("separator", "comma")],
        codes=request.GET.get("header") == "codes",
    )
    pieces = iter(())
    if request.method == "GET":
        keys = records.keys(visible, selection, taking.language)
        pieces = exports.stream(written, taking, visible, keys)
        if len(keys) > records.CHUNK and not (pieces := exports.taking_turns(pieces)):
            return _busy(request)
    response = StreamingHttpResponse(pieces, content_type=written.media_type)
    return _as_file(response, f"clavet-fiches-{taking.language}.{file_format}")


@login_not_required
@require_safe
def fiche_export_one(request, pk, slug, file_format):
    """One fiche as a file for programs and reference managers."""
    written = exports.FORMATS.get(file_format)
    if written is None or written.single is None:
        _no_such_format()
    taking, visible = _taking(request), published(request.user)
    found = records.read(visible, [pk], taking, written.parts)
    if not found:
        return _gone(request, pk)
    address = found[0]["address"]
    if not address.endswith(f"/{slug}/"):
        return redirect(found[0]["files"][file_format], permanent=True)
    response = HttpResponse(written.single(taking, found[0]), content_type=written.media_type)
    response["Link"] = f'<{address}>; rel="canonical"'
    name = (found[0]["reference"] or f"fiche-{pk}").lower()
    return _as_file(response, f"{name}-{taking.language}.{file_format}")


@login_not_required
@require_safe
def fiche_feed(request):
    """What was published or changed last in a list, for feed readers."""
    selection = Selection.read(request.GET)
    if refused := _refused(request, selection):
        return refused
    context = feeds.context(published(request.user), selection, _taking(request, query=links.query_of(selection)))
    response = render(request, "fiches/feed.xml", context, content_type=ATOM)
    response["Content-Disposition"] = "inline"
    return response


def _gone(request, pk):
    """410 for what was public and is archived, 404 for everything else that may not be seen."""
    gone = page.gone(pk)
    if gone is None:
        raise Http404(_("There is no such fiche."))
    return render(request, "fiches/gone.html", gone, status=410)


def _taking(request, **chosen) -> records.Taking:
    site = request.build_absolute_uri("/")[:-1]
    return records.Taking(get_language(), site, files=records.files(), **chosen)


def _no_such_format():
    raise Http404(_("There is no such file format."))


def _refused(request, selection, *, spreadsheet_too=False):
    """A file cannot say that a filter was left out, as the list does: what is not understood makes no file."""
    unknown = [*selection.unknown, *_unheard_of(selection)]
    if spreadsheet_too and request.GET.get("separator", "comma") not in SEPARATORS:
        unknown.append(("separator", request.GET["separator"][:40]))
    if spreadsheet_too and request.GET.get("header", "codes") != "codes":
        unknown.append(("header", request.GET["header"][:40]))
    if not (unknown or selection.cut):
        return None
    context = {"unknown": unknown, "cut": selection.cut, "query": links.query_of(selection)}
    return render(request, "fiches/export_refused.html", context, status=400)


def _unheard_of(selection) -> list[tuple]:
    """Themes and regions of the address that do not exist, taken out of the selection."""
    found = []
    for name, model, field in (("theme", Theme, "slug"), ("region", Region, "code")):
        if asked := selection.chosen.get(name):
            there = set(model.objects.filter(**{f"{field}__in": asked}).values_list(field, flat=True))
            found += [(FACETS[name].label, value) for value in asked if value not in there]
            selection.chosen[name] = [value for value in asked if value in there]
    return found


def _busy(request):
    response = render(request, "503.html", {"busy": True, "back": request.get_full_path()}, status=503)
    response["Retry-After"] = str(RETRY_AFTER)
    return response


def _as_file(response, name: str):
    """To be saved under a name of its own, and not to be listed by search engines beside its page."""
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["X-Robots-Tag"] = "noindex"
    return response
