"""Authorities as data: any list, one authority, and a feed of who joined and what changed."""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from translations.exports.table import SEPARATORS
from translations.exports.turns import taking_turns

from .. import exports
from ..directory import directory_index
from ..directory import feed as feeds
from ..directory.selection import FACETS, Selection
from ..exports import records
from ..models import Authority, Theme
from .detail import gone_to

ATOM = "application/atom+xml; charset=utf-8"
RETRY_AFTER = 30  # seconds


@login_not_required
@require_safe
def export(request, file_format):
    """Every authority of a list, in its order, as a file that grows while it is read."""
    written = exports.FORMATS.get(file_format) or _no_such_format()
    selection = Selection.read(request.GET)
    if refused := _refused(request, selection, spreadsheet_too=True):
        return refused
    taking = _taking(
        request,
        query=selection.query(),
        separator=SEPARATORS[request.GET.get("separator", "comma")],
        codes=request.GET.get("header") == "codes",
    )
    pieces = iter(())
    if request.method == "GET":
        keys = directory_index.chosen(selection)
        pieces = exports.stream(written, taking, Authority.objects.visible_to(None), keys)
        if len(keys) > records.CHUNK and not (pieces := taking_turns(pieces)):
            return _busy(request)
    response = StreamingHttpResponse(pieces, content_type=written.media_type)
    return _as_file(response, f"clavet-network-{taking.language}.{file_format}")


@login_not_required
@require_safe
def export_one(request, slug, file_format):
    """One authority as a file for programs."""
    written = exports.FORMATS.get(file_format)
    if written is None or written.single is None:
        _no_such_format()
    taking, visible = _taking(request), Authority.objects.visible_to(request.user).filter(merged_into=None)
    found = records.complete(visible.filter(slug=slug), taking.language).first()
    if found is None:
        return gone_to(request, slug)
    record = records.record(found, taking)
    response = HttpResponse(written.single(taking, record), content_type=written.media_type)
    response["Link"] = f'<{record["address"]}>; rel="canonical"'
    return _as_file(response, f"{slug}-{taking.language}.{file_format}")


@login_not_required
@require_safe
def feed(request):
    """Who joined and whose standing or profile changed last, for feed readers."""
    selection = Selection.read(request.GET)
    if refused := _refused(request, selection):
        return refused
    visible = Authority.objects.visible_to(None).filter(merged_into=None).order_by()
    if selection.query():
        visible = visible.filter(pk__in=directory_index.chosen(selection))
    response = render(
        request,
        "network/feed.xml",
        feeds.context(visible, _taking(request, query=selection.query())),
        content_type=ATOM,
    )
    response["Content-Disposition"] = "inline"
    return response


def _refused(request, selection, *, spreadsheet_too=False):
    """A file cannot say that a filter was left out, as the list does: what is not understood makes no file."""
    unknown = [*selection.unknown, *_unheard_of(selection)]
    if spreadsheet_too and request.GET.get("separator", "comma") not in SEPARATORS:
        unknown.append(("separator", request.GET["separator"][:40]))
    if spreadsheet_too and request.GET.get("header", "codes") != "codes":
        unknown.append(("header", request.GET["header"][:40]))
    if not (unknown or selection.cut):
        return None
    context = {"unknown": unknown, "cut": selection.cut, "query": selection.query()}
    return render(request, "network/export_refused.html", context, status=400)


def _unheard_of(selection) -> list[tuple]:
    """Themes and Euroregions of the address that do not exist, taken out of the selection."""
    found = []
    for name, model in (("theme", Theme), ("euroregion", Authority)):
        if asked := selection.chosen.get(name):
            there = set(model.objects.filter(slug__in=asked).values_list("slug", flat=True))
            found += [(FACETS[name].label, value) for value in asked if value not in there]
            selection.chosen[name] = [value for value in asked if value in there]
    return found


def _taking(request, **chosen) -> records.Taking:
    return records.Taking(get_language(), request.build_absolute_uri("/")[:-1], **chosen)


def _no_such_format():
    raise Http404(_("There is no such file format."))


def _busy(request):
    response = render(request, "503.html", {"busy": True, "back": request.get_full_path()}, status=503)
    response["Retry-After"] = str(RETRY_AFTER)
    return response


def _as_file(response, name: str):
    """To be saved under a name of its own, and not to be listed by search engines beside its page."""
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["X-Robots-Tag"] = "noindex"
    return response
