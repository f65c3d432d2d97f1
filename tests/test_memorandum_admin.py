"""Coordinators make memoranda in the admin: prepare, edit, preview, lock, take back; nobody else, nothing after the lock."""

import datetime
from urllib.parse import urlencode

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from accounts.models import Event, Reason
from network.memorandum import drafting
from network.models import Membership, Memorandum, MemorandumTemplate, OtherOrganisation
from tests import memoranda as made
from tests.factories import (
    AuthorityFactory,
    CoordinatorFactory,
    MemberFactory,
    MembershipFactory,
    RepresentationFactory,
    SeatFactory,
)
from tests.test_every_page import look_at

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


@pytest.fixture(autouse=True)
def countersigning(settings):
    settings.COUNTERSIGNING_PARTY, settings.COUNTERSIGNING_COUNTRY = made.PARTY, "BE"


@pytest.fixture
def coordinator(client):
    user = CoordinatorFactory()
    client.force_login(user)
    return user


def address(name, *args):
    return reverse(f"admin:network_memorandum_{name}", args=args)


def fields_of(page) -> dict:
    """What a browser would send back of the forms of the page."""
    sent = {"seen": page.context["seen"]}
    forms = page.context["forms"]
    for form in [forms["draft"], *forms["parties"], *forms["organisations"], forms["annexes"]]:
        sent |= values(form)
    for formset in (forms["parties"], forms["organisations"]):
        sent |= values(formset.management_form)
    return sent


def values(form) -> dict:
    found = {}
    for field in form:
        value = field.value()
        if isinstance(value, list):
            value = [getattr(row, "pk", row) for row in value]
        if value is not None and value is not False:
            found[field.html_name] = value
    return found


def boxes(page) -> list[str]:
    """The names beside the boxes, in their order."""
    return [label.rpartition(" (")[0] for _pk, label in page.context["form"].fields["memberships"].choices]


def test_parties_are_found_among_very_many_by_name_and_stay_ticked(client, coordinator):
    made.template()
    for number in range(40):
        MembershipFactory(authority=AuthorityFactory(official_name=f"Općina {number:02}", name=f"Town {number:02}"))
    zagora = AuthorityFactory(official_name="Općina Žagora", name="Žagora", town="Kaštel")
    zagora = MembershipFactory(authority=zagora, status="eligible")
    wanted = Membership.objects.get(authority__official_name="Općina 39")
    page = client.get(address("add"))
    assert boxes(page) == ["Žagora, Kaštel", *(f"Town {number:02}, Primjer" for number in range(30))]
    assert (page.context["form"].more, page.context["form"].initial["memberships"]) == (10, [zagora.pk])
    page = client.get(f"{address('add')}?authority={wanted.authority_id}")
    assert page.context["form"].initial["memberships"] == [wanted.pk]
    page = client.post(address("add"), {"find": "1", "q": "town 39", "memberships": [zagora.pk]})
    assert page.status_code == 200 and boxes(page) == ["Žagora, Kaštel", "Town 39, Primjer"]
    assert not page.context["form"].errors and not Memorandum.objects.exists()
    page = client.post(address("add"), {"find": "1", "q": "opcina zagora KASTEL", "memberships": ["x", wanted.pk]})
    assert boxes(page) == ["Town 39, Primjer", "Žagora, Kaštel"]
    page = client.post(address("add"), {"q": "town"})
    assert page.status_code == 400 and boxes(page)[:2] == ["Town 00, Primjer", "Town 01, Primjer"]
    client.post(address("add"), {"memberships": [zagora.pk, wanted.pk]})
    assert Memorandum.objects.get().parties.exclude(authority=None).count() == 2


