"""The feeds of what is new: readers accept them in nine languages, ids stay, what changed last stands first."""

from datetime import timedelta
from xml.etree import ElementTree

import feedparser
import pytest
from django.conf import settings
from django.urls import reverse
from django.utils import timezone, translation

from fiches.feeds import ENTRIES, tag
from translations import editions

from .factories import AuthorityFactory, CoordinatorFactory, FicheFactory, MemberFactory, translate

pytestmark = pytest.mark.django_db


def get(client, language="en", status=200, **query):
    with translation.override(language):
        response = client.get(reverse("fiches:feed"), query)
    assert response.status_code == status
    return response.content.decode()


def feed(client, language="en", **query):
    read = feedparser.parse(
        get(client, language, **query).encode(), response_headers={"content-type": "application/atom+xml"}
    )
    assert not read.bozo, read.bozo_exception
    return read


def titles(client, **query):
    return [entry.title for entry in feed(client, **query).entries]


@pytest.mark.parametrize("language", settings.LANGUAGE_CODES)
def test_a_feed_reader_accepts_it(client, language):
    fiche = FicheFactory(
        title="Evening school", translations={"el": {"title": "Σχολή", "summary": "Π", "problem": "Π"}}
    )
    FicheFactory(kind="lesson_learned", disclosure="anonymised", tags=["x"])
    FicheFactory(title="Compiled", origin="compiled", vouched="compiled")
    read = feed(client, language)
    assert read.version == "atom10" and read.feed.language == language and len(read.entries) == 3
    links = {(link.rel, link.get("hreflang"), link.type) for link in read.feed.links}
    assert ("self", language, "application/atom+xml") in links and ("alternate", language, "text/html") in links
    others = {code for rel, code, kind in links if rel == "alternate" and kind == "application/atom+xml"}
    assert others == {*settings.LANGUAGE_CODES} - {language}
    entry = next(entry for entry in read.entries if entry.id == tag("fiche", fiche.reference, language))
    assert entry.title == ("Σχολή" if language == "el" else "Evening school")
    assert entry.title_detail.language == ("el" if language == "el" else "en")
    assert entry.link == f"http://testserver/{language}/fiches/{fiche.pk}/{fiche.slug}/"
    assert entry.author == fiche.authority.name_en
    assert {"adult-learning", "best_practice", "HR"} <= {category.term for category in entry.tags}


def test_the_feed_is_that_of_the_list(client):
    FicheFactory(title="Evening school", kind="best_practice")
    FicheFactory(title="Evening lesson", kind="lesson_learned", country="TR")
    assert titles(client, kind="lesson_learned") == ["Evening lesson"]
    assert titles(client, country="TR", q="evening") == ["Evening lesson"]
    assert titles(client, country="TR", kind="best_practice") == []
    assert "Lesson learned" in feed(client, kind="lesson_learned").feed.title
    page = client.get("/el/fiches/?kind=lesson_learned").content.decode()
    assert 'type="application/atom+xml" href="/el/fiches/feed.atom?kind=lesson_learned"' in page


def test_what_changed_last_stands_first_and_keeps_its_id(client):
    older = FicheFactory(title="Older", published_at=timezone.now() - timedelta(days=40))
    FicheFactory(title="Newer", published_at=timezone.now() - timedelta(days=20))
    assert titles(client) == ["Newer", "Older"]
    before = feed(client).entries[1]
    older.archive(by=CoordinatorFactory())
    older.restore(by=CoordinatorFactory())
    after = feed(client).entries[0]
    assert (after.title, after.id) == ("Older", before.id)
    assert after.updated > before.updated and after.published == before.published


def test_a_translation_is_news_in_its_language_only(client):
    older = FicheFactory(title="Older", published_at=timezone.now() - timedelta(days=40))
    FicheFactory(title="Newer")
    translate(older, "el", title="Παλιό", problem="Πρόβλημα")
    editions.write(older)
    assert titles(client, language="el")[0] == "Παλιό"
    assert titles(client)[0] == "Newer"


def test_among_many_fiches_an_old_one_translated_now_comes_first(client, monkeypatch):
    monkeypatch.setattr("fiches.feeds.ENTRIES", 2)
    older = FicheFactory(title="Older", published_at=timezone.now() - timedelta(days=40))
    for number in range(4):
        FicheFactory(title=f"Newer {number}")
    translate(older, "el", title="Παλιό", problem="Πρόβλημα")
    editions.write(older)
    assert titles(client, language="el") == ["Παλιό", "Newer 3"]
    assert titles(client) == ["Newer 3", "Newer 2"]


def test_at_most_fifty(client, django_assert_max_num_queries):
    for number in range(ENTRIES + 2):
        FicheFactory(title=f"Fiche {number}")
    with django_assert_max_num_queries(3):
        read = feed(client)
    assert len(read.entries) == ENTRIES


def test_hostile_texts_are_text(client):
    title = "</title><script>x</script> & \x07\x0b\x1b \u202eevil\ufffe 👩🏽‍🏫"
    FicheFactory(title=title, summary="]]><b>" + title, authority=AuthorityFactory(name=title))
    text = get(client)
    ElementTree.fromstring(text)
    [entry] = feed(client).entries
    assert entry.title_detail.type == "text/plain" and "\x1b" not in text and "<script>" not in text
    assert "👩🏽‍🏫" in text


def test_what_is_hidden_is_in_no_feed(client):
    authority = AuthorityFactory()
    tomorrow = timezone.localdate() + timedelta(days=1)
    FicheFactory(title="Embargoed", embargo_until=tomorrow, authority=authority)
    FicheFactory(title="Draft", status="draft", authority=authority)
    FicheFactory(title="Archived", status="archived")
    lesson = FicheFactory(title="Lesson", kind="lesson_learned", disclosure="anonymised", authority=authority)
    assert titles(client) == ["Lesson"]
    assert authority.name_en not in get(client) and lesson.submitted_by.name not in get(client)
    client.force_login(MemberFactory(seat_at=authority))
    assert sorted(titles(client)) == ["Embargoed", "Lesson"]
    assert authority.name_en not in str(next(entry for entry in feed(client).entries if entry.title == "Lesson"))


def test_what_is_not_understood_makes_no_feed(client):
    assert "No file was made" in get(client, status=400, country="XX")


def test_an_empty_feed_is_a_feed(client):
    assert feed(client, kind="lesson_learned").entries == []
    assert client.head("/en/fiches/feed.atom").status_code == 200
