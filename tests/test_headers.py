"""What every answer says to browsers, and what machines may ask."""

import os
import re
import subprocess
import sys

import pytest
from django.conf import settings
from django.db import OperationalError
from django.test import RequestFactory, override_settings

from clavet import health, middleware
from tests.factories import CoordinatorFactory


@pytest.mark.django_db
@pytest.mark.parametrize(
    "path", ["/en/about/", "/en/no-such-page/", "/", "/healthz", "/admin/", "/en/report/", "/static/css/clavet.css"]
)
def test_every_answer_carries_the_headers(client, path):
    if path == "/admin/":
        client.force_login(CoordinatorFactory(), backend=settings.AUTHENTICATION_BACKENDS[0])
    headers = client.get(path).headers
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy and "frame-ancestors 'none'" in policy and "unsafe" not in policy
    assert "camera=()" in headers["Permissions-Policy"]
    assert headers["Referrer-Policy"] == "strict-origin-when-cross-origin"
    assert headers["X-Content-Type-Options"] == "nosniff"
    if "static" not in path:
        assert headers["Cross-Origin-Opener-Policy"] == "same-origin"


def test_a_form_may_lead_to_the_openid_provider_only():
    app = {
        "provider_id": "eu",
        "settings": {"server_url": "https://login.example/oidc/.well-known/openid-configuration"},
    }
    with override_settings(SOCIALACCOUNT_PROVIDERS={"openid_connect": {"APPS": [app]}}):
        assert "form-action 'self' https://login.example;" in middleware.content_security_policy()
    assert "form-action 'self';" in middleware.content_security_policy()


def test_production_insists_on_https():
    script = (
        "import django; django.setup(); from django.test import Client;"
        "a = Client().get('/healthz', secure=True, headers={'host': 'clavet.example'});"
        "b = Client().get('/en/', headers={'host': 'clavet.example'});"
        "print(a.status_code, a.headers['Strict-Transport-Security'], b.status_code, b.headers['Location'])"
    )
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "clavet.settings.production",
        "DATABASE_URL": "postgresql://nobody@127.0.0.1:9/none",
        "SECRET_KEY": "x" * 60,
        "ALLOWED_HOSTS": "clavet.example",
    }
    done = subprocess.run(
        [sys.executable, "-c", script], env=environment, cwd=settings.BASE_DIR, capture_output=True, text=True
    )
    assert done.stdout.strip() == "200 max-age=31536000; includeSubDomains; preload 301 https://clavet.example/en/", (
        done.stderr
    )


def test_healthz_asks_the_database_for_nothing(client):
    response = client.get("/healthz")
    assert (response.status_code, response.content) == (200, b"ok\n")
    assert "no-store" in response["Cache-Control"]


@pytest.mark.django_db
def test_readyz_checks_database_and_migrations(client, monkeypatch):
    monkeypatch.setattr(health, "_migrated", False)
    assert client.get("/readyz").status_code == 200
    monkeypatch.setattr(health, "all_migrations_applied", lambda: False)
    response = client.get("/readyz")
    assert response.status_code == 503 and b"migrations" in response.content

    def lost():
        raise OperationalError("refused")

    monkeypatch.setattr(health, "all_migrations_applied", lost)
    response = client.get("/readyz")
    assert response.status_code == 503 and b"database" in response.content


def test_robots_and_security_texts(client):
    robots = client.get("/robots.txt").content.decode()
    assert "Disallow: /admin/" in robots and "Disallow: /el/accounts/" in robots
    assert "Sitemap: http://testserver/sitemap.xml" in robots
    security = client.get("/.well-known/security.txt").content.decode()
    assert f"Contact: mailto:{settings.CONTACT_EMAIL}" in security and "Expires: " in security
    for path in ("/robots.txt", "/.well-known/security.txt"):
        assert not client.get(path).cookies


def test_preferences_leave_strangers_alone():
    request = RequestFactory().get("/healthz")
    request.user = type("Stranger", (), {"is_authenticated": False})()
    assert middleware.personal_preferences(lambda given: given)(request) is request


def test_the_threat_model_names_tests_that_exist():
    named = set()
    for document in ("threat-model.md", "accessibility.md", "architecture.md"):
        named |= set(re.findall(r"`(test_\w+)`", (settings.BASE_DIR / "docs" / document).read_text()))
    written = {
        name
        for path in (settings.BASE_DIR / "tests").glob("*.py")
        for name in re.findall(r"def (test_\w+)", path.read_text())
    }
    assert named and not named - written
