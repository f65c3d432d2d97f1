"""Themes: all of them, one of them whole, and one as a brief to print."""

from urllib.parse import urlencode

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils.http import content_disposition_header
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from fiches import counting, facts
from fiches.exports import links
from fiches.facets import Selection
from fiches.views import reading
from fiches.vocabularies import Kind
from translations import search

from . import theme_brief, theme_page


@login_not_required
@require_safe
def themes(request):
    rows = search.matching(reading.published(request.user), "", get_language())
    counts = counting.count(rows, Selection(), public=not request.user.is_authenticated)
    table = theme_page.table()
    context = {"groups": [group(row, table, counts) for row in table.values() if not row.parent]}
    return render(request, "themes/list.html", context)


def group(upper, table, counts) -> dict:
    """An upper theme with its parts and how many fiches each has."""
    parts = [counted(row, counts) for row in table.values() if row.parent == upper.pk]
    return counted(upper, counts) | {"parts": parts}


def counted(row, counts) -> dict:
    return {"theme": row, "number": counts.get("theme", row.slug), "url": reverse("theme", args=[row.slug])}


@login_not_required
@require_safe
def theme(request, slug):
    return render(request, "themes/detail.html", context(request, slug))


@login_not_required
@require_safe
def theme_pdf(request, slug):
    """The same theme on a few sheets of paper, in the reader's language."""
    made = context(request, slug)
    content = theme_brief.pdf(made, request.build_absolute_uri("/")[:-1])
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = content_disposition_header(True, f"clavet-{slug}-{get_language()}.pdf")
    response["Link"] = f'<{request.build_absolute_uri(reverse("theme", args=[slug]))}>; rel="canonical"'
    return response


def context(request, slug) -> dict:
    """Everything of one theme that this reader may see, for its page and its brief; 404 where there is none such."""
    table = theme_page.table()
    own = table.get(slug)
    if own is None:
        raise Http404(_("There is no such theme."))
    rows = theme_page.fiches_of(own, table, request.user)
    counts = theme_page.count(own, rows, request.user)
    results = theme_page.best_results(rows, counts) if counts.total else []
    fiches = theme_page.chosen(rows, counts, results) if counts.total else []
    lessons = theme_page.of_kind(fiches, Kind.LESSON_LEARNED, theme_page.LESSONS)
    examples = theme_page.of_kind(fiches, Kind.PRACTICAL_EXAMPLE, theme_page.EXAMPLES)
    theme_page.quote([*lessons, *examples])
    upper = next((row for row in table.values() if row.pk == own.parent), None)
    address = f"{reverse('fiches:list')}?theme={slug}"
    made = {
        "theme": own,
        "upper": upper,
        "upper_url": reverse("theme", args=[upper.slug]) if upper else "",
        "parts": [counted(row, counts) for row in table.values() if row.parent == own.pk],
        "counts": counts,
        "total": counts.total,
        "glance": glance(counts, address),
        "stages": theme_page.stages(fiches, counts),
        "lessons": {"entries": lessons, "number": counts.get("kind", Kind.LESSON_LEARNED)},
        "results": theme_page.figures(results, fiches),
        "shown_results": min(len(results), theme_page.RESULTS),
        "more_results": len(results) > theme_page.RESULTS,
        "examples": {"entries": examples, "number": counts.get("kind", Kind.PRACTICAL_EXAMPLE)},
        "authorities": theme_page.authorities(own, rows, request.user),
        "shown_authorities": theme_page.AUTHORITIES,
        "map": counts.of["country"],
        "languages": languages(counts, address),
        "near": [counted(row["theme"], counts) for row in theme_page.near(own, table, counts)],
        "brief_url": reverse("theme_pdf", args=[slug]),
        "list_url": address,
        "country_url": f"{address}&country=",
        "take": take(slug),
    }
    return made | {"contents": contents(made)}


def glance(counts, address) -> list[dict]:
    """The almanac beside what the theme means."""
    kinds = [(label, counts.get("kind", code), f"{address}&kind={code}") for code, label in Kind.choices]
    rows = [
        {"label": _("Fiches"), "value": facts.number(counts.total), "url": address, "strong": True},
        *({"label": label, "value": facts.number(number), "url": url} for label, number, url in kinds if number),
        {"label": _("Countries"), "value": facts.number(len(counts.of["country"])), "url": "#where"},
        {"label": _("Languages"), "value": facts.number(len(counts.of["language"])), "url": "#where"},
    ]
    return rows if counts.total else []


def languages(counts, address) -> list[dict]:
    """In which languages there are fiches, most first."""
    found = sorted(counts.of["language"].items(), key=lambda item: -item[1])
    return [
        {"code": code, "name": facts.language_name(code), "number": number, "url": f"{address}&language={code}"}
        for code, number in found
        if number
    ]


def contents(made) -> list[dict]:
    """The parts of the page that have something to say, in their order.

    Questions (rapid response) come after the lessons, training resources after the examples, once they exist.
    """
    parts = [
        ("parts", _("What belongs to it"), made["parts"]),
        ("stages", _("By policy stage"), made["total"]),
        ("lessons", _("Lessons that warn"), made["lessons"]["number"]),
        ("results", _("Results"), made["results"]),
        ("examples", _("Practical examples and tools"), made["examples"]["number"]),
        ("authorities", _("Who knows about it"), any(made["authorities"].values())),
        ("where", _("Countries and languages"), made["total"]),
        ("take", _("Take it with you"), made["total"]),
        ("near", _("Related themes"), made["near"] or made["upper"]),
    ]
    return [{"id": key, "label": label} for key, label, there in parts if there]


def take(slug) -> list[dict]:
    """What leaves the portal with a reader: only what has an address."""
    table = urlencode({"theme": slug, **links.spreadsheet_query()})
    found = [
        ("file", _("Theme brief (PDF)"), "theme_pdf", [slug], ""),
        ("list", _("List of its fiches, to filter further"), "fiches:list", [], f"?theme={slug}"),
        ("download", _("Table of its fiches (CSV)"), "fiches:export", ["csv"], f"?{table}"),
        ("bell", _("New fiches on this theme (Atom feed)"), "fiches:feed", [], f"?theme={slug}"),
    ]
    made = []
    for icon, label, name, arguments, query in found:
        try:
            made.append({"icon": icon, "label": label, "name": name, "url": reverse(name, args=arguments) + query})
        except NoReverseMatch:  # not built yet
            continue
    return made
