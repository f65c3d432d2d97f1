"""Earlier versions of a fiche: which there are, how each read, and what changed between two of them."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from .. import facts, languages, rendering, versions
from ..models import Fiche
from ..vocabularies import Status
from .reading import gone


def _opened(request, name: str, pk: int, slug: str, *more):
    """(fiche, None), or (None, the answer): its versions are as visible as the fiche, at its own slug."""
    fiche = Fiche.objects.visible_to(request.user).filter(pk=pk, revises=None).first()
    if fiche is None or fiche.status == Status.ARCHIVED:
        return None, gone(request, pk, fiche)
    if fiche.status != Status.PUBLISHED:
        raise Http404(_("This fiche has no versions yet."))
    if slug != fiche.slug:
        query = request.META.get("QUERY_STRING", "")
        address = reverse(name, args=[pk, fiche.slug, *more])
        return None, redirect(f"{address}?{query}" if query else address, permanent=True)
    return fiche, None


def _head(request, found) -> dict:
    """What all three pages say of the fiche itself."""
    now = found[0].fiche
    shown = versions.shown_to(now, get_language())
    return {
        "fiche": now,
        "current_title": getattr(now, f"title_{shown.title_language}") or now.source("title"),
        "current_lang": languages.foreign(shown.title_language),
        "canonical": request.build_absolute_uri("/")[:-1] + languages.address(now, get_language()),
        "versions": found,
        "withheld": any(version.withheld for version in found),
    }


@login_not_required
@require_safe
def fiche_versions(request, pk, slug):
    fiche, answer = _opened(request, "fiches:versions", pk, slug)
    if answer:
        return answer
    return render(request, "fiches/versions.html", _head(request, versions.of(fiche, request.user)))


@login_not_required
@require_safe
def fiche_version(request, pk, slug, number):
    """One earlier version, as its page looked; the current one is the fiche's own page."""
    fiche, answer = _opened(request, "fiches:version", pk, slug, number)
    if answer:
        return answer
    found = versions.of(fiche, request.user)
    if number == found[0].number:
        return redirect(fiche)
    version = next((version for version in found if version.number == number), None)
    if version is None:
        raise Http404(_("This fiche has no such version."))
    if version.withheld:
        raise Http404(_("This version is not shown: what it names was hidden later."))
    return render(request, "fiches/version.html", _head(request, found) | _text(version))


def _text(version) -> dict:
    """The text of a version in the reader's language, or in that in which it was shown then."""
    fiche = version.fiche
    shown = versions.shown_to(fiche, get_language())
    body = rendering.Body(fiche, shown).context()
    files = body["attachments"] and list(fiche.attachments.all())
    html = render_to_string("fiches/_body.html", body | {"attachments": []})
    glance, _end, text = html.partition(rendering.GLANCE_END)
    return {
        "version": version,
        "title": getattr(fiche, f"title_{shown.title_language}") or fiche.source("title"),
        "summary": getattr(fiche, f"summary_{shown.title_language}") or "",
        "title_lang": languages.foreign(shown.title_language),
        "notices": languages.notices_of(fiche, shown),
        "glance": mark_safe(glance),  # both were rendered and sanitised just now
        "body": mark_safe(text),
        "files": files,
    }


@login_not_required
@require_safe
def fiche_changes(request, pk, slug):
    """Two versions word by word, in one language; without a choice the last two, in the source language."""
    fiche, answer = _opened(request, "fiches:changes", pk, slug)
    if answer:
        return answer
    found = versions.of(fiche, request.user)
    readable = [version for version in found if not version.withheld]
    context = _head(request, found) | {"readable": readable}
    if len(readable) < 2:
        return render(request, "fiches/changes.html", context | {"problem": _("There is only one version to read.")})
    old, new, problem = _two(request, readable)
    return render(
        request, "fiches/changes.html", context | _changes(request, old, new, problem), status=_status(problem)
    )


def _status(problem: str) -> int:
    return 404 if problem else 200


def _two(request, readable):
    """The chosen versions, the older first, or the last two with a word on what was wrong."""
    by_number = {str(version.number): version for version in readable}
    first, second = (request.GET.get(name, "").strip() for name in ("from", "to"))
    old, new = by_number.get(first), by_number.get(second)
    problem = ""
    if (first and not old) or (second and not new):
        problem = _("There is no such version of this fiche, or it is not shown. Choose two from the list.")
    elif old and old is new:
        problem = _("Choose two different versions.")
    if problem or not (old and new):
        chosen = None if problem else old or new
        others = [version for version in readable if version is not chosen]
        old, new = (chosen, others[0]) if chosen else (readable[1], readable[0])
    return (*sorted([old, new], key=lambda version: version.number), problem)


def _changes(request, old, new, problem: str) -> dict:
    codes = versions.languages(old.fiche, new.fiche)
    wanted = request.GET.get("language", "")
    language = wanted if wanted in codes else codes[0]
    found = {} if problem else versions.differences(old.fiche, new.fiche, language)
    return {
        "old": old,
        "new": new,
        "problem": problem,
        "language": facts.language_name(language),
        "not_in": facts.language_name(wanted) if wanted in settings.LANGUAGE_CODES and wanted != language else "",
        "choices": [(code, facts.language_name(code), code == language) for code in codes],
        **found,
    }
