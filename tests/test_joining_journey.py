"""In a browser, in Italian and Croatian: find the authority, apply wrongly, then rightly, see where it stands."""

import datetime

import pytest
from django.urls import reverse
from django.utils import translation

from network.models import Membership
from tests import factories as made

pytestmark = pytest.mark.django_db(transaction=True)
FILE = {"name": "Delibera n. 12.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7\n%%EOF"}


def send(page):
    page.locator("main form .buttons button[type=submit]").first.click()
    page.wait_for_load_state()


def fill(page, **values):
    for name, value in values.items():
        page.fill(f"main [name={name}]", value)


@pytest.mark.parametrize("language", ["it", "hr"])
def test_an_authority_applies_in_its_own_language(live, axe, language):
    live.expected.append("422")
    person = made.UserFactory(language=language, name="Ada Rossi")
    made.AuthorityFactory(official_name="Comune di Fano", name="Fano", country="IT", town="Fano")
    live.log_in(person)
    with translation.override(language):
        live.goto(reverse("network:join"))
    page = live.page
    page.fill("main [name=q]", "Fano Adriatica")
    send(page)
    assert page.locator("main h3", has_text="Fano").count()
    page.locator("main a[href*='apply/?name=']").click()
    page.wait_for_load_state()
    assert page.input_value("[name=official_name]") == "Fano Adriatica"
    future = (datetime.datetime.now(datetime.UTC).date() + datetime.timedelta(days=9)).isoformat()
    page.select_option("[name=country]", "IT")
    page.select_option("[name=kind]", "local")
    fill(page, town="Fano", official_address="protocollo@fano.example", decision_body="Giunta", decision_date=future)
    page.set_input_files("[name=decision_upload]", FILE)
    page.check("[name=consent]")
    send(page)
    # Refused: a day in the future, and a name close to one that is known. Nothing typed is lost, nor the file.
    assert page.locator("#error-summary").is_visible() and page.locator("[name=same_as]").count() == 2
    assert page.input_value("[name=decision_body]") == "Giunta" and page.is_checked("[name=consent]")
    assert page.locator("main", has_text=FILE["name"]).count() and page.input_value("[name=country]") == "IT"
    axe(page)
    fill(page, decision_date="2026-02-03")
    page.check("[name=same_as][value=none]")
    send(page)
    membership = Membership.objects.select_related("authority").get()
    assert page.url.endswith(f"/{language}/network/applications/{membership.pk}/")
    assert page.locator("main h1", has_text="Fano Adriatica").count()
    assert page.locator("[aria-current=step]").count() == 1
    assert (membership.status, membership.language, membership.applied_by) == ("applied", language, person)
    assert membership.authority.hidden and membership.decision_filename == FILE["name"]
    with page.expect_download() as download:
        page.locator("main a", has_text=FILE["name"]).click()
    assert download.value.suggested_filename == FILE["name"]


def test_the_regions_follow_the_country(live):
    made.RegionFactory(code="ITC1")
    region = made.RegionFactory(code="HR04")
    live.log_in(made.UserFactory())
    live.goto(reverse("network:apply"))
    options = live.page.locator("[name=region] option")
    assert options.count() == 1 and live.page.locator("[name=regions]").count() == 0
    live.page.select_option("[name=country]", "HR")
    live.page.wait_for_selector(f"[name=region] option[value='{region.pk}']", state="attached")
    assert options.count() == 2
