"""Markdown of the authors as safe HTML, and as plain text for the search."""

import re
from collections.abc import Iterator
from typing import NamedTuple

import nh3
from django.conf import settings
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode

TAGS = {"p", "br", "strong", "em", "ul", "ol", "li", "blockquote", "a", "h3", "h4", "hr", "code", "pre"}
ATTRIBUTES = {"a": {"href", "title"}, "ol": {"start"}}
SCHEMES = {"http", "https", "mailto"}
MANY_BRACKETS = 500
DEEPEST = 3  # lists and quotes within each other in a PDF
FRAMES = {"bullet_list", "ordered_list", "blockquote"}
BLOCKS = 120  # paragraphs, items and frames of one text in a PDF, each of them tagged
MARKS = 400  # beginnings and ends of emphasis, and pieces of code, of one text in a PDF: each of them tagged
MARKED = {"em_open", "em_close", "strong_open", "strong_close", "code_inline"}
BETWEEN = " · "  # what follows after so many, in one paragraph
# A text that holds nothing that Markdown reads is paragraphs: most texts are, and the parser costs a hundredfold.
SPECIAL = re.compile(r"[\\`*_\[\]<>&~|\0\r\t]|^(?:[ #+=\-]|\d+[.)])|^[^\S\n]|[^\S\n]$", re.MULTILINE)

_parser = MarkdownIt("commonmark", {"html": False, "linkify": False}).disable(["image", "html_block", "html_inline"])
_linkless = MarkdownIt("commonmark", {"html": False}).disable(
    ["image", "html_block", "html_inline", "link", "reference"]
)


class Read(NamedTuple):
    """A text as readers see it, and its words alone, one block a line."""

    html: SafeString
    plain: str


def read(text: str) -> Read:
    """Both forms of a text, parsed once."""
    text = text[: settings.SECTION_MAX_LENGTH]
    html, blocks = _parsed(text) if SPECIAL.search(text) else _paragraphs(text)
    return Read(_clean(html), "\n".join(" ".join(block.split()) for block in blocks))


def render(text: str) -> SafeString:
    """HTML without scripts, pictures or styles; headings stand below those of the page (h3, h4)."""
    return read(text).html


def plain(text: str) -> str:
    """The words alone, one block a line."""
    return read(text).plain


def _clean(html: str) -> SafeString:
    cleaned = nh3.clean(html, tags=TAGS, attributes=ATTRIBUTES, url_schemes=SCHEMES, link_rel="nofollow noopener")
    return mark_safe(cleaned)  # sanitised here


def _paragraphs(text: str) -> tuple[str, list[str]]:
    blocks = [block for block in re.split(r"\n{2,}", text.strip("\n")) if block]
    return "".join(f"<p>{escape(block)}</p>\n" for block in blocks), blocks


def _parsed(text: str) -> tuple[str, list[str]]:
    tokens, blocks = _tokens(text), []
    for token in tokens:
        if token.type in {"heading_open", "heading_close"}:
            token.tag = "h3" if token.tag in {"h1", "h2", "h3"} else "h4"
        elif token.type == "inline":
            parts = token.children or ()
            blocks.append("".join(" " if part.type.endswith("break") else part.content for part in parts))
        elif token.type in {"code_block", "fence"}:
            blocks.append(token.content)
    return _parser.renderer.render(tokens, _parser.options, {}), blocks


def _tokens(text: str) -> list:
    """What the parser finds; no links among a thousand brackets, where looking for them takes seconds."""
    return (_parser if text.count("[") < MANY_BRACKETS else _linkless).parse(text)


def tree(text: str) -> list:
    """The blocks for a PDF, as JSON: ["p" | "h", inlines], ["ul", items], ["ol", start, items], ["quote", blocks] …

    An inline is a string, ["b" | "i", inlines], ["code", text], ["a", address, inlines] or ["br"]. Addresses are
    limited to those of the page.
    """
    text = text[: settings.SECTION_MAX_LENGTH]
    if not SPECIAL.search(text):
        lines = [" ".join(block.split()) for block in _paragraphs(text)[1]]
        made = [["p", [line]] for line in lines[:BLOCKS]]
        for line in lines[BLOCKS:]:
            made[-1][1][0] += BETWEEN + line
        return made
    tokens = _tokens(text)
    _unmark(tokens)
    return _blocks(SyntaxTreeNode(tokens).children, 0, iter(range(BLOCKS)))


def _unmark(tokens: list) -> None:
    """Passages whose marks are past MARKS keep their words and links."""
    room = MARKS
    for token in tokens:
        room -= sum(part.type in MARKED for part in token.children or ())
        if room < 0 and token.children:
            token.children = [part for part in token.children if part.type not in MARKED - {"code_inline"}]
            for part in token.children:
                part.type = "text" if part.type == "code_inline" else part.type


def _blocks(nodes, depth: int, room: Iterator) -> list:
    """What the nodes hold; lists and quotes deeper than DEEPEST lose their frame, not their words."""
    made = []
    for node in nodes:
        if depth >= DEEPEST and node.type in {*FRAMES, "list_item"}:
            made += _blocks(node.children, depth, room)
        elif next(room, None) is None:
            _run_on(made, node)
        elif block := _block(node, depth, room):
            made.append(block)
    return made


def _block(node, depth: int, room: Iterator) -> list:
    if node.type in {"paragraph", "heading"}:
        words = _inlines(node.children[0])
        return ["p" if node.type == "paragraph" else "h", words] if words else []
    if node.type in {"code_block", "fence"}:
        return ["code", node.content.rstrip("\n").split("\n")]
    if node.type == "hr":
        return ["hr", []]
    if node.type == "blockquote":
        return ["quote", _blocks(node.children, depth + 1, room)]
    if node.type not in FRAMES:
        return []
    items = []
    for item in node.children:
        if items and next(room, None) is None:
            _run_on(items[-1], item)
        else:
            items.append(_blocks(item.children, depth + 1, room))
    return ["ol", int(node.attrs.get("start", 1)), items] if node.type == "ordered_list" else ["ul", items]


def _run_on(made: list, node) -> None:
    """The words of `node` behind those of the last paragraph of `made`."""
    for part in node.walk():
        words = _inlines(part) if part.type == "inline" else []
        if part.type in {"code_block", "fence"}:
            words = [["code", part.content.strip()]]
        if words and made and made[-1][0] == "p":
            made[-1][1] += [BETWEEN, *words]
        elif words:
            made.append(["p", words])


def _inlines(node) -> list:
    return [made for child in node.children if (made := _inline(child))]


def _inline(node):
    if node.type == "softbreak":
        return " "
    if node.type == "hardbreak":
        return ["br"]
    if node.type == "code_inline":
        return ["code", node.content]
    if node.type in {"strong", "em"}:
        return ["b" if node.type == "strong" else "i", _inlines(node)]
    if node.type == "link":
        address = str(node.attrs.get("href", ""))
        words = _inlines(node)
        return ["a", address, words] if address.split(":")[0].lower() in SCHEMES else ["i", words]
    return node.content
