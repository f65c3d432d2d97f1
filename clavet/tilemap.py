"""A map of Europe in which each country is one tile: a picture without borders, so without disputes about them."""

from functools import cache, lru_cache

from babel import Locale, UnknownLocaleError
from django.utils.html import escape, format_html
from django.utils.safestring import mark_safe
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

TILE, GAP = 40, 4

# ISO 3166 country → (column, row). EU, EFTA, United Kingdom, Western Balkans, Türkiye, Moldova, Ukraine, Georgia.
POSITIONS = {
    "IS": (0, 0), "NO": (4, 0), "SE": (5, 0), "FI": (6, 0),
    "IE": (0, 1), "GB": (1, 1), "DK": (4, 1), "EE": (6, 1),
    "BE": (2, 2), "NL": (3, 2), "DE": (4, 2), "PL": (5, 2), "LV": (6, 2),
    "FR": (2, 3), "LU": (3, 3), "CZ": (4, 3), "SK": (5, 3), "LT": (6, 3), "UA": (7, 3),
    "PT": (0, 4), "ES": (1, 4), "CH": (2, 4), "LI": (3, 4), "AT": (4, 4), "HU": (5, 4), "RO": (6, 4), "MD": (7, 4),
    "IT": (3, 5), "SI": (4, 5), "HR": (5, 5), "RS": (6, 5), "BG": (7, 5), "GE": (9, 5),
    "BA": (5, 6), "XK": (6, 6), "MK": (7, 6), "TR": (8, 6),
    "MT": (3, 7), "ME": (5, 7), "AL": (6, 7), "GR": (7, 7), "CY": (9, 7),
}  # fmt: skip
COLUMNS = 1 + max(column for column, _row in POSITIONS.values())
ROWS = 1 + max(row for _column, row in POSITIONS.values())

# The European Union writes Greece EL and the United Kingdom UK; both spellings find their tile.
ALIASES = {"EL": "GR", "UK": "GB"}
SHOWN = {"GR": "EL", "GB": "UK"}


@cache
def country_name(code, language=""):
    """The country's name in a language (the active one if empty), from Babel; the code itself if there is none."""
    code = ALIASES.get(code, code)
    try:
        locale = Locale.parse(language or "en", sep="-")
    except (ValueError, UnknownLocaleError):
        locale = Locale("en")
    name = locale.territories.get(code, code)
    return "Türkiye" if name == "Turkey" else name


def shade(count):
    """How dark a tile is: 0 none, 1 one, 2 two to four, 3 five and more. The number stands in it as well."""
    return 0 if not count else 1 if count == 1 else 2 if count < 5 else 3


def render(counts, url="?country=", chosen="", unit="fiches", label="", language=""):
    """Inline SVG of the map. counts: {country: number}; each counted country is a link to url + its code.

    chosen: the code or codes now filtered by (a string, list or set). unit: "fiches" or "authorities".
    """
    language = language or get_language() or "en"
    counts = {ALIASES.get(code, code): number for code, number in counts.items()}
    chosen = {ALIASES.get(code, code) for code in ([chosen] if isinstance(chosen, str) else chosen)}
    url = escape(url)
    tiles = "".join(_tile(code, counts.get(code, 0), url, code in chosen, unit, language) for code in POSITIONS)
    return format_html(
        '<svg class="tilemap" viewBox="-3 -3 {} {}" role="group" aria-label="{}">{}</svg>',
        COLUMNS * (TILE + GAP) - GAP + 6,
        ROWS * (TILE + GAP) - GAP + 6,
        label or _("Map of Europe, one tile per country"),
        mark_safe(tiles),
    )


EMPTY = (
    '<g class="tile" aria-hidden="true" transform="translate({place})">'
    '<rect width="40" height="40"/><text x="20" y="26">{short}</text></g>'
).format
FULL = (
    '<a class="tile tile-{shade}" href="{url}{code}" aria-label="{name}"{current} transform="translate({place})">'
    '<title>{name}</title><rect width="40" height="40"/><text x="20" y="18">{short}</text>'
    '<text class="tile-count" x="20" y="34">{count}</text></a>'
).format


@cache
def _place(code) -> dict[str, str]:
    column, row = POSITIONS[code]
    return {"place": f"{column * (TILE + GAP)} {row * (TILE + GAP)}", "short": SHOWN.get(code, code)}


@cache
def _empty(code) -> str:
    return EMPTY(**_place(code))


def _tile(code, count, url, is_chosen, unit, language) -> str:
    """One tile; `url` comes escaped, codes and numbers need not be."""
    if not count:
        return _empty(code)
    current = ' aria-current="true"' if is_chosen else ""
    name = _name(code, count, unit, language, get_language())
    return FULL(**_place(code), shade=shade(count), url=url, code=code, name=name, current=current, count=count)


@lru_cache(5000)
def _name(code, count, unit, language, _active) -> str:
    counted = _("{country}: {count}").format(country=country_name(code, language), count=_counted(count, unit))
    return escape(counted)


def _counted(count, unit):
    if unit == "authorities":
        return ngettext("{number} authority", "{number} authorities", count).format(number=count)
    return ngettext("{number} fiche", "{number} fiches", count).format(number=count)
