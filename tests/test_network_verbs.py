"""Histories of the network in the reader's language: no verb is left as the code calls it."""

import pytest
from django.utils import translation

from accounts import history
from accounts.models import Event
from network import invitations, verbs
from network.membership import mergers
from tests import factories as made
from tests import memoranda

pytestmark = pytest.mark.django_db


def renewed():
    row = made.RepresentationFactory()
    row.renew(by=made.UserFactory(), basis="List of 2026")
    return row


def withdrawn():
    by = made.CoordinatorFactory()
    row = invitations.invite(made.AuthorityFactory(), "ana@people.example", "deputy", language="en", by=by)
    row.withdraw(by=by)
    return row


def merged():
    """A seat of somebody who sits at the other authority already."""
    seat = made.SeatFactory()
    mergers.merge(seat.authority, made.SeatFactory(user=seat.user).authority, by=made.CoordinatorFactory())
    return seat


def begun():
    row = memoranda.template()
    history.record(row, "create", by=made.CoordinatorFactory())
    return row


@pytest.mark.parametrize("done", [renewed, withdrawn, merged, begun])
def test_what_happened_is_said_in_words(done):
    event = Event.objects.of(done()).last()
    with translation.override("el"):
        assert not verbs.label(event).isascii(), event.verb
