"""What the list shows: filter groups with counts, removable choices, and cards with the hits of a search marked."""

from functools import cache, lru_cache, partial
from typing import NamedTuple

from django.conf import settings
from django.db.models import QuerySet
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from network.countries import country_name
from network.models import Authority
from network.vocabularies import GovernanceLevel, PopulationBand
from translations import lists, search
from translations.lists import option
from translations.prepared import VALUES, prepared

from . import facts
from .counting import Counts
from .facets import FACETS, Selection
from .models import Fiche
from .vocabularies import CostBand, DevelopmentStage, EvidenceStrength, Isced, Kind, PolicyStage, Status, TargetGroup

VOCABULARIES = {
    "kind": Kind,
    "target_group": TargetGroup,
    "level": GovernanceLevel,
    "population": PopulationBand,
    "policy_stage": PolicyStage,
    "development_stage": DevelopmentStage,
    "isced": Isced,
    "cost": CostBand,
    "evidence": EvidenceStrength,
}
FIRST_GROUPS = ("kind", "theme", "country", "target_group")  # the others stand under “More filters”
OPEN_GROUPS = ("kind",)
CARD = ("pk", "found__card_html", "found__title", "found__summary", "found__title_language", "in_language")
CARD_WITH_BODY = (*CARD, "found__plain", "found__shown_language")


class Card(NamedTuple):
    pk: int
    html: SafeString
    in_language: bool
    title: str = ""
    title_language: str = ""
    tick: SafeString = SafeString("")  # in lists from which one may choose: choosing.ticked()


# --- filters ---------------------------------------------------------------------------------------------------


def groups(selection: Selection, counts: Counts) -> list[dict]:
    """The filter groups for {% filter_groups %}; there are too many authorities to offer them."""
    offered = [facet for facet in FACETS.values() if facet.name != "authority"]
    options = partial(_options, counts=counts)
    return lists.groups(offered, selection, options, first=FIRST_GROUPS, opened=OPEN_GROUPS)


def _options(name: str, chosen: list[str], counts: Counts) -> list[dict]:
    if name == "theme":
        return theme_options(chosen, counts)
    language = get_language()
    if name in ("country", "region"):  # what the database holds, in the order of the alphabet
        values = [(value, label_of(name, value, counts)) for value in {*counts.of[name], *chosen}]
        values.sort(key=lambda item: _sort_key(item[1], language))
    else:
        values = _vocabulary(name, language).items()
    return [option(name, value, label, chosen, counts) for value, label in values]


@cache
def _vocabulary(name: str, language: str) -> dict[str, str]:
    """The values of a filter that knows them all, with what readers of `language` call them."""
    if name == "quick_win":
        return {"1": _("Yes, a quick win")}
    if name == "language":
        return {code: facts.language_name(code) for code in settings.LANGUAGE_CODES}
    return {str(value): str(label) for value, label in VOCABULARIES[name].choices}


_sort_key = lru_cache(5000)(search.sort_key)


def theme_options(chosen: list[str], counts: Counts) -> list[dict]:
    """Upper themes with their children, in the order that coordinators gave them."""
    themes = sorted(counts.themes.items(), key=lambda item: item[1])
    made = {
        slug: option("theme", slug, theme.name, chosen, counts) | {"parent": theme.parent} for slug, theme in themes
    }
    return lists.nested(made)


def label_of(name: str, value: str, counts: Counts | None = None) -> str:
    """What a reader calls a value of a filter."""
    if name == "country":
        return country_name(value)
    if name == "region":
        return counts.regions.get(value, value) if counts else value
    if name == "theme":
        return counts.themes[value].name if counts and value in counts.themes else value
    if name == "authority":
        return authority_label(value)
    return _vocabulary(name, get_language())[value]


def authority_label(slug: str) -> str:
    """What readers call a public authority; one statement."""
    rows = search.matching(Authority.objects.visible_to(None).filter(slug=slug), "", get_language())
    return rows.values_list("found__title", flat=True).first() or slug


def chips(selection: Selection, counts: Counts) -> list[dict]:
    """Each chosen value, with the address of the list without it."""
    made = lists.chips(selection, FACETS, partial(label_of, counts=counts))
    if selection.year_from or selection.year_to:
        made.append(
            {"group": _("Years"), "label": years_label(selection), "url": f"?{selection.query(without='years')}"}
        )
    if selection.fiches:
        made.append({"group": "", "label": chosen_label(selection), "url": f"?{selection.query(without='fiches')}"})
    return made


