"""What social sites and messengers show of a page that somebody shares (Open Graph)."""

from functools import lru_cache

from django import template
from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.template.loader_tags import BLOCK_CONTEXT_KEY
from django.utils.html import escape, format_html_join
from django.utils.safestring import mark_safe

register = template.Library()

# Open Graph names a language with a country; for what several countries speak, one of our partners'.
LOCALES = {
    "en": "en_GB",
    "es": "es_ES",
    "it": "it_IT",
    "fr": "fr_FR",
    "nl": "nl_NL",
    "el": "el_GR",
    "ro": "ro_RO",
    "hr": "hr_HR",
    "tr": "tr_TR",
}


@register.inclusion_tag("components/social.html", takes_context=True)
def social(context):
    """{% social %} in base.html: title and description are those of the page’s own blocks, rendered once more."""
    language, request = context.get("LANGUAGE_CODE"), context.get("request")
    own = context.get("alternates") or dict.fromkeys(settings.LANGUAGE_CODES)
    site = _site(request) if request else ""
    return {
        "title": _text_of(context, "title") or _text_of(context, "full_title"),
        "description": _text_of(context, "description"),
        "kind": "article" if context.get("canonical") else "website",
        "url": site + (context.get("canonical") or (request.path if request else "")),
        "locale": LOCALES.get(language, ""),
        "alternates": _alternates(tuple(own), language),
        "site": site,
    }


@register.simple_tag
def alternate_links(site, paths):
    """{% alternate_links site paths %}: where the page stands in each of its languages; paths: {language: path}."""
    made = (f'<link rel="alternate" hreflang="{code}" href="{escape(site + path)}">' for code, path in paths.items())
    return mark_safe("\n".join(made))


@lru_cache(1000)
def _alternates(codes: tuple, language: str):
    found = ((LOCALES[code],) for code in codes if code in LOCALES and code != language)
    return format_html_join("\n", '<meta property="og:locale:alternate" content="{}">', found)


def _site(request) -> str:
    """The portal's address; nothing where the request names a foreign host."""
    try:
        return request.build_absolute_uri("/")[:-1]
    except DisallowedHost:
        return ""


def _text_of(context, name: str) -> str:
    """The text of a block as the page fills it, in one line, fit for an attribute."""
    blocks = context.render_context.get(BLOCK_CONTEXT_KEY)
    block = blocks.get_block(name) if blocks else None
    text = " ".join(block.render(context).split()) if block else ""
    return mark_safe(text.replace('"', "&quot;"))  # a block is HTML already
