"""What search engines may read: an index, the portal's own pages, and the public fiches in the languages they have."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.models import AnonymousUser
from django.http import Http404
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils import translation
from django.views.decorators.http import require_safe

from fiches.models import Fiche
from fiches.models.columns import LAST_CHANGE
from network.directory import directory_index
from network.models import Authority, Theme

FICHES_PER_FILE = 2000  # × at most nine addresses: far below the 50,000 that one file may hold
PAGES = (
    "home",
    "fiches:list",
    "network:list",
    "themes",
    "about",
    "partners",
    "contact",
    "privacy",
    "terms",
    "accessibility",
)
XML = "application/xml; charset=utf-8"


@login_not_required
@require_safe
def sitemap(request):
    """The index of all files."""
    number = Fiche.objects.visible_to(AnonymousUser()).count()
    files = range(1, -(-number // FICHES_PER_FILE) + 1)
    of_authorities = range(1, -(-len(directory_index.current().keys) // FICHES_PER_FILE) + 1)
    context = {"root": root(request), "files": files, "of_authorities": of_authorities}
    return render(request, "sitemap/index.xml", context, content_type=XML)


@login_not_required
@require_safe
def sitemap_pages(request):
    """The pages that exist in every language."""
    return urlset(request, [(path, settings.LANGUAGE_CODES, "en", None) for path in [*page_paths(), *theme_paths()]])


@login_not_required
@require_safe
def sitemap_fiches(request, number):
    """The public fiches of one file, each in its own languages only: elsewhere its page is a stand-in."""
    first = (number - 1) * FICHES_PER_FILE
    fiches = Fiche.objects.visible_to(AnonymousUser()).order_by("pk")
    rows = fiches.values_list("pk", "slug", "source_language", "available_languages", LAST_CHANGE)
    rows = rows[first : first + FICHES_PER_FILE]
    if not rows:
        raise Http404
    entries = []
    with translation.override("en"):
        for pk, slug, source, available, updated in rows:
            path = without_language(reverse("fiches:detail", args=[pk, slug]))
            languages = sorted({source, *available})
            entries.append((path, languages, "en" if "en" in languages else source, updated))
    return urlset(request, entries)


@login_not_required
@require_safe
def sitemap_authorities(request, number):
    """The authorities of the directory, each in the languages in which something is written of it."""
    first = (number - 1) * FICHES_PER_FILE
    keys = sorted(directory_index.current().keys)[first : first + FICHES_PER_FILE]
    if not keys:
        raise Http404
    entries = []
    with translation.override("en"):
        for authority in Authority.objects.visible_to(AnonymousUser()).filter(pk__in=keys).order_by("pk"):
            languages = authority.own_languages
            default = "en" if "en" in languages else languages[0]
            entries.append((without_language(authority.get_absolute_url()), languages, default, None))
    return urlset(request, entries)


def urlset(request, entries):
    """entries: (path after the language, languages, the one for everybody else, changed)."""
    context = {"root": root(request), "entries": entries}
    return render(request, "sitemap/urls.xml", context, content_type=XML)


def root(request) -> str:
    return request.build_absolute_uri("/")[:-1]


def without_language(path: str) -> str:
    return path[3:]


def page_paths() -> list[str]:
    """Paths after the language of those of PAGES that exist."""
    paths = []
    with translation.override("en"):
        for name in PAGES:
            try:
                paths.append(without_language(reverse(name)))
            except NoReverseMatch:  # a section that is not built yet
                continue
    return paths


def theme_paths() -> list[str]:
    """Paths after the language of the pages of the themes."""
    with translation.override("en"):
        return [
            without_language(reverse("theme", args=[slug])) for slug in Theme.objects.values_list("slug", flat=True)
        ]
