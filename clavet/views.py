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
from fiches.models import Fiche
from fiches.views import reading
from fiches.vocabularies import Kind
from network.directory import directory_index, directory_listing
from network.directory.selection import Selection as Directory
from network.directory.selection import Standing
from network.models import Authority
from translations import lists
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
    """The first results of each type: for strangers found in one statement, and read in one for each type."""
    selection = Selection.read(request.GET)
    parts = _parts(request.user, selection.q) if selection.q else []
    context = {"selection": selection, "parts": parts, "did_you_mean": None}
    if selection.q and sum(part["number"] for part in parts) <= lists.FEW:
        context["did_you_mean"] = searching.did_you_mean(selection.q, get_language(), reading.published(request.user))
    return render(request, "search.html", context)


def _parts(user, query: str) -> list[dict]:
    public = not user.is_authenticated
    hits = searching.ranked_each([Authority, Fiche] if public else [Authority], query, get_language())
    fiches = _public_fiches(query, hits[Fiche]) if public else _fiches(user, query)
    return [fiches, *_authorities(query, hits[Authority])]


def _public_fiches(query: str, hits: list[int]) -> dict:
    counts = counting.count(None, Selection(q=query), public=True, hits=hits)
    keys = counts.found.ordered("relevance")[:EACH]
    return _of_fiches(query, counts.total, listing.public_cards(keys, query))


def _fiches(user, query: str) -> dict:
    rows = searching.matching(reading.published(user), query, get_language())
    number, capped = searching.count(rows)
    return _of_fiches(query, number, listing.cards(rows[:EACH], query) if number else [], capped=capped)


def _of_fiches(query: str, number: int, cards, *, capped=False) -> dict:
    return {
        "label": _("Fiches"),
        "section": "fiches",
        "number": number,
        "capped": capped,
        "halves": _halves(cards),
        "more": f"{reverse('fiches:list')}?{Selection(q=query).query()}" if number > EACH else "",
    }


def _halves(cards) -> list[dict]:
    """Cards in the reader's language, then those in others."""
    own, other = ([card.html for card in cards if card.in_language is wanted] for wanted in (True, False))
    halves = [{"label": _("In your language"), "cards": own}, {"label": _("In other languages"), "cards": other}]
    return [half for half in halves if half["cards"]]


def _authorities(query: str, hits: list[int]) -> list[dict]:
    """What the directory finds, whatever its standing; nothing is said where there is none. Names need no language."""
    selection = Directory(q=query, sort="relevance", chosen={"standing": list(Standing.values)})
    counts = directory_index.count(selection, hits)
    if not counts.total:
        return []
    cards = directory_listing.cards(counts.ordered("relevance")[:EACH], counts.index, query)
    part = {"label": _("Network"), "section": "network", "number": counts.total, "capped": False}
    more = f"{reverse('network:list')}?{selection.query()}" if counts.total > EACH else ""
    return [part | {"halves": [{"label": "", "cards": cards}], "more": more}]
