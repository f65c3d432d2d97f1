"""Strangers get ready pages and 304s; what is hidden is gone from every process within a second."""

import datetime
import time
from types import SimpleNamespace

import pytest
import time_machine
from django.conf import settings
from django.contrib import admin
from django.contrib.sessions.models import Session
from django.http import HttpResponse
from django.test import RequestFactory

from clavet import languages, middleware, page_cache
from tests.factories import AuthorityFactory, FicheFactory, RegionFactory, ThemeFactory, UserFactory
from tests.jobs import run_jobs
from tests.servers import database_url, read, serving
from translations import corpus


@pytest.fixture
def ready_pages(settings, monkeypatch):
    """The page cache as in production, empty."""
    settings.PAGE_CACHE_BYTES = 1_000_000
    monkeypatch.setattr(page_cache, "version", page_cache.Version())
    monkeypatch.setattr(page_cache, "pages", page_cache.Pages())
    return page_cache.pages


@pytest.mark.django_db
def test_strangers_get_no_cookie_and_no_session(client, ready_pages):
    for path in ("/en/about/", "/el/about/partners/"):
        response = client.get(path)
        assert response.status_code == 200 and not response.cookies
        assert response["Cache-Control"] == "public, no-cache"
        assert "Cookie" not in response["Vary"] and "Accept-Language" in response["Vary"]
    assert not Session.objects.exists()


@pytest.mark.django_db
def test_304_before_anything_is_rendered(client, ready_pages, django_assert_num_queries):
    etag = client.get("/en/about/partners/")["ETag"]
    with django_assert_num_queries(0):
        response = client.get("/en/about/partners/", headers={"if-none-match": etag})
    assert response.status_code == 304 and response["ETag"] == etag and not response.content


@pytest.mark.django_db
def test_the_second_reader_costs_no_query(client, ready_pages, django_assert_num_queries):
    first = client.get("/en/about/partners/")
    with django_assert_num_queries(0):
        second = client.get("/en/about/partners/")
    assert second.content == first.content
    for name in ("Content-Type", "ETag", "Vary", "Cache-Control", "Content-Security-Policy", "Content-Language"):
        assert second[name] == first[name]


@pytest.mark.django_db
def test_each_thing_a_page_depends_on_is_in_its_etag(client, ready_pages, settings):
    settings.CORPUS_VERSION_MAX_AGE = 0
    english = {"accept-language": "en"}
    seen = [client.get("/en/about/", headers=english)["ETag"]]
    seen.append(client.get("/en/about/?x=1", headers=english)["ETag"])
    seen.append(client.get("/el/about/", headers=english)["ETag"])
    seen.append(client.get("/en/about/", headers={"accept-language": "tr"})["ETag"])
    seen.append(client.get("/en/about/", headers={**english, "hx-request": "true"})["ETag"])
    seen.append(client.get("/en/about/", headers={**english, "host": "localhost"})["ETag"])
    corpus.bump()
    seen.append(client.get("/en/about/", headers=english)["ETag"])
    with time_machine.travel(datetime.datetime.now(datetime.UTC) + datetime.timedelta(days=1)):
        seen.append(client.get("/en/about/", headers=english)["ETag"])
    assert len(set(seen)) == len(seen)


@pytest.mark.django_db
def test_the_offered_language_does_not_leak_to_the_next_reader(client, ready_pages):
    turkish = client.get("/en/about/", headers={"accept-language": "tr"}).content.decode()
    english = client.get("/en/about/", headers={"accept-language": "en-GB"}).content.decode()
    assert 'class="strip" lang="tr"' in turkish and 'class="strip"' not in english


@pytest.mark.django_db
def test_what_a_person_sees_is_kept_nowhere(client, ready_pages):
    client.force_login(UserFactory(name="Ada Visible"), backend=settings.AUTHENTICATION_BACKENDS[0])
    response = client.get("/en/about/")
    assert response["Cache-Control"] == "private, no-store" and "ETag" not in response
    assert "Ada Visible" in response.content.decode()
    client.logout()
    client.cookies.clear()
    assert "Ada Visible" not in client.get("/en/about/").content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "path", ["/en/report/", "/en/accounts/login/", "/en/accounts/signup/", "/en/no-such-page/", "/healthz"]
)
def test_forms_for_strangers_and_errors_are_kept_nowhere(client, ready_pages, path):
    response = client.get(path)
    assert "no-store" in response["Cache-Control"] and "ETag" not in response
    assert not ready_pages.entries


