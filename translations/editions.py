"""Editions: what readers are shown, made in the transaction of the change and never while they wait.

An object with Editions offers `source_language`, the generic relations `translations` and `editions`,
`source_texts() -> {key: text}`, `edition(shown) -> dict` with title, summary, card_html, body_html, plain, names (and
title_language, shown_language, state where its names follow rules of their own), and `for_editions()`: itself read anew with everything that it shows, so that nine renderings cost no query.
"""

from contextlib import contextmanager
from contextvars import ContextVar

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.utils import translation

from . import corpus, search
from .models import Edition
from .shown import Shown, shown

_waiting = ContextVar("waiting", default=None)  # inside written_once(): what is written at its end
WRITTEN = [
    "title_language",
    "shown_language",
    "state",
    "outdated",
    "title",
    "summary",
    "card_html",
    "body_html",
    "plain",
    "names",
    "sort_key",
]


def shown_in_all_languages(obj) -> list[Shown]:
    """What each of the nine readers is shown of `obj`."""
    translations = {row.language: row for row in obj.translations.all()}
    texts = obj.source_texts()
    return [shown(language, obj.source_language, translations, texts) for language in settings.LANGUAGE_CODES]


@contextmanager
def written_once():
    """Many changes of one object, written once at the end: for loading, where nobody reads in between."""
    token = _waiting.set({})
    try:
        yield
        waiting = _waiting.get()
    finally:
        _waiting.reset(token)
    for obj in waiting.values():
        write(obj)


@transaction.atomic
def write(obj) -> None:
    """Rewrite the nine Editions of `obj` with their search vectors, and void the cached pages."""
    if (waiting := _waiting.get()) is not None:
        waiting[type(obj), obj.pk] = obj
        return
    content_type = ContentType.objects.get_for_model(obj)
    obj, rows = obj.for_editions(), []
    for choice in shown_in_all_languages(obj):
        with translation.override(choice.language):
            parts = obj.edition(choice)
        chosen = {
            "title_language": choice.title_language,
            "shown_language": choice.body_language,
            "state": choice.state,
            "outdated": choice.outdated,
            "sort_key": search.sort_key(parts["title"], choice.language),
        }
        own = {"content_type": content_type, "object_id": obj.pk, "language": choice.language}
        rows.append(Edition(**own, **(chosen | parts)))
    Edition.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["content_type", "object_id", "language"],
        update_fields=WRITTEN,
    )
    search.index(rows)
    corpus.bump()


def delete(obj) -> None:
    """Forget the Editions of an object that is no longer shown to anybody."""
    (_waiting.get() or {}).pop((type(obj), obj.pk), None)
    Edition.objects.filter(content_type=ContentType.objects.get_for_model(obj), object_id=obj.pk).delete()
    corpus.bump()
