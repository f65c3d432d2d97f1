"""The whole way in a browser, on the demonstration portal as `make demo` starts it: server, worker, mail, content."""

import os
import re
import subprocess
import sys
import time
import urllib.error
import urllib.request

import pytest
from django.conf import settings

from tests.servers import free_port

START_SECONDS = 400
PASSWORD = "demonstration-only"


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    """The address of a demonstration portal of our own."""
    var = tmp_path_factory.mktemp("demo")
    port = free_port()
    environment = {
        key: value for key, value in os.environ.items() if key not in ("DATABASE_URL", "PGHOST", "CLAVET_ROLE")
    }
    environment |= {"DJANGO_SETTINGS_MODULE": "clavet.settings.demo", "VAR": str(var), "PORT": str(port)}
    command = [sys.executable, "manage.py", "demo", "--port", str(port)]
    with (var / "log").open("w") as log:
        process = subprocess.Popen(command, cwd=settings.BASE_DIR, env=environment, stdout=log, stderr=log)
    address = f"http://localhost:{port}"
    try:
        wait_until_ready(process, address, var / "log")
        yield address
    finally:
        process.terminate()
        process.wait(60)


def wait_until_ready(process, address, log):
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        assert process.poll() is None, log.read_text()
        try:
            urllib.request.urlopen(f"{address}/readyz", timeout=5).close()
            return
        except (OSError, urllib.error.URLError):
            time.sleep(1)
    raise AssertionError(log.read_text())


@pytest.fixture
def visit(demo, browser):
    """`visit()` is a new person at a browser of their own; a console error or a foreign request fails the test."""
    contexts, problems = [], []

    def person(locale="en", viewport=(1280, 800)):
        size = dict(zip(("width", "height"), viewport, strict=True))
        context = browser.new_context(locale=locale, base_url=demo, viewport=size)
        context.on("console", lambda message: message.type == "error" and problems.append(message.text))
        context.on("request", lambda request: request.url.startswith((demo, "data:")) or problems.append(request.url))
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(30_000)
        return page

    yield person
    for context in contexts:
        context.close()
    assert not problems


def send(page, form="main form"):
    page.locator(f"{form} button[type=submit]").first.click()
    page.wait_for_load_state()


def sign_in(page, email, password):
    page.goto("/en/accounts/login/")
    page.fill("[name=login]", email)
    page.fill("[name=password]", password)
    send(page)


def link_in_mail(page, address):
    """The link in the newest mail to an address, once the worker has sent it."""
    for _attempt in range(60):
        page.goto(f"/demo/mail/?to={address}")
        if page.locator("main article a").count():
            break
        page.wait_for_timeout(500)
    page.locator("main article a").first.click()
    return page.locator(".prose a").first.get_attribute("href")


def register(page, email):
    page.goto("/en/accounts/signup/")
    page.fill("[name=name]", "Ana Ionescu")
    page.fill("[name=email]", email)
    page.fill("[name=password1]", PASSWORD)
    page.fill("[name=password2]", PASSWORD)
    page.check("[name=terms]")
    send(page)
    page.goto(link_in_mail(page, email))
    send(page)
    if page.locator("[name=password]").count():
        sign_in(page, email, PASSWORD)


def write_example(page, title):
    """A practical example on its one page, with what is required and nothing else."""
    page.goto("/en/fiches/new/")
    page.check("[name=kind][value=practical_example]")
    send(page)
    page.fill("[name=title]", title)
    page.fill("[name=summary]", "Joiners and bakers showed their workshops to pupils for one afternoon.")
    page.fill("[name=authority]", "Primăria Exemplu")
    page.select_option("[name=country]", "RO")
    page.check("[name=policy_stages][value=implementation]")
    page.locator("[name=themes]").first.check()
    page.check("[name=target_groups][value=pupils_students]")
    page.fill("[name=problem]", "Pupils chose trades that they had never seen.")
    for number, text in enumerate(
        ["Ask ten workshops.", "Agree on one afternoon.", "Ask the pupils what they saw."], 1
    ):
        page.fill(f"[name=step_{number}]", text)
    page.check("[name=consent]")
    page.click("button[name=then][value=submit]")
    page.wait_for_url(re.compile("/submitted/"))
    return re.search(r"CLV-\d{4}-\d{4}", page.locator("main").inner_text())[0]


