"""Template tags of the look: icons, the tile map, charts and page numbers."""

from functools import cache
from pathlib import Path
from re import sub

from django import template
from django.conf import settings
from django.utils.formats import localize
from django.utils.html import format_html
from django.utils.safestring import mark_safe

from clavet import charts, tilemap
from translations.letters import capitalised

register = template.Library()
register.filter(capitalised)

ICONS = Path(__file__).resolve().parent.parent.parent / "static" / "icons"


@cache
def _svg(name):
    """The inner part of one icon file, read once per process."""
    text = (ICONS / f"{name}.svg").read_text(encoding="utf-8").strip()
    return sub(r"^<svg[^>]*>|</svg>$", "", text)


@register.simple_tag
def icon(name, size=""):
    """{% icon "search" %}: an inline icon, hidden from screen readers; a word always stands beside it.

    size is "" (as tall as the text), "large" or "small".
    """
    try:
        inner = _svg(name)
    except FileNotFoundError:
        if settings.DEBUG:
            raise
        return ""
    return format_html(
        '<svg class="icon{}" viewBox="0 0 24 24" aria-hidden="true" focusable="false">{}</svg>',
        f" icon-{size}" if size else "",
        mark_safe(inner),
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
    '<label class="choice" for="{id}"><input id="{id}" type="{type}" name="{name}" value="{value}"{checked}>'
    '<span{muted}>{label}</span><span id="{prefix}count-{name}-{value}" class="choice-count">{count}</span></label>'
)


@register.simple_tag
def choice(option, name, type="", prefix=""):
    """{% choice option name %}: one check box with its count; in one call, since a list has a hundred of them."""
    count = option.get("count")
    return format_html(
        CHOICE,
        id=f"{prefix}{name}-{option['value']}",
        type=type or "checkbox",
        name=name,
        value=option["value"],
        checked=mark_safe(" checked") if option.get("checked") else "",
        muted=mark_safe(' class="muted"') if count == 0 else "",
        label=option["label"],
        prefix=prefix,
        count="" if count is None else localize(count),
    )


@register.filter
def elided(page):
    """Page numbers of a Paginator page, with a gap where numbers are left out."""
    return page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)
