"""Representation: its states and who is told, what each side may do, and the objection without an account."""

from datetime import timedelta

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.urls import reverse

from accounts.history import LostRace
from accounts.mail import compose
from accounts.models import Event, Notification
from accounts.workdays import today
from clavet import states
from clavet.demonstration.content import HERE, read
from network.models import Representation
from network.representation import representing, representing_daily
from network.seats import represented_by
from tests import factories as made

pytestmark = pytest.mark.django_db
MOVES = [
    (before, after, verb)
    for (before, after), verbs in states.VERBS["network.representation"].items()
    for verb in states.several(verbs)
]


@pytest.fixture
def euroregion():
    authority = made.AuthorityFactory(kind="euroregion", governance_level="cross_border")
    made.MembershipFactory(authority=authority)
    return authority


@pytest.fixture
def elena(euroregion):
    return made.MemberFactory(seat_at=euroregion, seat_at__role="representative", language="el")


@pytest.fixture
def row(euroregion, elena):
    return made.RepresentationFactory(coordinator=euroregion, basis="Members of the association")


@pytest.fixture
def rita(row):
    """The representative of the represented authority."""
    user = made.UserFactory(language="it")
    made.SeatFactory(authority=row.authority, user=user, role="representative")
    return user


def in_state(euroregion, status):
    scopes = {"claimed": [], "granted": ["profile", "fiches", "answers"]}.get(status, ["profile", "fiches"])
    row = made.RepresentationFactory(coordinator=euroregion, status=status, scopes=scopes)
    made.SeatFactory(authority=row.authority, role="representative")
    return row


def do(row, verb):
    person = made.CoordinatorFactory()
    by = {"by": person}
    return {
        "confirm": lambda: row.confirm(**by),
        "refuse": lambda: row.refuse(**by, note="No source", note_language="en"),
        "grant": lambda: row.set_scopes([*row.scopes, "answers", "reports"], **by),
        "take_back_scopes": lambda: row.set_scopes(["fiches"], **by),
        "object": lambda: row.object(words="Not us.", language="en"),
        "revoke": lambda: row.revoke(**by),
        "end": lambda: row.end_it(**by),
        "expire": row.expire,
    }[verb]()


# --- states and mails ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("before", "after", "verb"), MOVES)
def test_a_verb_makes_its_move_and_tells_whom_the_table_names(euroregion, elena, before, after, verb):
    row = in_state(euroregion, before)
    do(row, verb)
    event = Event.objects.of(row).last()
    assert (event.verb, event.from_state, event.to_state) == (verb, before, after)
    kinds = set(Notification.objects.values_list("kind", flat=True))
    assert kinds == {kind for _who, kind in states.TOLD["network.representation"].get(verb, [])}
    for told in Notification.objects.all():
        assert "{" not in str(compose(told))


def test_every_transition_has_a_verb():
    table = states.VERBS["network.representation"]
    assert set(table) == {(before, after) for before, after, _verb in states.moves(Representation)}


@pytest.mark.parametrize("verb", ["confirm", "refuse", "grant", "object", "revoke", "end"])
def test_nothing_leads_out_of_the_end(euroregion, verb):
    row = in_state(euroregion, "ended")
    with pytest.raises(LostRace):
        do(row, verb)


def test_two_ends_at_once_have_one_outcome(row):
    stale = Representation.objects.get(pk=row.pk)
    row.object(words="No.", language="en")
    with pytest.raises(LostRace):
        stale.revoke(by=made.UserFactory())
    assert Event.objects.of(row).count() == 1


def test_the_authority_is_told_in_its_language_with_a_link(euroregion, elena):
    authority = made.AuthorityFactory(language_of_contact="it", official_address="Ufficio@comune.example")
    row = made.RepresentationFactory(coordinator=euroregion, authority=authority, status="claimed", basis="Statuto")
    row.confirm(by=made.CoordinatorFactory())
    told = Notification.objects.get(kind="representation_confirmed_official")
    assert (told.address, told.language) == ("ufficio@comune.example", "it")
    text = compose(told)
    assert text.button[1].startswith("/it/network/object/") and text.after[0].text == "Statuto"
    Representation.objects.get(pk=row.pk).object(words="", language="it")
    told = Notification.objects.get(pk=told.pk)
    assert compose(told) is None and compose(Notification.objects.get(kind="representation_confirmed")) is None


