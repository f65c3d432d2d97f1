"""The directory as data: what the list shows, complete, in its language, safe to open; one authority; the feed."""

import csv
import datetime
import io
import json
import re

import feedparser
import pytest
from django.conf import settings
from django.urls import reverse
from django.utils import translation

from accounts import history
from network.exports import records
from network.models import Authority, Expertise, Membership, Representation
from translations import corpus
from translations.exports import files

from .exported import linked
from .factories import (
    AuthorityFactory,
    FicheFactory,
    MemberFactory,
    MembershipFactory,
    RepresentationFactory,
    ThemeFactory,
)

pytestmark = pytest.mark.django_db
DAY = datetime.date(2025, 3, 1)


@pytest.fixture
def network():
    town = AuthorityFactory(slug="rijeka", name="City of Rijeka", working_languages=["hr", "it"])
    MembershipFactory(authority=town, since=DAY)
    Expertise.objects.create(authority=town, theme=ThemeFactory(slug="adult-learning"), expertise=4, need=1)
    euroregion = AuthorityFactory(slug="euroregion", name="Sample Euroregion", kind="euroregion")
    MembershipFactory(authority=euroregion, membership_class="coordinator", since=DAY)
    province = AuthorityFactory(slug="torino", name="Province of Turin", country="IT")
    RepresentationFactory(coordinator=euroregion, authority=province)
    applicant = AuthorityFactory(slug="applicant", name="Applying town")
    MembershipFactory(authority=applicant, status="applied")
    secret = AuthorityFactory(slug="secret", name="Secret town", hidden=True)
    MembershipFactory(authority=secret)
    FicheFactory(authority=town)
    for authority in (town, euroregion, province, applicant, secret):
        authority.rewrite()
    return town


def file(client, name="csv", page_in="en", status=200, **query):
    with translation.override(page_in):
        response = client.get(reverse("network:export", args=[name]), query)
    assert response.status_code == status, response
    return response.getvalue().decode() if response.streaming else response.content.decode()


def rows(client, **query):
    text = file(client, **({"header": "codes"} | query))
    assert text.startswith("\ufeff")
    return list(csv.DictReader(io.StringIO(text[1:], newline="")))


def codes(client, **query):
    return [row["code"] for row in json.loads(file(client, "json", **query))["authorities"]]


@pytest.mark.parametrize(
    "query",
    [
        {},
        {"country": "IT"},
        {"standing": "member"},
        {"euroregion": "euroregion"},
        {"theme": "adult-learning"},
        {"language": "it"},
        {"q": "Rijeka"},
        {"sort": "newest"},
        {"standing": ["member", "other"]},
    ],
)
def test_a_file_holds_what_the_list_counts_in_its_order(client, network, query):
    page = client.get(reverse("network:list"), query)
    found = codes(client, **query)
    assert len(found) == page.context["counts"].total > 0
    assert [row["code"] for row in rows(client, **query)] == found
    entries = json.loads(file(client, "jsonld", **query))["itemListElement"]
    assert [entry["identifier"] for entry in entries] == found
    cards = str(page.context["rows"])
    assert re.findall(r'<h3[^>]*><a href="/en/network/([^/]+)/"', cards) == found


def test_an_application_is_not_told_and_hidden_is_not_there(client, network):
    everything = json.loads(file(client, "json", standing=["member", "on_hold", "represented", "former", "other"]))
    found = {row["code"]: row for row in everything["authorities"]}
    assert everything["number"] == len(found)
    assert set(found) >= {"rijeka", "euroregion", "torino"}
    assert "secret" not in found
    assert found.get("applicant", {}).get("membership") is None
    assert found["torino"]["membership"] is None
    assert [row["code"] for row in found["torino"]["represented_by"]] == ["euroregion"]
    assert found["rijeka"]["membership"]["since"] == "2025-03-01"
    assert found["rijeka"]["fiches"] == 1


def test_a_euroregion_that_has_left_is_named_nowhere(client, network):
    Membership.objects.filter(authority__slug="euroregion").update(status="withdrawn")
    corpus.bump()
    everything = json.loads(file(client, "json", standing=["member", "represented", "former", "other"]))
    assert not any(row["represented_by"] for row in everything["authorities"])
    assert "torino" not in codes(client, euroregion="euroregion")


def test_an_example_is_told_as_on_its_page(client, network):
    """A real authority whose membership, or whose only representation, is invented for the demonstration."""
    examples = {"euroregion", "torino"}
    Membership.objects.filter(authority__slug="euroregion").update(demonstration=True)
    Representation.objects.update(demonstration=True)
    corpus.bump()
    everything = {row["code"]: row for row in json.loads(file(client, "json"))["authorities"]}
    assert {code for code, row in everything.items() if row["demonstration"]} == examples
    said = {row["code"]: row["demonstration_label"] for row in rows(client)}
    assert {code for code, word in said.items() if word == said["torino"]} == examples
    torino = Authority.objects.get(slug="torino")
    MembershipFactory(authority=torino)  # its own membership counts more than who represents it
    assert not records.is_example(records.complete(Authority.objects.filter(pk=torino.pk), "en").get())


