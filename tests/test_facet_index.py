"""The index of public fiches says what the database says: the same counts, the same pages, nothing hidden."""

import random

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import translation

from fiches import counting, facet_index, page
from fiches.facets import FACETS, Selection
from fiches.models import Fiche
from fiches.views import reading
from fiches.vocabularies import CostBand, DevelopmentStage, EvidenceStrength, Isced, Kind, PolicyStage, TargetGroup
from network.models import Theme
from network.vocabularies import GovernanceLevel, PopulationBand
from tests.factories import FicheFactory, RegionFactory
from translations import search

pytestmark = pytest.mark.django_db
THEMES = ["adult-learning", "guidance", "digital-skills", "early-school-leaving", "inclusion", "learning-city"]
COUNTRIES = ["HR", "GR", "IT", "CY"]


@pytest.fixture
def corpus():
    """Forty fiches of every kind, some of them hidden, with facts by chance."""
    chance = random.Random(7)
    regions = [RegionFactory(code=f"HR03{number}") for number in range(4)] + [None]
    for number in range(40):
        anonymised = chance.random() < 0.3
        years = sorted(chance.sample(range(2000, 2026), 2))
        FicheFactory(
            title=f"Fiche {number}",
            kind="lesson_learned" if anonymised else chance.choice(Kind.values),
            status="archived" if number % 13 == 0 else "published",
            disclosure="anonymised" if anonymised else "open",
            disclosed=["region"] if anonymised and chance.random() < 0.5 else [],
            embargo_until="2999-01-01" if number % 11 == 0 else None,
            themes=chance.sample(THEMES, chance.randrange(1, 4)),
            region=chance.choice(regions),
            country=chance.choice(COUNTRIES),
            governance_level=chance.choice([*GovernanceLevel.values, ""]),
            population_band=chance.choice([*PopulationBand.values, ""]),
            policy_stages=chance.sample(PolicyStage.values, 2),
            development_stage=chance.choice(DevelopmentStage.values),
            target_groups=chance.sample(TargetGroup.values, chance.randrange(4)),
            isced_levels=chance.sample(Isced.values, chance.randrange(3)),
            cost_band=chance.choice([*CostBand.values, ""]),
            evidence_strength=chance.choice([*EvidenceStrength.values, None]),
            quick_win=chance.random() < 0.3,
            start_year=chance.choice([years[0], None]),
            end_year=chance.choice([years[1], None]),
            ongoing=False,
        )
    Fiche.objects.filter(pk__in=chance.sample([*Fiche.objects.values_list("pk", flat=True)], 8)).update(ongoing=True)
    return reading.published(AnonymousUser())


def by_chance(chance, rows) -> Selection:
    """A selection of one to three filters, some of them with values that no fiche has."""
    values = {name: sorted(facet.values or []) for name, facet in FACETS.items()}
    values |= {
        "theme": [*THEMES, "skills-teaching", "none"],
        "region": ["HR030", "HR031", "ZZ999"],
        "country": COUNTRIES,
        "authority": ["nobody", *sorted(rows.values_list("authority__slug", flat=True))[::7]],
    }
    made = Selection(sort="newest")
    for name in chance.sample(list(FACETS), chance.randrange(4)):
        made.chosen[name] = chance.sample(values[name], min(len(values[name]), chance.randrange(1, 3)))
    if chance.random() < 0.3:
        made.year_from = chance.choice([None, 2005, 2015])
        made.year_to = chance.choice([None, 2010, 2020])
    if chance.random() < 0.2:
        made.fiches = chance.sample([*rows.values_list("pk", flat=True), 10**15], 10)
    return made


def positive(counts) -> dict:
    return {name: {value: number for value, number in values.items() if number} for name, values in counts.of.items()}