def test_from_an_approved_application_to_a_locked_text(client, coordinator):
    made.template()
    authority = made.joining(language_of_contact="el", working_languages=["el", "de"])
    authority.membership.decision_body = "Town council"
    authority.membership.decision_date = datetime.date(2026, 10, 14)
    authority.membership.decision_reference = "2026/118"
    authority.membership.save()
    page = client.get(address("add"))
    assert str(authority) in page.content.decode()
    page = client.post(address("add"), {"memberships": [authority.membership.pk]})
    memorandum = Memorandum.objects.get()
    assert page.url == address("edit", memorandum.pk)
    assert memorandum.languages == ["en", "el"]
    member, network = memorandum.parties.all()
    assert (member.decision_reference, member.contact) == ("2026/118", authority.official_address)
    assert (network.name, network.capacity) == (made.PARTY, "countersigning")
    assert member.signatory_name == authority.seats.get().user.name
    page = client.get(address("edit", memorandum.pk))
    sent = fields_of(page) | {"purpose_en": "More", "purpose_el": "Κι άλλα", "parties-0-signatory_title": "Mayor"}
    page = client.post(address("edit", memorandum.pk), sent)
    assert page.url == address("change", memorandum.pk)
    memorandum = Memorandum.objects.get()
    assert (memorandum.purpose_el, memorandum.parties.first().signatory_title) == ("Κι άλλα", "Mayor")
    page = client.get(address("preview", memorandum.pk, "el"))
    assert "Κι άλλα" in page.content.decode()
    assert not client.get(address("change", memorandum.pk)).context["missing"]
    client.post(address("decide", memorandum.pk, "lock"), {"seen": "draft"})
    memorandum.refresh_from_db()
    assert memorandum.status == "locked"
    assert client.get(address("edit", memorandum.pk)).url == address("change", memorandum.pk)
    assert client.post(address("edit", memorandum.pk), sent).status_code == 409
    assert "Κι άλλα" in client.get(address("preview", memorandum.pk, "el")).content.decode()
    assert [event.verb for event in Event.objects.of(memorandum)] == ["create", "lock"]


def test_parties_organisations_and_annexes(client, coordinator):
    euroregion = made.joining(kind="euroregion", status="active")
    represented = RepresentationFactory(coordinator=euroregion, basis="Statutes", basis_date=datetime.date(2026, 3, 1))
    memorandum = made.draft([made.joining(), euroregion])
    new = made.joining(status="active")
    page = client.get(address("edit", memorandum.pk))
    sent = fields_of(page)
    first, second = sent["parties-0-position"], sent["parties-1-position"]
    sent |= {
        "parties-0-position": second,
        "parties-1-position": first,
        "add_party": new.membership.pk,
        "take": str(memorandum.parties.get(authority=euroregion).pk),
        "organisations-0-party": memorandum.parties.get(authority=euroregion).pk,
        "organisations-0-name": "Srednja škola",
        "organisations-0-country": "HR",
        "annex_title": "Work plan",
        "annex": SimpleUploadedFile("plan.pdf", PDF, "application/pdf"),
    }
    page = client.post(address("edit", memorandum.pk), sent)
    assert page.status_code == 302, page.context["forms"]
    assert memorandum.parties.first().authority == euroregion
    assert memorandum.parties.filter(authority=new).exists()
    names = {row.name: row for row in OtherOrganisation.objects.all()}
    assert set(names) == {"Srednja škola", represented.authority.official_name}
    assert names[represented.authority.official_name].source == "Statutes"
    assert drafting.take_represented(memorandum.parties.get(authority=euroregion)) == 0
    annex = memorandum.annexes().get()
    assert annex.title == "Work plan"
    assert annex.sha256 in memorandum.filled("en").text
    sent = fields_of(client.get(address("edit", memorandum.pk))) | {"remove": [annex.pk]}
    party = memorandum.parties.get(authority=new)
    number = [
        form.instance.pk for form in client.get(address("edit", memorandum.pk)).context["forms"]["parties"]
    ].index(party.pk)
    client.post(address("edit", memorandum.pk), sent | {f"parties-{number}-DELETE": "on"})
    assert not memorandum.annexes().exists()
    assert not memorandum.parties.filter(authority=new).exists()


