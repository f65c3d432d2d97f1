"""Longer texts about the portal, kept as Markdown: HTML with contents, tables that scroll, addresses filled in.

`## Title {#name}` gives a heading an address of its own; without it headings are counted (s1, s2 …). `%name%` stands
for an address of the portal, so that a text holds for every language and installation.
"""

import re
from functools import lru_cache
from itertools import pairwise

import nh3
from django.conf import settings
from django.urls import reverse
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt

TAGS = {"h2", "h3", "p", "ul", "ol", "li", "a", "strong", "em", "br", "table", "thead", "tbody", "tr", "th", "td"}
ATTRIBUTES = {"h2": {"id"}, "h3": {"id"}, "a": {"href", "hreflang"}}
SCHEMES = {"http", "https", "mailto"}
LINKS = ("about", "partners", "contact", "privacy", "terms", "accessibility", "report_problem", "home")
LONGEST = 60_000  # letters that are parsed: three times the longest text there is
NAMED = re.compile(r"\s*\{#([a-z0-9_-]+)\}\s*$")
MARKS = re.compile(r'<h2 id="([\w-]+)">|<table>|</table>')

_parser = MarkdownIt("commonmark", {"html": False}).enable("table")


@lru_cache(maxsize=128)  # nine languages of each text there is
def parsed(text: str) -> tuple[str, tuple[tuple[str, str], ...]]:
    """Safe HTML, and the contents: (id, heading) of each part."""
    tokens = _parser.parse(text[:LONGEST])
    contents = []
    for heading, inline in pairwise(tokens):
        if heading.type == "heading_open" and heading.tag == "h2":
            name = _name(inline) or f"s{len(contents) + 1}"
            heading.attrSet("id", name)
            contents.append((name, inline.content))
    html = nh3.clean(
        _parser.renderer.render(tokens, _parser.options, {}), tags=TAGS, attributes=ATTRIBUTES, url_schemes=SCHEMES
    )
    return _scrolling(html), tuple(contents)


def _scrolling(html: str) -> str:
    """A table, named by the heading above it, scrolls inside itself on a narrow screen."""
    name = ""

    def framed(found):
        nonlocal name
        if found[0] == "</table>":
            return "</table></div>"
        if found[0] == "<table>":
            label = f' aria-labelledby="{name}"' if name else ""
            return f'<div class="table-scroll" role="region" tabindex="0"{label}><table class="data">'
        name = found[1]
        return found[0]

    return MARKS.sub(framed, html)


def _name(heading) -> str:
    """The address that a heading gives itself; it is taken out of its words."""
    found = NAMED.search(heading.content)
    if not found:
        return ""
    heading.content = heading.content[: found.start()]
    last = heading.children[-1]
    last.content = NAMED.sub("", last.content)
    return found[1]


def contents(text: str) -> list[dict]:
    """For components/toc.html."""
    return [{"id": name, "label": label} for name, label in parsed(text)[1]]


def html(text: str) -> SafeString:
    """What readers see, with the addresses of this installation in the active language."""
    found = parsed(text)[0]
    for name in LINKS:
        if f"%{name}%" in found or f"%25{name}%25" in found:
            found = found.replace(f"%{name}%", reverse(name)).replace(f"%25{name}%25", reverse(name))
    return mark_safe(found.replace("%CONTACT_EMAIL%", escape(settings.CONTACT_EMAIL)))  # sanitised in parsed()


def parts(text: str) -> list[tuple[str, str, str]]:
    """(name, heading, words) of each part, one block a line, for comparing two versions; what comes first has no name."""
    found, words = [["", "", []]], None
    for token in _parser.parse(text[:LONGEST]):
        if token.type == "heading_open" and token.tag == "h2":
            words = "heading"
        elif token.type == "tr_open":
            words = []
        elif token.type == "tr_close":
            found[-1][2].append(" – ".join(words))
            words = None
        elif token.type == "inline":
            if words == "heading":
                name = _name(token) or token.content
                found.append([name, token.content, []])
                words = None
            elif words is None:
                found[-1][2].append(_words(token))
            else:
                words.append(_words(token))
    return [(name, heading, "\n".join(lines)) for name, heading, lines in found]


def _words(inline) -> str:
    return "".join(" " if part.type.endswith("break") else part.content for part in inline.children or ())
