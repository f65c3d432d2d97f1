"""In a browser the file to verify is hashed where it is: nothing of it is sent; without JavaScript it is uploaded."""

import hashlib

import pytest
from django.conf import settings as portal

from tests import memoranda as made
from tests.clicks import VERDICT
from tests.jobs import forget
from tests.signatures import keep, ready

pytestmark = pytest.mark.django_db(transaction=True)
MARK = b"words that stay with the reader"


@pytest.fixture(autouse=True)
def countersigning(settings):
    settings.COUNTERSIGNING_PARTY, settings.COUNTERSIGNING_COUNTRY = made.PARTY, "BE"
    yield
    forget()


@pytest.fixture
def memorandum():
    """With a signed copy that is accepted, and one whose text holds the mark."""
    row = ready()
    party = row.parties.first()
    keep(row, "signed", b"%PDF signed " + MARK, "el", party=party, check_state="accepted")
    return row


def check(page, content) -> tuple[str, bytes]:
    """What the page says that the file is, and what it sent."""
    page.set_input_files("#id_file", {"name": "secret name.pdf", "mimeType": "application/pdf", "buffer": content})
    with page.expect_request(lambda request: request.method == "POST") as sent:
        page.click("main form[enctype] button[type=submit]")
    page.wait_for_selector(VERDICT)
    return page.locator(VERDICT).get_attribute("data-state"), sent.value.post_data_buffer or b""


def contents(memorandum) -> dict:
    frozen = memorandum.files.filter(kind="frozen", language="el").get().file.read()
    signed = memorandum.files.filter(kind="signed").get().file.read()
    return {"frozen": (frozen, "genuine"), "signed": (signed, "genuine"), "tampered": (signed + b" ", "unknown")}


def test_only_the_hash_is_sent(live, memorandum, axe, no_sideways_scrolling, page_language, page_width):
    for name, (content, wanted) in contents(memorandum).items():
        live.goto(f"/{page_language}/verify/{memorandum.verification_code}/")
        before = live.page.locator("#id_file_helptext").inner_text()
        assert before == live.page.locator("form[data-hash-here]").get_attribute("data-hash-here")
        answer, sent = check(live.page, content)
        assert answer == wanted, name
        assert hashlib.sha256(content).hexdigest().encode() in sent, name
        assert MARK not in sent and content not in sent and b"secret name" not in sent and len(sent) < 1000, name
    axe(live.page)
    no_sideways_scrolling(live.page)


def test_without_javascript_it_is_uploaded(live, memorandum, browser):
    context = browser.new_context(java_script_enabled=False)
    live.watch(context)
    page = context.new_page()
    for name, (content, wanted) in contents(memorandum).items():
        page.goto(f"{live.url}/hr/verify/{memorandum.verification_code}/")
        stays = page.locator("form[data-hash-here]").get_attribute("data-hash-here")
        assert page.locator("#id_file_helptext").inner_text() not in ("", stays)
        answer, sent = check(page, content)
        assert answer == wanted, name
        assert content in sent
    context.close()


def test_the_largest_file_is_hashed_and_a_larger_one_is_not(live, memorandum, tmp_path):
    """As large as the portal takes: a file on disk, as the browser has it."""
    address = f"/en/verify/{memorandum.verification_code}/"
    page = live.page
    live.goto(address)
    content = b"x" * portal.ATTACHMENT_MAX_BYTES
    paper = tmp_path / "paper.pdf"
    paper.write_bytes(content)
    page.set_input_files("#id_file", str(paper))
    page.click("main form[enctype] button[type=submit]")
    assert hashlib.sha256(content).hexdigest() in page.locator(VERDICT).inner_text()
    paper.write_bytes(content + b"x")
    live.goto(address)
    sent = []
    page.on("request", lambda request: sent.append(request.method))
    page.set_input_files("#id_file", str(paper))
    page.click("main form[enctype] button[type=submit]")
    page.wait_for_selector("[data-hash-problem] .notice-problem")
    assert "POST" not in sent


def test_a_file_that_cannot_be_read_is_not_sent(live, memorandum, tmp_path):
    page = live.page
    live.goto(f"/en/verify/{memorandum.verification_code}/")
    paper = tmp_path / "paper.pdf"
    paper.write_bytes(MARK)
    page.set_input_files("#id_file", str(paper))
    paper.unlink()
    sent = []
    page.on("request", lambda request: sent.append(request.method))
    page.click("main form[enctype] button[type=submit]")
    page.wait_for_selector("[data-hash-problem] .notice-problem")
    assert "POST" not in sent
    page.set_input_files("#id_file", [])
    page.fill("#id_sha256", "0" * 64)
    page.click("main form[enctype] button[type=submit]")
    page.wait_for_selector(f"{VERDICT}[data-state=unknown]")  # what is typed is sent as ever
