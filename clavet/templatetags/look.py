"""Template tags of the look: icons, the tile map, charts and page numbers."""

from functools import cache, lru_cache
from html import escape
from pathlib import Path
from re import sub

from django import template
from django.conf import settings
from django.utils.formats import localize
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.moments import moment
from clavet import charts, tilemap
from translations.letters import capitalised

register = template.Library()
register.filter("moment", moment, expects_localtime=True)
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


@register.simple_tag
def filter_groups(groups, first):
    """{% filter_groups groups True %}: those of the groups that stand first, or the others; each has what one needs."""
    wanted = (group for group in groups if group["first"] == first)
    names = ("legend", "name", "options", "chosen", "open")
    return mark_safe("".join(filter_group(*(group[name] for name in names)) for group in wanted))


def _choices(options, name, type_, prefix, language) -> str:
    """Counts are numbers, everything else comes escaped from _choice()."""
    made = []
    for option in options:
        count, children = option.get("count"), option.get("children")
        head, label = _choice(name, str(option["value"]), str(option["label"]), type_, prefix)
        checked = " checked" if option.get("checked") else ""
        none = " choice-none" if count == 0 else ""  # greys its words too: htmx puts in new counts only
        number = "" if count is None else _localised(count, language)
        below = _choices(children, name, type_, prefix, language) if children else ""
        made.append(f'<li>{head}{checked}><span>{label}{none}">{number}</span></label>{below}</li>')
    return f'<ul class="choices">{"".join(made)}</ul>'


@lru_cache(5_000)
def _choice(name: str, value: str, label: str, type_: str, prefix: str) -> tuple[str, str]:
    """What stands before the attributes of a box that may change, and from its label to its count."""
    value, label = escape(value), escape(label)
    own = f"{prefix}{name}-{value}"
    return (
        f'<label class="choice" for="{own}"><input id="{own}" type="{type_}" name="{name}" value="{value}"',
        f'{label}</span><span id="{prefix}count-{name}-{value}" class="choice-count',
    )


@lru_cache(10_000)
def _localised(number: int, language: str) -> str:
    return localize(number)


@register.simple_tag
def language_items(links):
    """{% language_items language_links %}: the list of a language menu, in one call since it is on every page."""
    items = (LANGUAGE(**link, address=escape(link["url"]), now=CURRENT[link["current"]]) for link in links)
    return mark_safe("".join(items))


@register.simple_tag
def toc_items(entries):
    """{% toc_items entries %}: the list of a table of contents, in one call since long pages have twenty."""
    pairs = ((conditional_escape(entry["id"]), conditional_escape(entry["label"])) for entry in entries)
    return mark_safe("".join(f'<li><a href="#{name}">{label}</a></li>' for name, label in pairs))


LANGUAGE = '<li><a href="{address}" lang="{code}" hreflang="{code}"{now}>{name}</a></li>'.format
CURRENT = {True: ' aria-current="true"', False: ""}


@register.simple_tag
def page_items(page, base, place=""):
    """{% page_items page "?kind=lesson_learned&" %}: links to the pages of a list, with a gap where some are left out."""
    word, base, place, language = escape(_("Page")), escape(base or "?"), escape(place), get_language()
    hidden, made = f'<span class="hidden-text">{word} </span>', []
    for number in page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1):
        if number == page.number:
            item = f'<span aria-current="page">{hidden}{_localised(number, language)}</span>'
        elif number == page.paginator.ELLIPSIS:
            item = f'<span aria-hidden="true">{number}</span>'
        else:
            item = f'<a href="{base}page={number}{place}">{hidden}{_localised(number, language)}</a>'
        made.append(f"<li>{item}</li>")
    return mark_safe("".join(made))
