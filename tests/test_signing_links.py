"""How many links to sign one person sends in a day."""

import uuid
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from network.models import SigningLink
from tests import memoranda as made
from tests.factories import SeatFactory
from tests.signatures import person, ready

pytestmark = pytest.mark.django_db


def test_one_person_sends_so_many_links_a_day(client, settings):
    settings.SIGNING_LINKS_PER_DAY = 2
    settings.COUNTERSIGNING_PARTY, settings.COUNTERSIGNING_COUNTRY = made.PARTY, "BE"
    memorandum = ready()
    first = memorandum.parties.first()
    address = reverse("network:send_link", args=[memorandum.code])
    deputy = SeatFactory(authority=first.authority, role="deputy").user
    sent = {"name": "Ivo", "title": "Mayor", "email": "ivo@town.example", "language": "en"}
    client.force_login(person(first))

    def post():
        return client.post(address, sent | {"once": str(uuid.uuid4())})

    assert [post().status_code for _n in range(3)] == [302, 302, 429]
    late = post()
    assert "many links today" in late.content.decode() and 'value="ivo@town.example"' in late.content.decode()
    assert SigningLink.objects.count() == 2 and SigningLink.objects.filter(withdrawn_at=None).count() == 1
    client.force_login(deputy)
    assert post().status_code == 302  # another person
    SigningLink.objects.update(sent_at=timezone.now() - timedelta(hours=25))
    client.force_login(person(first))
    assert post().status_code == 302
