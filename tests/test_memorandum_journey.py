"""In browsers of their own, in four languages: from the application to a memorandum in force; a signed copy on paper."""

import re

import pytest

from accounts.models import Notification
from accounts.workdays import today
from network.models import Membership, Memorandum
from tests import memoranda as made
from tests.clicks import SEND, at, decide, fill, from_the_queue, press, sign_on_the_page, verdict
from tests.factories import CoordinatorFactory, UserFactory
from tests.jobs import forget, run_jobs
from tests.signatures import pdf, person, ready
from tests.test_pdf import words_of

pytestmark = pytest.mark.django_db(transaction=True)
DECISION = {"name": "Απόφαση 118.pdf", "mimeType": "application/pdf", "buffer": pdf().read()}


@pytest.fixture(autouse=True)
def countersigning(settings):
    settings.COUNTERSIGNING_PARTY, settings.COUNTERSIGNING_COUNTRY = made.PARTY, "BE"
    yield
    forget()


# --- from the application to force -----------------------------------------------------------------------------


def apply(ana) -> Membership:
    """A registered person looks for their authority, does not find it, and applies for it."""
    at(ana, "el", "network:join")
    page = ana.page
    fill(page, q="Δήμος Καβάλας")
    press(page, "main form[role=search] button[type=submit]")
    press(page, "main a[href*='apply/?name=']")
    page.select_option("main [name=country]", "GR")
    page.select_option("main [name=kind]", "local")
    page.select_option("main [name=language_of_contact]", "el")
    fill(page, town="Καβάλα", official_address="info@kavala.example", decision_reference="118/2026")
    fill(page, decision_body="Δημοτικό Συμβούλιο", decision_date=today().isoformat())
    page.set_input_files("main [name=decision_upload]", DECISION)
    page.check("main [name=consent]")
    press(page, SEND)
    assert "/el/network/applications/" in page.url and page.locator("[aria-current=step]").count() == 1
    return Membership.objects.select_related("authority").get(status="applied")


def prepare(carla, membership, other) -> Memorandum:
    """A coordinator approves the application, makes the draft, reads it and locks the text."""
    page = carla.page
    from_the_queue(carla, "applications", membership)
    with page.expect_download() as download:
        page.locator("main a[href$='/decision/']").click()
    assert download.value.path().read_bytes() == DECISION["buffer"]
    decide(carla, "approve")
    press(page, "main a[href*='/memorandum/add/']")
    for row in (membership, other.membership):
        page.check(f"[name=memberships][value='{row.pk}']")
    press(page, ".review-form button[type=submit]:not([name])")
    memorandum = Memorandum.objects.get()
    page.uncheck("[name=authentic_languages][value=en]")
    for language in ("el", "hr"):
        page.check(f"[name=authentic_languages][value={language}]")
    fill(page, in_force_from=today().isoformat(), purpose_el="Κοινός σκοπός", purpose_hr="Cilj", purpose_en="An aim")
    page.locator("details:has([name=parties-1-signatory_name]) > summary").click()
    fill(page, **{"parties-1-signatory_name": "Iva Načelnica"})  # her deputy signs in her place
    press(page, ".review-buttons button:not([name])")
    press(page, f"a[href$='/{memorandum.pk}/preview/el/']")
    assert "Κοινός σκοπός" in page.locator("article[lang=el]").inner_text()
    page.go_back()
    decide(carla, "lock")
    run_jobs()  # the PDFs, and the mails that ask for signatures
    return memorandum


def open_to_sign(here, language, memorandum):
    """From one’s own page, where it waits."""
    at(here, language, "my")
    press(here.page, f"section[aria-labelledby=to-sign] a[href$='/memoranda/{memorandum.code}/']")


def download(here, name) -> bytes:
    with here.page.expect_download() as download:
        here.page.locator("main a", has_text=name).first.click()
    return download.value.path().read_bytes()


def member():
    """A member in Croatia, whose council has decided too."""
    authority = made.joining(status="active", country="HR", language_of_contact="hr", working_languages=["hr"])
    decided = {"decision_body": "Gradsko vijeće", "decision_date": today(), "decision_reference": "KLASA 1/26"}
    Membership.objects.filter(authority=authority).update(**decided)
    return authority