def test_typed_answers_come_back_and_are_checked(client, coordinator):
    memorandum = made.draft()
    sent = fields_of(client.get(address("edit", memorandum.pk)))
    wrong = {"languages": ["el"], "review_due": "2040-01-01", "purpose_en": "Typed", "parties-0-position": 99}
    page = client.post(address("edit", memorandum.pk), sent | wrong)
    assert page.status_code == 400
    assert {"languages", "review_due"} <= set(page.context["forms"]["draft"].errors)
    assert page.context["forms"]["parties"].non_form_errors()
    assert "Typed" in page.content.decode()
    assert Memorandum.objects.get().languages == ["en", "el"]


def test_two_who_edit_are_told(client, coordinator):
    memorandum = made.draft()
    sent = fields_of(client.get(address("edit", memorandum.pk)))
    Memorandum.objects.update(notice_months=6)
    page = client.post(address("edit", memorandum.pk), sent | {"purpose_en": "Mine"})
    assert page.status_code == 409
    assert Memorandum.objects.get().notice_months == 6


def test_incomplete_it_cannot_be_locked(client, coordinator):
    memorandum = made.draft()
    memorandum.parties.update(decision_reference="")
    page = client.get(address("change", memorandum.pk))
    assert page.context["missing"]
    assert "lock" not in [row["decision"].name for row in page.context["offered"]]
    assert client.post(address("decide", memorandum.pk, "lock"), {"seen": "draft"}).status_code == 403


def test_taken_back_with_a_reason(client, coordinator):
    memorandum = made.locked()
    Reason.objects.create(verb="take_back_memorandum", key="name-wrong", text_en="A name is wrong.")
    page = client.post(address("decide", memorandum.pk, "take_back"), {"seen": "locked"})
    assert page.status_code == 400
    sent = {"seen": "locked", "take_back-reason": Reason.objects.get().pk, "take_back-note_language": "en"}
    client.post(address("decide", memorandum.pk, "take_back"), sent)
    memorandum.refresh_from_db()
    assert memorandum.status == "draft"
    assert Event.objects.of(memorandum).last().reason == Reason.objects.get()
    assert client.post(address("decide", memorandum.pk, "take_back"), sent).status_code == 409


def test_files_are_made_again(client, coordinator):
    memorandum = made.locked()
    client.post(address("decide", memorandum.pk, "make_files"), {"seen": "locked"})
    assert memorandum.files_ready()
    page = client.get(address("change", memorandum.pk))
    assert "make_files" not in [row["decision"].name for row in page.context["offered"]]


def test_a_signed_copy_is_accepted_or_refused(client, coordinator):
    for verb, state in (("accept_copy", "accepted"), ("refuse_copy", "refused")):
        memorandum = made.locked(files=True)
        party = memorandum.parties.first()
        copy = memorandum.files.create(
            round=1,
            kind="signed",
            party=party,
            language="en",
            file="x.pdf",
            filename="x.pdf",
            size=1,
            sha256="0" * 64,
            check_state="waiting",
            signatory_name="Ana Sample",
            signatory_title="Mayor",
            signed_on=datetime.date(2026, 11, 20),
        )
        assert copy.filename in client.get(address("change", memorandum.pk)).content.decode()
        sent = {"seen": "locked", f"{verb}-note": "Why", f"{verb}-note_language": "en"}
        client.post(address("decide", memorandum.pk, verb), sent)
        copy.refresh_from_db()
        assert copy.check_state == state
        assert party.signatures.exists() == (state == "accepted")


