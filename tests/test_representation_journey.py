"""In browsers: a Euroregion enrols five authorities by a file and hands in a fiche; one objects, one ends it at once."""

import pytest
from django.urls import reverse

from accounts.mail import compose
from accounts.models import Notification
from fiches.models import Fiche
from network.models import Authority, Representation
from tests import factories as made
from tests.clicks import at, press

pytestmark = pytest.mark.django_db(transaction=True)

HEAD = "official_name;official_language;name;kind;governance_level;country;official_address;basis;basis_date"
ROWS = [
    "Grad Pula;hr;City of Pula;local;local;HR;grad@pula.example;Member of the association;2026-03-31",
    "Općina Žminj;hr;Municipality of Žminj;local;local;HR;ured@zminj.example;Member of the association;31.03.2026",
    "Δήμος Λευκάδας;el;Municipality of Lefkada;local;local;Greece;info@lefkada.example;Member of the association;",
    "Comune di Bari;it;City of Bari;local;local;Atlantis;comune@bari.example;Member of the association;",
    "Bashkia Durrës;sq;Municipality of Durrës;local;local;AL;info@durres.example;Member of the association;",
]


def enrol(live, euroregion, axe):
    at(live, "it", "network:represented_list", euroregion.slug)
    axe(live.page)
    file = {"name": "list.csv", "mimeType": "text/csv", "buffer": "\r\n".join([HEAD, *ROWS]).encode()}
    live.page.set_input_files("#file", file)
    press(live.page, ".panel:has(#file) button[name=then][value=check]")
    axe(live.page)
    live.page.locator("main select[name$=country]").select_option("IT")  # the one wrong cell
    press(live.page, "section[aria-labelledby=wrong] button[name=then][value=check]")
    press(live.page, "button[name=then][value=take]")
    assert live.page.locator("tbody tr").count() == 5
    axe(live.page)


def confirm_all(live):
    live.goto(f"{reverse('admin:network_representation_changelist')}?status__exact=claimed")
    live.page.check("#action-toggle")
    live.page.select_option("select[name=action]", "confirm_claims")
    live.page.locator("button[name=index]").first.click()
    live.page.wait_for_load_state()
    live.page.fill("[name=address_source]", "Official register of addresses")
    press(live.page, "button[name=confirmed]")


def begin_draft(live, authority, title, language):
    """A draft on behalf of one of them, filled in up to the button that submits it."""
    at(live, language, "fiches:create")
    live.page.check("[name=kind][value=practical_example]")
    live.page.locator("main form button[type=submit]").first.click()
    live.page.wait_for_url("**/edit/**")
    live.page.select_option("[name=on_behalf_of]", str(authority.pk))
    texts = {"title": title, "summary": "One afternoon.", "problem": "Pupils chose trades that they had never seen."}
    for name, text in (texts | {f"step_{n}": f"Step {n}." for n in (1, 2, 3)}).items():
        live.page.fill(f"[name={name}]", text)
    live.page.select_option("[name=country]", authority.country)
    live.page.check("[name=policy_stages][value=implementation]")
    live.page.locator("[name=themes]").first.check()
    live.page.check("[name=target_groups][value=pupils_students]")
    live.page.check("[name=consent]")


def submit(live):
    live.page.locator("button[name=then][value=submit]").click()
    live.page.wait_for_load_state()


