"""The pages about the portal: prose kept as one Markdown file per page and language, and the list of partners."""

from functools import cache
from pathlib import Path

from django.contrib.auth.decorators import login_not_required
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from network.countries import country_name
from network.models import Authority
from translations import prose

FOLDER = Path(__file__).resolve().parent / "texts"


@cache
def text(page: str, language: str) -> tuple[str, str]:
    """Title and body of a page."""
    title, _, body = (FOLDER / page / f"{language}.md").read_text(encoding="utf-8").partition("\n")
    return title.removeprefix("# ").strip(), body


def shown(page: str) -> dict:
    """The text in the reader's language, with the addresses of this installation filled in."""
    title, body = text(page, get_language())
    return {"title": title, "html": prose.html(body), "contents": prose.contents(body), "language": get_language()}


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