def years_label(selection: Selection) -> str:
    if selection.year_from and selection.year_to:
        return f"{selection.year_from}–{selection.year_to}"
    if selection.year_from:
        return _("from {year}").format(year=selection.year_from)
    return _("until {year}").format(year=selection.year_to)


def chosen_label(selection: Selection) -> str:
    number = len(selection.fiches)
    return ngettext("{number} chosen fiche", "{number} chosen fiches", number).format(number=facts.number(number))


def filter_label(name: str) -> str:
    """What a reader calls a filter."""
    return {"years": _("Years"), "fiches": _("Chosen fiches")}.get(name) or FACETS[name].label


def ways_out(selection: Selection, counts: Counts) -> list[dict]:
    """For an empty list: which single filter to give up, and how much that would find."""
    made = []
    for name, number in sorted(counts.without.items(), key=lambda item: -item[1]):
        if number:
            made.append(
                {
                    "label": _found(_("Without the filter “{filter}”").format(filter=filter_label(name)), number),
                    "url": f"?{selection.query(without=name)}",
                }
            )
    if counts.base and len(counts.without) > 1:
        made.append(
            {"label": _found(_("Without any filter"), counts.base), "url": f"?{Selection(q=selection.q).query()}"}
        )
    return made


def _found(what: str, number: int) -> str:
    return f"{what}: " + ngettext("{number} fiche", "{number} fiches", number).format(number=facts.number(number))


# --- cards -----------------------------------------------------------------------------------------------------


def ordered(rows: QuerySet, sort: str) -> QuerySet:
    """Rows of `search.matching` in the order asked for; relevance is their own."""
    if sort == "title":
        return rows.order_by("found__sort_key", "pk")
    return rows.order_by("-published_at", "-pk") if sort == "newest" else rows


def newest(rows: QuerySet, counts: Counts, number: int) -> list[Card]:
    """The cards of those of `rows` that were published last."""
    if counts.found:
        return public_cards(counts.found[0:number])
    return cards(ordered(search.matching(rows, "", get_language()), "newest")[:number])


def public_cards(keys: list[int], query: str = "") -> list[Card]:
    """The stored cards of certain fiches, in that order, for strangers; what they may not see is left out."""
    rows = (_cards_with_body if query else _public_cards)(keys) if keys else ()
    found = {row[0]: row for row in rows}
    return [_card(found[key], query) for key in keys if key in found]


def public_rows() -> QuerySet:
    """Those of prepared.VALUES that strangers may see, with their Editions."""
    rows = Fiche.objects.visible_to(None).filter(status=Status.PUBLISHED, revises=None, pk__in=VALUES)
    return search.matching(rows, "", get_language()).order_by()


@prepared(Fiche)
def _public_cards():
    return public_rows().values_list(*CARD)


@prepared(Fiche)
def _cards_with_body():
    return public_rows().values_list(*CARD_WITH_BODY)


def cards(rows: QuerySet, query: str = "") -> list[Card]:
    """The stored cards of a page of rows."""
    return [_card(row, query) for row in rows.values_list(*(CARD_WITH_BODY if query else CARD))]


def _card(row, query: str = "") -> Card:
    """With a query, hits are marked and a passage of the body is quoted."""
    return Card(row[0], _marked(row, query) if query else mark_safe(row[1]), row[5], row[2], row[4])


def as_rows(cards) -> SafeString:
    """Cards with their ticks as the items of a list, in one piece."""
    return mark_safe("".join(f"<li>{card.tick}{card.html}</li>" for card in cards))


def _marked(row, query: str) -> SafeString:
    """The stored card with its hits: title and summary stand in it escaped, and are replaced by themselves marked."""
    _pk, html, title, summary, title_language, _own, plain, body_language = row
    html = html.replace(f">{escape(title)}</a>", f">{search.mark(title, query, title_language)}</a>", 1)
    marked = search.mark(summary, query, title_language)
    html = html.replace(f">{escape(summary)}</p>", f">{marked}</p>", 1)
    passage = search.mark(search.excerpt(plain, query, body_language), query, body_language)
    if "<mark>" in passage:
        lang = "" if body_language == get_language() else f' lang="{body_language}"'
        quote = f'<p class="card-excerpt"{lang}>{passage}</p>'
        html = html.replace('<p class="card-meta">', quote + '<p class="card-meta">', 1)
    return mark_safe(html)  # what was stored is safe, what is put in comes escaped from search.mark