def test_without_an_official_address_a_coordinator_says_how_it_was_told(euroregion):
    authority = made.AuthorityFactory(official_address="", hidden=True)
    row = made.RepresentationFactory(coordinator=euroregion, authority=authority, status="claimed")
    carla = made.CoordinatorFactory()
    with pytest.raises(ValidationError):
        row.confirm(by=carla)
    row.confirm(by=carla, told="By letter of 3 March")
    authority.refresh_from_db()
    assert not authority.hidden and Event.objects.of(row).last().note == "By letter of 3 March"


def test_nobody_is_mailed_twice_for_one_end(row, elena):
    elena.groups.set(made.CoordinatorFactory().groups.all())
    row.object(words="", language="en")
    kind = "representation_objected"
    assert Notification.objects.filter(recipient=elena, kind=kind).count() == 1


def test_a_coordinator_with_a_seat_at_either_side_does_not_confirm(euroregion, elena):
    row = in_state(euroregion, "claimed")
    carla, at_one_side = made.CoordinatorFactory(), made.CoordinatorFactory()
    made.SeatFactory(authority=row.authority, user=at_one_side)
    assert row.can_be_confirmed_by(carla)
    assert not row.can_be_confirmed_by(at_one_side) and not row.can_be_confirmed_by(elena)


def test_who_may_claim():
    association = made.AuthorityFactory(kind="association")
    made.MembershipFactory(authority=association, membership_class="coordinator")
    outside = made.AuthorityFactory(kind="euroregion")
    plain = made.MembershipFactory().authority
    people = {one: made.SeatFactory(authority=one, role="deputy").user for one in (association, outside, plain)}
    assert [representing.can_claim(one, user) for one, user in people.items()] == [True, False, False]
    assert not representing.can_claim(association, made.SeatFactory(authority=association).user)
    with pytest.raises(ValidationError):
        representing.claim(association, association, by=people[association])


def test_a_claim_stands_once_and_again_after_its_end(euroregion, elena):
    authority = made.AuthorityFactory()
    first = representing.claim(euroregion, authority, by=elena, basis="Statutes")
    with pytest.raises(ValidationError):
        representing.claim(euroregion, authority, by=elena, basis="Statutes")
    first.end_it(by=elena)
    assert representing.claim(euroregion, authority, by=elena, basis="Statutes").status == "claimed"


# --- time ------------------------------------------------------------------------------------------------------------


def test_a_day_brings_reminders_and_ends(euroregion, elena):
    soon = made.RepresentationFactory(coordinator=euroregion, end=today() + timedelta(days=30))
    past = made.RepresentationFactory(
        coordinator=euroregion, start=today() - timedelta(days=9), end=today() - timedelta(days=1)
    )
    made.RepresentationFactory(coordinator=euroregion, end=today() + timedelta(days=31))
    for _twice in range(2):
        representing_daily.day_by_day(Representation.objects.all())
    assert [told.subject for told in Notification.objects.filter(kind="representation_expires")] == [soon]
    past.refresh_from_db()
    assert (past.status, past.end) == ("ended", today() - timedelta(days=1))
    told = Notification.objects.get(kind="representation_expires")
    soon.renew(by=elena, basis="List of 2026", end=today() + timedelta(days=400))
    told.refresh_from_db()
    assert compose(told) is None


# --- the two sides ---------------------------------------------------------------------------------------------------


def page(client, row, name="represented_one"):
    slug = row.coordinator.slug if name == "represented_one" else row.authority.slug
    return reverse(f"network:{name}", args=[slug, row.pk] if name == "represented_one" else [slug])


def test_who_sees_the_list_of_a_euroregion(client, row, elena, rita):
    url = reverse("network:represented", args=[row.coordinator.slug])
    assert client.get(url).status_code == 302  # to the log-in
    for user, status in [(elena, 200), (made.CoordinatorFactory(), 200), (rita, 403), (made.MemberFactory(), 403)]:
        client.force_login(user)
        assert client.get(url).status_code == status
        assert client.get(page(client, row)).status_code == status


def test_who_sees_who_acts_for_an_authority(client, row, elena, rita):
    for user, status in [(rita, 200), (made.CoordinatorFactory(), 200), (elena, 403), (made.MemberFactory(), 403)]:
        client.force_login(user)
        assert client.get(page(client, row, "representation")).status_code == status