def test_five_authorities_a_fiche_and_an_objection(live, axe):
    euroregion = made.AuthorityFactory(kind="euroregion", official_name="Euroregija", name="Euroregion")
    elena = made.MemberFactory(seat_at=euroregion, seat_at__role="representative", language="it")
    carla = made.CoordinatorFactory(language="hr")
    made.ThemeFactory(slug="early-school-leaving")
    live.log_in(elena)
    enrol(live, euroregion, axe)
    live.log_in(carla)
    confirm_all(live)
    assert set(Representation.objects.values_list("status", flat=True)) == {"confirmed"}
    zminj = Authority.objects.get(official_name="Općina Žminj")
    assert not zminj.hidden

    live.log_in(elena)
    begin_draft(live, zminj, "An afternoon of opened workshops", "it")
    submit(live)
    fiche = Fiche.objects.get()
    assert (fiche.status, fiche.on_behalf_of, fiche.vouched) == ("submitted", zminj, "authority")
    begin_draft(live, zminj, "A second afternoon", "it")  # this page stays open while the authority objects

    told = Notification.objects.get(kind="representation_confirmed_official", address="ured@zminj.example")
    other = live.page.context.browser.new_page()
    other.goto(live.url + compose(told).button[1])
    assert "Member of the association" in other.locator("main").inner_text()
    other.fill("[name=words]", "Nobody asked us.")
    other.locator("main form button[type=submit]").click()  # the page speaks the authority’s language
    other.wait_for_load_state()
    other.close()
    assert Representation.objects.get(authority=zminj).status == "ended"
    fiche.refresh_from_db()
    assert fiche.vouched == "person"  # it was never confirmed by the authority

    live.expected.append("422")
    submit(live)
    assert live.page.locator("#error-summary a[href='#id_on_behalf_of']").is_visible()
    assert live.page.locator("[name=title]").input_value() == "A second afternoon"
    assert not Fiche.objects.filter(status="submitted").exclude(pk=fiche.pk).exists()
    live.goto(reverse("network:represented", args=[euroregion.slug]) + "?status=ended")
    assert "Žminj" in live.page.locator("main").inner_text()


def typed(page) -> list:
    """What a person has filled in, ticked and chosen, by name; not what the form carries along."""
    return page.eval_on_selector_all(
        "#writing [name]:not([type=hidden]):not(button)",
        """fields => fields.filter(field => !["checkbox", "radio"].includes(field.type) || field.checked)
            .filter(field => field.value).map(field => [field.name, field.value]).sort()""",
    )


def revoke(ana, authority, language):
    """The representative, on the page that says who acts for the authority."""
    at(ana, language, "network:detail", authority.slug)
    here = reverse("network:representation", args=[authority.slug]).removeprefix("/en")
    press(ana.page, f"main a[href$='{here}']")
    ana.page.locator("details:has(button[name=then][value=revoke]) > summary").click()
    press(ana.page, "button[name=then][value=revoke]")
    assert ana.page.locator("button[name=then][value=revoke]").count() == 0


def test_a_revocation_counts_at_once_for_a_form_that_is_open_elsewhere(visit):
    row = made.RepresentationFactory()
    made.MembershipFactory(authority=row.coordinator)
    made.MembershipFactory(authority=row.authority)
    made.ThemeFactory(slug="early-school-leaving")
    elena = visit(made.MemberFactory(seat_at=row.coordinator, seat_at__role="representative", language="it"), "it")
    ana = visit(made.MemberFactory(seat_at=row.authority, seat_at__role="representative", language="el"), "el")
    title = "Un pomeriggio di botteghe aperte"
    begin_draft(elena, row.authority, title, "it")
    before = typed(elena.page)
    revoke(ana, row.authority, "el")
    assert Representation.objects.get().status == "ended"

    elena.expected.append("422")
    submit(elena)
    page = elena.page
    assert page.locator("#error-summary a[href='#id_on_behalf_of']").is_visible()
    kept = [pair for pair in before if pair[0] != "on_behalf_of"]
    assert typed(page) == kept and ["consent", "on"] in kept and ["title", title] in kept
    assert not Fiche.objects.exclude(status="draft").exists()
    page.select_option("[name=on_behalf_of]", "")  # she hands it in for her own organisation
    submit(elena)
    fiche = Fiche.objects.get()
    assert (fiche.status, fiche.on_behalf_of, fiche.title_it) == ("submitted", None, title)
