"""Authorities as data: any list, one authority, and a feed of who joined and what changed."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from translations.exports import files

from .. import exports
from ..directory import directory_index
from ..directory import feed as feeds
from ..directory.selection import FACETS, Selection
from ..exports import records
from ..models import Authority, Theme
from .merged import gone_to


@login_not_required
@require_safe
def export(request, file_format):
    """Every authority of a list, in its order, as a file that grows while it is read."""
    written = files.named(exports.FORMATS, file_format)
    selection = Selection.read(request.GET)
    if refused := _refused(request, selection, table_too=True):
        return refused
    taking = _taking(request, query=selection.query(), **files.of_table(request.GET))
    response = files.stream(
        request,
        written,
        taking,
        lambda: directory_index.chosen(selection),
        lambda keys: records.read(Authority.objects.visible_to(None), keys, taking),
    )
    return files.saved_as(response, f"clavet-network-{taking.language}.{file_format}")


@login_not_required
@require_safe
def export_one(request, slug, file_format):
    """One authority as a file for programs."""
    written = files.named(exports.FORMATS, file_format, single=True)
    taking, visible = _taking(request), Authority.objects.visible_to(request.user).filter(merged_into=None)
    found = records.complete(visible.filter(slug=slug), taking.language).first()
    if found is None:
        return gone_to(request, slug)
    record = records.record(found, taking)
    response = HttpResponse(written.single(taking, record), content_type=written.media_type)
    response["Link"] = f'<{record["address"]}>; rel="canonical"'
    return files.saved_as(response, f"{slug}-{taking.language}.{file_format}")


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
        content_type=files.ATOM,
    )
    response["Content-Disposition"] = "inline"
    return response


def _taking(request, **chosen) -> records.Taking:
    return records.Taking(get_language(), request.build_absolute_uri("/")[:-1], **chosen)


def _refused(request, selection, *, table_too=False):
    """400 with what is not understood: a file of something else would mislead."""
    tables = {"theme": (Theme, "slug"), "euroregion": (Authority, "slug")}
    unknown = files.not_understood(request.GET, selection, FACETS, tables, table_too=table_too)
    if not (unknown or selection.cut):
        return None
    context = {
        "section": "network",
        "list_url": reverse("network:list"),
        "lead": _(
            "This address asks for something that we do not know. "
            "A file without it would hold other authorities than you expect."
        ),
        "unknown": unknown,
        "cut": selection.cut,
        "query": selection.query(),
    }
    return render(request, "export_refused.html", context, status=400)
