"""Template tags of the look: icons, the tile map, charts and page numbers."""

from functools import cache, lru_cache
from html import escape
from pathlib import Path
from re import sub

from django import template
from django.conf import settings
from django.utils.formats import localize
from django.utils.html import format_html
from django.utils.safestring import mark_safe
from django.utils.translation import get_language

from clavet import charts, tilemap
from translations.letters import capitalised

register = template.Library()
register.filter(capitalised)

ICONS = Path(__file__).resolve().parent.parent.parent / "static" / "icons"


@register.simple_tag
@cache
def icon(name, size=""):
    """{% icon "search" %}: an inline icon, hidden from screen readers; a word always stands beside it.

    size is "" (as tall as the text), "large" or "small". Each file is read once per process.
    """
    try:
        text = (ICONS / f"{name}.svg").read_text(encoding="utf-8").strip()
    except FileNotFoundError:
        if settings.DEBUG:
            raise
        return ""
    return format_html(
        '<svg class="icon{}" viewBox="0 0 24 24" aria-hidden="true" focusable="false">{}</svg>',
        f" icon-{size}" if size else "",
        mark_safe(sub(r"^<svg[^>]*>|</svg>$", "", text)),
    )


@register.simple_tag(takes_context=True)
def tile_map(context, counts, url="?country=", chosen="", unit="fiches", label=""):
    """{% tile_map counts url="?country=" chosen="HR" unit="fiches" label="…" %}: see clavet.tilemap.render."""
    language = context.get("LANGUAGE_CODE") or ""
    return tilemap.render(counts, url=url, chosen=chosen, unit=unit, label=label, language=language)


@register.inclusion_tag("components/chart.html")
def chart(kind, points, title="", unit="", note="", label="", value=""):
    """{% chart "bar" points title="…" unit="%" note="…" %}: kind is bar, line or dot; see clavet.charts."""
    draw = {"bar": charts.bars, "line": charts.line, "dot": charts.dots}[kind]
    figure = draw(list(points))
    return {"kind": kind, "title": title, "unit": unit, "note": note, "label": label, "value": value, **figure}


CHOICE = (
    '<li><label class="choice" for="{id}"><input id="{id}" type="{type}" name="{name}" value="{value}"{checked}>'
    '<span{muted}>{label}</span><span id="{prefix}count-{name}-{value}" class="choice-count">{count}</span></label>'
    "{children}</li>"
).format


GROUP = (
    '<details class="filter-group"{open} data-filter="{name}"><summary><span>{legend}{chosen}</span>{icon}</summary>'
    '<fieldset><legend class="hidden-text">{legend}</legend>{choices}</fieldset></details>'
).format


@register.simple_tag
def filter_group(legend, name, options, chosen=0, open=False, type="checkbox", prefix=""):
    """{% filter_group legend name options chosen=2 open=True %}: a collapsible group of boxes with counts.

    options: {value, label, count, checked, children: the same}; chosen: how many are ticked; type: or radio; prefix
    makes ids unique if a name occurs twice. Made in one call, since a list has a hundred boxes. An option with count 0
    that is not ticked is shown muted but stays usable.
    """
    name, prefix = escape(name), escape(prefix)
    return mark_safe(
        GROUP(
            name=name,
            open=" open" if open or chosen else "",
            legend=escape(str(legend)),
            chosen=f' <span class="chosen-number">({chosen:d})</span>' if chosen else "",
            icon=icon("chevron-down", "small"),
            choices=_choices(options, name, type, prefix, get_language()),
        )
    )


def _choices(options, name, type_, prefix, language) -> str:
    """Each value and label is escaped here; counts are numbers."""
    made = []
    for option in options:
        value, count, children = escape(option["value"]), option.get("count"), option.get("children")
        made.append(
            CHOICE(
                id=f"{prefix}{name}-{value}",
                type=type_,
                name=name,
                value=value,
                checked=" checked" if option.get("checked") else "",
                muted=' class="muted"' if count == 0 else "",
                label=escape(str(option["label"])),
                prefix=prefix,
                count="" if count is None else _localised(count, language),
                children=_choices(children, name, type_, prefix, language) if children else "",
            )
        )
    return f'<ul class="choices">{"".join(made)}</ul>'


@lru_cache(10_000)
def _localised(number: int, language: str) -> str:
    return localize(number)


@register.simple_tag
def language_items(links):
    """{% language_items language_links %}: the list of a language menu, in one call since it is on every page."""
    items = (LANGUAGE(**link, address=escape(link["url"]), now=CURRENT[link["current"]]) for link in links)
    return mark_safe("".join(items))


LANGUAGE = '<li><a href="{address}" lang="{code}" hreflang="{code}"{now}>{name}</a></li>'.format
CURRENT = {True: ' aria-current="true"', False: ""}


class Kept(template.Node):
    def __init__(self, name, store, parts):
        self.name, self.store, self.parts = name, store, parts

    def render(self, context):
        store = self.store.resolve(context, ignore_failures=True)
        if store is None:
            return self.parts.render(context)
        key = (self.name, get_language())
        if key not in store:
            store[key] = self.parts.render(context)
        return store[key]


@register.tag
def kept(parser, token):
    """{% kept filters store %} … {% endkept %}: made once for each language and kept in the dict `store`.

    Where there is no store, it is made each time. The store's owner says how long it lives.
    """
    _tag, name, store = token.split_contents()
    parts = parser.parse(("endkept",))
    parser.delete_first_token()
    return Kept(name, parser.compile_filter(store), parts)


@register.filter
def elided(page):
    """Page numbers of a Paginator page, with a gap where numbers are left out."""
    return page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)
