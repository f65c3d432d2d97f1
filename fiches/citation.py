"""How to cite a fiche: one sentence in the manner of APA, in the language of the page."""

from django.utils.translation import gettext as _

from . import facts
from .vocabularies import Origin


def author(fiche) -> str:
    """Whom to name: the authority; CLAVET of what it compiled itself."""
    return "CLAVET" if fiche.origin == Origin.COMPILED else facts.authority_name(fiche) or _("An authority not named")


def citation(fiche, title: str, url: str) -> str:
    """Author (year). Title (reference). CLAVET. Address."""
    by = author(fiche)
    year = fiche.published_at.year if fiche.published_at else _("no date")
    publisher = "" if by == "CLAVET" else " CLAVET."
    return f"{by} ({year}). {title} ({fiche.reference}).{publisher} {url}"
