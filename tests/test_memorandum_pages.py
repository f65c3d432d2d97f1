"""Memoranda in a browser: every page with axe, in two languages and widths (journeys: test_memorandum_journey)."""

import pytest
from django.urls import reverse
from django.utils import translation

from network.memorandum import signing
from tests import memoranda as made
from tests.factories import CoordinatorFactory
from tests.jobs import forget
from tests.signatures import in_force, person, ready

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def countersigning(settings):
    settings.COUNTERSIGNING_PARTY, settings.COUNTERSIGNING_COUNTRY = made.PARTY, "BE"
    yield
    forget()


def pages(user, authority):
    """(path, status): open to sign, in force, taken back; a link; verification."""
    open_, valid = ready([authority], demonstration=True), in_force([authority], status="active")
    back = ready([authority])
    back.take_back(by=CoordinatorFactory(), note="A mistake", note_language="en")
    first = open_.parties.first()
    link = signing.send_link(first, by=user, name="Ivo Mayor", title="Mayor", email="ivo@town.example", language="en")
    yield reverse("network:memoranda"), 200
    yield from ((row.get_absolute_url(), 200) for row in (open_, valid, back))
    yield from ((reverse(f"network:{name}", args=[open_.code]), 200) for name in ("sign", "send_link", "upload_copy"))
    yield from ((reverse(f"network:{name}", args=[valid.code]), 200) for name in ("review", "renew", "leave"))
    yield reverse("network:sign_by_link", args=[link.token]), 200
    yield reverse("network:sign_by_link", args=["forged"]), 410
    yield reverse("verify"), 200
    yield reverse("verification", args=["2222-2222-2222"]), 404
    yield from ((row.get_verification_url(), 200) for row in (open_, valid, back))
    yield reverse("my"), 200


def test_every_page_of_memoranda(live, axe, no_sideways_scrolling, page_language, page_width):
    live.page.emulate_media(color_scheme="dark" if page_width == 320 else "light")
    authority = made.joining(status="active")
    user = person(authority.parties.model(authority=authority))
    user.language = page_language
    user.save()
    live.log_in(user)
    faults = []
    with translation.override(page_language):
        paths = list(pages(user, authority))
    for path, status in paths:
        live.expected = [] if status == 200 else [str(status)]
        answer = live.goto(path)
        try:
            assert answer.status == status, f"{path}: {answer.status}"
            no_sideways_scrolling(live.page)
            axe(live.page)
            assert not live.unexpected(), f"{path}: {live.unexpected()}"
        except AssertionError as fault:
            faults.append(str(fault))
        live.problems.clear()
    assert not faults, "\n\n".join(faults)
