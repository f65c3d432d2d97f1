"""Labelled demonstration fiches in every state, so that no queue is empty."""

from datetime import timedelta
from pathlib import Path

from django.utils import timezone

from accounts.models import Reason
from fiches import revision
from fiches.models import Fiche, Opinion, Section
from fiches.vocabularies import Disclosure
from network.models import Authority, Theme
from translations import editions

from .content import HERE, add_sections, read
from .people import person


def files() -> list[Path]:
    return sorted((HERE / "samples").glob("*.toml"))


def add(path: Path) -> None:
    """Write one sample as its author would, and bring it into its state through the same verbs."""
    data = read(path)
    language, author = data["source_language"], person(data["by"])
    if Fiche.objects.filter(**{f"title_{language}": data["title"]}, demonstration=True).exists():
        return
    fiche = Fiche.objects.create(
        kind=data["kind"],
        source_language=language,
        submitted_by=author,
        authority=Authority.objects.filter(slug=data.get("authority")).first(),
        authority_claimed=data.get("authority_claimed", ""),
        demonstration=True,
        **{f"title_{language}": data["title"], f"summary_{language}": data["summary"]},
        **{"disclosure": Disclosure.OPEN} | data["facts"],
    )
    fiche.themes.set(Theme.objects.filter(slug__in=data.get("themes", [])))
    add_sections(fiche, data["sections"], language)
    editions.write(fiche)
    if data["status"] != "draft":
        advance(fiche, data, author)
        backdate(fiche, data["days"])
    if "revision" in data:
        revise(fiche, data["revision"], author)
    if "revised" in data:
        approve_revision(fiche, data["revised"], author)


def advance(fiche: Fiche, data: dict, author) -> None:
    """Submit it, and let a coordinator decide as the sample says."""
    on_behalf_of = Authority.objects.filter(slug=data.get("on_behalf_of")).first()
    fiche.submit(by=author, on_behalf_of=on_behalf_of)
    coordinator = person(data.get("read_by", "coordinator"))
    if "opinion" in data:
        Opinion.objects.create(fiche=fiche, reader=person(data["opinion"]), asked_by=coordinator)
    if data["status"] == "submitted":
        return
    fiche.take(by=coordinator)
    words = {
        "reason": Reason.objects.filter(key=data.get("reason")).first(),
        "note": data.get("note", ""),
        "note_language": data.get("note_language", ""),
    }
    match data["status"]:
        case "changes_requested":
            fiche.request_changes(by=coordinator, **words)
        case "rejected":
            fiche.reject(by=coordinator, **words)
        case "published":
            fiche.approve(by=coordinator)
        case "archived":
            fiche.approve(by=coordinator)
            fiche.archive(by=coordinator, **words)


def backdate(fiche: Fiche, days: int) -> None:
    """Let it have happened some days ago, so that the queues show ages."""
    earlier = timezone.now() - timedelta(days=days)
    fiche.events.update(at=earlier)
    dates = {name: earlier for name in ("submitted_at", "published_at") if getattr(fiche, name)}
    Fiche.objects.filter(pk=fiche.pk).update(created_at=earlier, **dates)


def revise(fiche: Fiche, sections: dict, author) -> Fiche:
    copy, _begun = revision.begin(fiche, by=author)
    for name, text in sections.items():
        column = {f"text_{fiche.source_language}": text.strip()}
        Section.objects.update_or_create(fiche=copy, name=name, defaults=column)
    copy.submit(by=author)
    return copy


def approve_revision(fiche: Fiche, data: dict, author) -> None:
    """Let a coordinator approve a revision: what readers saw before is kept as a version."""
    copy = revise(fiche, data["sections"], author)
    facts = {f"summary_{fiche.source_language}": data["summary"], **data["facts"]}
    Fiche._base_manager.filter(pk=copy.pk).update(end_year=None, **facts)
    copy = Fiche._base_manager.get(pk=copy.pk)
    coordinator = person(data.get("read_by", "coordinator"))
    copy.take(by=coordinator)
    copy.approve(by=coordinator)
    earlier = timezone.now() - timedelta(days=data["days"])
    fiche.versions.update(created_at=earlier)
    fiche.events.filter(verb__in=["revise", "revision_submit", "revision_take", "revision_create"]).update(at=earlier)
