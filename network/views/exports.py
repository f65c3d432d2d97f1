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
from .. import feed as feeds
from ..exports import records
from ..models import Authority
from .detail import gone_to

ATOM = "application/atom+xml; charset=utf-8"
RETRY_AFTER = 30  # seconds


def listed(request):
    """The authorities of the list, in its order, and the query that says which they are."""
    return Authority.objects.visible_to(request.user).filter(hidden=False, merged_into=None), ""


@login_not_required
@require_safe
def export(request, file_format):
    """Every authority of a list, in its order, as a file that grows while it is read."""
    written = exports.FORMATS.get(file_format) or _no_such_format()
    separator = request.GET.get("separator", "comma")
    if separator not in SEPARATORS or request.GET.get("header", "codes") != "codes":
        raise Http404(_("There is no such file format."))
    visible, query = listed(request)
    taking = _taking(request, query=query, separator=SEPARATORS[separator], codes=request.GET.get("header") == "codes")
    pieces = iter(())
    if request.method == "GET":
        keys = list(visible.values_list("pk", flat=True))
        pieces = exports.stream(written, taking, Authority.objects.visible_to(request.user), keys)
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
    visible, query = listed(request)
    context = feeds.context(visible.order_by(), _taking(request, query=query))
    response = render(request, "network/feed.xml", context, content_type=ATOM)
    response["Content-Disposition"] = "inline"
    return response


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
