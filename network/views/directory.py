"""The directory: finding authorities."""

from django.contrib.auth.decorators import login_not_required
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.safestring import mark_safe
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from translations import lists, search

from ..directory import directory_index, directory_listing
from ..directory.selection import SORTS, Selection
from ..models import Authority


@login_not_required
@require_safe
def network_list(request):
    """The same for everybody: the directory is public, and shows what is public."""
    selection = Selection.read(request.GET)
    counts = directory_index.count(selection)
    found = _page_of(selection, counts, request.GET.get("page"))
    context = {
        "list_url": reverse("network:list"),
        "counts": counts,
        "totals": directory_listing.totals(counts.standing),
        "page": found,
        "rows": mark_safe("".join(f"<li>{card}</li>" for card in found.cards)),
        "kept": None if selection.query() else counts.index.kept,  # parts that are the same for every plain list
        "groups": SimpleLazyObject(lambda: directory_listing.groups(selection, counts)),
        "more_chosen": selection.chosen.keys() - set(directory_listing.FIRST_GROUPS),
        "chips": directory_listing.chips(selection, counts.index),
        "map": counts.of["country"],
        "ways_out": directory_listing.ways_out(selection, counts) if not counts.total else [],
        "did_you_mean": lists.did_you_mean(selection, Authority.objects.visible_to(None), counts.base),
    }
    return lists.answer(request, "network/list.html", "network/_results.html", selection, SORTS, context)


def _page_of(selection, counts, number):
    """The cards of the page asked for."""
    found = lists.page(counts.ordered(selection.sort), number)
    found.cards = directory_listing.cards(found.object_list, counts.index, selection.q)
    return found


@login_not_required
@require_safe
def network_suggestions(request):
    """Names for what has been typed so far: a plain list of links."""
    typed = Selection.read(request.GET).q
    found = search.suggestions(typed, get_language(), Authority.objects.visible_to(None).filter(merged_into=None))
    return render(request, "components/suggestions.html", {"suggestions": found, "list_url": reverse("network:list")})
