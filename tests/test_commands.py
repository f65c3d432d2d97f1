"""The commands a person types: the Makefile's, the supervisor's, and what production refuses."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request

import pytest
from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import CommandError, call_command

from clavet import embedded_postgres
from tests.factories import FicheFactory, UserFactory

ROOT = settings.BASE_DIR
PRODUCTION = {
    "DJANGO_SETTINGS_MODULE": "clavet.settings.production",
    "DATABASE_URL": "postgres://nobody@/nowhere",
    "SECRET_KEY": "x" * 60,
    "ALLOWED_HOSTS": "clavet.example",
}


def python(code, **environment):
    """Run Python in a process of its own, with no setting of ours but these."""
    clean = {key: value for key, value in os.environ.items() if key in {"PATH", "HOME", "LANG"}}
    command = [sys.executable, "-W", "ignore", "-c", code]
    return subprocess.run(command, cwd=ROOT, env={**clean, **environment}, capture_output=True, text=True)


# --- production ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("missing", ["DATABASE_URL", "SECRET_KEY"])
def test_production_does_not_start_without(missing):
    environment = {key: value for key, value in PRODUCTION.items() if key != missing}
    done = python("import django; django.setup()", **environment)
    assert done.returncode != 0
    assert f"Set {missing}" in done.stderr


def test_production_starts():
    done = python("import django; django.setup()", **PRODUCTION)
    assert done.returncode == 0, done.stderr


def test_wsgi_means_production():
    code = "import clavet.wsgi; from django.conf import settings; print(settings.SETTINGS_MODULE)"
    done = python(code, **{key: value for key, value in PRODUCTION.items() if key != "DJANGO_SETTINGS_MODULE"})
    assert done.stdout.strip() == "clavet.settings.production", done.stderr


@pytest.mark.parametrize("path", ["/demo/mail/", "/styleguide/", "/en/demo/mail/", "/en/styleguide/"])
def test_demonstration_pages_are_absent_in_production(path):
    code = f"import django; django.setup(); from django.urls import resolve; resolve({path!r})"
    done = python(code, **PRODUCTION)
    assert "Resolver404" in done.stderr, done.stderr


@pytest.mark.parametrize("command", ["demo", "demonstration"])
def test_demonstration_commands_refuse_production(command):
    code = f"import sys; sys.argv = ['manage.py', {command!r}]; import manage; manage.main()"
    done = python(code, **PRODUCTION)
    assert done.returncode != 0
    assert "CommandError" in done.stderr, done.stderr


# --- which database --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        (
            "postgres://ann:s%40crt@db.example:5433/clavet?sslmode=require",
            ("db.example", "5433", "ann", "s@crt", "clavet"),
        ),
        ("postgresql:///clavet?host=/run/postgresql", ("/run/postgresql", "", "", "", "clavet")),
        ("postgres://ann@%2Frun%2Fpostgresql/x", ("/run/postgresql", "", "ann", "", "x")),
    ],
)
def test_database_url(monkeypatch, url, expected):
    monkeypatch.setenv("DATABASE_URL", url)
    found = embedded_postgres.database_settings()
    assert tuple(found[key] for key in ("HOST", "PORT", "USER", "PASSWORD", "NAME")) == expected
    assert found["OPTIONS"].get("sslmode") == ("require" if "sslmode" in url else None)


@pytest.mark.parametrize(
    ("role", "timeouts"),
    [
        ("web", "-c statement_timeout=5s -c lock_timeout=2s"),
        ("worker", "-c statement_timeout=10min"),
        ("migrate", "-c lock_timeout=300ms"),
    ],
)
def test_each_role_has_its_timeouts(role, timeouts):
    options = embedded_postgres.settings_for({}, role)["OPTIONS"]
    assert options == {"connect_timeout": 3, "options": timeouts}


def test_embedded_socket_is_short_and_follows_the_folder(monkeypatch, tmp_path):
    for name in ("DATABASE_URL", "PGHOST"):
        monkeypatch.delenv(name, raising=False)
    found = []
    for folder in (tmp_path / "a", tmp_path / ("deep/" * 40)):
        monkeypatch.setenv("VAR", str(folder))
        found.append(embedded_postgres.database_settings()["HOST"])
    assert found[0] != found[1]
    assert max(map(len, found)) < 60


# --- people ----------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_create_admin(monkeypatch):
    monkeypatch.setenv("CLAVET_ADMIN_PASSWORD", "a long enough sentence")
    call_command("create_admin", email="Ann@authority.example", name="Ann")
    user = get_user_model().objects.get(email="ann@authority.example")
    assert user.is_superuser and user.is_staff and user.check_password("a long enough sentence")
    assert user.emailaddress_set.get().verified


@pytest.mark.django_db
def test_create_admin_refuses_a_weak_password(monkeypatch):
    monkeypatch.setenv("CLAVET_ADMIN_PASSWORD", "12345")
    with pytest.raises(CommandError):
        call_command("create_admin", email="ann@authority.example", name="Ann")
    assert not get_user_model().objects.exists()


# --- the two commands ------------------------------------------------------------------------------------------


def test_commands_of_the_readme_exist():
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    said = set()
    for path in ("README.md", "CONTRIBUTING.md", "docs/operating.md"):
        said |= set(re.findall(r"\bmake ([a-z][a-z-]+)", re.sub(r"`make`", "", (ROOT / path).read_text())))
    assert {"demo", "test"} <= said <= targets


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def fetch(address, seconds):
    """The status of an address as soon as somebody answers there."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            return urllib.request.urlopen(address, timeout=20).status
        except OSError:
            time.sleep(0.3)
    return None


def test_demo_starts_and_leaves_nothing_behind(tmp_path):
    port = free_port()
    environment = {key: value for key, value in os.environ.items() if key in {"PATH", "HOME", "LANG"}}
    environment |= {"VAR": str(tmp_path / "var"), "PORT": str(port)}
    with (tmp_path / "output").open("w") as output:
        demo = subprocess.Popen(
            [sys.executable, "manage.py", "demo"], cwd=ROOT, env=environment, stdout=output, stderr=output
        )
        try:
            status = fetch(f"http://127.0.0.1:{port}/en/", seconds=600)
            said = (tmp_path / "output").read_text()
            assert status == 200, said
            assert "coordinator@demo.example" in said
        finally:
            demo.send_signal(signal.SIGTERM)
            demo.wait(60)
    assert demo.returncode == 0, (tmp_path / "output").read_text()
    assert not (tmp_path / "var/postgres/data/postmaster.pid").exists()
    with pytest.raises(OSError, match="refused"):
        socket.create_connection(("127.0.0.1", port), timeout=2)


@pytest.mark.django_db
def test_a_deployed_portal_with_a_demonstration_account_fails_its_check():
    from clavet.checks import no_demonstration_people

    assert not no_demonstration_people(None)
    UserFactory(email="visitor@demo.example")
    assert [fault.id for fault in no_demonstration_people(None)] == ["clavet.E001"]


@pytest.mark.django_db
def test_editions_are_written_anew():
    fiche = FicheFactory()
    draft = FicheFactory(status="draft", editions=False)
    fiche.editions.update(title="Lost")
    call_command("editions_rebuild")
    assert {row.title for row in fiche.editions.all()} == {fiche.source("title")}
    assert not draft.editions.exists()
