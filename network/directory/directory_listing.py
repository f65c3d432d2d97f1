"""What the directory shows: filter groups with counts, removable choices, totals in words, cards with their standing."""

from functools import lru_cache, partial

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, ngettext, pgettext
from django.utils.translation import gettext as _

from translations import lists, search
from translations.languages import language_name
from translations.lists import option
from translations.prepared import VALUES, prepared

from ..countries import country_name
from ..models import Authority, Membership
from ..rendering import STANDING
from ..vocabularies import GovernanceLevel
from .directory_index import Counts, Index, Place
from .selection import FACETS, Selection, Standing

VOCABULARIES = {
    "standing": Standing,
    "kind": Authority.Kind,
    "level": GovernanceLevel,
    "class": Membership.Class,
}
FIRST_GROUPS = ("standing", "country", "kind", "theme")  # the others stand under “More filters”
OPEN_GROUPS = ("standing",)
CARD = ("pk", "found__card_html", "found__title", "found__title_language", "in_language")

_sort_key = lru_cache(5000)(search.sort_key)


# --- filters ---------------------------------------------------------------------------------------------------


def groups(selection: Selection, counts: Counts) -> list[dict]:
    """The filter groups for {% filter_groups %}."""
    options = partial(_options, counts=counts)
    return lists.groups(FACETS.values(), selection, options, first=FIRST_GROUPS, opened=OPEN_GROUPS)


def _options(name: str, chosen: list[str], counts: Counts) -> list[dict]:
    if name == "theme":
        return _theme_options(chosen, counts)
    if name in VOCABULARIES:
        labels = [(str(value), str(label)) for value, label in VOCABULARIES[name].choices]
    else:  # what the database holds, in the order of the alphabet
        labels = [(value, label_of(name, value, counts.index)) for value in {*counts.of[name], *chosen}]
        labels.sort(key=lambda item: _sort_key(item[1], get_language()))
    return [option(name, value, label, chosen, counts) for value, label in labels]


def _theme_options(chosen: list[str], counts: Counts) -> list[dict]:
    """Upper themes with their children, in the order that coordinators gave them."""
    slugs = {row["id"]: row["slug"] for row in counts.index.themes}
    made = {
        row["slug"]: option("theme", row["slug"], _named(row), chosen, counts) | {"parent": slugs.get(row["parent_id"])}
        for row in counts.index.themes
        if row["slug"] in counts.of["theme"] or row["slug"] in chosen
    }
    return lists.nested(made)


def _named(row: dict) -> str:
    return row[f"name_{get_language()}"] or row["name_en"] or row.get("official_name") or row["slug"]


def label_of(name: str, value: str, index: Index) -> str:
    """What a reader calls a value of a filter."""
    if name == "country":
        return country_name(value)
    if name == "language":
        return language_name(value)
    if name in VOCABULARIES:
        return str(VOCABULARIES[name](value).label)
    rows = index.themes if name == "theme" else index.coordinators.values()
    return next((_named(row) for row in rows if row["slug"] == value), value)


def chips(selection: Selection, index: Index) -> list[dict]:
    """Each chosen value, with the address of the list without it."""
    return lists.chips(selection, FACETS, partial(label_of, index=index))


def ways_out(selection: Selection, counts: Counts) -> list[dict]:
    """For an empty list: which single filter to give up, and how much that would find."""
    made = [
        {
            "label": _found(_("Without the filter “{filter}”").format(filter=FACETS[name].label), number),
            "url": f"?{selection.query(without=name)}",
        }
        for name, number in sorted(counts.without.items(), key=lambda item: -item[1])
        if number and name in selection.chosen
    ]
    if number := counts.without["standing"] if "standing" not in selection.chosen else 0:
        every = "&".join(f"standing={value}" for value in Standing.values)
        address = "&".join(filter(None, (selection.query(), every)))
        made.append({"label": _found(_("With former members and other authorities"), number), "url": f"?{address}"})
    return made


def _found(what: str, number: int) -> str:
    return f"{what}: " + ngettext("{number} authority", "{number} authorities", number).format(number=number)


def totals(standing: dict[str, int]) -> str:
    """“12 members, 26 represented authorities”: each authority once."""
    members = standing.get("member", 0) + standing.get("on_hold", 0)
    represented, former, other = (standing.get(name, 0) for name in ("represented", "former", "other"))
    parts = [
        ngettext("{number} member", "{number} members", members).format(number=members),
        ngettext("{number} represented authority", "{number} represented authorities", represented).format(
            number=represented
        ),
        ngettext("{number} former member", "{number} former members", former).format(number=former),
        ngettext("{number} other authority", "{number} other authorities", other).format(number=other),
    ]
    told = [text for text, number in zip(parts, (members, represented, former, other), strict=True) if number]
    return ", ".join(told) or _("No authority")


# --- cards -----------------------------------------------------------------------------------------------------


@prepared(Authority)
def _cards():
    rows = Authority.objects.visible_to(None).filter(pk__in=VALUES)
    return search.matching(rows, "", get_language()).order_by().values_list(*CARD)


def cards(keys: list[int], index: Index, query: str = "") -> list[SafeString]:
    """The stored cards of certain authorities, in that order, each with its standing of today."""
    found = {row[0]: row for row in _cards(keys)} if keys else {}
    return [_card(found[key], index, query) for key in keys if key in found]


def _card(row, index: Index, query: str) -> SafeString:
    key, html, title, language, _own = row
    place = index.place(key)
    if query:
        html = html.replace(f">{escape(title)}</a>", f">{search.mark(title, query, language)}</a>", 1)
    if place.standing == Standing.ON_HOLD:
        html = html.replace('<article class="card-row"', '<article class="card-row muted"', 1)
    return mark_safe(html.replace(STANDING, standing(place, index), 1))  # stored safe, put together from safe parts


def standing(place: Place, index: Index) -> SafeString:
    """What the authority is to the network, as a badge; kept as long as the index."""
    key = ("standing", get_language(), place)
    if key not in index.kept:
        index.kept[key] = render_to_string("network/_standing.html", _told(place, index))
    return index.kept[key]


def _told(place: Place, index: Index) -> dict:
    year = place.since[:4]
    if place.standing == Standing.MEMBER:
        label = str(Membership.Class(place.membership_class).label)
        if year:
            label = pgettext("standing in the network", "{label} since {year}").format(label=label, year=year)
    elif place.standing == Standing.REPRESENTED:
        label = ""
    else:
        label = str(Standing(place.standing).label) if place.standing != Standing.OTHER else ""
    return {
        "place": place,
        "label": label,
        "tone": "good" if place.standing == Standing.MEMBER else "",
        "coordinators": [_coordinator(row, index) for row in place.coordinators.split(",") if row],
    }


def _coordinator(key: str, index: Index) -> SafeString:
    row = index.coordinators[key]
    lang = next((code for code in (get_language(), "en") if row[f"name_{code}"]), row["official_language"])
    attribute = format_html(' lang="{}"', lang) if lang != get_language() else ""
    return format_html('<a href="{}"{}>{}</a>', reverse("network:detail", args=[row["slug"]]), attribute, _named(row))
