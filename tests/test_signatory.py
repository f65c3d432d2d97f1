"""Who is named to sign: nobody else signs without saying so, and everybody may read it."""

import io

import pytest
from django.urls import reverse
from pypdf import PdfReader

from network.memorandum import printing, signatory, signing
from network.models import MemorandumFile
from tests import memoranda as made
from tests.factories import PASSWORD, CoordinatorFactory
from tests.signatures import keep, person, ready, sign, typed

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def countersigning(settings):
    settings.COUNTERSIGNING_PARTY, settings.COUNTERSIGNING_COUNTRY = made.PARTY, "BE"


@pytest.fixture
def memorandum():
    return ready()


@pytest.fixture
def party(memorandum):
    return memorandum.parties.first()


def named(party, name):
    type(party).objects.filter(pk=party.pk).update(signatory_name=name)
    party.refresh_from_db()


def post(client, party, **more):
    """Sign on the page, one’s password given a moment before."""
    client.force_login(person(party))
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    memorandum = party.memorandum
    return client.post(reverse("network:sign", args=[memorandum.code]), typed(memorandum, party, **more))


SAME = [
    ("Ana Sample", "  ana   SAMPLE "),
    ("Işıl İnce", "ışıl ince"),
    ("Işıl İnce", "IŞIL İNCE"),
    ("Ιωάννης Παπάς", "ΙΩΑΝΝΗΣ ΠΑΠΑΣ"),
    ("Ștefan Țăran", "Stefan Taran"),
]


@pytest.mark.parametrize(("name", "entered"), SAME)
def test_capitals_accents_and_spaces_make_nobody_else(client, party, name, entered):
    named(party, name)
    assert post(client, party, name=entered)["Location"] == party.memorandum.get_absolute_url()
    assert party.signatures.get().in_place_of == ""


def test_another_name_is_not_accepted_silently(client, party):
    page = post(client, party, name="Eva Other")
    form = page.context["form"]
    assert page.status_code == 200 and "Ana Sample, Mayor" in form.errors["name"][0]
    assert 'name="in_place"' in page.content.decode() and "Eva Other" in page.content.decode()
    assert not party.signatures.exists()
    post(client, party, name="Eva Other", in_place="on")
    row = party.signatures.get()
    assert (row.name, row.in_place_of) == ("Eva Other", "Ana Sample")


def test_who_opens_the_page_reads_who_is_named(client, party):
    client.force_login(person(party))
    address = reverse("network:sign", args=[party.memorandum.code])
    assert 'name="in_place"' in client.get(address).content.decode()  # the account has another name
    assert "Ana Sample, Mayor" in client.get(address).content.decode()
    named(party, person(party).name)
    assert 'name="in_place"' not in client.get(address).content.decode()


def test_the_tick_says_nothing_under_the_name_itself_or_where_nobody_is_named(client, party):
    named(party, "")
    page = client.get(reverse("network:sign", args=[party.memorandum.code]))
    assert 'name="in_place"' not in page.content.decode()
    post(client, party, name="Whoever Signs", in_place="on")
    assert party.signatures.get().in_place_of == ""


def test_signs_in_a_name_are_text(client, party):
    named(party, "<b>Ana</b> {0} {party}")
    page = post(client, party, name="Eva Other").content.decode()
    assert "<b>Ana</b>" not in page and "&lt;b&gt;Ana&lt;/b&gt; {0} {party}" in page


# --- by a link ---------------------------------------------------------------------------------------------------


def link(party, name="Ana Sample"):
    about = {"name": name, "title": "Mayor", "email": "mayor@town.example", "language": "en"}
    return signing.send_link(party, by=person(party), **about)


def by_link(client, row, **more):
    address = reverse("network:sign_by_link", args=[row.token])
    return client.post(address, typed(row.party.memorandum, row.party, **more))


def test_by_a_link_another_name_needs_the_tick_too(client, party):
    row = link(party)
    page = by_link(client, row, name="Eva Other")
    assert page.status_code == 200 and "Ana Sample" in page.context["form"].errors["name"][0]
    assert not party.signatures.exists()
    by_link(client, row, name="Eva Other", in_place="on")
    assert party.signatures.get().in_place_of == "Ana Sample"


def test_a_link_to_somebody_else_than_the_memorandum_names(client, party):
    row = link(party, "Eva Other")
    page = client.get(reverse("network:sign_by_link", args=[row.token]))
    assert 'name="in_place"' in page.content.decode() and "Ana Sample" in page.content.decode()
    by_link(client, row, name="Ana Sample")
    assert party.signatures.get().in_place_of == ""


def test_where_the_memorandum_names_nobody_the_link_does(client, party):
    named(party, "")
    row = link(party, "Ivo Mayor")
    assert by_link(client, row, name="Eva Other").status_code == 200 and not party.signatures.exists()
    by_link(client, row, name="ivo mayor")
    assert party.signatures.get().in_place_of == ""


# --- where one reads it ------------------------------------------------------------------------------------------


def test_all_pages_and_the_paper_say_in_whose_place(client, memorandum, party):
    sign(party)  # by the person named
    coordinator = CoordinatorFactory()
    last = memorandum.parties.last()
    named(last, "Ursula Network")
    sign(last, by=coordinator)
    row = last.signatures.get()
    assert row.in_place_of == "Ursula Network"
    admin = reverse("admin:network_memorandum_change", args=[memorandum.pk])
    for user, address in [
        (None, memorandum.get_verification_url()),
        (person(party), memorandum.get_absolute_url()),
        (coordinator, admin),
    ]:
        client.logout()
        if user:
            client.force_login(user)
        words = " ".join(client.get(address).content.decode().split())
        assert words.count("in the place of") == 1 and "Ursula Network" in words, address
    text = memorandum.current_texts().get(language="en")
    paper = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(printing.final(text))).pages)
    assert "In the place of" in paper and "Ursula Network" in paper


def test_the_form_for_a_copy_says_who_is_named_and_begins_with_the_readers_language(client):
    memorandum = ready(languages=("en", "it", "el"), authentic=("it", "el"))
    party = memorandum.parties.first()
    client.force_login(person(party))
    for language, wanted in (("el", "el"), ("it", "it")):
        form = client.get(f"/{language}/network/memoranda/{memorandum.code}/copy/").context["form"]
        assert form["language"].value() == wanted
        assert "Ana Sample, Mayor" in form["signatory_name"].help_text


def test_a_copy_signed_by_another_shows_the_coordinator_who_is_named(client, memorandum, party):
    said = {"signatory_name": "Eva Other", "signatory_title": "Deputy", "signed_on": memorandum.locked_at.date()}
    copy = keep(memorandum, "signed", b"%PDF scan", party=party, check_state="waiting", **said)
    coordinator = CoordinatorFactory()
    client.force_login(coordinator)
    page = client.get(reverse("admin:network_memorandum_change", args=[memorandum.pk])).content.decode()
    assert str(signatory.named(party)) in page
    MemorandumFile.objects.get(pk=copy.pk).accept_copy(by=coordinator)
    assert party.signatures.get().in_place_of == "Ana Sample"


def test_a_demonstration_stands_in_nobodys_place(party):
    named(party, "Somebody Else")
    sign(party, method="demonstration", by=None)
    assert party.signatures.get().in_place_of == ""