def test_only_coordinators_and_none_of_a_party(client):
    memorandum = made.draft()
    partial = CoordinatorFactory()
    SeatFactory(user=partial, authority=memorandum.parties.first().authority)
    names = [("add",), ("change", memorandum.pk), ("edit", memorandum.pk), ("preview", memorandum.pk, "en")]
    client.force_login(MemberFactory())
    for name in names:
        assert client.get(address(*name)).status_code in (302, 403)
    client.force_login(partial)
    assert client.get(address("change", memorandum.pk)).context["offered"] == []
    assert client.get(address("edit", memorandum.pk)).status_code == 403
    assert client.post(address("decide", memorandum.pk, "lock"), {"seen": "draft"}).status_code == 403


def test_list_queues_and_search(client, coordinator):
    memorandum = made.draft()
    waiting = made.joining()
    Membership.objects.update(applied_at=timezone.now())
    for query in ({}, {"work": "draft"}, {"work": "copies"}, {"work": "review"}, {"q": memorandum.code}):
        page = client.get(address("changelist") + "?" + urlencode(query))
        assert page.status_code == 200
        assert (memorandum.code in page.content.decode()) == (query.get("work") in (None, "draft"))
    assert "Memoranda to prepare" in client.get("/admin/").content.decode()
    assert [row.authority for row in drafting.to_prepare()] == [waiting]


def test_a_template_is_a_new_number_and_reviewed_once(client, coordinator):
    first = made.template(reviewed_on=None)
    page = client.get(reverse("admin:network_memorandumtemplate_add"))
    assert page.context["adminform"].form.initial["text_el"] == first.text_el
    texts = {name: value for name, value in page.context["adminform"].form.initial.items() if name.startswith("text_")}
    wrong = client.post(
        reverse("admin:network_memorandumtemplate_add"), {"dated": "2026-12-01", **texts, "text_tr": "{{parties}}"}
    )
    assert "text_tr" in wrong.context["adminform"].form.errors
    assert MemorandumTemplate.objects.count() == 1
    client.post(reverse("admin:network_memorandumtemplate_add"), {"dated": "2026-12-01", **texts})
    second = MemorandumTemplate.objects.first()
    assert (second.number, second.reviewed_on) == (2, None)
    page = client.get(reverse("admin:network_memorandumtemplate_change", args=[second.pk]))
    assert page.status_code == 200
    sent = {
        "record_review-reviewed_on": "2026-11-20",
        "record_review-reviewer": "Dr Sample",
        "record_review-note": "Fine.",
    }
    client.post(reverse("admin:network_memorandumtemplate_decide", args=[second.pk, "record_review"]), sent)
    second.refresh_from_db()
    assert (second.reviewed_on, second.reviewer) == (datetime.date(2026, 11, 20), "Dr Sample")
    again = client.post(reverse("admin:network_memorandumtemplate_decide", args=[second.pk, "record_review"]), sent)
    assert again.status_code == 403
    assert Event.objects.of(second).last().verb == "record_review"


def test_hidden_authorities_keep_their_names(client):
    """A draft is for coordinators alone: who holds a seat at a party sees it once its text was locked."""
    authority = made.joining(hidden=True)
    memorandum = made.draft([authority])
    person = authority.seats.get().user
    assert not Memorandum.objects.visible_to(person).exists()
    memorandum.lock(by=CoordinatorFactory())
    assert Memorandum.objects.visible_to(person).exists()
    assert not Memorandum.objects.visible_to(MemberFactory(seat_at=AuthorityFactory())).exists()


def test_the_pages_are_for_everybody(live, axe, no_sideways_scrolling, page_language, page_width):
    """Draft, preview, decisions, a template: nothing for axe, no sideways scrolling, no error."""
    memorandum = made.draft(languages=["en", page_language])
    live.log_in(CoordinatorFactory(language=page_language))
    template = reverse("admin:network_memorandumtemplate_change", args=[memorandum.template_id])
    pages = [
        address("add"),
        address("change", memorandum.pk),
        address("edit", memorandum.pk),
        address("preview", memorandum.pk, page_language),
        template,
    ]
    look_at([(path, 200) for path in pages], live, axe, no_sideways_scrolling, page_language)
