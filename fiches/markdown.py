"""Markdown of the authors as safe HTML, and as plain text for the search."""

import re

import nh3
from django.conf import settings
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt

TAGS = {"p", "br", "strong", "em", "ul", "ol", "li", "blockquote", "a", "h3", "h4", "hr", "code", "pre"}
ATTRIBUTES = {"a": {"href", "title"}, "ol": {"start"}}
SCHEMES = {"http", "https", "mailto"}

_parser = MarkdownIt("commonmark", {"html": False, "linkify": False}).disable(["image", "html_block", "html_inline"])


def render(text: str) -> SafeString:
    """HTML without scripts, pictures or styles; headings stand below those of the page (h3, h4)."""
    tokens = _parser.parse(text[: settings.SECTION_MAX_LENGTH])
    for token in tokens:
        if token.type in {"heading_open", "heading_close"}:
            token.tag = "h3" if token.tag in {"h1", "h2", "h3"} else "h4"
    html = _parser.renderer.render(tokens, _parser.options, {})
    return mark_safe(  # sanitised here
        nh3.clean(html, tags=TAGS, attributes=ATTRIBUTES, url_schemes=SCHEMES, link_rel="nofollow noopener")
    )


def plain(text: str) -> str:
    """The words alone, one block a line."""
    lines = []
    for token in _parser.parse(text[: settings.SECTION_MAX_LENGTH]):
        if token.type == "inline":
            lines.append("".join(" " if part.type.endswith("break") else part.content for part in token.children or ()))
        elif token.type in {"code_block", "fence"}:
            lines.append(token.content)
    return "\n".join(re.sub(r"\s+", " ", line).strip() for line in lines)
