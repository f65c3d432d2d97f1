"""Writing to the owners of a fiche: who gets it, what stays hidden, how often."""

import uuid

import pytest

from accounts.models import Notification
from network.models import RelayedMessage
from tests.factories import CoordinatorFactory, FicheFactory, MemberFactory, UserFactory

pytestmark = pytest.mark.django_db
GOOD = {
    "text": "How did you find the teachers?",
    "name": "Eva Leser",
    "email": "eva@reader.example",
    "organisation": "",
}


def form(**changed):
    return {**GOOD, "once": str(uuid.uuid4()), **changed}


@pytest.fixture
def fiche():
    return FicheFactory(submitted_by=UserFactory(email="owner@people.example", name="Olga Owner"))


@pytest.fixture
def address(fiche):
    return f"/en/fiches/{fiche.pk}/contact/"


def told() -> set[tuple[str, str]]:
    return set(Notification.objects.values_list("kind", "address"))


def test_message_goes_to_the_owner_and_a_copy_to_the_sender(client, fiche, address):
    page = client.get(address)
    assert page.status_code == 200
    assert "owner@people.example" not in page.content.decode()
    assert "no-store" in page["Cache-Control"]
    page = client.post(address, form())
    assert page["Location"] == f"{address}?sent=1"
    assert client.get(page["Location"]).status_code == 200
    assert told() == {("relayed_message", "owner@people.example"), ("relayed_message_copy", "eva@reader.example")}
    message = RelayedMessage.objects.get()
    assert message.object == fiche
    assert len(message.address_hash) == 64


def test_compiled_fiche_is_answered_by_the_coordinators(client):
    coordinator = CoordinatorFactory()
    compiled = FicheFactory(origin="compiled", submitted_by=None)
    page = client.get(f"/el/fiches/{compiled.pk}/contact/")
    assert page.status_code == 200
    client.post(f"/el/fiches/{compiled.pk}/contact/", form())
    assert ("relayed_message", coordinator.email) in told()
    assert RelayedMessage.objects.get().language == "el"


def test_authority_answers_where_the_author_left(client, fiche, address):
    seat = MemberFactory(seat_at=fiche.authority)
    fiche.submitted_by.is_active = False
    fiche.submitted_by.save()
    client.post(address, form())
    assert ("relayed_message", seat.email) in told()


def test_what_is_typed_stays_after_an_error(client, address):
    page = client.post(address, form(email="no address", text="A long question"))
    assert page.status_code == 200
    assert "A long question" in page.content.decode()
    assert not RelayedMessage.objects.exists()


def test_same_form_twice_sends_once(client, address):
    data = form()
    assert client.post(address, data)["Location"] == client.post(address, data)["Location"]
    assert RelayedMessage.objects.count() == 1


def test_machines_are_told_nothing(client, address):
    page = client.post(address, form(website="http://spam.example"))
    assert page.status_code == 302
    assert not RelayedMessage.objects.exists()


def test_at_most_so_many_a_day(client, address, settings):
    settings.RELAY_MESSAGES_PER_DAY = 2
    for _number in range(2):
        assert client.post(address, form()).status_code == 302
    page = client.post(address, form(text="Third question"))
    assert page.status_code == 429
    assert "Third question" in page.content.decode()
    assert RelayedMessage.objects.count() == 2


def test_hidden_fiche_takes_no_message(client):
    draft = FicheFactory(status="draft")
    assert client.post(f"/en/fiches/{draft.pk}/contact/", form()).status_code == 404
