"""The benchmark's copies are the rows that the portal would write."""

import random

import pytest

from clavet.bench import authorities, copies, report, seeding
from clavet.bench.load import Measured
from fiches.models import Fiche
from network.models import Authority
from translations import editions
from translations.models import Edition, SearchText, Translation

COLUMNS = [field.attname for field in Edition._meta.concrete_fields if field.attname != "id"]
SEARCHED = [f"search_text__{field.attname}" for field in SearchText._meta.concrete_fields if not field.primary_key]


@pytest.mark.django_db
def test_a_copy_has_the_editions_that_the_portal_writes():
    keys = [fiche.pk for fiche in seeding.rows(2, random.Random(1))]
    seeding.write_batch(keys)
    copies.multiply(keys, 5)
    last = Fiche.objects.order_by("pk").last()
    assert (Fiche.objects.count(), last.pk, last.slug) == (5, keys[0] + 4, "bench-4")
    copied = list(Edition.objects.filter(object_id=last.pk).order_by("language").values(*COLUMNS, *SEARCHED))
    editions.write(last)
    assert list(Edition.objects.filter(object_id=last.pk).order_by("language").values(*COLUMNS, *SEARCHED)) == copied
    assert len(copied) == 9


@pytest.mark.django_db
def test_translations_of_a_copy_are_up_to_date():
    keys = [fiche.pk for fiche in seeding.rows(1, random.Random(1))]
    copies.multiply(keys, 2)
    texts = Fiche.objects.get(pk=keys[0] + 1).source_texts()
    rows = Translation.objects.filter(object_id=keys[0] + 1)
    assert rows.count() == 8
    assert all(set(row.fingerprints) <= set(texts) for row in rows)


@pytest.mark.django_db
def test_a_copied_authority_has_the_editions_that_the_portal_writes(monkeypatch):
    monkeypatch.setattr(authorities, "DIFFERENT", 2)
    authorities.seed(5)
    last = Authority.objects.order_by("pk").last()
    assert (Authority.objects.count(), last.slug) == (5, "authority-4")
    copied = list(last.editions.order_by("language").values(*COLUMNS, *SEARCHED))
    editions.write(last)
    assert list(last.editions.order_by("language").values(*COLUMNS, *SEARCHED)) == copied
    assert len(copied) == 9


def test_sizes_are_compared():
    runs = [report.Run(2, [], [Measured("list", cpu_ms=2.0)]), report.Run(20, [], [Measured("list", cpu_ms=3.0)])]
    assert "| list |     2.00 |      3.00 |  1.50 |" in report.comparison(runs)
