"""Signing: whose turn, exactly the text that was seen, who is there, links that work once, signed copies, files."""

import hashlib
import re
import uuid
from datetime import timedelta
from pathlib import Path

import pytest
from allauth.mfa.totp.internal import auth
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse
from django.utils import timezone

from accounts.mail import compose
from accounts.models import Event, Notification
from network.memorandum import signing
from network.memorandum.signing import Superseded
from network.models import Memorandum, MemorandumFile, SigningLink
from network.tasks import memoranda_day_by_day
from tests import memoranda as made
from tests.factories import PASSWORD, CoordinatorFactory, MemberFactory, SeatFactory, UserFactory
from tests.jobs import waiting
from tests.signatures import in_force, keep, pdf, person, ready, seen, sign, typed

pytestmark = pytest.mark.django_db
LANGUAGES = {"languages": ("en", "it", "el"), "authentic": ("it", "el")}


@pytest.fixture(autouse=True)
def countersigning(settings):
    settings.COUNTERSIGNING_PARTY, settings.COUNTERSIGNING_COUNTRY = made.PARTY, "BE"


def parties(memorandum):
    return list(memorandum.parties.select_related("authority"))


def told(kind) -> set[str]:
    return set(Notification.objects.filter(kind=kind).values_list("address", flat=True))


def address(memorandum, name="sign") -> str:
    return reverse(f"network:{name}", args=[memorandum.code])


# --- one party after the other ---------------------------------------------------------------------------------


def test_parties_sign_one_after_the_other_until_it_is_in_force():
    memorandum = ready()
    first, last = parties(memorandum)
    assert memorandum.whose_turn() == first
    sign(first)
    memorandum.refresh_from_db()
    membership = first.authority.membership
    membership.refresh_from_db()
    assert (memorandum.status, membership.status, memorandum.whose_turn()) == ("signing", "signed", last)
    assert person(first).email in told("memorandum_party_signed")
    sign(last)
    memorandum.refresh_from_db()
    membership.refresh_from_db()
    assert (memorandum.status, membership.status) == ("in_force", "active")
    assert memorandum.took_force_on and len(memorandum.counting_signatures()) == 2
    verbs = list(Event.objects.of(memorandum).values_list("verb", flat=True))
    assert verbs == ["lock", "sign", "sign", "take_force"]
    assert person(first).email in told("memorandum_in_force")
    assert waiting("network.make_final_files")


def test_before_its_first_day_it_is_signed_but_not_in_force():
    day = timezone.now().date() + timedelta(days=30)
    memorandum = in_force(in_force_from=day)
    assert memorandum.status == "signing" and memorandum.whose_turn() is None
    assert told("memorandum_in_force") == set()
    memorandum.in_force_from = timezone.now().date()
    memorandum.save()
    memoranda_day_by_day(0)
    memorandum.refresh_from_db()
    assert memorandum.status == "in_force"


def why(call) -> str:
    with pytest.raises(Superseded) as lost:
        call()
    return lost.value.why


def test_only_the_text_that_was_seen_and_only_in_turn():
    memorandum = ready()
    first, last = parties(memorandum)
    assert why(lambda: sign(last)) == "not_yet"
    assert why(lambda: sign(first, text_sha256="0" * 64)) == "other_text"
    saw = seen(memorandum)
    memorandum.take_back(by=CoordinatorFactory())
    assert why(lambda: sign(first, **saw)) == "taken_back"
    memorandum.lock(by=CoordinatorFactory())
    assert why(lambda: sign(first, **saw)) == "other_text"  # the same words, locked anew
    for text in memorandum.current_texts():
        keep(memorandum, "frozen", f"again {text.language}".encode(), text.language)
    sign(first)
    assert why(lambda: sign(first)) == "signed"


def test_nobody_signs_before_the_pdfs_are_there_or_a_lawyer_has_read_it():
    memorandum = made.locked()
    with pytest.raises(ValidationError):
        sign(parties(memorandum)[0])
    memorandum = ready()
    type(memorandum.template).objects.update(reviewed_on=None)
    with pytest.raises(PermissionDenied):
        sign(parties(memorandum)[0])


