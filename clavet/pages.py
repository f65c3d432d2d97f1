"""The pages about the portal: prose kept as one Markdown file per page and language, and the list of partners."""

import re
from functools import cache
from itertools import pairwise
from pathlib import Path

import nh3
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import escape
from django.utils.safestring import mark_safe
from django.utils.translation import get_language
from django.views.decorators.http import require_safe
from markdown_it import MarkdownIt

from network.countries import country_name
from network.models import Authority

FOLDER = Path(__file__).resolve().parent / "texts"
TAGS = {"h2", "h3", "p", "ul", "ol", "li", "a", "strong", "em", "br", "table", "thead", "tbody", "tr", "th", "td"}
ATTRIBUTES = {"h2": {"id"}, "h3": {"id"}, "a": {"href", "hreflang"}}
LINKS = ("about", "partners", "contact", "privacy", "terms", "accessibility", "report_problem", "home")
# A table, after the heading that names it, scrolls inside itself on a narrow screen.
TABLE = re.compile(r'(<h2 id="(s\d+)">[^\n]*\n(?:(?!<h2).)*?)<table>', re.DOTALL)

_parser = MarkdownIt("commonmark", {"html": False}).enable("table")


@cache
def text(page: str, language: str) -> dict:
    """Title, HTML and contents of a page; `%name%` in a text stands for an address of the portal."""
    source = (FOLDER / page / f"{language}.md").read_text(encoding="utf-8")
    title, _, body = source.partition("\n")
    tokens = _parser.parse(body)
    contents = []
    for heading, inline in pairwise(tokens):
        if heading.type == "heading_open" and heading.tag == "h2":
            heading.attrSet("id", f"s{len(contents) + 1}")
            contents.append({"id": f"s{len(contents) + 1}", "label": inline.content})
    html = nh3.clean(_parser.renderer.render(tokens, _parser.options, {}), tags=TAGS, attributes=ATTRIBUTES)
    html = TABLE.sub(
        r'\1<div class="table-scroll" role="region" tabindex="0" aria-labelledby="\2"><table class="data">', html
    )
    html = html.replace("</table>", "</table></div>")
    return {"title": title.removeprefix("# ").strip(), "html": html, "contents": contents, "language": language}


def shown(page: str) -> dict:
    """The text in the reader's language, with the addresses of this installation filled in."""
    found = dict(text(page, get_language()))
    html = found["html"]
    for name in LINKS:
        html = html.replace(f"%{name}%", reverse(name)).replace(f"%25{name}%25", reverse(name))
    html = html.replace("%CONTACT_EMAIL%", escape(settings.CONTACT_EMAIL))
    found["html"] = mark_safe(html)  # our own files, sanitised in text()
    return found


def text_page(request, name: str):
    return render(request, "about/text.html", {"text": shown(name)})


@login_not_required
@require_safe
def about(request):
    return text_page(request, "about")


@login_not_required
@require_safe
def contact(request):
    return text_page(request, "contact")


@login_not_required
@require_safe
def privacy(request):
    return text_page(request, "privacy")


@login_not_required
@require_safe
def terms(request):
    return text_page(request, "terms")


@login_not_required
@require_safe
def accessibility(request):
    return text_page(request, "accessibility")


@login_not_required
@require_safe
def partners(request):
    """The partners of the original project, the coordinator first, with the sources that name them."""
    name = f"name_{get_language()}"
    rows = (
        Authority.objects.visible_to(request.user).exclude(partner_role="").order_by("partner_role", "country", "slug")
    )
    rows = rows.values(
        "official_name", "official_language", name, "country", "town", "partner_role", "website", "sources"
    )
    found = [
        {**row, "name": row[name] or row["official_name"], "country": country_name(row["country"])} for row in rows
    ]
    return render(request, "about/partners.html", {"text": shown("partners"), "partners": found})
