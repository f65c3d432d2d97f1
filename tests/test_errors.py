"""Pages that say what went wrong: in the reader's language, in the skeleton, without the database where it is down."""

import time
from types import SimpleNamespace

import psycopg
import pytest
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import InterfaceError, OperationalError, connections
from django.http import HttpResponse
from django.test import Client, RequestFactory, override_settings
from django.urls import path, reverse
from django.utils import translation

from accounts.history import LostRace
from clavet import database, embedded_postgres, errors, urls
from tests.factories import UserFactory
from tests.servers import read, serving

LANGUAGES = settings.LANGUAGE_CODES


def failing(error):
    def view(request):
        raise error

    view.login_required = False
    return view


def slow_query():
    error = OperationalError("canceling statement due to statement timeout")
    error.__cause__ = psycopg.errors.QueryCanceled()
    return error


class Published:
    status = "published"

    def __str__(self):
        return "A fiche"

    def get_status_display(self):
        return "Published-now"

    def get_absolute_url(self):
        return "/en/fiches/1/"


def gone(request):
    return errors.gone(request, successor_url="/en/fiches/2/")


gone.login_required = False

urlpatterns = [
    path("en/broken/", failing(ValueError("broken"))),
    path("el/broken/", failing(ValueError("broken"))),
    path("en/slow/", failing(slow_query())),
    path("en/down/", failing(OperationalError("connection refused"))),
    path("en/lost/", failing(LostRace(Published(), "approve", "published"))),
    path("en/forbidden/", failing(PermissionDenied("Only its author may do this."))),
    path("en/gone/", gone),
    *urls.urlpatterns,
]
handler400, handler403 = "clavet.errors.bad_request", "clavet.errors.permission_denied"
handler404, handler500 = "clavet.errors.page_not_found", "clavet.errors.server_error"
broken = override_settings(ROOT_URLCONF="tests.test_errors")


@pytest.fixture
def client():
    return Client(raise_request_exception=False)


@pytest.fixture(autouse=True)
def no_watcher(monkeypatch):
    """Nobody waits for a database that only a test calls down."""
    monkeypatch.setattr(database, "_watcher", None)
    monkeypatch.setattr(database, "watch", lambda: None)


def says(response, language):
    text = response.content.decode()
    assert f'<html lang="{language}">' in text
    assert 'id="main"' in text, "not in the skeleton"
    return text


@pytest.mark.parametrize("language", LANGUAGES)
def test_404_is_in_the_language_of_its_path(client, language):
    response = client.get(f"/{language}/no-such-page/", headers={"accept-language": "hr"})
    assert response.status_code == 404
    text = says(response, language)
    assert (
        'class="tilemap"' in text and f'action="/{language}/search/"' in text and f'href="/{language}/report/"' in text
    )


def test_404_without_a_known_language_is_in_the_browsers(client):
    for address in ("/no-such-page/", "/de/fiches/", "/xx/"):
        response = client.get(address, headers={"accept-language": "de,tr;q=0.8"})
        assert response.status_code == 404
        says(response, "tr")


@pytest.mark.parametrize("address", ["/en/%00/", "/%00", "/en/\ud7ff/", "/en/" + "a" * 3000, "/../etc/passwd"])
def test_odd_addresses_are_clean_404s(client, address):
    response = client.get(address)
    assert response.status_code in (400, 404)
    says(response, "en")


def test_400_for_a_foreign_host(client):
    response = client.get("/nl/", headers={"host": "evil.example"})
    assert response.status_code == 400
    assert "evil.example" not in says(response, "nl")


def test_403_when_a_form_has_no_token():
    response = Client(enforce_csrf_checks=True).post("/el/report/", {"text": "x"})
    assert response.status_code == 403
    says(response, "el")


@broken
def test_403_says_why(client):
    response = client.get("/en/forbidden/")
    assert response.status_code == 403
    assert "Only its author may do this." in says(response, "en")


@broken
@pytest.mark.parametrize("language", settings.LANGUAGE_CODES)
def test_405_is_a_page_that_leads_back(client, db, language):
    client.force_login(UserFactory())
    address = reverse_in(language, "fiches:withdraw", 1)
    response = client.get(
        address, headers={"Referer": f"http://testserver/{language}/fiches/my/", "Accept": "text/html"}
    )
    assert response.status_code == 405 and response["Allow"] == "POST" and "no-store" in response["Cache-Control"]
    text = response.content.decode()
    assert f'<html lang="{language}"' in text and f'href="http://testserver/{language}/fiches/my/"' in text
    assert f'href="/{language}/"' in text


def test_405_of_a_page_that_is_only_read_and_without_a_way_back(client, db):
    response = client.post("/en/fiches/", headers={"Referer": "https://elsewhere.example/x"})
    assert response.status_code == 405 and response["Allow"] == "GET, HEAD"
    assert b"</html>" in response.content and b"elsewhere.example" not in response.content


@pytest.mark.parametrize("headers", [{"Accept": "application/json"}, {"HX-Request": "true"}])
def test_405_stays_bare_for_programs_and_parts_of_pages(client, db, headers):
    client.force_login(UserFactory())
    response = client.get(reverse_in("en", "fiches:withdraw", 1), headers=headers)
    assert response.status_code == 405 and response["Allow"] == "POST" and not response.content


def reverse_in(language, name, *args):
    with translation.override(language):
        return reverse(name, args=args)


@broken
def test_409_says_how_it_stands_now(client):
    response = client.get("/en/lost/")
    assert response.status_code == 409
    text = says(response, "en")
    assert "Published-now" in text and 'href="/en/fiches/1/"' in text


