"""The pages of moderation in a browser: no console error, nothing sideways, nothing the accessibility rules find."""

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import Reason
from fiches import revision
from tests import factories as made

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def coordinator(page_language):
    return made.CoordinatorFactory(language=page_language)


def pages(coordinator):
    """One of each kind of page, with something on it."""
    reading = {"status": "in_review", "read_by": coordinator, "read_since": timezone.now()}
    fiche = made.FicheFactory(
        **reading, authority=None, authority_claimed="Regione Campione", country="IT", results=True
    )
    own = made.FicheFactory(status="submitted", submitted_by=coordinator)
    copy, _begun = revision.begin(made.FicheFactory(), by=coordinator)
    copy.submitted_by, copy.title_en = made.UserFactory(), "Another title"
    copy.save()
    copy.submit(by=copy.submitted_by)
    reason = Reason.objects.create(verb="reject", key="no", text_en="No.")
    yield reverse("admin:index")
    yield reverse("admin:fiches_fiche_changelist")
    for row in (fiche, own, copy):
        yield reverse("admin:fiches_fiche_change", args=[row.pk])
    yield reverse("admin:accounts_reason_change", args=[reason.pk])


def test_pages_of_moderation(live, axe, no_sideways_scrolling, coordinator, page_language, page_width):
    live.log_in(coordinator)
    for path in pages(coordinator):
        assert live.goto(path).status == 200
        assert live.page.locator("html").get_attribute("lang") == page_language
        no_sideways_scrolling(live.page)
        assert not live.unexpected(), path
        live.expected.append("Applying inline style")  # the rules' own script, on Django's change forms
        axe(live.page)


def test_a_submission_is_read_and_published_by_keyboard(live):
    person = made.CoordinatorFactory()
    fiche = made.FicheFactory(status="submitted", title="Evening school by the harbour")
    live.log_in(person)
    live.goto(reverse("admin:index"))
    live.page.get_by_role("link", name="Fiches to read", exact=True).press("Enter")
    live.page.get_by_role("link", name=fiche.reference).press("Enter")
    live.page.get_by_role("button", name="Begin reading").press("Enter")
    live.page.get_by_text("You have been reading this fiche").wait_for()
    live.page.get_by_text("Request changes …").press("Enter")
    live.page.locator("#id_request_changes-note").fill("Say more about the cost.")
    live.page.get_by_role("button", name="Approve and publish").press("Enter")
    live.page.get_by_text("Published. The author is told by mail.").wait_for()
    fiche.refresh_from_db()
    assert fiche.status == "published"
