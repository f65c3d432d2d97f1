"""What travels to an old laptop: at most 250 kB for a first visit with its font, at most 40 kB for each next page."""

import gzip
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders

from clavet import page_cache
from tests.factories import FicheFactory, UserFactory

pytestmark = pytest.mark.django_db
FIRST, NEXT = 250_000, 40_000  # bytes, compressed as they travel
ASSET = re.compile(r'(?:src|href)="/static/([^"]+\.(?:css|js|woff2|svg))"')
PASSAGE = "Ο δήμος και τα σχολεία συμφώνησαν να εργαστούν μαζί για τους νέους που έφυγαν νωρίς. " * 20


@pytest.fixture
def corpus():
    """A full page of fiches with as much to read as a long one has."""
    texts = {"problem": PASSAGE, "objectives": PASSAGE, "actions": PASSAGE, "difficulties": PASSAGE}
    return [
        FicheFactory(
            title=f"Σχολείο δεύτερης ευκαιρίας, έτος {number}",
            summary="Τι έκανε ο δήμος, τι έμαθε και τι μπορεί να δείξει στην εκπαίδευση και την κατάρτιση. " * 3,
            source_language="el",
            sections=texts,
            results=True,
            sources=True,
            tags=["σχολείο"],
        )
        for number in range(25)
    ]


@pytest.fixture
def ready_pages(settings, monkeypatch):
    settings.PAGE_CACHE_BYTES = 4_000_000
    monkeypatch.setattr(page_cache, "version", page_cache.Version())
    monkeypatch.setattr(page_cache, "pages", page_cache.Pages())


def travelling(name: str) -> int:
    """The bytes of a static file as it is sent: fonts as they are, text compressed."""
    content = Path(finders.find(name)).read_bytes()
    return len(content) if name.endswith("woff2") else len(gzip.compress(content))


def test_pages_weigh_little(client, corpus, ready_pages):
    fiche = corpus[0]
    paths = ["/el/", "/el/fiches/", "/el/fiches/?kind=best_practice", f"/el/fiches/{fiche.pk}/{fiche.slug}/"]
    paths += ["/el/themes/", "/el/themes/adult-learning/", "/el/search/?q=σχολείο"]
    read = set()
    for path in paths:
        response = client.get(path, headers={"accept-encoding": "gzip, br"})
        assert response.status_code == 200 and response["Content-Encoding"] == "gzip", path
        assert "Accept-Encoding" in response["Vary"]
        assert int(response["Content-Length"]) == len(response.content)
        page = gzip.decompress(response.content).decode()
        assets = set(ASSET.findall(page))
        weight = len(response.content) + sum(travelling(name) for name in assets - read)
        assert weight <= (NEXT if read else FIRST), (path, weight)
        assert len(response.content) + sum(map(travelling, assets)) <= FIRST, path
        read |= assets


def test_a_ready_page_is_what_the_browser_can_read(client, ready_pages, django_assert_num_queries):
    packed = client.get("/en/about/", headers={"accept-encoding": "gzip"})
    plain = client.get("/en/about/")
    assert "Content-Encoding" not in plain and gzip.decompress(packed.content) == plain.content
    with django_assert_num_queries(0):
        again = client.get("/en/about/", headers={"accept-encoding": "gzip"})
    assert again.content == packed.content and again["Content-Encoding"] == "gzip"
    assert again["ETag"] == plain["ETag"].strip()
    etag = {"if-none-match": again["ETag"], "accept-encoding": "gzip"}
    assert client.get("/en/about/", headers=etag).status_code == 304


def test_the_page_of_a_person_is_compressed_and_kept_nowhere(client, ready_pages):
    client.force_login(UserFactory(), backend=settings.AUTHENTICATION_BACKENDS[0])
    response = client.get("/en/fiches/", headers={"accept-encoding": "gzip"})
    assert response["Content-Encoding"] == "gzip" and response["Cache-Control"] == "private, no-store"
    assert not page_cache.pages.entries
