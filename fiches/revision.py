"""A revision: a copy of a published fiche that is edited and moderated while readers see the old text."""

import json
from collections import defaultdict
from itertools import chain

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.db.models import CharField, Value
from django.db.models.functions import Concat

from accounts import history, notifications
from accounts.models import Event
from translations import editions
from translations.release import withdraw
from translations.shown import fingerprints

from . import addresses, derived, emails, texts
from .models.parts import Attachment, FicheVersion, Result, Section, Source

# What a revision may change, besides texts, themes, keywords and the rows below it.
FACTS = (
    *("governance_level", "country", "other_countries", "region", "place", "latitude", "longitude", "population_band"),
    *("policy_stages", "development_stage", "target_groups", "isced_levels", "eqf_levels", "conditions", "cause_types"),
    *("start_year", "end_year", "ongoing", "not_documented"),
    *("budget_amount", "budget_currency", "budget_year", "cost_band", "staff_fte", "months_to_set_up"),
    *("funding_sources", "quick_win", "evidence_strength", "licence", "consent_by", "consent_at"),
    *("disclosure", "disclosed", "embargo_until"),
)
FIXED = ("kind", "origin", "source_language", "authority", "authority_claimed", "vouched", "demonstration")
TEXTS = ("title", "summary", "budget_note")
# Rows: model, related name, how a row of the copy finds its original, translated columns, other columns.
ROWS = (
    (Section, "sections", ("name", "position"), ("text",), ("name", "position")),
    (
        *(Result, "results", ("position",), ("indicator", "note")),
        ("position", "unit", "baseline", "value", "year", "source_url", "evidence_type"),
    ),
    (Source, "sources", ("position",), (), ("position", "title", "url", "publisher", "date")),
    (
        *(Attachment, "attachments", ("sha256",), ("title",)),
        ("file", "filename", "language", "licence", "rights_declared", "media_type", "size", "sha256", "scanned"),
    ),
)

# What readers are told about a translation; not who made it.
PROVENANCE = ("language", "status", "method", "engine", "fingerprints", "dismissed", "released_at")


@transaction.atomic
def begin(fiche, *, by):
    """The open revision of `fiche` and whether it was begun just now; there is never more than one."""
    original = type(fiche)._base_manager.select_for_update(of=("self",)).get(pk=fiche.pk)
    if open_ := original.revisions.first():
        return open_, False
    copy = type(fiche)(revises=original, submitted_by=by)
    _take(copy, original, FIXED + FACTS)
    copy.save()
    _take_lists(copy, original)
    for row in ROWS:
        _copy_rows(original, copy, *row)
    derived.refresh(copy)
    history.record(copy, "create", by=by)
    return copy, True


@transaction.atomic
def approve(copy, *, by):
    """Keep the published state as a version, put the copy's source text and facts in its place, delete the copy.

    The other languages stay as they are: their fingerprints differ now, so readers are told that they are outdated.
    Unless the lesson hides from now on what they may name.
    """
    original = type(copy)._base_manager.select_for_update(of=("self",)).get(pk=copy.revises_id)
    locked = type(copy)._base_manager.select_for_update(of=("self",)).filter(pk=copy.pk).first()
    if locked is None or locked.status != copy.Status.IN_REVIEW or original.status != copy.Status.PUBLISHED:
        raise history.LostRace(locked or original, "revise", copy.Status.PUBLISHED)
    number = original.versions.count() + 1
    FicheVersion.objects.create(fiche=original, number=number, data=snapshot(original), approved_by=by)
    hides_more = reveals(original, locked)
    _take(original, locked, (*FACTS, "vouched"))  # who stood behind the old text may not stand behind the new one
    original.version += 1
    original.save()
    _take_lists(original, locked)
    for row in ROWS:
        _copy_rows(locked, original, *row)
    _keep_events(locked, original)
    reviser = locked.submitted_by
    locked.delete()
    event = history.record(original, "revise", by=by, note=f"v{number + 1}")
    _reread(original)
    if hides_more:
        _forget(original)
    derived.refresh(original)
    editions.write(original)
    emails.after(event, original)
    if reviser and reviser != original.submitted_by:
        notifications.tell(
            "fiche_published", original, recipient=reviser, key=f"event:{event.pk}", data={"event": event.pk}
        )
    return event


