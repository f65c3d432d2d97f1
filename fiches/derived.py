"""What a fiche stores although it follows from something else: one function writes it, from its origin."""

from accounts.models import Event
from translations.shown import has_body

from . import completeness

CHANGES = ("approve", "revise", "restore", "object")  # after these the public reads something else


def values(fiche) -> dict:
    """The derived columns of `fiche`, computed from its text, its translations and its Events."""
    sources = fiche.source_texts()
    translated = {row.language for row in fiche.translations.all() if row.released_at and has_body(row, sources)}
    events = Event.objects.of(fiche)
    submitted = events.filter(to_state=fiche.Status.SUBMITTED).last()
    published = events.filter(to_state=fiche.Status.PUBLISHED).first()
    changed = events.filter(verb__in=CHANGES, internal=False).last()
    return {
        "completeness": completeness.percent(completeness.requirements(fiche)),
        "available_languages": sorted({fiche.source_language, *translated}),
        "submitted_at": submitted.at if submitted else None,
        "published_at": published.at if published else None,
        "changed_at": changed.at if changed else None,
    }


def refresh(fiche) -> None:
    """Write the derived columns; called in the transaction of whatever they follow from."""
    derived = values(fiche)
    for name, value in derived.items():
        setattr(fiche, name, value)
    type(fiche)._base_manager.filter(pk=fiche.pk).update(**derived)
