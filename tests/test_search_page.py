"""The search of the portal: the first results of each type, for strangers in three statements."""

import time

import pytest

from translations import corpus, search

from .factories import AuthorityFactory, FicheFactory, MembershipFactory, UserFactory

pytestmark = pytest.mark.django_db
PAGE = "/en/search/?q=school"


@pytest.fixture
def found():
    for number in range(12):
        FicheFactory(title=f"Evening school {number}")
    FicheFactory(title="Secret school", status="submitted")
    for number in range(3):
        name = f"School authority {number}"
        MembershipFactory(authority=AuthorityFactory(slug=f"authority-{number}", name=name, editions=True))
    AuthorityFactory(slug="hidden", name="Hidden school authority", hidden=True, editions=True)


@pytest.fixture
def keeping(settings, monkeypatch):
    """As on a server: the indexes of filters and directory are made once; each address is a new page."""
    settings.PAGE_CACHE_BYTES, settings.CORPUS_VERSION_MAX_AGE = 1_000_000, 3600
    monkeypatch.setattr(corpus, "_known", (corpus.version(), time.monotonic()))


def test_a_stranger_is_answered_in_three_statements(client, found, keeping, django_assert_max_num_queries):
    client.get(f"{PAGE}&n=0")
    with django_assert_max_num_queries(3):
        response = client.get(f"{PAGE}&n=1")
    text = response.content.decode()
    assert "Fiches: 12" in text and "Network: 3" in text
    assert text.count('class="card-row"') == 13
    assert not response.cookies


def test_people_and_strangers_find_the_same_in_the_same_order(client, found):
    def parts():
        return [(part["section"], part["number"], part["halves"]) for part in client.get(PAGE).context["parts"]]

    strangers = parts()
    client.force_login(UserFactory())
    assert parts() == strangers
    text = client.get(PAGE).content.decode()
    assert "Secret school" not in text and "Hidden school" not in text


def test_several_models_are_ranked_as_each_alone(found, django_assert_num_queries):
    from fiches.models import Fiche
    from network.models import Authority

    for query in ("school", "authority", "evening -school", "school OR authority", "zeppelin", "the", ""):
        alone = {model: search.ranked(model, query, "en") for model in (Fiche, Authority)}
        with django_assert_num_queries(0 if query == "the" else 1):
            assert search.ranked_each([Fiche, Authority], query, "en") == alone
    assert len(search.ranked(Fiche, "school", "en")) == 13  # of every state
