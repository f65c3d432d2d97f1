"""Verification: what everybody may learn by a code, and which of the known files a file is."""

import hashlib

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from network.memorandum import verification
from tests import memoranda as made
from tests.factories import CoordinatorFactory
from tests.signatures import in_force, keep, person, ready, sign

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def countersigning(settings):
    settings.COUNTERSIGNING_PARTY, settings.COUNTERSIGNING_COUNTRY = made.PARTY, "BE"


def check(client, memorandum, content=None, **typed):
    sent = {"file": SimpleUploadedFile("paper.pdf", content)} if content is not None else typed
    return client.post(memorandum.get_verification_url(), sent).content.decode()


def test_the_code_leads_to_the_page_however_it_is_typed(client):
    memorandum = in_force()
    assert client.get(reverse("verify")).status_code == 200
    code = memorandum.verification_code
    for typed in (code, code.lower(), code.replace("-", " "), f" {code} "):
        assert client.get(reverse("verify"), {"code": typed})["Location"] == memorandum.get_verification_url()
    unknown = client.get(reverse("verify"), {"code": "2222-2222-2222"})
    assert unknown.status_code == 200 and "We know no memorandum" in unknown.content.decode()
    for typed in (code.lower(), code.replace("-", ""), code.replace("-", "%20")):
        assert client.get(f"/en/verify/{typed}/").status_code == 200


def test_an_unknown_code_has_a_page_of_its_own(client, django_assert_max_num_queries):
    in_force()
    with django_assert_max_num_queries(14):  # one asks, the others count in the cache
        page = client.get(reverse("verification", args=["2222-2222-2222"]))
    words = page.content.decode()
    assert page.status_code == 404 and page["X-Robots-Tag"] == "noindex" and "no-store" in page["Cache-Control"]
    assert 'value="2222-2222-2222"' in words and "twelve letters" in words and "QR code" in words
    assert f'action="{reverse("verify")}"' in words and not page.cookies
    draft = made.draft()  # nothing was locked yet: the same page
    hidden = client.get(draft.get_verification_url())
    assert hidden.status_code == 404
    assert hidden.content.decode().replace(draft.verification_code, "2222-2222-2222") == words
    assert client.post(draft.get_verification_url(), {"sha256": "0" * 64}).status_code == 404
    with django_assert_max_num_queries(0):
        assert client.get("/en/verify/not-a-code/").status_code == 404
    for typed in ("%00", "a%00b", "%3Cb%3E", "x" * 300, "K7Q2-9F3M-XW4", "ΑΒΓΔ-ΑΒΓΔ-ΑΒΓΔ"):
        page = client.get(f"/en/verify/{typed}/")
        assert page.status_code == 404 and "twelve letters" in page.content.decode()
        assert "<b>" not in page.content.decode()


def test_unknown_codes_are_tried_so_often_only(client, settings):
    memorandum = in_force()
    cache.clear()  # what other tests have tried
    settings.VERIFICATIONS_PER_HOUR = 2
    found = [client.get(reverse("verification", args=["2222-2222-2222"])).status_code for _n in range(3)]
    assert found == [404, 404, 429]
    assert client.get(memorandum.get_verification_url()).status_code == 200


def test_a_stranger_reads_what_was_signed_by_whom(client, django_assert_max_num_queries):
    memorandum = ready(demonstration=True)
    first, last = memorandum.parties.all()
    sign(first, network_address="203.0.113.9", place="Secret Place")
    with django_assert_max_num_queries(14):
        page = client.get(memorandum.get_verification_url())
    words = page.content.decode()
    assert "1 of 2" in words and "Ana Sample" in words and "Mayor" in words and "Demonstration" in words
    assert all(text.sha256 in words for text in memorandum.current_texts())
    for secret in ("203.0.113.9", person(first).email, "Secret Place", first.authority.official_address):
        assert secret not in words
    assert page["X-Robots-Tag"] == "noindex" and not page.cookies and "no-store" in page["Cache-Control"]
    sign(last)
    assert "In force from" in client.get(memorandum.get_verification_url()).content.decode()


