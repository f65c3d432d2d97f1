"""Signing after the language of the text was chosen: the address has a query then, and the signature still counts."""

import pytest

from tests import memoranda as made
from tests.factories import PASSWORD
from tests.signatures import person, ready, typed

pytestmark = pytest.mark.django_db


def test_who_chose_the_language_of_the_text_has_signed_once_they_have_said_who_they_are(client, settings):
    settings.COUNTERSIGNING_PARTY, settings.COUNTERSIGNING_COUNTRY = made.PARTY, "BE"
    memorandum = ready(languages=("en", "it"), authentic=("en", "it"))
    first = memorandum.parties.first()
    client.force_login(person(first))
    address = memorandum.get_absolute_url() + "sign/?language=it"
    assert client.get(address).status_code == 200
    asked = client.post(address, typed(memorandum, first, "it"))
    assert "reauthenticate" in asked["Location"]
    done = client.post(asked["Location"], {"password": PASSWORD})
    assert done["Location"] == memorandum.get_absolute_url()
    memorandum.refresh_from_db()
    assert [row.language for row in memorandum.counting_signatures()] == ["it"]
