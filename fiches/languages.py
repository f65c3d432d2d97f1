"""What is said about the language in which a fiche is shown, where no stored Edition says it."""

from django.utils.translation import get_language

from translations.models import Edition
from translations.shown import Shown

from . import facts, page
from .notices import sentence


def notices(fiche, shown: Shown) -> list[dict]:
    """For templates/fiches/_language_notice.html; who made a translation is said without naming people."""
    original = {
        "original": facts.language_name(fiche.source_language),
        "url": page.address(fiche, fiche.source_language),
        "lang": fiche.source_language,
        "shown": facts.language_name(shown.body_language),
    }
    found = []
    if shown.state == Edition.State.FALLBACK:
        found.append(original | {"state": shown.state})
    elif row := shown.translation:
        method = row.get_method_display()
        found.append(original | {"state": shown.state, "made": f"{method}, {row.engine}" if row.engine else method})
    if shown.outdated:
        found.append(original | {"state": "outdated"})
    return [notice | {"sentence": sentence(notice)} for notice in found]


def foreign(language: str) -> str:
    """The language to mark, where it is not the reader's."""
    return language if language != get_language() else ""
