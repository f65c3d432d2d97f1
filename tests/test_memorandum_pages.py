"""Memoranda in a browser: every page with axe in two languages and widths; two parties sign, everybody verifies."""

import pytest
from django.urls import reverse
from django.utils import translation

from accounts.models import Notification
from network.memorandum import signing
from network.models import Memorandum
from tests import memoranda as made
from tests.factories import PASSWORD, CoordinatorFactory, SeatFactory
from tests.jobs import forget, run_jobs
from tests.signatures import in_force, pdf, person, ready, sign

pytestmark = pytest.mark.django_db(transaction=True)
LANGUAGES = {"languages": ("en", "it", "el"), "authentic": ("it", "el")}


@pytest.fixture(autouse=True)
def countersigning(settings):
    settings.COUNTERSIGNING_PARTY, settings.COUNTERSIGNING_COUNTRY = made.PARTY, "BE"
    yield
    forget()


# --- every page ------------------------------------------------------------------------------------------------


def pages(user, authority):
    """(path, status): open to sign, in force, taken back; a link; verification."""
    open_, valid = ready([authority], demonstration=True), in_force([authority], status="active")
    back = ready([authority])
    back.take_back(by=CoordinatorFactory(), note="A mistake", note_language="en")
    first = open_.parties.first()
    link = signing.send_link(first, by=user, name="Ivo Mayor", title="Mayor", email="ivo@town.example", language="en")
    yield reverse("network:memoranda"), 200
    yield from ((row.get_absolute_url(), 200) for row in (open_, valid, back))
    yield from ((reverse(f"network:{name}", args=[open_.code]), 200) for name in ("sign", "send_link", "upload_copy"))
    yield from ((reverse(f"network:{name}", args=[valid.code]), 200) for name in ("review", "renew", "leave"))
    yield reverse("network:sign_by_link", args=[link.token]), 200
    yield reverse("network:sign_by_link", args=["forged"]), 410
    yield reverse("verify"), 200
    yield reverse("verification", args=["2222-2222-2222"]), 404
    yield from ((row.get_verification_url(), 200) for row in (open_, valid, back))
    yield reverse("my"), 200


def test_every_page_of_memoranda(live, axe, no_sideways_scrolling, page_language, page_width):
    live.page.emulate_media(color_scheme="dark" if page_width == 320 else "light")
    authority = made.joining(status="active")
    user = person(authority.parties.model(authority=authority))
    user.language = page_language
    user.save()
    live.log_in(user)
    faults = []
    with translation.override(page_language):
        paths = list(pages(user, authority))
    for path, status in paths:
        live.expected = [] if status == 200 else [str(status)]
        answer = live.goto(path)
        try:
            assert answer.status == status, f"{path}: {answer.status}"
            no_sideways_scrolling(live.page)
            axe(live.page)
            assert not live.unexpected(), f"{path}: {live.unexpected()}"
        except AssertionError as fault:
            faults.append(str(fault))
        live.problems.clear()
    assert not faults, "\n\n".join(faults)


# --- the journey -----------------------------------------------------------------------------------------------


def sign_on_the_page(live, memorandum, user, language):
    """As a person does: reads, confirms, types, proves who they are."""
    live.page.context.clear_cookies()
    live.log_in(user)
    page = live.page
    live.goto(f"/{language}/network/memoranda/{memorandum.code}/sign/")
    text = memorandum.current_texts().get(language=language)
    assert page.locator(".locked-text").get_attribute("lang") == language
    assert text.sha256 in page.content()
    page.fill("#id_name", f"{user.name} the Signatory")
    page.fill("#id_title", "Mayor")
    for name in ("in_place", "read", "entitled", "intends"):
        page.check(f"#id_{name}")
    page.click("main form button[type=submit]")
    page.fill("input[name=password]", PASSWORD)
    page.click("main form button[type=submit]")
    page.wait_for_url(f"**/network/memoranda/{memorandum.code}/")


def check(live, memorandum, content) -> str:
    live.goto(memorandum.get_verification_url())
    file = {"name": "paper.pdf", "mimeType": "application/pdf", "buffer": content}
    live.page.set_input_files("#id_file", file)
    live.page.click("main form button[type=submit]")
    return live.page.locator("[role=status]").inner_text()


def test_two_parties_sign_in_two_languages_and_everybody_verifies(live, axe):
    one, two = made.joining(country="IT"), made.joining(country="GR")
    memorandum = ready([one, two], **LANGUAGES)
    first, _second, last = memorandum.parties.all()
    sign_on_the_page(live, memorandum, person(first), "it")
    sign_on_the_page(live, memorandum, SeatFactory(authority=two, role="deputy").user, "el")
    sign(last, "it")
    memorandum.refresh_from_db()
    assert memorandum.status == "in_force"
    assert [row.language for row in memorandum.counting_signatures()] == ["it", "el", "it"]
    run_jobs()
    mails = Notification.objects.filter(kind="memorandum_in_force", address=person(first).email)
    assert mails.get().state == "sent"

    # The PDF that one downloads is the one that everybody can verify.
    live.goto(f"/en/network/memoranda/{memorandum.code}/")
    with live.page.expect_download() as download:
        live.page.get_by_role("link", name=f"{memorandum.code}-el-signed.pdf").click()
    content = download.value.path().read_bytes()
    live.page.context.clear_cookies()
    assert "This file is genuine" in check(live, memorandum, content)
    axe(live.page)
    assert "none of the files we know" in check(live, memorandum, content.replace(b"%%EOF", b"%%E0F"))
    assert "none of the files we know" in check(live, memorandum, content + b" ")


def test_an_uploaded_signed_copy_is_verified(live, tmp_path):
    memorandum = ready(**LANGUAGES)
    first, _last = memorandum.parties.all()
    live.log_in(person(first))
    live.goto(f"/en/network/memoranda/{memorandum.code}/copy/")
    paper = tmp_path / "signed.pdf"
    paper.write_bytes(pdf().read())
    page = live.page
    page.set_input_files("#id_file", str(paper))
    page.select_option("#id_language", "el")
    page.fill("#id_signatory_name", "Ana Sample")
    page.fill("#id_signatory_title", "Mayor")
    page.fill("#id_signed_on", memorandum.locked_at.date().isoformat())
    page.click("main form button[type=submit]")
    page.wait_for_url(f"**/network/memoranda/{memorandum.code}/")
    page.context.clear_cookies()
    assert "waits for a check" in check(live, memorandum, paper.read_bytes())
    first.files.get(kind="signed").accept_copy(by=CoordinatorFactory())
    said = check(live, memorandum, paper.read_bytes())
    assert "This file is genuine" in said and first.official_name in said
    assert "none of the files we know" in check(live, memorandum, paper.read_bytes() + b"x")
    assert Memorandum.objects.get(pk=memorandum.pk).status == "signing"
