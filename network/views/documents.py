"""Guidelines, terms of use, privacy notice, writing guide: the version in force, all versions, what changed."""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from .. import documents
from ..models import Document, DocumentVersion


def _found(request, slug) -> tuple[Document, list[dict]]:
    """The document and its published versions; one that is for others, or not published yet, is not there."""
    shown = get_object_or_404(Document.objects.visible_to(request.user), slug=slug)
    versions = documents.versions(shown)
    if not versions:
        raise Http404
    return shown, versions


def _page(request, template, shown, versions, **more):
    current = _current(versions)
    context = {
        "document": shown,
        "versions": versions,
        "current": current,
        "coming": [row for row in versions if row["coming"] and row is not current],
        **more,
    }
    return render(request, template, context)


def _current(versions) -> dict | None:
    """The version in force; before its day the first one, so that people can read it."""
    return next((row for row in versions if row["in_force"]), versions[-1] if versions else None)


@login_not_required
@require_safe
def document(request, slug):
    shown, versions = _found(request, slug)
    current = _current(versions)
    text = documents.read(current["pk"], DocumentVersion)
    return _page(request, "network/document.html", shown, versions, version=current, text=text)


@login_not_required
@require_safe
def privacy(request):
    """The privacy notice at the address it always had."""
    return document(request, "privacy")


@login_not_required
@require_safe
def terms(request):
    """The terms of use at the address they always had."""
    return document(request, "terms")


@login_not_required
@require_safe
def document_versions(request, slug):
    shown, versions = _found(request, slug)
    return _page(request, "network/document_versions.html", shown, versions)


@login_not_required
@require_safe
def document_version(request, slug, number):
    """One version as it reads or read; coordinators look at drafts here too."""
    rows = DocumentVersion.objects.visible_to(request.user).filter(document__slug=slug, number=number)
    found = get_object_or_404(rows.select_related("document").only("number", "published_at", "document"))
    versions = documents.versions(found.document)
    row = next((row for row in versions if row["number"] == number), None)
    text = documents.read(found.pk, DocumentVersion)
    return _page(request, "network/document_version.html", found.document, versions, version=row, text=text)


@login_not_required
@require_safe
def document_changes(request, slug):
    """Two versions word by word; without a choice the newest and the one before it."""
    shown, versions = _found(request, slug)
    if len(versions) < 2:
        problem = _("There is only one version to read.")
        return _page(request, "network/document_changes.html", shown, versions, problem=problem)
    new = _chosen(versions, request.GET.get("to"), versions[0])
    before = next((row for row in versions if row["number"] < new["number"]), versions[-1])
    old = _chosen(versions, request.GET.get("from"), before)
    if old["number"] == new["number"]:
        problem = _("Choose two different versions.")
        return _page(request, "network/document_changes.html", shown, versions, problem=problem, old=old, new=new)
    old, new = sorted((old, new), key=lambda row: row["number"])
    found = documents.differences(old["pk"], new["pk"], DocumentVersion)
    return _page(request, "network/document_changes.html", shown, versions, old=old, new=new, **found)


def _chosen(versions, number, otherwise) -> dict:
    """The version that the address names; one that does not exist is a 404."""
    if not number:
        return otherwise
    found = next((row for row in versions if str(row["number"]) == number), None)
    if found is None:
        raise Http404(_("There is no such version of this document."))
    return found
