"""Releasing a translation: its texts go into the columns, its row remembers what it translates and who made it.

Besides what Editions need (translations.editions), an object offers `set_texts(language, {key: text})`.
"""

from collections.abc import Mapping

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.utils import timezone

from . import editions
from .models import Translation
from .shown import fingerprint, fingerprints

Status, Method = Translation.Status, Translation.Method


def locked(obj, language: str) -> Translation:
    """The row of `obj` in `language`, locked until the transaction ends; made if there is none."""
    own = {"content_type": ContentType.objects.get_for_model(obj), "object_id": obj.pk, "language": language}
    Translation.objects.get_or_create(**own)
    return Translation.objects.select_for_update().get(**own)


@transaction.atomic
def release(obj, language: str, texts: Mapping[str, str], *, method: str, engine: str = "", translator=None):
    """Show readers of `language` these texts of `obj`; the row says truly how they were made.

    `texts` has keys of `obj.source_texts()`; a key that is not given stays as it is, a blank text is taken back.
    What a machine made is a marked draft; what a person wrote counts as not reviewed until another has read it.
    """
    if language == obj.source_language:
        raise ValueError("The original is not a translation of itself.")
    sources = obj.source_texts()
    texts = {key: text.strip() for key, text in texts.items() if sources.get(key, "").strip()}
    row = locked(obj, language)
    kept = {key: value for key, value in row.fingerprints.items() if key in sources and key not in texts}
    row.fingerprints = kept | {key: fingerprint(sources[key]) for key, text in texts.items() if text}
    row.dismissed = {key: value for key, value in row.dismissed.items() if key in kept}
    row.texts = {key: text for key, text in row.texts.items() if key in sources and key not in texts}
    row.status = Status.MACHINE_DRAFT if method == Method.MACHINE else Status.DRAFT
    row.method, row.engine, row.translator = method, engine, translator
    row.reviewer = row.reviewed_at = None
    row.released_at = timezone.now() if row.fingerprints else None
    if not row.fingerprints:
        row.status = Status.MISSING
    row.version += 1
    row.save()
    obj.set_texts(language, texts)
    editions.write(obj)
    return row


@transaction.atomic
def withdraw(obj, language: str, texts: Mapping[str, str]) -> None:
    """Show readers of `language` none of `texts` any more; those that still translate `obj` wait as work in progress.

    The caller writes the Editions.
    """
    row, sources = locked(obj, language), fingerprints(obj.source_texts())
    still = {key: text for key, text in texts.items() if text and sources.get(key, "") == row.fingerprints.get(key)}
    row.texts = still | {key: text for key, text in row.texts.items() if key in sources}
    draft = Status.MACHINE_DRAFT if row.method == Method.MACHINE else Status.DRAFT
    row.status = draft if row.texts else Status.MISSING
    row.fingerprints, row.dismissed, row.released_at = {}, {}, None
    row.reviewer = row.reviewed_at = None
    row.version += 1
    row.save()
    obj.set_texts(language, dict.fromkeys(texts, ""))