def test_what_was_taken_back_shows_no_signature_and_nothing_of_the_new_draft(client):
    memorandum = ready()
    sign(memorandum.parties.first())
    memorandum.refresh_from_db()
    memorandum.take_back(by=CoordinatorFactory())
    party = memorandum.parties.first()
    party.signatory_name, party.address = "Still Secret", "Hidden Street"
    party.save()
    words = client.get(memorandum.get_verification_url()).content.decode()
    assert "taken back" in words and "Ana Sample" not in words and "Still Secret" not in words
    assert party.authority.official_name not in words


def test_which_file_it_is(client):
    memorandum = ready()
    first, last = memorandum.parties.all()
    frozen = memorandum.files.filter(kind="frozen", language="el").get().file.read()
    assert "This file is genuine" in check(client, memorandum, frozen)
    assert "without signatures" in check(client, memorandum, frozen)
    tampered = check(client, memorandum, frozen[:-1] + b"x")
    assert "none of the files we know" in tampered and "genuine</p>" not in tampered
    copy = keep(memorandum, "signed", b"%PDF scan", party=first, check_state="waiting", signed_on=memorandum.locked_at,
                signatory_name="Ana Sample", signatory_title="Mayor")  # fmt: skip
    assert "waits for a check" in check(client, memorandum, b"%PDF scan")
    copy.accept_copy(by=CoordinatorFactory())
    answer = check(client, memorandum, b"%PDF scan")
    assert "genuine" in answer and first.official_name in answer
    last.refresh_from_db()
    keep(memorandum, "final", b"%PDF final")
    assert "with all signatures" in check(client, memorandum, b"%PDF final")
    memorandum.refresh_from_db()
    memorandum.take_back(by=CoordinatorFactory())
    assert "belongs to a text that was taken back" in check(client, memorandum, frozen)


def test_by_its_hash(client):
    memorandum = in_force()
    sha256 = memorandum.files.filter(kind="frozen", language="el").get().sha256
    for typed in (sha256, sha256.upper(), f"{sha256}  memorandum.pdf", " ".join((sha256[:32], sha256[32:]))):
        assert "This file is genuine" in check(client, memorandum, sha256=typed)
    assert "none of the files" in check(client, memorandum, sha256="0" * 64)
    assert "is no SHA-256" in check(client, memorandum, sha256="abc")
    assert "Choose a file" in check(client, memorandum)
    text = memorandum.current_texts().get(language="el")
    assert "The locked text itself" in check(client, memorandum, sha256=text.sha256)
    other = in_force()
    assert "none of the files" in check(client, other, sha256=sha256)


def test_the_file_is_hashed_as_it_comes_and_never_stored(client, monkeypatch, tmp_path, settings):
    settings.FILE_UPLOAD_TEMP_DIR = str(tmp_path)
    memorandum = ready()
    asked = []
    monkeypatch.setattr(verification, "known", lambda _memorandum, sha256: asked.append(sha256) or {"state": "unknown"})
    content = b"x" * 6_000_000  # more than stays in memory anywhere
    check(client, memorandum, content)
    assert asked == [hashlib.sha256(content).hexdigest()]
    assert not list(tmp_path.iterdir())


def test_too_large_and_too_often(client, settings):
    memorandum = ready()
    settings.ATTACHMENT_MAX_BYTES = 1000
    assert "too large" in check(client, memorandum, b"x" * 200_000)
    settings.VERIFICATIONS_PER_HOUR = 2
    statuses = [client.post(memorandum.get_verification_url(), {"sha256": "0" * 64}).status_code for _n in range(3)]
    assert statuses[-1] == 429
    assert client.get(memorandum.get_verification_url()).status_code == 200  # reading goes on


@pytest.mark.parametrize("language", ["el", "it", "tr"])
def test_in_other_languages(client, language):
    memorandum = in_force()
    page = client.get(f"/{language}/verify/{memorandum.verification_code}/")
    assert page.status_code == 200 and memorandum.code in page.content.decode()
