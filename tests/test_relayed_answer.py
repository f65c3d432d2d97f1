"""Messages that are passed on, and their answers: neither side sees the other's address."""

import uuid

import pytest
from django.core import mail as outgoing
from django.urls import reverse

from accounts import notifications
from network.models import RelayedMessage
from tests.factories import FicheFactory, UserFactory
from tests.jobs import run_jobs

pytestmark = pytest.mark.django_db


def relayed(owner, **fiche):
    fiche = FicheFactory(submitted_by=owner, **fiche)
    message = RelayedMessage.objects.create(
        object=fiche, name="Ida", email="ida@reader.example", text="Πόσο κοστίζει;", language="el", address_hash="x"
    )
    notifications.tell("relayed_message", message, key="relayed:1", recipient=owner)
    return message


def test_an_owner_answers_without_either_address_being_seen(client):
    owner = UserFactory(name="Odysseas", language="en")
    message = relayed(owner)
    run_jobs()
    path = reverse("relay_answer", args=[message.pk])
    assert path in outgoing.outbox[0].body and "ida@reader.example" not in outgoing.outbox[0].body
    client.force_login(owner)
    assert "Πόσο κοστίζει;" in client.get(path).content.decode()
    token = str(uuid.uuid4())
    for _twice in range(2):
        assert client.post(path, {"text": "Not much.", "once": token}).status_code == 302
    run_jobs()
    (answer,) = outgoing.outbox[1:]
    assert answer.to == ["ida@reader.example"] and "> Not much." in answer.body
    assert owner.email not in answer.body and answer.extra_headers["Content-Language"] == "el"


def test_only_who_got_the_message_may_read_and_answer_it(client):
    path = reverse("relay_answer", args=[relayed(UserFactory()).pk])
    assert client.get(path).status_code == 302
    client.force_login(UserFactory())
    assert client.get(path).status_code == 404 and client.post(path, {"text": "x"}).status_code == 404


def test_the_answer_about_an_anonymised_lesson_names_nobody_unless_its_writer_does(client):
    owner = UserFactory(name="Odysseas", language="en")
    path = reverse("relay_answer", args=[relayed(owner, kind="lesson_learned", disclosure="anonymised").pk])
    client.force_login(owner)
    name = client.get(path).context["form"]["name"]
    assert name.value() == ""
    client.post(path, {"name": "", "text": "Not much.", "once": str(uuid.uuid4())})
    client.post(path, {"name": "Odysseas of the town hall", "text": "A little.", "once": str(uuid.uuid4())})
    run_jobs()
    nameless, named = outgoing.outbox[1:]
    assert "Odysseas" not in nameless.body and "Odysseas of the town hall" in named.body


def test_an_owner_of_an_open_fiche_answers_under_their_own_name(client):
    owner = UserFactory(name="Odysseas")
    client.force_login(owner)
    path = reverse("relay_answer", args=[relayed(owner).pk])
    assert client.get(path).context["form"]["name"].value() == "Odysseas"
