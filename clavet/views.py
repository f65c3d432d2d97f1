"""Pages that combine apps: home and search."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from fiches import counting, listing
from fiches.facets import Selection
from fiches.views import reading
from fiches.vocabularies import Kind
from network.directory import directory_index, directory_listing
from network.directory.selection import Selection as Directory
from network.directory.selection import Standing
from translations import search as searching

NEWEST = 4  # fiches on the home page
EACH = 10  # results of one type on the search page


@login_not_required
@require_safe
def home(request):
    rows = reading.published(request.user)
    counts = counting.count(rows, Selection(), public=not request.user.is_authenticated)
    context = {
        "kept": counts.kept,
        "counts": counts,
        "map": counts.of["country"],
        "map_url": f"{reverse('fiches:list')}?country=",
        "themes": lambda: [option for option in listing.theme_options([], counts) if option["count"]],
        "kinds": [{"code": code, "count": counts.get("kind", code)} for code in Kind.values],
        "newest": lambda: listing.newest(rows, counts, NEWEST),
        "languages": len(settings.LANGUAGE_CODES),
    }
    return render(request, "home.html", context)


@login_not_required
@require_safe
def search(request):
    """The first results of each type."""
    selection = Selection.read(request.GET)
    parts = [_fiches(request.user, selection), *_authorities(selection.q)] if selection.q else []
    context = {"selection": selection, "parts": parts, "did_you_mean": None}
    if selection.q and sum(part["number"] for part in parts) <= reading.FEW:
        context["did_you_mean"] = searching.did_you_mean(selection.q, get_language(), reading.published(request.user))
    return render(request, "search.html", context)


def _fiches(user, selection) -> dict:
    rows = searching.matching(reading.published(user), selection.q, get_language())
    number, capped = searching.count(rows)
    return {
        "label": _("Fiches"),
        "section": "fiches",
        "number": number,
        "capped": capped,
        "halves": _halves(listing.cards(rows[:EACH], selection.q)) if number else [],
        "more": f"{reverse('fiches:list')}?{Selection(q=selection.q).query()}" if number > EACH else "",
    }


def _halves(cards) -> list[dict]:
    """Cards in the reader's language, then those in others."""
    own, other = ([card.html for card in cards if card.in_language is wanted] for wanted in (True, False))
    halves = [{"label": _("In your language"), "cards": own}, {"label": _("In other languages"), "cards": other}]
    return [half for half in halves if half["cards"]]


def _authorities(query: str) -> list[dict]:
    """What the directory finds, whatever its standing; nothing is said where there is none. Names need no language."""
    selection = Directory(q=query, sort="relevance", chosen={"standing": list(Standing.values)})
    counts = directory_index.count(selection)
    if not counts.total:
        return []
    cards = directory_listing.cards(counts.ordered("relevance")[:EACH], counts.index, query)
    part = {"label": _("Network"), "section": "network", "number": counts.total, "capped": False}
    more = f"{reverse('network:list')}?{selection.query()}" if counts.total > EACH else ""
    return [part | {"halves": [{"label": "", "cards": cards}], "more": more}]
