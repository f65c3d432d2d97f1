"""What a reader ticked in a list: what to do with it, and two to four fiches side by side."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from .. import choosing, side_by_side
from ..facets import Selection
from .reading import published


@login_not_required
@require_safe
def fiche_selection(request):
    """The ticked fiches with everything one can take them to; `go` leads on through the list with the ticks kept."""
    selection = Selection.read(request.GET)
    if "go" in request.GET:
        return redirect(choosing.list_address(request.GET["go"], selection.fiches))
    cards = choosing.chosen_cards(published(request.user), selection.fiches)
    ids = [card.pk for card in cards]
    back = choosing.way_back(request.GET.get("back", ""))
    context = {
        "rows": [
            {"card": card, "remove": f"?{choosing.query([pk for pk in ids if pk != card.pk], back=back)}"}
            for card in cards
        ],
        "actions": choosing.actions(ids),
        "missing": choosing.missing(selection.fiches, cards),
        "unknown": selection.unknown,
        "list_url": choosing.list_address(back, ids),
        "clear_url": choosing.list_address(back),
        "most": settings.FICHES_COMPARED,
    }
    return render(request, "fiches/selection.html", context)


@login_not_required
@require_safe
def fiche_compare(request):
    """Two to four fiches in one table; more than that is sent back to choose."""
    selection = Selection.read(request.GET)
    back = choosing.way_back(request.GET.get("back", ""))
    context = {
        "most": settings.FICHES_COMPARED,
        "selection_query": choosing.query(selection.fiches, back=back),
        "list_url": choosing.list_address(back, selection.fiches),
        "unknown": selection.unknown,
    }
    context["refused"] = choosing.refused("fiches:compare", len(selection.fiches), settings.FICHES_COMPARED)
    if len(selection.fiches) <= settings.FICHES_COMPARED:
        fiches = side_by_side.fiches(published(request.user), selection.fiches)
        context |= {"missing": choosing.missing(selection.fiches, fiches)}
        if len(fiches) > 1:
            context |= side_by_side.table(fiches)
    return render(request, "fiches/compare.html", context)
