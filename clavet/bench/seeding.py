"""Made-up fiches in nine languages for the benchmark.

At most DIFFERENT fiches are written as the portal writes them; more are copies of those, made in the database
(clavet.bench.copies): the same rows under other numbers.
"""

import random
import time
from concurrent.futures import ProcessPoolExecutor
from itertools import pairwise
from multiprocessing import get_context

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import connection, connections
from django.utils import timezone
from taggit.models import Tag, TaggedItem

from fiches.models import Fiche, Result, Section
from fiches.sections import SECTIONS
from fiches.vocabularies import CostBand, DevelopmentStage, Kind, PolicyStage, TargetGroup
from network.models import Authority, Theme
from network.vocabularies import GovernanceLevel, PopulationBand
from translations import editions, search
from translations.models import Translation
from translations.shown import fingerprints

from . import authorities, copies
from .words import Writer, in_all_languages

LANGUAGES = settings.LANGUAGE_CODES
COUNTRIES = ["ES", "IT", "BE", "GR", "CY", "RO", "HR", "TR", "FR", "NL", "DE", "PL", "PT", "SI", "AT"]
AUTHORITIES = 60
DIFFERENT = 2000  # fiches with texts of their own
PROCESSES = 2
BATCH = 50  # fiches that one process writes before it says so


def seed(number, authorities_too, say):
    """Make `number` published fiches and so many authorities; returns the seconds spent on rows, on Editions and on copies."""
    chance = random.Random(2026)  # noqa: S311 – the same corpus each time, nothing secret
    times = [time.perf_counter()]
    keys = [fiche.pk for fiche in rows(min(number, DIFFERENT), chance)]
    times.append(time.perf_counter())
    with copies.without_search_indexes():
        write_editions(keys, say)
        times.append(time.perf_counter())
        copies.multiply(keys, number)
        authorities.seed(authorities_too)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    times.append(time.perf_counter())
    return [end - start for start, end in pairwise(times)]


def write_editions(keys, say):
    search.warm()
    connections.close_all()  # no connection crosses the fork
    batches = [keys[start : start + BATCH] for start in range(0, len(keys), BATCH)]
    with ProcessPoolExecutor(PROCESSES, get_context("fork")) as pool:
        for done, _nothing in enumerate(pool.map(write_batch, batches), 1):
            if done % 10 == 0:
                say(f"  Editions of {done * BATCH} of {len(keys)} fiches")


def write_batch(keys):
    for fiche in Fiche.objects.filter(pk__in=keys):
        editions.write(fiche)


def rows(number, chance):
    authorities = Authority.objects.bulk_create(authority(position, chance) for position in range(AUTHORITIES))
    made = []
    for start in range(0, number, 100):
        writers = [Writer(chance) for _ in range(start, min(start + 100, number))]
        batch = Fiche.objects.bulk_create(
            fiche(start + place, chance, writer, authorities) for place, writer in enumerate(writers)
        )
        pairs = list(zip(batch, writers, strict=True))
        sections = Section.objects.bulk_create(section for one in pairs for section in sections_of(*one))
        results = Result.objects.bulk_create(result(*one, chance) for one in pairs)
        link(batch, chance)
        translated(batch, sections, results)
        made += batch
    return made


def authority(position, chance):
    writer = Writer(chance)
    names = in_all_languages("name", lambda code: f"{writer.title(code)[:60]} {position}")
    return Authority(
        slug=f"bench-{position}",
        official_name=f"Bench {position}",
        kind="local",
        country=COUNTRIES[position % len(COUNTRIES)],
        town=f"Town {position}",
        population=chance.randrange(3_000, 900_000),
        **names,
    )


def fiche(position, chance, writer, authorities):
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
        **in_all_languages("title", writer.title),
        **in_all_languages("summary", writer.summary),
    )


def sections_of(made, writer):
    for spec in SECTIONS[made.kind]:
        for position in range(1, spec.rows + 1):
            texts = in_all_languages("text", writer.passage)
            yield Section(fiche=made, name=spec.name, position=position, **texts)


def result(made, writer, chance):
    texts = in_all_languages("indicator", writer.title)
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