def test_the_euroregion_asks_and_the_authority_allows_and_takes_back(client, row, elena, rita):
    client.force_login(elena)
    client.post(page(client, row), {"then": "ask", "ask-scopes": ["answers", "reports"]})
    row.refresh_from_db()
    assert row.scopes_asked == ["answers", "reports"]
    assert "answers" not in row.scopes and compose(Notification.objects.get(recipient=rita)).button
    client.force_login(rita)
    url = page(client, row, "representation")
    client.post(url, {"then": "grant", "scope": "answers", "representation": row.pk})
    row.refresh_from_db()
    assert (row.status, row.scopes) == ("granted", ["profile", "fiches", "answers"])
    for scope in ("answers", "fiches"):
        client.post(url, {"then": "take_back", "scope": scope, "representation": row.pk})
    row.refresh_from_db()
    assert (row.status, row.scopes) == ("confirmed", ["profile"])
    client.post(url, {"then": "revoke", "words": "Thanks", "representation": row.pk})
    assert not represented_by(elena, "profile").exists()
    assert client.get(url).status_code == 200


@pytest.mark.parametrize("then", ["grant", "take_back", "revoke"])
def test_only_representatives_of_the_authority_decide(client, row, then):
    contributor = made.SeatFactory(authority=row.authority).user
    for user, status in [(contributor, 403), (made.CoordinatorFactory(), 403), (made.MemberFactory(), 403)]:
        client.force_login(user)
        said = {"then": then, "scope": "answers", "representation": row.pk}
        assert client.post(page(client, row, "representation"), said).status_code == status
    row.refresh_from_db()
    assert row.status == "confirmed"


@pytest.mark.parametrize("then", ["ask", "renew", "end"])
def test_only_representatives_of_the_euroregion_change_its_side(client, row, then):
    contributor = made.SeatFactory(authority=row.coordinator).user
    for user in (contributor, made.MemberFactory()):
        client.force_login(user)
        assert client.post(page(client, row), {"then": then}).status_code == 403


def test_a_wrong_renewal_keeps_what_was_typed(client, row, elena):
    client.force_login(elena)
    answer = client.post(page(client, row), {"then": "renew", "renew-basis": "New list", "renew-end": "2001-01-01"})
    assert answer.status_code == 422 and "New list" in answer.content.decode()
    client.post(page(client, row), {"then": "renew", "renew-basis": "New list", "renew-end": "2099-01-01"})
    row.refresh_from_db()
    assert (row.basis, row.end.year) == ("New list", 2099)
    assert Notification.objects.get(kind="representation_confirmed_official")


# --- objecting -------------------------------------------------------------------------------------------------------


def test_the_link_objects_at_once_and_once(client, row, elena):
    url = reverse("network:object", args=[representing.objection_token(row)])
    answer = client.get(url)
    assert answer.status_code == 200 and "no-store" in answer["Cache-Control"]
    assert (answer["Referrer-Policy"], answer["X-Robots-Tag"]) == ("same-origin", "noindex")
    assert "Members of the association" in answer.content.decode()
    row.refresh_from_db()
    assert row.status == "confirmed" and represented_by(elena, "fiches").exists()  # reading the link does nothing
    for _twice in range(2):
        assert client.post(url, {"words": "We never agreed."}).status_code == 200
    assert not represented_by(elena, "fiches").exists()
    assert Event.objects.of(row).get().note == "We never agreed."
    assert Notification.objects.filter(kind="representation_objection_received").count() == 1
    assert client.get(url).status_code == 200


def test_the_link_outlives_a_new_address(client, row):
    url = reverse("network:object", args=[representing.objection_token(row)])
    row.authority.official_address = "taken@over.example"
    row.authority.save()
    client.post(url)
    row.refresh_from_db()
    assert row.status == "ended"
    assert Notification.objects.get(kind="representation_objection_received").address != "taken@over.example"


def test_a_forged_link_says_so(client, row):
    token = representing.objection_token(row)
    assert client.post(reverse("network:object", args=[token[:-2] + "xx"])).status_code == 410
    assert not mail.outbox and Representation.objects.get(pk=row.pk).status == "confirmed"


# --- the basis -------------------------------------------------------------------------------------------------------


def test_the_basis_stands_in_its_own_language_with_its_source(client):
    facts = {"basis": "Elenco dei membri", "language": "it", "basis_url": "https://regione.example/elenco"}
    slug = made.RepresentationFactory(coordinator=made.MembershipFactory().authority, **facts).authority.slug
    page = client.get(f"/el/network/{slug}/").content.decode()
    assert 'lang="it">Elenco dei membri' in page and facts["basis_url"] in page
    assert 'lang="it">Elenco' not in client.get(f"/it/network/{slug}/").content.decode()


def test_the_demonstration_names_a_document_and_writes_no_english():
    for row in read(HERE / "network.toml")["representation"]:
        assert row["language"] != "en" and "«" in row["basis"] and row["basis_url"]