@pytest.mark.parametrize("query", ["", "fiche", '"fiche 1" or "fiche 2" or "fiche 17"', "nothing-of-the-kind", "%"])
def test_the_index_counts_and_pages_as_the_database_does(corpus, query):
    chance, index = random.Random(f"{query}!"), facet_index.read()
    rows = search.matching(corpus, query, "en")
    for _turn in range(30):
        selection = by_chance(chance, corpus)
        with translation.override("en"):
            expected = counting.count_by_sql(rows, selection.conditions())
            base = index.bits(rows.order_by().values_list("pk", flat=True)) if query else index.all
            counts = counting.count_by_index(index, base, index.conditions(selection))
        assert (counts.total, counts.base, counts.without) == (expected.total, expected.base, expected.without)
        assert {name: values for name, values in positive(counts).items() if values} == {
            name: values for name, values in positive(expected).items() if values
        }
        if not query:
            assert set(counts.of["country"]) == set(expected.of["country"])
            assert (counts.themes, counts.regions) == (
                {slug: name._replace(position=name.position.strip()) for slug, name in expected.themes.items()},
                expected.regions,
            )
        found = rows
        for condition in selection.conditions().values():
            found = found.filter(condition)
        keys = list(found.order_by("-published_at", "-pk").values_list("pk", flat=True))
        assert counts.found[0:100] == keys
        assert counts.found[3:7] == keys[3:7]


def test_related_fiches_are_those_with_most_themes_in_common_then_of_the_country(corpus):
    index, links = facet_index.read(), Fiche.themes.through.objects
    themes = {pk: set(links.filter(fiche=pk).values_list("theme", flat=True)) for pk in index.keys}
    rows = {fiche.pk: fiche for fiche in corpus}
    for pk in index.keys:

        def order(other, pk=pk):
            return -len(themes[pk] & themes[other]), rows[pk].country != rows[other].country

        near = [key for key in index.keys if key != pk and order(key) < (0, True)]
        assert index.related(pk, 5) == sorted(near, key=order)[:5]
    assert index.related(10**15, 5) == []


def test_an_empty_corpus():
    index = facet_index.read()
    assert index.all == 0 and index.part(index.all, 0, 20) == []
    assert counting.count_by_index(index, index.all, index.conditions(Selection(chosen={"kind": ["x"]}))).total == 0


def test_the_names_of_themes_are_those_of_the_language():
    FicheFactory(themes=["adult-learning"])
    Theme.objects.filter(slug="adult-learning").update(name_el="Εκπαίδευση ενηλίκων", name_hr="")
    index = facet_index.read()
    assert index.theme_names("el")["adult-learning"].name == "Εκπαίδευση ενηλίκων"
    assert index.theme_names("hr")["adult-learning"].name == Theme.objects.get(slug="adult-learning").name_en


def test_the_kept_index_is_read_anew_when_the_corpus_changes(settings, monkeypatch):
    settings.PAGE_CACHE_BYTES, settings.CORPUS_VERSION_MAX_AGE = 1_000_000, 0
    monkeypatch.setattr(facet_index.kept, "made", None)
    fiche = FicheFactory()
    kept = facet_index.current()
    assert facet_index.current() is kept and list(kept.keys) == [fiche.pk]
    another = FicheFactory()
    assert set(facet_index.current().keys) == {fiche.pk, another.pk}


def test_a_page_asks_who_may_see_what_the_index_names(client, monkeypatch):
    """Even an index that is out of date shows no fiche that is hidden now."""
    fiche = FicheFactory(title="Was public")
    old = facet_index.read()
    Fiche.objects.filter(pk=fiche.pk).update(status="archived")
    monkeypatch.setattr(facet_index, "current", lambda: old)
    for path in ("/en/", "/en/fiches/", "/en/fiches/?kind=best_practice"):
        assert "Was public" not in client.get(path).content.decode()
    assert page.RELATED


def test_lists_by_title_and_by_relevance_are_those_of_the_database(corpus, client):
    index = facet_index.read()
    with translation.override("el"):
        rows = search.matching(corpus, "", "el").order_by("found__sort_key", "pk")
        counts = counting.count_by_index(index, index.all, {})
        assert counts.found.ordered("title") == list(rows.values_list("pk", flat=True))
        hits = search.matching(corpus, "fiche", "el").values_list("pk", flat=True)
        counts = counting.count_by_index(index, index.bits(hits), {}, list(hits))
        assert counts.found.ordered("relevance") == list(hits)
