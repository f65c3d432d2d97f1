"""Finding and reading fiches."""

from functools import lru_cache

from django.contrib.auth.decorators import login_not_required
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.once import once
from accounts.workdays import today
from network.views.relay import relay
from translations import lists, search

from .. import choosing, counting, facets, listing, page
from ..exports import links
from ..facets import Selection
from ..models import Fiche
from ..vocabularies import Status


def published(user):
    """What the lists show `user`: published fiches, not drafts, which stand on “My page”."""
    if not user.is_authenticated:
        return _for_strangers(today()).all()
    return Fiche.objects.visible_to(user).filter(status=Status.PUBLISHED, revises=None)


@lru_cache(1)
def _for_strangers(_day):
    """Composed once a day: an embargo ends by itself."""
    return Fiche.objects.visible_to(None).filter(status=Status.PUBLISHED, revises=None)


@login_not_required
@require_safe
def fiche_list(request):
    selection = Selection.read(request.GET)
    rows = published(request.user)
    counts = counting.count(rows, selection, public=not request.user.is_authenticated)
    found = _page_of(rows, selection, counts, request.GET.get("page"))
    found.cards = choosing.ticked(found.cards, selection.ticks)
    context = {
        "list_url": reverse("fiches:list"),
        "counts": counts,
        "page": found,
        "sections": _sections(found, selection),
        "kept": None if selection.query() else counts.kept,  # parts that are the same for every plain list
        "groups": SimpleLazyObject(lambda: listing.groups(selection, counts)),
        "is_year_chosen": (years := bool(selection.year_from or selection.year_to)),
        "more_chosen": selection.chosen.keys() - set(listing.FIRST_GROUPS) or years,
        "chips": listing.chips(selection, counts),
        "bar": choosing.bar(selection, found),
        "take": links.of_list(selection),
        "map": counts.of["country"],
        "ways_out": listing.ways_out(selection, counts) if not counts.total else [],
        "did_you_mean": lists.did_you_mean(selection, published(request.user), counts.base),
    }
    return lists.answer(request, "fiches/list.html", "fiches/_results.html", selection, facets.SORTS, context)


def _page_of(rows, selection, counts, number):
    """The cards of the page asked for."""
    by_index = counts.found is not None
    listed = counts.found.ordered(selection.sort) if by_index else _ordered(rows, selection)
    found = lists.page(listed, number, counts.total)
    if not counts.total:
        found.cards = []
    elif by_index:
        found.cards = listing.public_cards(found.object_list, selection.q)
    else:
        found.cards = listing.cards(found.object_list, selection.q)
    return found


def _ordered(rows, selection):
    """The rows that answer a selection, with what their Editions show."""
    rows = search.matching(rows, selection.q, get_language())
    for condition in selection.conditions().values():
        rows = rows.filter(condition)
    return listing.ordered(rows, selection.sort)


def _sections(found, selection) -> list[dict]:
    """The cards; those of a search apart: in the reader's language, then in others."""
    if not (selection.q and selection.sort == "relevance"):
        return [{"label": "", "rows": listing.as_rows(found.cards)}]
    own = listing.as_rows(card for card in found.cards if card.in_language)
    other = listing.as_rows(card for card in found.cards if not card.in_language)
    made = [{"label": _("In your language"), "rows": own}, {"label": _("In other languages"), "rows": other}]
    return [section for section in made if section["rows"]]


@login_not_required
@require_safe
def fiche_suggestions(request):
    """Titles and names for what has been typed so far: a plain list of links."""
    typed = Selection.read(request.GET).q
    found = search.suggestions(typed, get_language(), published(request.user))
    return render(request, "components/suggestions.html", {"suggestions": found, "list_url": reverse("fiches:list")})


@login_not_required
@require_safe
def fiche_detail(request, pk, slug):
    fiche = page.read(pk, request.user)
    if fiche is None or fiche.status == Status.ARCHIVED:
        return gone(request, pk, fiche)
    if not fiche.slug:
        return redirect("fiches:preview", pk)
    if slug != fiche.slug:
        query = request.META.get("QUERY_STRING", "")
        return redirect(fiche.get_absolute_url() + (f"?{query}" if query else ""), permanent=True)
    site = request.build_absolute_uri("/")[:-1]
    return render(request, "fiches/detail.html", page.context(fiche, request.user, site))


def gone(request, pk, fiche=None):
    """410 for what was public and is archived, 404 for everything else that may not be seen."""
    context = page.gone(pk)
    if context is None:
        raise Http404(_("There is no such fiche."))
    return render(request, "fiches/gone.html", context | {"fiche": fiche}, status=410)


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@once
def fiche_contact(request, pk):
    """Write to those who answer for a fiche; their addresses stay hidden."""
    fiche = page.with_edition(published(request.user).filter(pk=pk)).first()
    if fiche is None:
        raise Http404(_("There is no such fiche."))
    lang = fiche.shown_title_language if fiche.shown_title_language != get_language() else ""
    context = {"fiche": fiche, "title": fiche.shown_title, "title_lang": lang}
    return relay(request, fiche, fiche.relay_to(), context)