@broken
def test_410_leads_on(client):
    response = client.get("/en/gone/")
    assert response.status_code == 410
    assert 'href="/en/fiches/2/"' in says(response, "en")


@broken
@pytest.mark.parametrize("language", ["en", "el"])
def test_500_asks_the_database_for_nothing(client, language):
    """This test has no access to the database: a query would fail it."""
    client.cookies[settings.SESSION_COOKIE_NAME] = "x" * 32 if language == "en" else ""
    request = RequestFactory().get(f"/{language}/broken/")
    request.user = SimpleNamespace()  # touching it would show
    assert errors.server_error(request).status_code == 500
    del client.cookies[settings.SESSION_COOKIE_NAME]
    response = client.get(f"/{language}/broken/")
    assert response.status_code == 500
    says(response, language)


def test_500_is_plain_where_even_the_skeleton_fails(client, monkeypatch):
    monkeypatch.setattr(errors, "portal", lambda request: 1 / 0)
    response = errors.server_error(RequestFactory().get("/tr/"))
    assert response.status_code == 500
    assert '<html lang="tr">' in response.content.decode()


@broken
def test_503_tells_a_slow_query_from_a_lost_database(client):
    slow, down = client.get("/en/slow/"), client.get("/en/down/")
    assert slow.status_code == down.status_code == 503
    assert slow["Retry-After"] and down["Retry-After"]
    assert "too long" in says(slow, "en")
    assert "database" in says(down, "en")


@pytest.mark.parametrize("error", [OperationalError("refused"), InterfaceError("closed")])
def test_503_also_where_the_middleware_meets_the_lost_database(client, monkeypatch, error):
    def lost(*args, **kwargs):
        raise error

    monkeypatch.setattr("django.contrib.sessions.backends.db.SessionStore.load", lost)
    client.cookies[settings.SESSION_COOKIE_NAME] = "x" * 32
    response = client.get("/fr/")
    assert response.status_code == 503
    says(response, "fr")


@pytest.mark.parametrize("language", LANGUAGES)
def test_while_the_database_is_down_nobody_waits(client, monkeypatch, language):
    monkeypatch.setattr(database, "_watcher", object())
    client.get(f"/{language}/")  # templates are read once
    began = time.perf_counter()
    response = client.get(f"/{language}/fiches/?kind=x")
    assert time.perf_counter() - began < 0.2
    assert response.status_code == 503
    assert f'href="/{language}/fiches/?kind=x"' in says(response, language)
    assert client.get("/healthz").status_code == 200


@pytest.mark.django_db
def test_the_watcher_ends_when_the_database_answers(monkeypatch):
    monkeypatch.undo()
    monkeypatch.setattr(database, "BETWEEN", 0.01)
    database.watch()
    for _ in range(300):
        if not database.is_down():
            break
        time.sleep(0.02)
    assert not database.is_down()
    assert connections["default"].get_connection_params()  # what it asked with


@pytest.fixture
def own_cluster():
    try:
        embedded_postgres.binaries()
    except SystemExit:
        pytest.skip("no PostgreSQL binaries here")
    with embedded_postgres.throwaway() as cluster:
        with psycopg.connect(**cluster.address(), autocommit=True) as new:
            new.execute("CREATE TABLE translations_corpus (id int, version int)")
        yield cluster


def test_a_database_that_goes_and_comes_back(own_cluster, tmp_path):
    """A real server: 503 within 200 ms while its database is away, and pages again without a restart."""
    database_url = f"postgresql:///clavet?host={own_cluster.socket}&user=clavet"
    with serving(database_url, tmp_path) as address:
        assert read(f"{address}/el/about/")[0] == 200
        own_cluster.stop()
        time.sleep(settings.CORPUS_VERSION_MAX_AGE)
        for _ in range(5):
            began = time.perf_counter()
            status, headers, text = read(f"{address}/el/about/")
            assert time.perf_counter() - began < 0.2
            assert status == 503 and headers["Retry-After"] and '<html lang="el">' in text
        assert read(f"{address}/healthz")[0] == 200
        own_cluster.start(dies_with_us=True)
        deadline = time.monotonic() + 10
        while (status := read(f"{address}/el/about/")[0]) != 200 and time.monotonic() < deadline:
            time.sleep(0.1)
        assert status == 200


@pytest.mark.django_db
def test_addresses_without_a_language_lead_to_the_readers(client):
    response = client.get("/about/?a=1", headers={"accept-language": "ro-RO,ro;q=0.9"})
    assert response.status_code == 302 and response["Location"] == "/ro/about/?a=1"
    assert "Accept-Language" in response["Vary"]
    assert client.get("/about", headers={"accept-language": "xx"})["Location"] == "/en/about/"
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "fr"
    assert client.get("/", headers={"accept-language": "it"})["Location"] == "/it/"


@pytest.mark.django_db
def test_the_root_leads_a_person_to_their_language(client):
    client.force_login(UserFactory(language="hr"), backend=settings.AUTHENTICATION_BACKENDS[0])
    response = client.get("/", headers={"accept-language": "it"})
    assert response["Location"] == "/hr/"
    assert "no-store" in response["Cache-Control"]


def test_a_language_stays_with_its_request(client):
    client.get("/el/no-such-page/")
    response = client.get("/no-such-page/", headers={"accept-language": "nl"})
    says(response, "nl")
    assert translation.get_language() in LANGUAGES
    assert isinstance(response, HttpResponse)
