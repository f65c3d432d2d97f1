"""Merging two authorities: nothing is lost, no link breaks, history stays."""

from datetime import UTC, date, datetime

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from accounts import mail
from accounts.models import Event, Notification
from accounts.workdays import today
from fiches import figures, submissions
from network import seats
from network.directory import finding
from network.membership import mergers
from network.models import (
    Authority,
    Expertise,
    Membership,
    MembershipReport,
    Memorandum,
    Representation,
    Seat,
    SeatInvitation,
    SeatRequest,
)
from network.representation import representing
from tests import factories as made
from tests import memoranda

pytestmark = pytest.mark.django_db


@pytest.fixture
def two():
    old = made.AuthorityFactory(official_name="Općina Stara Gradiška", name="Old", slug="old", town="")
    into = made.AuthorityFactory(official_name="Grad Nova", name="New", slug="new", town="")
    return old, into


@pytest.fixture
def coordinator(client):
    person = made.CoordinatorFactory()
    client.force_login(person)
    return person


def merged(two, by=None):
    mergers.merge(*two, by=by or made.CoordinatorFactory())
    return [Authority.objects.get(pk=row.pk) for row in two]


def test_fiches_go_along_and_their_addresses_stay(two, client):
    old, into = two
    published, draft = made.FicheFactory(authority=old), made.FicheFactory(authority=old, status="draft")
    address = published.get_absolute_url()
    old, into = merged(two)
    assert set(into.fiches.all()) == {published, draft} and not old.fiches.exists()
    assert client.get(address).status_code == 200
    assert old.hidden and old.merged_into == into
    assert not Authority.objects.visible_to(None).filter(pk=old.pk).exists()


def test_the_old_address_leads_to_the_new_page(two, client):
    merged(two)
    response = client.get(reverse("network:detail", args=["old"]))
    assert response.status_code == 301 and response.url.endswith("/network/new/")


def test_an_address_merged_twice_leads_to_the_last_in_one_step(two, client):
    merged(two)
    third = made.AuthorityFactory(slug="third")
    mergers.merge(two[1], third, by=made.CoordinatorFactory())
    assert Authority.objects.get(slug="old").merged_into == third
    assert client.get(reverse("network:detail", args=["old"])).url.endswith("/network/third/")


def test_the_old_name_finds_the_new_one(two):
    merged(two)
    assert finding.near("Stara Gradiska", None) == [two[1]]


def test_people_keep_their_seats_and_nobody_sits_twice(two):
    old, into = two
    ana, both = made.SeatFactory(authority=old, role="representative"), made.UserFactory()
    ended = made.SeatFactory(authority=old, start="2020-01-01", end="2021-01-01")
    first, second = made.SeatFactory(authority=old, user=both), made.SeatFactory(authority=into, user=both)
    merged(two)
    assert Seat.objects.get(pk=ana.pk).authority == into
    assert Seat.objects.get(pk=first.pk).end == today() and Seat.objects.get(pk=second.pk).end is None
    assert Seat.objects.get(pk=ended.pk).authority == old


def test_requests_and_offers_go_along(two):
    old, into = two
    people = made.UserFactory(), made.UserFactory()
    rows = [SeatRequest.objects.create(authority=old, user=person, language="en") for person in people]
    SeatRequest.objects.create(authority=into, user=people[1], language="en")
    offer = SeatInvitation.objects.create(
        authority=old, email="x@y.example", role="deputy", language="en", expires_at="2100-01-01T00:00Z"
    )
    merged(two)
    rows = [SeatRequest.objects.get(pk=row.pk) for row in rows]
    assert (rows[0].authority, rows[0].status, rows[1].status) == (into, "open", "withdrawn")
    assert SeatInvitation.objects.get(pk=offer.pk).authority == into