def sign_one_after_the_other(memorandum, signers):
    """Each from their own page, in the language of the page and of the text that they read."""
    for party, (here, language, text) in zip(memorandum.parties.all(), signers, strict=True):
        memorandum.refresh_from_db()
        assert memorandum.whose_turn() == party and memorandum.status != "in_force"
        open_to_sign(here, language, memorandum)
        sign_on_the_page(here, memorandum, text)
    memorandum.refresh_from_db()
    signatures = memorandum.counting_signatures()
    assert [row.language for row in signatures] == [text for _here, _language, text in signers]
    assert {(row.method, row.confirmed_with) for row in signatures} == {("portal", "password")}
    assert [row.in_place_of for row in signatures] == ["", "Iva Načelnica", ""]


def look_it_up(stranger, memorandum, paper):
    """With nothing but the PDF: the code that stands on it, then the file."""
    page = stranger.page
    code = re.search(r"\b[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}\b", words_of(paper))[0]
    at(stranger, "it", "verify")
    fill(page, code=code.lower())
    press(page, SEND)
    assert page.url == stranger.url + memorandum.get_verification_url().replace("/en/", "/it/")
    names = page.locator("section[aria-labelledby=signed] li strong").all_inner_texts()
    assert names == [row.name for row in memorandum.counting_signatures()]
    assert verdict(stranger, paper) == "genuine"
    assert verdict(stranger, paper + b" ") == "unknown"


def test_from_the_application_to_a_memorandum_in_force_that_everybody_verifies(visit):
    made.template()
    other = member()
    ana = visit(UserFactory(language="el", name="Άννα Παππά"), "el")
    carla = visit(CoordinatorFactory(language="fr"), "fr")
    ivo, stranger = visit(other.seats.get().user, "hr"), visit(None, "it")
    membership = apply(ana)
    stranger.expected.append("404")
    assert at(stranger, "it", "network:detail", membership.authority.slug).status == 404

    memorandum = prepare(carla, membership, other)
    sign_one_after_the_other(memorandum, [(ana, "el", "el"), (ivo, "hr", "hr"), (carla, "fr", "hr")])
    run_jobs()  # the PDFs with the signatures, and the mails
    told = Notification.objects.filter(kind="memorandum_in_force", state="sent").values_list("address", flat=True)
    assert {membership.representative_email, other.seats.get().user.email} <= set(told)
    membership.refresh_from_db()
    assert (memorandum.status, membership.status) == ("in_force", "active")
    assert at(stranger, "it", "network:detail", membership.authority.slug).status == 200
    assert stranger.page.locator(".fiche-head .badge-good").count() == 1
    assert stranger.page.locator("section:has(#memoranda) .badge-good").count() == 1
    at(ana, "el", "network:memorandum", memorandum.code)
    look_it_up(stranger, memorandum, download(ana, f"{memorandum.code}-el-signed.pdf"))


# --- on paper --------------------------------------------------------------------------------------------------


def upload(ana, memorandum, content):
    at(ana, "el", "network:memorandum", memorandum.code)
    page = ana.page
    press(page, "main a[href$='/copy/']")
    page.set_input_files("main [name=file]", {"name": "scan.pdf", "mimeType": "application/pdf", "buffer": content})
    page.select_option("main [name=language]", "el")
    fill(page, signatory_name="Άννα Παππά", signatory_title="Δήμαρχος", signed_on=today().isoformat())
    press(page, SEND)
    page.wait_for_url(f"**/el/network/memoranda/{memorandum.code}/")


def test_a_signed_copy_counts_when_a_coordinator_accepts_it_and_a_tampered_one_is_unknown(visit, axe):
    memorandum = ready(languages=("en", "it", "el"), authentic=("it", "el"))
    first, last = memorandum.parties.all()
    ana, carla = visit(person(first), "el"), visit(CoordinatorFactory(language="hr"), "hr")
    stranger = visit(None, "it")
    content = pdf().read()
    tampered = content.replace(b"%%EOF", b"%%E0F")
    upload(ana, memorandum, content)
    at(stranger, "it", "verification", memorandum.verification_code)
    assert verdict(stranger, content) == "waiting"
    assert memorandum.whose_turn() == first

    from_the_queue(carla, "copies", memorandum)
    assert download(carla, "scan.pdf") == content
    decide(carla, "accept_copy")
    memorandum.refresh_from_db()
    assert (memorandum.status, memorandum.whose_turn()) == ("signing", last)
    assert verdict(stranger, content) == "genuine"
    axe(stranger.page)
    assert first.official_name in stranger.page.locator("section[aria-labelledby=check]").inner_text()
    assert "Άννα Παππά" in stranger.page.locator("section[aria-labelledby=signed]").inner_text()
    assert [verdict(stranger, wrong) for wrong in (tampered, content + b" ")] == ["unknown", "unknown"]