def test_who_may_sign():
    memorandum = ready()
    first, last = parties(memorandum)
    deputy = SeatFactory(authority=first.authority, role="deputy").user
    contributor = SeatFactory(authority=first.authority, role="contributor").user
    both = CoordinatorFactory()
    SeatFactory(authority=first.authority, user=both, role="contributor")
    assert first.can_be_signed_by(deputy)
    assert not any(first.can_be_signed_by(user) for user in (contributor, both, CoordinatorFactory(), UserFactory()))
    sign(first)
    last.memorandum.refresh_from_db()
    assert last.can_be_signed_by(CoordinatorFactory())
    assert not any(last.can_be_signed_by(user) for user in (both, deputy, contributor))


# --- the page --------------------------------------------------------------------------------------------------


def test_who_opens_the_pages_of_a_memorandum(client):
    memorandum = ready()
    first, _last = parties(memorandum)
    contributor = SeatFactory(authority=first.authority, role="contributor").user
    people = {None: (302, 302), MemberFactory(): (404, 404), contributor: (200, 403), person(first): (200, 200)}
    people[CoordinatorFactory()] = (200, 302)  # not their turn
    for user, (reading, writing) in people.items():
        client.logout()
        if user:
            client.force_login(user)
        assert client.get(memorandum.get_absolute_url()).status_code == reading
        for name in ("sign", "send_link", "upload_copy"):
            assert client.get(address(memorandum, name)).status_code == writing, (user, name)
        shown = memorandum.code in client.get(reverse("network:memoranda")).content.decode()
        assert shown == (reading == 200)


def test_signing_on_the_page_asks_who_is_there_right_before(client):
    memorandum = ready(**LANGUAGES)
    first, _last = parties(memorandum)
    client.force_login(person(first))
    page = client.get(address(memorandum) + "?language=it").content.decode()
    assert memorandum.current_texts().get(language="it").sha256 in page
    assert "simple electronic signature" in page
    sent = typed(memorandum, first, "it")
    asked = client.post(address(memorandum), sent)
    assert "reauthenticate" in asked["Location"] and not memorandum.counting_signatures()
    wrong = client.post(asked["Location"], {"password": "wrong"})
    assert wrong.status_code == 200 and not memorandum.counting_signatures()
    done = client.post(asked["Location"], {"password": PASSWORD})
    assert done["Location"] == memorandum.get_absolute_url()
    memorandum.refresh_from_db()
    row = memorandum.counting_signatures()[0]
    assert (row.language, row.method, row.confirmed_with, row.network_address) == (
        "it",
        "portal",
        "password",
        "127.0.0.1",
    )
    again = client.post(address(memorandum), sent)  # sent twice
    assert again["Location"] == memorandum.get_absolute_url()
    assert len(memorandum.counting_signatures()) == 1


def test_with_a_second_factor_the_password_is_not_enough(client):
    memorandum = ready()
    first, _last = parties(memorandum)
    auth.TOTP.activate(person(first), auth.generate_totp_secret())
    client.force_login(person(first))
    asked = client.post(address(memorandum), typed(memorandum, first))
    assert "2fa/reauthenticate" in asked["Location"]


def test_unconfirmed_or_courtesy_texts_are_not_signed(client):
    memorandum = ready(**LANGUAGES)
    first, _last = parties(memorandum)
    client.force_login(person(first))
    sent = typed(memorandum, first, "it")
    del sent["entitled"]
    page = client.post(address(memorandum), sent)
    assert page.status_code == 200 and "Ana Sample" in page.content.decode()
    courtesy = client.get(address(memorandum) + "?language=en").content.decode()
    assert "Choose an authentic text" in courtesy and 'name="intends"' not in courtesy


def test_too_late_is_said_with_409(client):
    memorandum = ready()
    first, _last = parties(memorandum)
    client.force_login(person(first))
    sent = typed(memorandum, first)
    memorandum.take_back(by=CoordinatorFactory())
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    late = client.post(address(memorandum), sent)
    assert late.status_code == 409 and "taken back while you were reading" in late.content.decode()


# --- links -----------------------------------------------------------------------------------------------------


