"""The directory: finding authorities."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.functional import SimpleLazyObject
from django.utils.safestring import mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from translations import search

from ..directory import directory_index, directory_listing
from ..directory.selection import SORTS, Selection
from ..models import Authority

FEW = 3  # results at which another spelling is suggested


@login_not_required
@require_safe
def network_list(request):
    """The same for everybody: the directory is public, and shows what is public."""
    selection = Selection.read(request.GET)
    counts = directory_index.count(selection)
    found = _page_of(selection, counts, request.GET.get("page"))
    query = selection.query()
    context = {
        "selection": selection,
        "counts": counts,
        "totals": directory_listing.totals(counts.standing),
        "page": found,
        "rows": mark_safe("".join(f"<li>{card}</li>" for card in found.cards)),
        "kept": None if query else counts.index.kept,  # parts that are the same for every plain list
        "groups": SimpleLazyObject(lambda: directory_listing.groups(selection, counts)),
        "more_chosen": selection.chosen.keys() - set(directory_listing.FIRST_GROUPS),
        "chips": directory_listing.chips(selection, counts.index),
        "map": counts.of["country"],
        "map_url": f"{reverse('network:list')}?{_and(selection.query(without='country'))}country=",
        "pages_base": f"?{_and(query)}",
        "query": query,
        "sorts": [
            {"value": value, "label": label, "selected": value == selection.sort}
            for value, label in SORTS.items()
            if selection.q or value != "relevance"
        ],
        "ways_out": directory_listing.ways_out(selection, counts) if not counts.total else [],
        "did_you_mean": _did_you_mean(selection, counts),
    }
    response = render(request, "network/_results.html" if request.htmx else "network/list.html", context)
    if request.htmx:
        response["HX-Push-Url"] = f"{request.path}?{query}".rstrip("?")
    patch_vary_headers(response, ["HX-Request"])
    return response


def _and(query: str) -> str:
    return f"{query}&" if query else ""


def _page_of(selection, counts, number):
    """The page of cards asked for; a page that does not exist is a 404."""
    paginator = Paginator(counts.ordered(selection.sort), settings.PAGE_SIZE)
    number = number or "1"
    if not (number.isascii() and number.isdigit() and len(number) < 7 and 1 <= int(number) <= paginator.num_pages):
        raise Http404(_("This list has no such page."))
    found = paginator.page(int(number))
    found.cards = directory_listing.cards(found.object_list, counts.index, selection.q)
    return found


def _did_you_mean(selection, counts) -> dict | None:
    if not selection.q or counts.base > FEW:
        return None
    better = search.did_you_mean(selection.q, get_language(), Authority.objects.visible_to(None))
    return {"query": better, "url": f"?{selection.query(q=better)}"} if better else None


@login_not_required
@require_safe
def network_suggestions(request):
    """Names for what has been typed so far: a plain list of links."""
    typed = Selection.read(request.GET).q
    found = search.suggestions(typed, get_language(), Authority.objects.visible_to(None).filter(merged_into=None))
    return render(request, "network/_suggestions.html", {"suggestions": found})