def test_representations_go_along_without_doubles(two):
    old, into = two
    region, town = made.AuthorityFactory(kind="euroregion"), made.AuthorityFactory()
    of_old = made.RepresentationFactory(coordinator=region, authority=old)
    made.RepresentationFactory(coordinator=region, authority=into)
    of_town = made.RepresentationFactory(coordinator=old, authority=town)
    own = made.RepresentationFactory(coordinator=old, authority=into)
    merged(two)
    status = {row.pk: row.status for row in Representation.objects.all()}
    assert status[of_old.pk] == status[own.pk] == "ended"
    assert Representation.objects.get(pk=of_town.pk).coordinator == into and status[of_town.pk] == "confirmed"
    assert Representation.objects.in_force().filter(authority=into).count() == 1


def test_expertise_that_the_other_has_not_rated_goes_along(two):
    old, into = two
    adult, digital = made.ThemeFactory(slug="adult-learning"), made.ThemeFactory(slug="digital-skills")
    Expertise.objects.create(authority=old, theme=adult, expertise=5)
    Expertise.objects.create(authority=old, theme=digital, expertise=4)
    Expertise.objects.create(authority=into, theme=adult, expertise=2)
    merged(two)
    assert dict(into.expertise.values_list("theme__slug", "expertise")) == {"adult-learning": 2, "digital-skills": 4}


@pytest.mark.parametrize(
    ("before", "after"),
    [("active", "withdrawn"), ("on_hold", "withdrawn"), ("applied", "withdrawn"), ("declined", "declined")],
)
def test_its_own_membership_ends(before, after, two):
    membership = made.MembershipFactory(authority=two[0], status=before)
    merged(two)
    assert Membership.objects.get(pk=membership.pk).status == after


def test_parties_of_memoranda_stay(two):
    memorandum = memoranda.draft([two[0]])
    merged(two)
    assert memorandum.parties.filter(authority=two[0]).exists()


def test_the_people_of_the_new_one_go_on_reading_its_memoranda(two):
    old, into = two
    memorandum = memoranda.draft([old])
    Memorandum.objects.filter(pk=memorandum.pk).update(status="in_force", round=1)
    person = made.SeatFactory(authority=into, role="deputy").user
    assert not Memorandum.objects.visible_to(person).exists()
    mergers.merge(old, into, by=made.CoordinatorFactory())
    assert Memorandum.objects.visible_to(person).get() == memorandum
    assert not Memorandum.objects.visible_to(made.MemberFactory()).exists()


def test_both_remember_it(two):
    person = made.CoordinatorFactory()
    old, into = merged(two, by=person)
    assert Event.objects.of(old).get(verb="merge").by == Event.objects.of(into).get(verb="take_over").by == person


def test_nobody_merges_twice_nor_into_something_merged_nor_into_itself(two):
    old, _into = merged(two)
    third = made.AuthorityFactory()
    for first, second in ((old, third), (third, old), (third, third)):
        with pytest.raises(ValidationError):
            mergers.merge(first, second, by=made.CoordinatorFactory())


# --- the page --------------------------------------------------------------------------------------------------


def page(authority):
    return reverse("admin:network_authority_merge", args=[authority.pk])


def test_a_coordinator_merges(two, client, coordinator):
    made.FicheFactory(authority=two[0])
    assert "fiches: 1" in client.get(page(two[0])).content.decode()
    assert client.post(page(two[0]), {"into": "Grad Nova (new)", "sure": "on"}).status_code == 302
    assert Authority.objects.get(slug="old").merged_into == two[1]
    assert client.post(page(two[0]), {"into": "new", "sure": "on"}).status_code == 409


@pytest.mark.parametrize("data", [{"into": "new"}, {"into": "nowhere", "sure": "on"}, {"into": "old", "sure": "on"}])
def test_a_wrong_form_merges_nothing(data, two, client, coordinator):
    assert client.post(page(two[0]), data).status_code == 400
    assert Authority.objects.get(slug="old").merged_into is None