@pytest.fixture
def link():
    memorandum = ready()
    first = parties(memorandum)[0]
    return signing.send_link(
        first, by=person(first), name="Ivo Mayor", title="Mayor", email="ivo@town.example", language="el"
    )


def by_link(link) -> str:
    return reverse("network:sign_by_link", args=[link.token])


def test_the_signatory_signs_by_a_link_once(client, link):
    mail = compose(Notification.objects.get(kind="memorandum_sign_link"))
    assert "/el/network/sign/" in mail.button[1] and "Ivo" not in mail.subject
    assert f"{link.sent_by.name} ({link.sent_by.email})" in mail.paragraphs[0]
    memorandum = link.party.memorandum
    page = client.get(by_link(link))
    assert page.status_code == 200 and "no-store" in page["Cache-Control"]
    assert page["Referrer-Policy"] == "same-origin"
    client.post(by_link(link), typed(memorandum, link.party, name="Ivo Mayor", in_place="on"))
    memorandum.refresh_from_db()
    row = memorandum.counting_signatures()[0]
    assert (row.name, row.method, row.by, row.confirmed_with) == ("Ivo Mayor", "link", None, "link")
    assert "only once" in client.get(by_link(link)).content.decode()
    assert client.get(by_link(link) + "?copy=1")["Content-Type"] == "application/pdf"
    client.post(by_link(link), typed(memorandum, link.party, name="Somebody Else"))
    assert len(memorandum.counting_signatures()) == 1


def test_links_end(client, link):
    memorandum, party = link.party.memorandum, link.party
    again = signing.send_link(
        party, by=person(party), name="Eva", title="Mayor", email="eva@town.example", language="en"
    )
    assert client.get(by_link(link)).status_code == 410  # replaced
    assert client.get(by_link(again)).status_code == 200
    assert client.get(by_link(again)[:-3] + "x/").status_code == 410  # forged
    assert signing.withdraw_link(again, by=person(party)) and not signing.withdraw_link(again, by=person(party))
    late = client.post(by_link(again), typed(memorandum, party))
    assert late.status_code == 409 and "withdrawn" in late.content.decode()
    third = signing.send_link(
        party, by=person(party), name="Eva", title="Mayor", email="eva@town.example", language="en"
    )
    SigningLink.objects.filter(pk=third.pk).update(expires_at=timezone.now() - timedelta(minutes=1))
    assert client.get(by_link(third)).status_code == 410
    fourth = signing.send_link(
        party, by=person(party), name="Eva", title="Mayor", email="eva@town.example", language="en"
    )
    memorandum.take_back(by=CoordinatorFactory())
    assert client.get(by_link(fourth)).status_code == 410
    assert not Memorandum.objects.get(pk=memorandum.pk).counting_signatures()


def test_a_representative_sends_and_withdraws_a_link(client):
    memorandum = ready()
    first, _last = parties(memorandum)
    client.force_login(person(first))
    page = client.get(address(memorandum, "send_link")).content.decode()
    sent = {"name": "Ivo", "title": "Mayor", "email": "ivo@town.example", "language": "en"}
    sent["once"] = re.search(r'name="once" value="([^"]+)"', page)[1]
    client.post(address(memorandum, "send_link"), sent)
    assert told("memorandum_sign_link") == {"ivo@town.example"}
    client.post(address(memorandum, "send_link"), {"then": "withdraw", "once": str(uuid.uuid4())})
    assert SigningLink.objects.get().withdrawn_at


# --- signed copies ---------------------------------------------------------------------------------------------


def upload(client, memorandum, file, **more):
    said = {
        "language": "en",
        "signatory_name": "Ana Sample",
        "signatory_title": "Mayor",
        "signed_on": timezone.now().date().isoformat(),
        "once": str(uuid.uuid4()),
        **more,
    }
    return client.post(address(memorandum, "upload_copy"), {**said, "file": file})


