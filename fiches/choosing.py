"""Fiches chosen one by one: the tick beside a card, what can be done with what is ticked, what cannot and why."""

from urllib.parse import urlencode

from django.conf import settings
from django.db.models import QuerySet
from django.http import QueryDict
from django.urls import NoReverseMatch, reverse
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from translations import search

from . import facts, listing
from .exports import links
from .facets import Selection

# What can be done with a selection: address, its arguments, icon.
ACTIONS = (
    ("fiches:compare", (), "list"),
    ("fiches:selection_brief", (), "print"),
    ("fiches:selection_pdf", (), "download"),
    ("fiches:export", ("csv",), "download"),
)


def labels() -> dict[str, str]:
    return {
        "fiches:compare": _("Compare"),
        "fiches:selection_brief": _("Two-page briefs (PDF)"),
        "fiches:selection_pdf": _("Full PDF"),
        "fiches:export": _("CSV"),
    }


def query(ids, **more) -> str:
    """fiche=1&fiche=2, and what else is given and not empty."""
    return urlencode([*(("fiche", pk) for pk in ids), *((name, value) for name, value in more.items() if value)])


def actions(ids=()) -> list[dict]:
    """What may be done with the fiches `ids`, each with its address; too many are told in `refused`."""
    made, words = [], labels()
    most = {
        "fiches:compare": settings.FICHES_COMPARED,
        "fiches:selection_brief": settings.PDF_FICHES,
        "fiches:selection_pdf": settings.PDF_FICHES,
    }
    for name, arguments, icon in ACTIONS:
        try:
            url = reverse(name, args=arguments)
        except NoReverseMatch:  # a portal without this part
            continue
        more = links.spreadsheet_query() if "csv" in arguments else {}
        entry = {"name": name, "label": words[name], "icon": icon, "path": url, "url": f"{url}?{query(ids, **more)}"}
        entry["more"] = more.items()
        entry["refused"] = refused(name, len(ids), most.get(name))
        made.append(entry)
    return made


def refused(name: str, number: int, most: int | None) -> str:
    """Why this cannot be done with so many fiches, or nothing."""
    if name == "fiches:compare" and number == 1:
        return _("Comparing takes at least two fiches.")
    if most is None or number <= most:
        return ""
    text = ngettext("At most {most} fiche; you chose {number}.", "At most {most} fiches; you chose {number}.", most)
    return text.format(most=facts.number(most), number=facts.number(number))


def ticked(cards, ticks) -> list:
    """The cards with a box to tick before each; it belongs to the form “ticked” below the list."""
    word, here, chosen = escape(_("Select:")), get_language(), set(ticks)
    return [card._replace(tick=_box(card, word, here, card.pk in chosen)) for card in cards]


def _box(card, word: str, here: str, checked: bool) -> SafeString:
    """Plain joining, as there are twenty on a page that must be quick; the title is the only text of others."""
    lang = f' lang="{card.title_language}"' if card.title_language != here else ""
    return mark_safe(
        f'<label class="tick"><input type="checkbox" name="fiche" value="{card.pk:d}" form="ticked"'
        f'{" checked" if checked else ""}><span class="hidden-text">{word} <span{lang}>{escape(card.title)}</span></span>'
        "</label>"
    )


def bar(selection: Selection, page) -> dict:
    """What the form below the list holds: the way back, ticks of other pages, actions, the neighbouring pages."""
    here = {card.pk for card in page.cards}
    own = {"page": page.number if page.number > 1 else ""}
    neighbours = []
    if page.has_previous():
        neighbours.append({"label": _("Keep the ticks, go back one page"), "page": page.previous_page_number()})
    if page.has_next():
        neighbours.append({"label": _("Keep the ticks, go to the next page"), "page": page.next_page_number()})
    for entry in neighbours:
        entry["go"] = without_ticks(selection).query(page=entry["page"])
    return {
        "back": without_ticks(selection).query(**own),
        "elsewhere": [pk for pk in selection.ticks if pk not in here],
        "ticks": selection.ticks,
        "actions": actions,
        "neighbours": neighbours,
    }


def without_ticks(selection: Selection) -> Selection:
    return Selection(**{**vars(selection), "ticks": []})


def list_address(back: str, ids=()) -> str:
    """The list as `back` says, with `ids` ticked."""
    return f"{reverse('fiches:list')}?{way_back(back, ids)}".rstrip("?")


def selection_address(back: str) -> str:
    """The page of a selection of nothing, which says what to do, with the way back to the list."""
    return f"{reverse('fiches:selection')}?{query((), back=way_back(back))}".rstrip("?")


def way_back(typed: str, ids=()) -> str:
    """The query of a list, with `ids` ticked: only what a list can be asked for comes through."""
    data = QueryDict(typed[:2000])
    selection = without_ticks(Selection.read(data))
    selection.ticks = list(ids)
    page = data.get("page", "")
    return selection.query(page=page if page.isascii() and page.isdigit() and len(page) < 7 else "")


def chosen_cards(rows: QuerySet, ids) -> list:
    """The cards of those of `ids` that are among `rows`, in the order in which they were chosen; one statement."""
    rows = search.matching(rows.filter(pk__in=ids), "", get_language()) if ids else rows.none()
    found = {card.pk: card for card in listing.cards(rows)} if ids else {}
    return [found[pk] for pk in ids if pk in found]


def missing(ids, found) -> str:
    """That some of the chosen fiches cannot be shown; not which, nor why."""
    number = len(ids) - len(found)
    if not number:
        return ""
    text = ngettext(
        "One of the chosen fiches cannot be shown.", "{number} of the chosen fiches cannot be shown.", number
    )
    return text.format(number=facts.number(number))
