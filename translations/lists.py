"""What the lists of the portal share: what an address asks for, filters with counts, an order, pages, the answer.

A list has a Selection (`q`, `cut`, `chosen`, `unknown`, `sort`, `default_sort`, `query()`), facets (each with `name`,
`label` and `values`, None for whatever the database holds) and counts (`get(facet, value)`).
"""

from urllib.parse import urlencode

from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from . import search

LONGEST_QUERY = 200
MANY_VALUES = 40  # of one filter that are read from an address
FEW = 3  # results at which another spelling is suggested


# --- addresses -------------------------------------------------------------------------------------------------


def asked(data, facets) -> dict:
    """What a QueryDict asks for, as columns of a Selection; what it cannot mean is `unknown`. Never raises."""
    typed = " ".join(data.get("q", "").replace("\x00", " ").split())
    chosen, unknown = {}, []
    for facet in facets:
        values = dict.fromkeys(value for value in data.getlist(facet.name)[:MANY_VALUES] if value)
        known = [value for value in values if _is_known(facet, value)]
        unknown += [(facet.label, printable(value)) for value in values if value not in known]
        if known:
            chosen[facet.name] = known
    return {
        "q": typed[:LONGEST_QUERY].strip(),
        "cut": len(typed) > LONGEST_QUERY,
        "chosen": chosen,
        "unknown": unknown,
    }


def sort_asked(data, sorts, selection) -> str:
    """One of `sorts`; relevance needs something to be relevant to."""
    sort = data.get("sort", "")
    return sort if sort in sorts and (selection.q or sort != "relevance") else selection.default_sort


def address(selection, more=(), *, without: str = "", value: str = "", **replaced) -> str:
    """The query string of a selection, with a filter (or one value of it) left out, or parts replaced."""
    parts = [("q", replaced.pop("q", selection.q))]
    for name, values in selection.chosen.items():
        parts += [(name, one) for one in values if name != without or (value and one != value)]
    sort = replaced.pop("sort", selection.sort)
    parts += [*more, ("sort", sort if sort != selection.default_sort else ""), *replaced.items()]
    return urlencode([(name, one) for name, one in parts if one not in ("", None)])


def values_of(choices) -> frozenset[str]:
    """What a facet knows whose values are a vocabulary."""
    return frozenset(str(value) for value in choices.values)


def _is_known(facet, value: str) -> bool:
    if facet.values is not None:
        return value in facet.values
    return len(value) <= 80 and value.replace("-", "").replace("_", "").isalnum() and value.isascii()


def printable(text: str) -> str:
    return "".join(letter for letter in text[:40] if letter.isprintable())


# --- filters ---------------------------------------------------------------------------------------------------


def groups(facets, selection, options, *, first, opened) -> list[dict]:
    """The filter groups for {% filter_groups %}; `options(name, chosen)` gives the choices of one."""
    made = []
    for facet in facets:
        chosen = selection.chosen.get(facet.name, [])
        if offered := options(facet.name, chosen):
            made.append(
                {
                    "name": facet.name,
                    "legend": facet.label,
                    "options": offered,
                    "chosen": len(chosen),
                    "open": facet.name in opened,
                    "first": facet.name in first,
                }
            )
    return made


def option(name: str, value: str, label, chosen: list[str], counts) -> dict:
    return {"value": value, "label": label, "count": counts.get(name, value), "checked": value in chosen}


def nested(options: dict[str, dict]) -> list[dict]:
    """Those without a `parent` among `options` (slug → option), with the others as their children."""
    for one in options.values():
        one["children"] = []
    for one in options.values():
        if one["parent"] in options:
            options[one["parent"]]["children"].append(one)
    return [one for one in options.values() if one["parent"] not in options]


def chips(selection, facets, label) -> list[dict]:
    """Each chosen value, with the address of the list without it; `label(name, value)` is what readers call it."""
    return [
        {
            "group": facets[name].label,
            "label": label(name, value),
            "url": f"?{selection.query(without=name, value=value)}",
        }
        for name, values in selection.chosen.items()
        for value in values
    ]


# --- the page --------------------------------------------------------------------------------------------------


def page(listed, number: str | None, total: int | None = None, size: int | None = None):
    """The page that an address asks for, the first without a number; one that does not exist is a 404."""
    paginator = Paginator(listed, size or settings.PAGE_SIZE)
    if total is not None:
        paginator.count = total
    number = number or "1"
    if not (number.isascii() and number.isdigit() and len(number) < 7 and 1 <= int(number) <= paginator.num_pages):
        raise Http404(_("This list has no such page."))
    return paginator.page(int(number))


def did_you_mean(selection, rows, number: int) -> dict | None:
    """Another spelling, found in `rows`, for a query with few results."""
    if not selection.q or number > FEW:
        return None
    better = search.did_you_mean(selection.q, get_language(), rows)
    return {"query": better, "url": f"?{selection.query(q=better)}"} if better else None


def answer(request, template: str, results: str, selection, sorts, context: dict):
    """The page of a list, or for htmx only its results, and the address for the browser to show.

    `context` needs `list_url`, `page`, `counts`, `groups`, `chips`, `ways_out` and what the two templates show besides.
    """
    query, other_countries = selection.query(), selection.query(without="country")
    context |= {
        "selection": selection,
        "query": query,
        "pages_base": f"?{_and(query)}",
        "map_url": f"{context['list_url']}?{_and(other_countries)}country=",
        "sorts": [
            {"value": value, "label": label, "selected": value == selection.sort}
            for value, label in sorts.items()
            if selection.q or value != "relevance"
        ],
    }
    response = render(request, results if request.htmx else template, context)
    if request.htmx:
        response["HX-Push-Url"] = f"{request.path}?{query}".rstrip("?")
    patch_vary_headers(response, ["HX-Request"])
    return response


def _and(query: str) -> str:
    return f"{query}&" if query else ""
