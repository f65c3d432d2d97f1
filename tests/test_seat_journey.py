"""In a browser: a person opens the mail with an invitation in Romanian, registers nothing new, signs in and takes it."""

import pytest
from django.urls import reverse
from django.utils import translation

from network import invitations
from tests import factories as made

pytestmark = pytest.mark.django_db(transaction=True)


def test_from_the_mail_by_signing_in_to_the_seat(live, axe, no_sideways_scrolling):
    authority = made.MembershipFactory().authority
    ana = made.MemberFactory(seat_at=authority, seat_at__role="representative", name="Ana Horvat")
    ioana = made.UserFactory(email="ioana@people.example", name="Ioana Țăranu", language="ro")
    row = invitations.invite(authority, ioana.email, "deputy", language="ro", by=ana)
    with translation.override("ro"):
        here, seats = invitations.address(row), reverse("network:seats", args=[authority.slug])
    live.goto(here)
    axe(live.page)
    live.page.locator("main .buttons a.button:not(.secondary)").click()
    live.page.fill("[name=login]", ioana.email)
    live.page.fill("[name=password]", made.PASSWORD)
    live.page.locator("main form button[type=submit]").first.click()
    live.page.wait_for_url(f"**{here}")
    assert live.page.locator("html").get_attribute("lang") == "ro"
    live.page.locator("main form button[type=submit]").click()
    live.page.wait_for_url(f"**{seats}")
    no_sideways_scrolling(live.page)
    assert "Ioana Țăranu" in live.page.locator("main").inner_text()
    assert authority.seats.get(user=ioana).role == "deputy"
