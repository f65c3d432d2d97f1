"""Documents as readers see them: the text in their language, the versions, what changed between two of them."""

import hashlib
import json
from datetime import timedelta

from django.conf import settings
from django.utils import timezone
from django.utils.translation import get_language

from accounts import history
from accounts.workdays import today
from translations import corpus, prose
from translations.comparison import blocks

COLUMNS = ("pk", "number", "in_force_from", "published_at")


def columns(*names: str) -> list[str]:
    """The columns of a version that hold these texts in the reader's language and in English."""
    return list(dict.fromkeys(f"{name}_{code}" for name in names for code in (get_language(), "en")))


def text_of(row: dict, name: str) -> tuple[str, str]:
    """(text, language) of one column: the reader's language, else English."""
    for code in (get_language(), "en"):
        if text := row[f"{name}_{code}"]:
            return text, code
    return "", "en"


def versions(document) -> list[dict]:
    """The published versions of a document, the newest first, without their texts; one statement."""
    rows = document.versions.published().order_by("-number")
    found = [_listed(row) for row in rows.values(*COLUMNS, *columns("title", "change_note"))]
    later = None
    for row in found:
        row["coming"] = row["in_force_from"] > today()
        row["in_force"] = not row["coming"] and later is None
        row["until"] = later["in_force_from"] if later else None
        later = later if row["coming"] else row
    return found


def _listed(row: dict) -> dict:
    title, lang = text_of(row, "title")
    note, note_lang = text_of(row, "change_note")
    return {name: row[name] for name in COLUMNS} | {
        "title": title,
        "lang": _foreign(lang),
        "note": note,
        "note_lang": _foreign(note_lang),
    }


def _foreign(code: str) -> str:
    """The language to mark a text with; empty where it is that of the page."""
    return code if code != get_language() else ""


def read(pk: int, model) -> dict:
    """The text of one version as HTML, with contents."""
    row = model.objects.filter(pk=pk).values(*columns("title", "text")).get()
    title, _lang = text_of(row, "title")
    text, language = text_of(row, "text")
    return {
        "title": title,
        "html": prose.html(text),
        "contents": prose.contents(text),
        "lang": _foreign(language),
        "language": settings.LANGUAGES[settings.LANGUAGE_CODES.index(language)][1],
    }


def differences(old: int, new: int, model) -> dict:
    """What changed between two versions, part by part, in the reader's language; for components/changes.html."""
    rows = {row["pk"]: row for row in model.objects.filter(pk__in=[old, new]).values("pk", *columns("title", "text"))}
    before, now = (_parts(rows[pk]) for pk in (old, new))
    changed, same = [], []
    for name in [*now, *(name for name in before if name not in now)]:
        was, is_ = (side.get(name, ("", "")) for side in (before, now))
        label = is_[0] or was[0]
        row = {"label": label, "lang": _foreign(text_of(rows[new], "text")[1])}
        if was == is_:
            same.append(row | {"text": is_[1]})
            continue
        how = "added" if name not in before else "removed" if name not in now else "changed"
        old_words, new_words = (side[1] if side[0] == label else "\n".join(filter(None, side)) for side in (was, is_))
        changed.append(row | {"how": how, "blocks": blocks(old_words, new_words)})
    return {"changed": changed, "same": [row for row in same if row["text"]]}


def _parts(row: dict) -> dict[str, tuple[str, str]]:
    """Name → (heading, words) of each part; what stands before the first heading belongs to the title."""
    title, _lang = text_of(row, "title")
    text, _lang = text_of(row, "text")
    return {name: (heading or title, words) for name, heading, words in prose.parts(text)}


# --- texts that come with the portal ---------------------------------------------------------------------------


def add(model, slug: str, defaults: dict, texts: dict[str, tuple[str, str]]) -> None:
    """Keep a document that comes with a release; `texts` are (title, text) by language.

    Its first version is in force at once. What a later release brings becomes a draft: a coordinator reads it, says
    what has changed, and publishes it. Nothing that exists is changed; the same text comes in once.
    """
    document, _made = model.objects.get_or_create(slug=slug, defaults=defaults)
    digest = hashlib.sha256(json.dumps(texts, sort_keys=True).encode()).hexdigest()
    if document.came_in(digest):
        return
    fields = {f"{name}_{code}": pair[n] for code, pair in texts.items() for n, name in enumerate(("title", "text"))}
    first = not document.versions.exists()
    last = document.versions.order_by("-number").values_list("number", flat=True).first() or 0
    start = today() if first else today() + timedelta(days=settings.DOCUMENT_NOTICE_DAYS)
    document.versions.create(
        number=last + 1, in_force_from=start, published_at=timezone.now() if first else None, **fields
    )
    history.record(document, "bring", note=digest, internal=True)
    if first:
        corpus.bump()
