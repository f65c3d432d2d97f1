"""How to cite a fiche: one sentence in the manner of APA, in the language of the page."""

from django.utils.translation import gettext as _

from . import facts
from .vocabularies import Origin


def citation(fiche, title: str, url: str) -> str:
    """Author (year). Title (reference). CLAVET. Address – the author of a compiled fiche is CLAVET."""
    author = "CLAVET" if fiche.origin == Origin.COMPILED else facts.authority_name(fiche) or _("An authority not named")
    year = fiche.published_at.year if fiche.published_at else _("no date")
    publisher = "" if author == "CLAVET" else " CLAVET."
    return f"{author} ({year}). {title} ({fiche.reference}).{publisher} {url}"