def test_nobodys_name_or_address_is_in_a_file(client, network):
    person = MemberFactory(seat_at=network, seat_at__role="representative", name="Rita Hidden")
    for name in ("csv", "json", "jsonld"):
        text = file(client, name)
        assert not [said for said in ("Rita Hidden", person.email, network.official_address) if said in text]


def test_no_cell_is_a_formula(client, network):
    for sign in "=+-@":
        type(network).objects.filter(pk=network.pk).update(official_name=f"{sign}1+1")
        (row,) = [row for row in rows(client) if row["code"] == "rijeka"]
        assert row["official_name"] == f"'{sign}1+1"


def test_the_table_speaks_the_readers_language(client, network):
    head = file(client, page_in="el", separator="semicolon").split("\n")[0]
    assert ";" in head
    assert "Χώρα" in head


def test_every_language_has_its_files(client, network):
    for language in settings.LANGUAGE_CODES:
        for name in ("csv", "json", "jsonld"):
            assert "torino" in file(client, name, page_in=language, header="codes")


@pytest.mark.parametrize("query", [{"country": "XX"}, {"theme": "no-such"}, {"euroregion": "none"}, {"separator": "x"}])
def test_what_is_not_understood_makes_no_file(client, network, query):
    assert "No file was made" in file(client, status=400, **query)


def test_an_unknown_format_is_404(client, network):
    file(client, "xlsx", status=404)
    assert client.get("/en/network/rijeka/authority.csv").status_code == 404


def test_chunks_do_not_change_what_is_in_it(client, network, monkeypatch):
    whole = codes(client)
    monkeypatch.setattr("translations.exports.files.CHUNK", 1)
    assert codes(client) == whole


def test_too_many_long_files_at_once_are_refused(client, network, monkeypatch):
    monkeypatch.setattr("translations.exports.files.CHUNK", 1)
    monkeypatch.setattr(files, "taking_turns", lambda _pieces: None)
    with translation.override("en"):
        response = client.get(reverse("network:export", args=["csv"]))
    assert (response.status_code, response["Retry-After"]) == (503, "30")


# --- one authority ---------------------------------------------------------------------------------------------


def test_json_ld_is_read_by_a_processor(client, network):
    (node,) = linked(client.get("/en/network/rijeka/authority.jsonld").content.decode())
    word = "https://schema.org/"
    assert node["@type"] == [f"{word}GovernmentOrganization"]
    assert node[f"{word}name"] == [{"@value": "City of Rijeka"}]
    assert node[f"{word}knowsAbout"][0][f"{word}termCode"] == [{"@value": "adult-learning"}]
    assert [one["@value"] for one in node[f"{word}knowsLanguage"]] == ["hr", "it"]
    (member,) = linked(client.get("/en/network/torino/authority.jsonld").content.decode())
    assert member[f"{word}memberOf"][0][f"{word}name"] == [{"@value": "Sample Euroregion"}]


def test_the_same_node_stands_in_the_page_and_ends_no_script(client, network):
    type(network).objects.filter(pk=network.pk).update(official_name="</script><b>")
    text = client.get("/en/network/rijeka/").content.decode()
    block = text.split('<script type="application/ld+json">')[1].split("</script>")[0]
    assert json.loads(block)["legalName"] == "</script><b>"
    assert json.loads(block) == json.loads(client.get("/en/network/rijeka/authority.jsonld").content)


def test_a_hidden_authority_has_no_file_and_a_merged_one_leads_on(client, network):
    assert client.get("/en/network/secret/authority.json").status_code == 404
    AuthorityFactory(slug="old", hidden=True, merged_into=network)
    assert client.get("/en/network/old/authority.json").status_code == 301


# --- feed ------------------------------------------------------------------------------------------------------


def feed(client, language="en", **query):
    with translation.override(language):
        response = client.get(reverse("network:feed"), query)
    assert response.status_code == 200
    made = feedparser.parse(response.content)
    assert not made.bozo, made.get("bozo_exception")
    return made


def test_the_feed_tells_who_joined_and_what_changed(client, network):
    history.record(network, "profile")
    made = feed(client)
    assert [entry.link.rsplit("/", 2)[1] for entry in made.entries] == ["rijeka", "euroregion"]
    assert "Active" in made.entries[0].summary
    assert made.entries[0].id.endswith(":authority:rijeka:en")
    assert made.entries[0].published.startswith("2025-03-01")


def test_the_feed_of_a_choice_in_every_language(client, network):
    for language in settings.LANGUAGE_CODES:
        made = feed(client, language, kind="euroregion")
        assert [entry.link.rsplit("/", 2)[1] for entry in made.entries] == ["euroregion"]
        assert made.feed.id.endswith(f"network:{language}:kind=euroregion")


def test_internal_events_are_no_news(client, network):
    before = feed(client).entries[0].updated
    history.record(network, "profile", internal=True)
    assert feed(client).entries[0].updated == before


def test_queries_of_a_list_do_not_grow(client, network, django_assert_max_num_queries):
    file(client)
    for number in range(5):
        MembershipFactory(authority=AuthorityFactory(slug=f"more-{number}"))
    with django_assert_max_num_queries(6):
        file(client, "json")
