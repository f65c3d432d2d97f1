"""Coordinators judge nothing of an authority that is theirs or was until lately, whatever it is."""

import datetime

import pytest
from django.utils import timezone

from . import factories as made
from .memoranda import draft

pytestmark = pytest.mark.django_db


def judged(authority):
    """What a coordinator decides about an authority: a name, and who says whether they may."""
    membership = made.MembershipFactory(authority=authority, status="applied")
    asked = {"user": made.UserFactory(), "language": "en", "to_coordinators_at": timezone.now()}
    request = authority.seat_requests.create(**asked)
    return {
        "application": membership.can_be_decided_by,
        "claim": made.RepresentationFactory(authority=authority, status="claimed").can_be_confirmed_by,
        "claim of a Euroregion": made.RepresentationFactory(
            coordinator=authority, status="claimed"
        ).can_be_confirmed_by,
        "memorandum": draft([authority]).can_be_made_by,
        "merger": authority.can_be_merged_by,
        "seat": made.SeatFactory(authority=authority).can_be_moderated_by,
        "request": request.can_be_moderated_by,
    }


@pytest.mark.parametrize("days", [0, 90, 91])
def test_what_was_theirs_until_lately_is_not_for_them_to_judge(days):
    coordinator, ended = made.CoordinatorFactory(), timezone.localdate() - datetime.timedelta(days=days)
    authority = made.AuthorityFactory(kind="euroregion", official_address="office@sample.example")
    made.SeatFactory(user=coordinator, authority=authority, start=ended - datetime.timedelta(days=365), end=ended)
    found = {name: may(coordinator) for name, may in judged(authority).items()}
    assert found == dict.fromkeys(found, days > 90)
    stranger = made.CoordinatorFactory()
    assert all(may(stranger) for may in judged(made.AuthorityFactory(kind="euroregion")).values())
