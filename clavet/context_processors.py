"""What every page needs: the navigation, the languages, the offer of the browser's own language."""

from functools import cache

from django.conf import settings
from django.urls import NoReverseMatch, reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from network import acceptances

from . import languages


def portal(request):
    items = navigation(request)
    return {
        "navigation": items,
        "current_item": next((item["url"] for item in items if item["current"]), ""),
        "language_links": languages.links(request),
        "offered_language": languages.offer(request),
        "demo": settings.DEMO,
        "documents_to_accept": lambda: acceptances.missing(request.user),
    }


def navigation(request) -> list[dict]:
    return [item | {"current": request.path.startswith(item["url"])} for item in sections(get_language())]


@cache
def sections(language) -> list[dict]:
    """The sections that exist, in the active language."""
    known = [
        ("fiches", "fiches:list", _("Fiches")),
        ("fiches", "themes", _("Themes")),
        ("network", "network:list", _("Network")),
        ("rapid", "rapidresponse:list", _("Rapid response")),
        ("oer", "oer:list", _("Training resources")),
    ]
    items = []
    for section, name, label in known:
        try:
            url = reverse(name)
        except NoReverseMatch:  # not built yet
            continue
        items.append({"label": label, "url": url, "section": section})
    return items
