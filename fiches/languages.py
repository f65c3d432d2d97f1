"""In which language a fiche is shown: which text that is, what is marked, what is said about it."""

from django.urls import reverse
from django.utils.translation import get_language

from translations.models import Edition, Translation
from translations.notices import sentence
from translations.shown import Shown

from . import facts


def text(row, field: str, *languages: str) -> tuple[str, str]:
    """(text, its language): in the first of `languages` that has any; `row` is a model or one of values()."""
    for language in languages:
        column = f"{field}_{language}"
        if found := (row[column] if isinstance(row, dict) else getattr(row, column)) or "":
            return found, language
    return "", languages[0]


def foreign(language: str) -> str:
    """The language to mark, where it is not the reader's."""
    return language if language != get_language() else ""


def address(fiche, language: str) -> str:
    return in_language(reverse("fiches:detail", args=[fiche.pk, fiche.slug]), language)


def in_language(path: str, language: str) -> str:
    """The same page in another language: paths differ in nothing but the language they begin with."""
    return f"/{language}{path.removeprefix(f'/{get_language()}')}"


def notices(fiche, state: str, body_language: str, *, outdated=False, made="") -> list[dict]:
    """For templates/fiches/_language_notice.html: why this language, and how the translation was `made`."""
    if state == Edition.State.ORIGINAL:
        return []
    original = {
        "original": facts.language_name(fiche.source_language),
        "url": address(fiche, fiche.source_language),
        "lang": fiche.source_language,
        "shown": facts.language_name(body_language),
    }
    fallback = state == Edition.State.FALLBACK
    found = [original | {"state": state} | ({"made": made} if made and not fallback else {})]
    if outdated and not fallback:
        found.append(original | {"state": "outdated"})
    return [notice | {"sentence": sentence(notice)} for notice in found]


def notices_of(fiche, shown: Shown) -> list[dict]:
    """The same where no stored Edition says it; who made a translation is said without naming people."""
    row = shown.translation
    made = how(row.method, row.engine) if row else ""
    return notices(fiche, shown.state, shown.body_language, outdated=shown.outdated, made=made)


def how(method: str, engine: str) -> str:
    """By a person or a machine, and by which."""
    label = str(dict(Translation.Method.choices).get(method, method))
    return f"{label}, {engine}" if engine else label
