"""Whom a Euroregion represents, on its page: few together, many by country and in pages, at the same few statements."""

import re

import pytest

from network.directory import represented

from .factories import (
    AuthorityFactory,
    CoordinatorFactory,
    FicheFactory,
    MemberFactory,
    MembershipFactory,
    RepresentationFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db
PAGE = "/en/network/euroregion/"
ITEM = re.compile(r'<li><a href="/en/network/((?!euroregion)[^"/]+)/"')
NAMES = ["Athens", "Zakynthos", "Bari", "Zagreb <b>"]


@pytest.fixture
def euroregion():
    """Represents four authorities in three countries, made in no order."""
    found = AuthorityFactory(slug="euroregion", name="Sample Euroregion", kind="euroregion", editions=True)
    MembershipFactory(authority=found)
    for name, country in zip(reversed(NAMES), ("HR", "IT", "GR", "GR"), strict=True):
        slug = name.split()[0].lower()
        authority = AuthorityFactory(slug=slug, name=name, country=country, town=name, editions=True)
        RepresentationFactory(coordinator=found, authority=authority)
    MembershipFactory(authority=found.represents.get(authority__slug="bari").authority, status="on_hold")
    return found


def read(client, query="", status=200):
    response = client.get(f"{PAGE}{query}")
    assert response.status_code == status
    return response.content.decode() if status == 200 else ""


def test_few_stand_together_in_the_order_of_the_alphabet(client, euroregion):
    text = read(client)
    assert ITEM.findall(text) == ["zagreb", "athens", "zakynthos", "bari"]  # Croatia, Greece, Italy
    assert "Zagreb &lt;b&gt;</a>" in text
    assert "Zagreb <b>" not in text
    assert "?country=" not in text
    assert 'class="pages"' not in text
    assert read(client, "?page=9&country=GR").count('class="plain represented"') == 3  # nothing to ask for


def test_many_are_all_reached_without_javascript(client, euroregion, monkeypatch):
    monkeypatch.setattr(represented, "MANY", 3)
    first = read(client)
    second = read(client, re.search(r'rel="next" href="(\?page=2)#represents"', first)[1])
    assert ITEM.findall(first) == ["zagreb", "athens", "zakynthos"]
    assert ITEM.findall(second) == ["bari"]
    assert first.count('href="?page=2#represents"') == 2  # the number, the next page: back to the list, not to the top
    assert client.get(PAGE).context["totals"] == {"represented": 4, "members": 1, "countries": 3, "fiches": 0}
    for query in ("?page=3", "?page=x", "?page=0"):
        read(client, query, status=404)


def test_many_are_narrowed_to_a_country_and_found_by_name(client, euroregion, monkeypatch):
    monkeypatch.setattr(represented, "MANY", 1)
    chosen = read(client, re.search(r'href="(\?country=GR)#represents"', read(client))[1])
    assert ITEM.findall(chosen) == ["athens"]
    assert re.search(r'<span class="muted">\(2\)</span>', chosen)  # of the country, not of the page
    assert 'href="?#represents"' in chosen
    assert ITEM.findall(read(client, "?country=GR&page=2")) == ["zakynthos"]
    assert ITEM.findall(read(client, "?country=XX")) == ["zagreb"]
    directory = re.search(r'href="(/en/network/\?euroregion=euroregion)"', chosen)[1]
    assert all(f"/en/network/{slug}/" in client.get(directory).content.decode() for slug in ("athens", "bari"))


def test_an_item_says_what_holds_today(client, euroregion):
    athens = euroregion.represents.get(authority__slug="athens").authority
    FicheFactory(authority=athens, title="Evening school")
    euroregion.represents.filter(authority=athens).update(status="granted", demonstration=True)
    text = read(client)
    facts = re.search(r'/network/athens/".*?</li>', text)[0]
    assert re.findall(r"<span>(.*?)</span>", facts)[1:] == [
        '<a href="/en/fiches/?authority=athens">one fiche</a>',
        "Demonstration",
    ]
    assert "<span>Member</span>" in re.search(r'/network/bari/".*?</li>', text)[0]
    assert "Member" not in facts
    FicheFactory(authority=athens)
    assert "2 fiches" in read(client)


def test_people_see_the_same_fiches_as_strangers(client, euroregion):
    athens = euroregion.represents.get(authority__slug="athens").authority
    FicheFactory(authority=athens, title="Evening school")
    FicheFactory(authority=euroregion, title="School of two countries")
    for person in (None, UserFactory(), MemberFactory(seat_at=athens), CoordinatorFactory()):
        if person:
            client.force_login(person)
        text = read(client)
        assert "Evening school" in text and "School of two countries" in text, person
        assert client.get(PAGE).context["totals"]["fiches"] == 2
        assert ITEM.findall(text) == ["zagreb", "athens", "zakynthos", "bari"]
        own = client.get("/en/network/athens/").content.decode()
        assert "Evening school" in own and "School of two countries" not in own, person


def test_a_hidden_authority_is_told_to_its_own_side_only(client, euroregion):
    hidden = AuthorityFactory(slug="hidden-town", hidden=True, editions=True)
    RepresentationFactory(coordinator=euroregion, authority=hidden)
    assert "hidden-town" not in read(client)
    client.force_login(UserFactory())
    assert "hidden-town" not in read(client)
    client.force_login(MemberFactory(seat_at=euroregion))
    assert "hidden-town" in ITEM.findall(read(client))
    assert client.get(PAGE).context["totals"]["represented"] == 5


@pytest.mark.parametrize("many", [2, 60])
def test_statements_of_a_stranger(client, euroregion, django_assert_max_num_queries, monkeypatch, many):
    """The index, its order and the page; while the corpus stays the same the page alone."""
    monkeypatch.setattr(represented, "MANY", many)
    for number in range(6):
        authority = AuthorityFactory(country="ME", editions=True)
        RepresentationFactory(coordinator=euroregion, authority=authority)
        FicheFactory(authority=authority if number % 2 else euroregion)
    for language in ("en", "el", "tr"):
        with django_assert_max_num_queries(3):
            assert client.get(f"/{language}/network/euroregion/").status_code == 200
        with django_assert_max_num_queries(2):
            assert client.get(f"/{language}/network/athens/").status_code == 200