def test_others_and_those_with_a_seat_there_may_not(two, client, coordinator):
    made.SeatFactory(authority=two[1], user=coordinator)
    assert client.post(page(two[0]), {"into": "new", "sure": "on"}).status_code == 400
    assert client.post(page(two[1]), {"into": "old", "sure": "on"}).status_code == 403
    client.force_login(made.MemberFactory())
    assert client.post(page(two[0]), {"into": "new", "sure": "on"}).status_code in (302, 403, 404)
    assert not Authority.objects.exclude(merged_into=None).exists()


# --- a member that becomes part of another ----------------------------------------------------------------------


def member(authority, **fields):
    return made.MembershipFactory(authority=authority, status="active", **fields)


def told(kind) -> set:
    return set(Notification.objects.filter(kind=kind).values_list("recipient", flat=True))


def test_the_membership_passes_to_one_that_has_none(two):
    old, into = two
    membership, person = member(old, since="2020-03-01"), made.SeatFactory(authority=old, role="representative").user
    memorandum = in_force_with(old)
    mergers.merge(old, into, by=made.CoordinatorFactory(), pass_membership=True)
    membership = Membership.objects.get(pk=membership.pk)
    assert (membership.authority, membership.status, str(membership.since)) == (into, "active", "2020-03-01")
    assert seats.is_member(person) and told("authority_merged") == {person.pk} and not told("membership_withdrawn")
    assert not memorandum.parties.exclude(left_on=None).exists()
    content = mail.compose(Notification.objects.get(kind="authority_merged"))
    assert "membership" in " ".join(content.paragraphs) and "{" not in str(content.paragraphs)


def test_it_does_not_pass_to_one_that_has_its_own(two, client, coordinator):
    old, into = two
    member(old)
    made.MembershipFactory(authority=into, status="declined")
    sent = {"into": "new", "sure": "on", "pass_membership": "on"}
    assert client.post(page(old), sent).status_code == 409
    assert Authority.objects.get(slug="old").merged_into is None
    assert client.post(page(old), {"into": "new", "sure": "on"}).status_code == 302
    assert Membership.objects.get(authority=old).status == "withdrawn"


def test_where_it_ends_its_people_are_told_and_its_memoranda_left(two):
    old, _into = two
    member(old)
    person = made.SeatFactory(authority=old, role="representative").user
    memorandum = in_force_with(old)
    merged(two)
    assert not seats.is_member(person) and person.pk in told("membership_withdrawn") & told("authority_merged")
    content = mail.compose(Notification.objects.get(kind="membership_withdrawn", recipient=person))
    assert content.paragraphs[-1].startswith("Your account stays.")
    assert memorandum.parties.get(authority=old).left_on == today()


def test_a_member_that_becomes_part_of_a_member_goes_on_with_its_memoranda(two):
    old, into = two
    member(old), member(into)
    person = made.SeatFactory(authority=old, role="representative").user
    memorandum = in_force_with(old)
    merged(two)
    content = mail.compose(Notification.objects.get(kind="membership_withdrawn", recipient=person))
    assert seats.is_member(person) and not any("Your account stays." in line for line in content.paragraphs)
    assert memorandum.parties.get(authority=old).left_on is None


@pytest.mark.parametrize("waiting", ["mou_sent", "signed"])
def test_one_whose_memorandum_waits_for_signatures_becomes_part_of_a_member_only(waiting, two, client, coordinator):
    old, into = two
    membership = made.MembershipFactory(authority=old, status=waiting)
    assert client.post(page(old), {"into": "new", "sure": "on"}).status_code == 409
    other = made.MembershipFactory(authority=into, status="eligible")
    assert client.post(page(old), {"into": "new", "sure": "on"}).status_code == 409
    membership.refresh_from_db()
    assert membership.status == waiting and Authority.objects.get(slug="old").merged_into is None
    Membership.objects.filter(pk=other.pk).update(status="active")
    assert client.post(page(old), {"into": "new", "sure": "on"}).status_code == 302


