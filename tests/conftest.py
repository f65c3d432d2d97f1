"""What every test may use: a throw-away PostgreSQL, a browser that sees only us, languages and widths."""

import datetime
import os
import re
import shutil
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.utils import translation

from clavet import catalogues, embedded_postgres

os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")  # Playwright runs a loop beside the synchronous ORM

CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
CHROMIUM_FLAGS = [
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync", "--disable-dev-shm-usage"),
]
IN_CI = os.environ.get("CI") == "true"
WIDTHS = {320: 640, 1280: 800}
NO_BROWSER = "BROWSER TESTS SKIPPED: no chromium on this machine (as root `make test` installs it)"


def pytest_addoption(parser):
    parser.addoption("--all-languages", action="store_true", help="page tests in all nine languages, not in two")


def pytest_configure():
    catalogues.compile_stale()  # once, before any text is read and any second process starts


def page_languages(config):
    """Greek, where most goes wrong, and one that changes with the day; or all nine."""
    if config.getoption("--all-languages"):
        return settings.LANGUAGE_CODES
    others = [code for code in settings.LANGUAGE_CODES if code != "el"]
    return ["el", others[datetime.date.today().toordinal() % len(others)]]


def pytest_generate_tests(metafunc):
    languages, names = page_languages(metafunc.config), {"page_language", "page_width"} & set(metafunc.fixturenames)
    if len(names) == 2:  # the second language on a telephone only, where words are long for it
        whole = metafunc.config.getoption("--all-languages")
        pairs = [(code, width) for code in languages for width in WIDTHS if whole or code == "el" or width == 320]
        metafunc.parametrize(("page_language", "page_width"), pairs)
    elif names:
        name = names.pop()
        metafunc.parametrize(name, languages if name == "page_language" else WIDTHS)


def pytest_collection_modifyitems(items):
    for item in items:
        if "page" in item.fixturenames or "browser" in item.fixturenames:
            item.add_marker(pytest.mark.browser)
            if not CHROMIUM and not IN_CI:
                item.add_marker(pytest.mark.skip(reason=NO_BROWSER))


@pytest.fixture(autouse=True)
def in_english():
    """A request in another language leaves that one active, for whatever runs next."""
    with translation.override("en"):
        yield


def pytest_terminal_summary(terminalreporter):
    if any(NO_BROWSER in str(report.longrepr) for report in terminalreporter.stats.get("skipped", [])):
        terminalreporter.write_sep("!", NO_BROWSER, red=True, bold=True)


def pytest_sessionfinish():
    media = Path(settings.MEDIA_ROOT)
    if media.name.startswith("clavet-media-"):
        shutil.rmtree(media, ignore_errors=True)


# --- the database ----------------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix, request):
    """Point Django at a cluster of this run's own, before anything connects.

    TEST_CLUSTER=/some/folder keeps one there, for `pytest --reuse-db` while one works on a test.
    """
    from django.db import connections

    def use(address):
        current = connections["default"].settings_dict
        name = current["NAME"]
        current.update(embedded_postgres.settings_for(address, role="test") | {"NAME": name})

    if not embedded_postgres.is_ours():
        current = embedded_postgres.database_settings()
        connections["default"].settings_dict["OPTIONS"] = current["OPTIONS"]
        yield
    elif place := os.environ.get("TEST_CLUSTER"):
        use(embedded_postgres.kept(place).address())
        yield
    else:
        with embedded_postgres.throwaway() as cluster:
            use(cluster.address())
            yield


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """Tests that commit are cleaned up by TRUNCATE, which the tables of what was signed refuse elsewhere."""
    from django.db import connection

    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute("SELECT tgrelid::regclass, tgname FROM pg_trigger WHERE tgname LIKE '%_stays_whole'")
        for table, trigger in cursor.fetchall():
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER {trigger}")
    connection.close()  # the tests of backups copy this database: nobody may stand in it


# --- the browser -----------------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    if not CHROMIUM:
        pytest.fail("CI must run the browser tests, and there is no chromium")
    return {**browser_type_launch_args, "executable_path": CHROMIUM, "args": CHROMIUM_FLAGS}


@pytest.fixture
def browser_context_args(browser_context_args, request):
    """The browser speaks the page's language and has its width."""
    parameters = getattr(getattr(request.node, "callspec", None), "params", {})
    width = parameters.get("page_width", 1280)
    language = parameters.get("page_language", "en")
    return {**browser_context_args, "viewport": {"width": width, "height": WIDTHS[width]}, "locale": language}


class Live:
    """The running portal and one browser page on it."""

    def __init__(self, url, page):
        self.url, self.page = url, page
        self.expected = []  # patterns of console errors a test provokes, such as "404"
        self.problems = []

    def watch(self, context):
        own = urlsplit(self.url).netloc

        def guard(route):
            address = urlsplit(route.request.url)
            if address.scheme in {"data", "blob"} or address.netloc == own:
                route.continue_()
            else:
                self.problems.append(f"request to another host: {route.request.url}")
                route.abort()

        context.route("**/*", guard)
        context.on("console", lambda message: message.type == "error" and self.problems.append(message.text))
        context.on("weberror", lambda error: self.problems.append(str(error.error)))

    def goto(self, path):
        """Open a path of the portal; returns the response."""
        return self.page.goto(self.url + path)

    def log_in(self, user):
        """Sign a person in without the form."""
        from django.test import Client

        client = Client()
        client.force_login(user, backend=settings.AUTHENTICATION_BACKENDS[0])
        name = settings.SESSION_COOKIE_NAME
        self.page.context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": self.url}])

    def unexpected(self):
        return [text for text in self.problems if not any(re.search(pattern, text) for pattern in self.expected)]


@pytest.fixture
def live(live_server, page):
    """`live.goto("/en/")`, `live.page`, `live.log_in(user)`; fails on console errors and foreign requests.

    A test that provokes a console error says so: `live.expected.append("404")`.
    """
    here = Live(live_server.url, page)
    here.watch(page.context)
    page.set_default_timeout(15_000)
    yield here
    assert not here.unexpected(), "\n".join(here.unexpected())


@pytest.fixture
def visit(live_server, browser, browser_context_args):
    """`visit(user, "el")` is one more person at a browser of their own, in their language; watched as `live` is."""
    people = []

    def person(user=None, language="en"):
        context = browser.new_context(**{**browser_context_args, "locale": language})
        here = Live(live_server.url, context.new_page())
        here.watch(context)
        context.set_default_timeout(30_000)  # several at once: the first page of each language is slow
        people.append(here)
        if user:
            here.log_in(user)
        return here

    yield person
    problems = [text for here in people for text in here.unexpected()]
    for here in people:
        here.page.context.close()
    assert not problems, "\n".join(problems)


@pytest.fixture
def axe():
    """`axe(page)` fails with what the accessibility rules find, WCAG 2.2 A and AA."""
    from axe_playwright_python.sync_playwright import Axe

    tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

    def check(page):
        found = Axe().run(page, options={"runOnly": {"type": "tag", "values": tags}})
        assert not found.violations_count, f"{page.url}\n{found.generate_report()}"

    return check


@pytest.fixture
def no_sideways_scrolling():
    """Fails if a page is wider than its window."""

    def check(page):
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, f"{page.url} is {wide} px wider than the window"

    return check