def test_a_signed_copy_counts_when_a_coordinator_has_accepted_it(client):
    memorandum = ready()
    first, _last = parties(memorandum)
    client.force_login(person(first))
    assert upload(client, memorandum, pdf(), qualified="on").status_code == 302
    file = MemorandumFile.objects.get(kind="signed")
    assert not memorandum.counting_signatures() and told("memorandum_upload_received") == {person(first).email}
    assert "already" in upload(client, memorandum, pdf(title="second")).content.decode()
    both = CoordinatorFactory()
    SeatFactory(authority=first.authority, user=both)
    assert not file.can_be_checked_by(both) and not file.can_be_checked_by(person(first))
    coordinator = CoordinatorFactory()
    assert file.can_be_checked_by(coordinator)
    signature = file.accept_copy(by=coordinator)
    assert (signature.method, signature.file, signature.name) == ("qualified", file, "Ana Sample")
    assert signature.signed_at <= timezone.now()  # of a paper one knows the day: noon, unless it has yet to come
    assert why(lambda: file.accept_copy(by=coordinator)) == "signed"


def test_a_copy_that_does_not_fit_is_refused_and_another_may_come(client):
    memorandum = ready()
    first, _last = parties(memorandum)
    client.force_login(person(first))
    upload(client, memorandum, pdf())
    file = MemorandumFile.objects.get(kind="signed")
    file.refuse_copy(by=CoordinatorFactory(), note="Page three is missing", note_language="en")
    mail = compose(Notification.objects.get(kind="memorandum_upload_refused"))
    assert any("Page three" in part.text for part in mail.after)
    assert upload(client, memorandum, pdf(title="whole")).status_code == 302
    assert MemorandumFile.objects.filter(kind="signed", check_state="waiting").count() == 1
    sign(first)  # on the portal instead
    assert MemorandumFile.objects.filter(kind="signed", check_state="waiting").count() == 0


def test_only_signed_pdfs_are_taken(client):
    memorandum = ready()
    first, _last = parties(memorandum)
    client.force_login(person(first))
    unsigned = memorandum.files.filter(language="en").get().file.read()
    for name, content in {"a.pdf": b"no pdf", "b.html": b"<html>", "c.pdf": unsigned}.items():
        file = pdf(name)
        file.file.seek(0)
        file.file.truncate()
        file.file.write(content)
        file.size = len(content)
        assert upload(client, memorandum, file).status_code == 200, name
    assert upload(client, memorandum, pdf(), signed_on="2020-01-01").status_code == 200
    assert not MemorandumFile.objects.filter(kind="signed").exists()


# --- files -----------------------------------------------------------------------------------------------------


def test_files_reach_parties_and_coordinators_only(client):
    memorandum = ready([made.joining(), made.joining()])
    first, second, _last = parties(memorandum)
    waiting_copy = keep(memorandum, "signed", b"%PDF-1.7 mine", party=first, check_state="waiting")
    frozen = memorandum.files.filter(kind="frozen", language="en").get()
    paths = {file: reverse("network:memorandum_file", args=[file.pk]) for file in (frozen, waiting_copy)}
    download = reverse("network:memorandum_pdf", args=[memorandum.code, "en"])
    seen_by = {
        None: (302, 302),
        MemberFactory(): (404, 404),
        person(first): (200, 200),
        person(second): (200, 404),  # not accepted yet: for its own party
        CoordinatorFactory(): (200, 200),
    }
    for user, (text, copy) in seen_by.items():
        client.logout()
        if user:
            client.force_login(user)
        statuses = [client.get(path).status_code for path in (paths[frozen], download, paths[waiting_copy])]
        assert statuses == [text, text, copy], user
    answer = client.get(download)
    assert hashlib.sha256(answer.content).hexdigest() == frozen.sha256
    assert answer["Content-Disposition"].startswith("attachment") and answer["X-Content-Type-Options"] == "nosniff"


def test_bytes_that_changed_on_disk_are_not_served(client, caplog):
    memorandum = ready()
    frozen = memorandum.files.filter(kind="frozen", language="en").get()
    with Path(frozen.file.path).open("ab") as stored:
        stored.write(b"tampered")
    client.force_login(CoordinatorFactory())
    assert client.get(reverse("network:memorandum_file", args=[frozen.pk])).status_code == 404
    assert "SHA-256 differs" in caplog.text
