"""Reading a text of a memorandum: its blocks for the PDF, its HTML for a page. It imports no model.

    blocks(text) -> ["h", level, inlines] | ["p", inlines] | ["ul", items] | ["table", head, rows]
    html(text, below=1) -> safe HTML whose headings stand `below` so many levels of the page’s own

Both read nothing but the text, so that what is shown is what the SHA-256 covers. Inlines are those of
translations.markdown.tree.
"""

import nh3
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode

TAGS = {"p", "br", "strong", "em", "ul", "ol", "li", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "div"}
TABLE = {"table", "thead", "tbody", "tr", "th", "td"}
ATTRIBUTES = {"div": {"class", "tabindex", "role"}}

_parser = (
    MarkdownIt("commonmark", {"html": False, "linkify": False})
    .enable("table")
    .disable(["image", "html_block", "html_inline", "link", "reference", "autolink", "code", "fence", "blockquote"])
)


def html(text: str, *, below: int = 1) -> SafeString:
    """The text as HTML; wide tables scroll by themselves."""
    tokens = _parser.parse(text)
    for token in tokens:
        if token.type in {"heading_open", "heading_close"}:
            token.tag = f"h{min(int(token.tag[1]) + below, 6)}"
    made = _parser.renderer.render(tokens, _parser.options, {})
    made = made.replace("<table>", '<div class="table-scroll"><table class="almanac">').replace(
        "</table>", "</table></div>"
    )
    return mark_safe(
        nh3.clean(made, tags=TAGS | TABLE, attributes={**ATTRIBUTES, "table": {"class"}})
    )  # sanitised here


def blocks(text: str) -> list:
    """What the text holds, as JSON."""
    return [block for node in SyntaxTreeNode(_parser.parse(text)).children if (block := _block(node))]


def title(text: str) -> str:
    """Its first heading."""
    return next((plain(block[2]) for block in blocks(text) if block[0] == "h"), "")


def plain(inlines: list) -> str:
    return "".join(part if isinstance(part, str) else plain(part[-1]) if part[0] in "bi" else " " for part in inlines)


def _block(node) -> list:
    if node.type == "heading":
        return ["h", int(node.tag[1]), _inlines(node.children[0])]
    if node.type == "paragraph":
        return ["p", _inlines(node.children[0])]
    if node.type in {"bullet_list", "ordered_list"}:
        return ["ul", [[block for child in item.children if (block := _block(child))] for item in node.children]]
    if node.type == "table":
        head, *body = [_row(row) for part in node.children for row in part.children]
        return ["table", head, body]
    return []


def _row(node) -> list:
    return [_inlines(cell.children[0]) if cell.children else [] for cell in node.children]


def _inlines(node) -> list:
    return [made for child in node.children if (made := _inline(child))]


def _inline(node):
    if node.type in {"strong", "em"}:
        return ["b" if node.type == "strong" else "i", _inlines(node)]
    if node.type == "hardbreak":
        return ["br"]
    return " " if node.type == "softbreak" else node.content