def test_a_page_with_a_rule_or_a_cookie_of_its_own_is_not_kept():
    cookie, rule, streamed = HttpResponse("a"), HttpResponse("b"), HttpResponse("c", status=301)
    cookie.set_cookie("a", "b")
    rule["Cache-Control"] = "max-age=60"
    assert not any(page_cache.may_be_kept(response) for response in (cookie, rule, streamed))
    request = RequestFactory().get("/en/")
    assert middleware.with_cache_rules(request, rule)["Cache-Control"] == "max-age=60"


def test_the_pages_used_last_stay():
    pages = page_cache.Pages()
    for name in "abc":
        pages.put(name, HttpResponse(b"x" * 1000), limit=50_000)
    assert pages.bytes == 3 * (1000 + page_cache.ENTRY_OVERHEAD)
    pages.get("a")
    pages.put("d", HttpResponse(b"x" * 1000), limit=50_000)
    pages.put("e", HttpResponse(b"x" * 1000), limit=50_000)
    for name in "fghijklmnopqrstuvwxyz":
        pages.get("a")
        pages.put(name, HttpResponse(b"x" * 1000), limit=50_000)
    assert pages.get("a") and pages.get("z") and not pages.get("b")
    assert pages.bytes <= 50_000
    pages.put("huge", HttpResponse(b"x" * 10_000), limit=50_000)
    assert pages.get("huge") is None


@pytest.mark.parametrize(
    ("header", "code"),
    [
        ("tr-TR,tr;q=0.9,en;q=0.8", "tr"),
        ("de,el;q=0.5", "el"),
        ("*", None),
        ("", None),
        ("de", None),
        ("x" * 9000, None),
    ],
)
def test_the_browsers_language(header, code):
    request = RequestFactory().get("/en/", headers={"accept-language": header})
    assert languages.of_browser(request) == code
    assert languages.offered(request) == (code if code != "en" else None)


def test_the_switch_keeps_page_and_query():
    request = RequestFactory().get("/en/fiches/?q=%C4%87&kind=x")
    assert languages.in_language(request, "el") == "/el/fiches/?q=%C4%87&kind=x"
    assert languages.in_language(RequestFactory().get("/admin/"), "el") == "/el/"


@pytest.mark.django_db
@pytest.mark.parametrize("make", [AuthorityFactory, RegionFactory, ThemeFactory])
def test_what_coordinators_change_voids_ready_pages(make):
    row, before = make(), corpus.version()
    model_admin = admin.site.get_model_admin(type(row))
    model_admin.save_model(None, row, SimpleNamespace(changed_data=["website"]), change=True)
    assert corpus.version() > before


@pytest.mark.django_db
@pytest.mark.parametrize("verb", ["rename", "delete"])
def test_a_keyword_that_coordinators_change_is_gone_from_pages_and_search(client, verb):
    fiche = FicheFactory(tags=["misspelled"])
    tag = fiche.tags.get()
    model_admin = admin.site.get_model_admin(type(tag))
    assert not hasattr(model_admin, "merge_tags_view")  # taggit's asks nobody for their role
    if verb == "delete":
        model_admin.delete_model(None, tag)
    else:
        tag.name = "spelled"
        model_admin.save_model(None, tag, SimpleNamespace(changed_data=["name"]), change=True)
    run_jobs()
    assert "misspelled" not in client.get(fiche.get_absolute_url()).content.decode()
    assert fiche.title not in client.get("/en/fiches/?q=misspelled").content.decode()


# --- two processes ---------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_a_hidden_fiche_is_gone_from_two_processes_within_a_second(tmp_path):
    coordinator = UserFactory(is_staff=True, is_superuser=True)
    fiche = FicheFactory(title="Marker Quokka")
    path = f"/en{fiche.get_absolute_url()[3:]}"
    with serving(database_url(), tmp_path) as one, serving(database_url(), tmp_path) as two:
        for address in (one, two):
            for _ in range(3):  # the second and third time from the page cache
                status, headers, body = read(address + path)
                assert status == 200 and "Marker Quokka" in body and headers["ETag"]
        etag = headers["ETag"]
        fiche.archive(by=coordinator)
        time.sleep(settings.CORPUS_VERSION_MAX_AGE)
        for address in (one, two):
            assert "Marker Quokka" not in read(address + "/en/fiches/")[2]
            assert read(address + path)[0] == 410
            assert read(address + path, **{"If-None-Match": etag})[0] == 410
