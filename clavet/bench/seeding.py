"""Made-up fiches in nine languages for the benchmark: rows in bulk, Editions one by one as the portal writes them."""

import random
import time

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.utils import timezone
from taggit.models import Tag, TaggedItem

from fiches.models import Fiche, Result, Section
from fiches.sections import SECTIONS
from fiches.vocabularies import CostBand, DevelopmentStage, Kind, PolicyStage, TargetGroup
from network.models import Authority, Theme
from network.vocabularies import GovernanceLevel, PopulationBand
from translations import editions
from translations.models import Translation
from translations.shown import fingerprints

from .words import WORDS

LANGUAGES = settings.LANGUAGE_CODES
COUNTRIES = ["ES", "IT", "BE", "GR", "CY", "RO", "HR", "TR", "FR", "NL", "DE", "PL", "PT", "SI", "AT"]
AUTHORITIES = 60
VOCABULARY = {code: words.split() for code, words in WORDS.items()}


def sentence(chance, language, words=14):
    return " ".join(chance.choices(VOCABULARY[language], k=words)).capitalize() + "."


def in_all_languages(chance, name, make):
    return {f"{name}_{code}": make(chance, code) for code in LANGUAGES}


def title(chance, language):
    return sentence(chance, language, 7)[:95]


def summary(chance, language):
    return " ".join(sentence(chance, language) for _ in range(2))[:300]


def passage(chance, language):
    return "\n\n".join(" ".join(sentence(chance, language) for _ in range(3)) for _ in range(2))


def seed(number, say):
    """Make `number` published fiches; returns the seconds spent on rows and on Editions."""
    chance = random.Random(2026)  # noqa: S311 – the same corpus each time, nothing secret
    began = time.perf_counter()
    fiches = rows(number, chance)
    in_rows = time.perf_counter() - began
    began = time.perf_counter()
    for done, fiche in enumerate(Fiche.objects.filter(pk__in=[fiche.pk for fiche in fiches]).iterator(), 1):
        editions.write(fiche)
        if done % 100 == 0:
            say(f"  Editions of {done} of {number} fiches")
    in_editions = time.perf_counter() - began
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    return in_rows, in_editions


def rows(number, chance):
    authorities = Authority.objects.bulk_create(authority(position, chance) for position in range(AUTHORITIES))
    fiches = Fiche.objects.bulk_create((fiche(position, chance, authorities) for position in range(number)), 200)
    for start in range(0, number, 100):
        batch = fiches[start : start + 100]
        sections = Section.objects.bulk_create(section for made in batch for section in sections_of(made, chance))
        results = Result.objects.bulk_create(result(made, chance) for made in batch)
        link(batch, chance)
        translated(batch, sections, results)
    return fiches


def authority(position, chance):
    names = in_all_languages(chance, "name", lambda chance, code: f"{title(chance, code)[:60]} {position}")
    return Authority(
        slug=f"bench-{position}",
        official_name=f"Bench {position}",
        kind="local",
        country=COUNTRIES[position % len(COUNTRIES)],
        town=f"Town {position}",
        population=chance.randrange(3_000, 900_000),
        **names,
    )


def fiche(position, chance, authorities):
    owner = chance.choice(authorities)
    now = timezone.now()
    return Fiche(
        reference=f"CLV-BENCH-{position:06}",
        slug=f"bench-{position}",
        kind=Kind.values[position % 3],
        status="published",
        source_language=LANGUAGES[position % 9],
        authority=owner,
        country=owner.country,
        governance_level=chance.choice(GovernanceLevel.values),
        population_band=chance.choice(PopulationBand.values),
        policy_stages=chance.sample(PolicyStage.values, 2),
        development_stage=chance.choice(DevelopmentStage.values),
        target_groups=chance.sample(TargetGroup.values, 3),
        isced_levels=chance.sample("012345678", 2),
        start_year=chance.randrange(2000, 2026),
        ongoing=chance.random() < 0.5,
        cost_band=chance.choice(CostBand.values),
        evidence_strength=chance.randrange(1, 6),
        quick_win=chance.random() < 0.2,
        available_languages=sorted(LANGUAGES),
        completeness=100,
        submitted_at=now,
        published_at=now - timezone.timedelta(hours=position),
        **in_all_languages(chance, "title", title),
        **in_all_languages(chance, "summary", summary),
    )


def sections_of(made, chance):
    for spec in SECTIONS[made.kind]:
        for position in range(1, spec.rows + 1):
            texts = in_all_languages(chance, "text", passage)
            yield Section(fiche=made, name=spec.name, position=position, **texts)


def result(made, chance):
    texts = in_all_languages(chance, "indicator", title)
    baseline = chance.randrange(100, 500)
    return Result(fiche=made, baseline=baseline, value=baseline * 2, year=2024, evidence_type="monitoring", **texts)


def link(batch, chance):
    """Themes and keywords."""
    themes = list(Theme.objects.exclude(parent=None))
    tags = [Tag.objects.get_or_create(name=f"keyword {number}", slug=f"keyword-{number}")[0] for number in range(30)]
    content_type = ContentType.objects.get_for_model(Fiche)
    through = Fiche.themes.through
    through.objects.bulk_create(
        through(fiche=made, theme=theme) for made in batch for theme in chance.sample(themes, min(2, len(themes)))
    )
    TaggedItem.objects.bulk_create(
        TaggedItem(tag=tag, content_type=content_type, object_id=made.pk)
        for made in batch
        for tag in chance.sample(tags, 2)
    )


def translated(batch, sections, results):
    """Every text has its own, reviewed translation: the largest pages and indexes there can be."""
    content_type = ContentType.objects.get_for_model(Fiche)
    rows, now = [], timezone.now()
    for made in batch:
        code = made.source_language
        texts = {"title": made.source("title"), "summary": made.source("summary")}
        texts |= {f"section:{row.pk}:text": getattr(row, f"text_{code}") for row in sections if row.fiche_id == made.pk}
        texts |= {
            f"result:{row.pk}:indicator": getattr(row, f"indicator_{code}")
            for row in results
            if row.fiche_id == made.pk
        }
        fields = {"content_type": content_type, "object_id": made.pk, "status": "reviewed", "method": "human"}
        fields |= {"fingerprints": fingerprints(texts), "released_at": now}
        rows += [Translation(language=other, **fields) for other in LANGUAGES if other != code]
    Translation.objects.bulk_create(rows, 500)