def publish(page, reference):
    """What a coordinator does in the admin: link the authority, read, approve."""
    sign_in(page, "coordinator@demo.example", "clavet-demo")
    page.goto("/admin/")
    page.get_by_role("link", name="Fiches to read", exact=True).click()
    page.get_by_role("link", name=reference).click()
    page.locator("input[name=authority]").fill("Demonstration municipality")
    page.get_by_role("button", name=re.compile("Link")).first.click()
    page.wait_for_load_state()
    page.get_by_role("button", name="Begin reading").click()
    page.wait_for_load_state()
    page.get_by_role("button", name="Approve and publish").click()
    page.wait_for_load_state()


def test_from_signing_up_to_being_found(visit):
    author, coordinator, reader = visit(), visit(), visit()
    register(author, "ana.ionescu@town.example")
    reference = write_example(author, "An afternoon of opened workshops")
    publish(coordinator, reference)
    reader.goto("/en/fiches/?q=workshop+opening")  # other forms of the words in the title
    reader.get_by_role("link", name=re.compile("afternoon of opened workshops", re.I)).first.click()
    assert reference in reader.locator("main").inner_text()
    assert "Pupils chose trades" in reader.locator("main").inner_text()


@pytest.mark.parametrize("query", ["abandon școlar", "abandon scolar", "abandonul şcolar"])
def test_a_romanian_finds_what_is_written_in_dutch_and_italian(visit, query):
    page = visit("ro")
    page.goto(f"/ro/fiches/?q={query}")
    found = page.locator("main").inner_text()
    assert "Gent" in found and "Torino" in found


def test_every_published_fiche_is_found_from_a_romanian_interface(visit):
    page = visit("ro")
    page.goto("/ro/fiches/?q=formare OR școală OR competențe OR adulți")
    links = set()
    while True:
        links |= {link.get_attribute("href") for link in page.locator("main h3 a").all()}
        further = page.locator("a[rel=next]")
        if not further.count():
            break
        further.first.click()
        page.wait_for_load_state()
    assert len({link.split("/")[3] for link in links}) >= 18


class Clicks:
    """A hand at a mouse that counts; typing into a field counts as the click into it, Enter as another."""

    def __init__(self, page):
        self.page, self.number = page, 0

    def on(self, locator):
        self.number += 1
        locator.first.click()
        self.page.wait_for_load_state()

    def type(self, locator, text):
        self.number += 2
        locator.fill(text)
        locator.press("Enter")
        self.page.wait_for_load_state()

    def download(self, locator):
        self.number += 1
        with self.page.expect_download() as started:
            locator.first.click()
        return started.value


def by_search(page, clicks):
    clicks.type(page.locator("main [role=search] input[name=q], header input[name=q]").first, "abandon școlar")
    clicks.on(page.locator("main h3 a"))


def by_theme(page, clicks):
    clicks.on(page.locator("header").get_by_role("link", name="Teme"))
    clicks.on(page.locator("main a[href$='/themes/early-school-leaving/']"))
    clicks.on(page.locator("main .theme-title a"))


@pytest.mark.parametrize("find", [by_search, by_theme])
def test_a_romanian_policy_maker_has_the_brief_on_early_school_leaving_in_six_clicks(visit, find, tmp_path):
    page = visit("ro", (1366, 768))
    page.goto("/")
    assert page.url.endswith("/ro/")
    clicks = Clicks(page)
    find(page, clicks)
    title = page.locator("h1").inner_text()
    brief = clicks.download(page.locator("main a[href$='/brief.pdf']"))
    assert clicks.number <= 6
    assert re.fullmatch(r"CLV-\d{4}-\d{4}-brief-ro\.pdf", brief.suggested_filename)
    brief.save_as(tmp_path / "brief.pdf")
    read = subprocess.run(
        ["pdftotext", "-layout", tmp_path / "brief.pdf", "-"], capture_output=True, text=True, check=True
    )
    words = " ".join(read.stdout.split())
    assert title.split()[0] in words and "2/2" in words
