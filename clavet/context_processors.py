"""What every page needs: the navigation, the languages, the offer of the browser's own language."""

from django.conf import settings
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from . import languages


def portal(request):
    return {
        "navigation": navigation(request),
        "language_links": languages.links(request),
        "offered_language": languages.offer(request),
        "demo": settings.DEMO,
    }


def navigation(request) -> list[dict]:
    """The sections that exist."""
    sections = [
        ("fiches", "fiches:list", _("Fiches")),
        ("fiches", "themes", _("Themes")),
        ("network", "network:list", _("Network")),
        ("rapid", "rapidresponse:list", _("Rapid response")),
        ("oer", "oer:list", _("Training resources")),
    ]
    items = []
    for section, name, label in sections:
        try:
            url = reverse(name)
        except NoReverseMatch:  # not built yet
            continue
        items.append({"label": label, "url": url, "section": section, "current": request.path.startswith(url)})
    return items