def _take(target, origin, names):
    """Facts, and the texts in the source language; the other languages of `target` stay."""
    for name in [*names, *(f"{text}_{origin.source_language}" for text in TEXTS)]:
        setattr(target, name, getattr(origin, name))
    _empty(target, origin.source_language, TEXTS)


def _take_lists(target, origin):
    target.themes.set(origin.themes.all())
    target.tags.set(list(origin.tags.names()))


def _copy_rows(origin, target, model, related, match, translated, columns):
    """Make the rows of `target` those of `origin`; a row that has a counterpart keeps its key and translations."""
    names = [*columns, *(f"{name}_{origin.source_language}" for name in translated)]
    there = defaultdict(list)
    for row in getattr(target, related).all():
        there[tuple(getattr(row, name) for name in match)].append(row)
    for row in getattr(origin, related).all():
        alike = there[tuple(getattr(row, name) for name in match)]
        mine = alike.pop(0) if alike else model(fiche=target)
        for name in names:
            value = getattr(row, name)
            setattr(mine, name, value.name if name == "file" else value)
        _empty(mine, origin.source_language, translated)
        mine.save()
    for left in chain.from_iterable(there.values()):
        left.delete()


def _empty(row, source: str, translated):
    """A text that is no more has no translation either: it would be shown where the original says nothing."""
    for name in translated:
        if not (getattr(row, f"{name}_{source}") or "").strip():
            for code in settings.LANGUAGE_CODES:
                setattr(row, f"{name}_{code}", "")


def _keep_events(copy, original):
    """What happened to the copy becomes part of the original's history, for coordinators."""
    content_type = ContentType.objects.get_for_model(original)
    verb = Concat(Value("revision_"), "verb", output_field=CharField())
    Event.objects.filter(content_type=content_type, object_id=copy.pk).update(
        object_id=original.pk, internal=True, verb=verb, from_state="", to_state=""
    )


def reveals(old, now) -> bool:
    """Whether an old state names what the lesson hides now; its text may then name it as well."""
    return now.is_anonymised and (not old.is_anonymised or bool(set(old.disclosed) - set(now.disclosed)))


def _forget(fiche):
    """Its address has the words of the title that stands now; translations of what stood before are not shown."""
    fiche.slug = addresses.free_slug(fiche)
    fiche.save(update_fields=["slug"])
    sources = fingerprints(fiche.source_texts())
    for row in fiche.translations.exclude(released_at=None):
        if row.fingerprints.items() - sources.items():
            withdraw(fiche, row.language, texts.texts_in(fiche, row.language))


def _reread(fiche):
    """Forget what was read of the rows before they changed."""
    fiche.__dict__.pop("history", None)
    fiche._prefetched_objects_cache = {}


def snapshot(fiche) -> dict:
    """Everything a reader could see of `fiche`, in all its languages, as JSON."""
    columns = {field.name: getattr(fiche, field.attname) for field in fiche._meta.concrete_fields}
    translations = fiche.translations.exclude(released_at=None).values(*PROVENANCE)
    data = {
        **columns,
        "themes": sorted(fiche.themes.values_list("slug", flat=True)),
        "tags": sorted(fiche.tags.names()),
        **{related: [_columns(row) for row in getattr(fiche, related).all()] for _model, related, *_rest in ROWS},
        "translations": list(translations),
    }
    return json.loads(json.dumps(data, cls=DjangoJSONEncoder))


def _columns(row) -> dict:
    """Every column in every language; modeltranslation's values() would give the active language alone."""
    return {field.attname: field.get_prep_value(field.value_from_object(row)) for field in row._meta.concrete_fields}


def drop_file(storage, name: str) -> None:
    """Delete a stored file that no row refers to any more; a revision shares the files of its original."""
    if not Attachment.objects.filter(file=name).exists():
        storage.delete(name)