def in_force_with(authority):
    memorandum = memoranda.draft([authority])
    Memorandum.objects.filter(pk=memorandum.pk).update(status="in_force", round=1)
    return memorandum


def test_what_the_old_one_granted_does_not_hold_for_the_new_one(two):
    old, into = two
    granted = made.RepresentationFactory(authority=old, status="granted", scopes=["profile", "fiches", "answers"])
    only = made.RepresentationFactory(authority=old, status="granted", scopes=["reports"])
    representative = made.SeatFactory(authority=into, role="representative").user
    into.official_address = "office@new.example"
    into.save()
    merged(two)
    granted, only = (Representation.objects.get(pk=row.pk) for row in (granted, only))
    assert (granted.authority, granted.status, granted.scopes) == (into, "confirmed", ["profile", "fiches"])
    assert only.status == "ended"
    official = Notification.objects.get(kind="representation_confirmed_official")
    assert official.address == "office@new.example" and representative.pk in told("representation_confirmed")
    assert representing.read_token(official.data["token"])["representation"] == granted.pk


def test_a_fiche_that_was_reported_is_not_counted_again(two):
    old, into = two
    for year in (2024, 2025):
        made.FicheFactory(authority=old, published_at=datetime(year, 5, 1, tzinfo=UTC))
    period = {"period_from": "2023-01-01", "period_until": "2024-12-31", "language": "en"}
    MembershipReport.objects.create(membership=member(old), **period)
    days = date(2023, 6, 1), date(2026, 6, 1)
    assert figures.published(old, *days) == 2
    merged(two)
    assert figures.published(into, *days) == 1
    made.FicheFactory(authority=into, published_at=datetime(2024, 5, 1, tzinfo=UTC))
    assert figures.published(into, *days) == 2


# --- addresses -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name", ["seats", "report", "profile", "representation", "represented", "membership_leave", "contact"]
)
def test_addresses_in_mails_lead_its_people_to_the_new_one(name, two, client):
    person = made.SeatFactory(authority=two[0], role="representative").user
    merged(two)
    client.force_login(person)
    response = client.get(reverse(f"network:{name}", args=["old"]) + "?x=1")
    assert (response.status_code, response.url) == (301, reverse(f"network:{name}", args=["new"]) + "?x=1")
    assert client.get(reverse(f"network:{name}", args=["nowhere"])).status_code == 404


def test_files_and_forms_keep_their_kind(two, client):
    merged(two)
    response = client.get(reverse("network:export_one", args=["old", "json"]))
    assert response.status_code == 301 and response.url.endswith("/new/authority.json")
    client.force_login(made.UserFactory())
    assert client.get(reverse("network:seat_ask", args=["old"])).url.endswith("/network/new/ask/")
    assert client.get(f"{reverse('network:apply')}?authority=old").url.endswith("/?authority=new")


def test_nobody_learns_what_a_hidden_one_became(two, client):
    merged(two)
    Authority.objects.filter(slug="new").update(hidden=True)
    client.force_login(made.UserFactory())
    assert client.get(reverse("network:seats", args=["old"])).status_code == 404


def test_a_link_to_confirm_a_fiche_goes_on(two):
    fiche = made.FicheFactory(authority=two[0])
    token = submissions.confirmation_token(fiche)
    merged(two)
    assert submissions.to_confirm(token) == fiche
    fiche.authority = made.AuthorityFactory()
    fiche.save()
    assert submissions.to_confirm(token) is None


def test_a_text_is_taken_back_after_the_membership_of_a_party_has_passed(two, settings):
    settings.COUNTERSIGNING_PARTY = memoranda.PARTY
    member(two[0])
    memorandum = memoranda.locked([two[0]])
    mergers.merge(*two, by=made.CoordinatorFactory(), pass_membership=True)
    memorandum.take_back(by=made.CoordinatorFactory())
    assert Memorandum.objects.get(pk=memorandum.pk).status == "draft"
