"""The page of an authority and its profile: what the public reads, what members see, who may change what."""

import datetime
import re

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils import translation

from accounts.models import Event, Notification
from network.models import Authority, Expertise, RelayedMessage

from .factories import (
    AuthorityFactory,
    CoordinatorFactory,
    FicheFactory,
    MemberFactory,
    MembershipFactory,
    RepresentationFactory,
    SeatFactory,
    ThemeFactory,
    UserFactory,
)
from .memoranda import draft

pytestmark = pytest.mark.django_db
DAY = datetime.date(2025, 3, 1)


@pytest.fixture
def town():
    authority = AuthorityFactory(
        slug="rijeka", name="City of Rijeka", official_name="Grad Rijeka", description="We run **schools**."
    )
    MembershipFactory(
        authority=authority, since=DAY, decision_body="City council", decision_date=DAY, decision_reference="12/2025"
    )
    Expertise.objects.create(authority=authority, theme=ThemeFactory(slug="adult-learning"), expertise=4, need=2)
    authority.rewrite()
    return authority


@pytest.fixture
def euroregion(town):
    """Represents a member and two others in two countries; one of their fiches is anonymised."""
    euroregion = AuthorityFactory(slug="euroregion", name="Sample Euroregion", kind="euroregion")
    MembershipFactory(authority=euroregion, membership_class="coordinator")
    italian = AuthorityFactory(slug="torino", name="City of Turin", country="IT")
    others = [town, italian, AuthorityFactory(slug="fiume", name="County of Fiume")]
    for authority in others:
        RepresentationFactory(coordinator=euroregion, authority=authority, basis="Named in the list of members")
    FicheFactory(authority=town, title="Evening school")
    FicheFactory(authority=italian, title="Night school")
    FicheFactory(authority=italian, kind="lesson_learned", disclosure="anonymised", title="Nobody came")
    euroregion.rewrite()
    return euroregion


def page_of(client, authority, language="en", status=200):
    with translation.override(language):
        response = client.get(reverse("network:detail", args=[authority.slug]))
    assert response.status_code == status
    return response


# --- what the public reads -------------------------------------------------------------------------------------


def test_the_page_says_who_it_is_and_where_it_stands(client, town):
    text = page_of(client, town).content.decode()
    for said in ("City of Rijeka", "Grad Rijeka", "<strong>schools</strong>", "City council", "12/2025", "March 1"):
        assert said in text or said == "March 1"
    assert "4 – can advise others" in text
    assert "2 – little" in text


@pytest.mark.parametrize("status", ["applied", "eligible", "mou_sent", "signed", "declined"])
def test_an_application_is_on_nobodys_page(client, town, status):
    type(town.membership).objects.update(status=status)
    text = page_of(client, town).content.decode()
    assert "City council" not in text
    assert 'id="membership"' not in text


def test_on_hold_is_said(client, town):
    type(town.membership).objects.update(status="on_hold")
    assert "On hold: a report is overdue" in page_of(client, town).content.decode()


def test_only_a_memorandum_that_took_force_is_told_with_its_public_page(client, town):
    memorandum = draft([town])
    assert memorandum.code not in page_of(client, town).content.decode()
    type(memorandum).objects.filter(pk=memorandum.pk).update(status="locked", round=1)
    assert memorandum.code not in page_of(client, town).content.decode()
    type(memorandum).objects.filter(pk=memorandum.pk).update(status="in_force", took_force_on=DAY)
    text = page_of(client, town).content.decode()
    assert memorandum.code in text
    assert memorandum.get_verification_url() in text
    assert "Ana Sample" not in text


def test_demonstration_is_said_where_it_is_shown(client, town, euroregion):
    type(town.membership).objects.filter(pk=town.membership.pk).update(demonstration=True)
    euroregion.represents.update(demonstration=True)
    assert "this membership is invented" in page_of(client, town).content.decode()
    assert page_of(client, euroregion).content.decode().count("Demonstration") >= 3


def test_a_text_in_another_language_is_marked_and_said(client, town):
    text = page_of(client, town, "el").content.decode()
    assert re.search(r'<h1\s+lang="en"', text)
    assert '<div class="prose" lang="en">' in text
    assert "language-notice" in text


def test_hidden_is_404_and_merged_leads_on(client, town):
    gone = AuthorityFactory(slug="old-town", hidden=True, merged_into=town)
    assert page_of(client, gone, status=301)["Location"] == "/en/network/rijeka/"
    older = AuthorityFactory(slug="older-town", hidden=True, merged_into=gone)
    assert page_of(client, older, status=301)["Location"] == "/en/network/rijeka/"
    Authority.objects.filter(pk=town.pk).update(hidden=True)
    page_of(client, town, status=404)
    page_of(client, gone, status=404)


def test_represents_counts_each_authority_and_each_fiche_once(client, town, euroregion):
    response = page_of(client, euroregion)
    assert response.context["totals"] == {"represented": 3, "members": 1, "countries": 2, "fiches": 2}
    text = response.content.decode()
    assert "It represents 3 authorities; countries: 2." in text
    assert "Evening school" in text
    assert "Nobody came" not in text
    assert [group["code"] for group in response.context["represents"]] == ["HR", "IT"]


def test_represented_by_says_what_may_be_done_and_on_which_basis(client, town, euroregion):
    text = page_of(client, town).content.decode()
    assert "Sample Euroregion" in text
    assert "keep its profile, submit fiches for it" in text
    assert "Named in the list of members" in text


@pytest.mark.parametrize("status", ["claimed", "ended"])
def test_what_is_not_in_force_is_on_neither_page(client, town, euroregion, status):
    euroregion.represents.update(status=status)
    assert "Sample Euroregion" not in page_of(client, town).content.decode()
    assert page_of(client, euroregion).context["totals"]["represented"] == 0


@pytest.mark.parametrize("status", ["withdrawn", "expired"])
def test_who_has_left_the_network_acts_for_nobody_on_either_page(client, town, euroregion, status):
    euroregion.membership.status = status
    euroregion.membership.save()
    for reader in (None, CoordinatorFactory()):
        if reader:
            client.force_login(reader)
        assert "Sample Euroregion" not in page_of(client, town).content.decode()
        assert page_of(client, euroregion).context["totals"]["represented"] == 0


def test_an_anonymised_lesson_is_on_no_authoritys_page(client, town):
    FicheFactory(authority=town, kind="lesson_learned", disclosure="anonymised", title="Nobody came")
    FicheFactory(authority=town, status="archived", title="Closed school")
    response = page_of(client, town)
    assert "Nobody came" not in response.content.decode()
    assert response.context["authority"].fiche_number == 0


def test_queries_do_not_grow(client, euroregion, django_assert_max_num_queries):
    page_of(client, euroregion)
    for number in range(5):
        RepresentationFactory(coordinator=euroregion, authority=AuthorityFactory(country="ME"))
        FicheFactory(authority=euroregion, title=f"Fiche {number}")
    with django_assert_max_num_queries(5):
        page_of(client, euroregion)


def test_no_name_and_no_address_for_strangers(client, town):
    member = MemberFactory(seat_at=town, seat_at__role="representative", name="Rita Hidden")
    for person in (None, UserFactory()):
        if person:
            client.force_login(person)
        text = page_of(client, town).content.decode()
        assert "Rita Hidden" not in text
        assert member.email not in text
        assert town.official_address not in text
    client.force_login(MemberFactory())
    text = page_of(client, town).content.decode()
    assert "Rita Hidden" in text
    assert member.email not in text


def test_a_contributor_is_named_to_nobody(client, town):
    MemberFactory(seat_at=town, name="Carl Contributor")
    client.force_login(MemberFactory())
    assert "Carl Contributor" not in page_of(client, town).content.decode()


def test_a_message_goes_to_the_representatives(client, town):
    representative = MemberFactory(seat_at=town, seat_at__role="representative")
    path = "/en/network/rijeka/contact/"
    page = client.get(path)
    assert "no-store" in page["Cache-Control"]
    assert representative.email not in page.content.decode()
    sent = client.post(path, {"text": "How?", "name": "Eva", "email": "eva@reader.example", "organisation": ""})
    assert sent["Location"] == f"{path}?sent=1"
    assert client.get(sent["Location"]).status_code == 200
    assert RelayedMessage.objects.get().object == town
    told = set(Notification.objects.values_list("kind", "address"))
    assert ("relayed_message", representative.email) in told


def test_an_answer_to_a_message_finds_its_page(client, town):
    representative = MemberFactory(seat_at=town, seat_at__role="representative")
    data = {"text": "How?", "name": "Eva", "email": "eva@reader.example", "organisation": ""}
    client.post("/en/network/rijeka/contact/", data)
    client.force_login(representative)
    assert client.get(reverse("relay_answer", args=[RelayedMessage.objects.get().pk])).status_code == 200


# --- the profile -----------------------------------------------------------------------------------------------


def filled(client, of, **changed):
    """The form as a browser sends it."""
    response = client.get(f"/en/network/{of.slug}/profile/")
    assert response.status_code == 200, response
    data = {}
    for form in (response.context["form"], response.context["ratings"]):
        for name in form.fields:
            value = form[name].value()
            if value not in (None, ""):
                data[name] = value
    return data | changed


def test_who_may_edit_the_profile(client, town, euroregion):
    path = "/en/network/rijeka/profile/"
    assert client.get(path).status_code == 302
    other = AuthorityFactory()
    allowed = [
        MemberFactory(seat_at=town, seat_at__role="representative"),
        MemberFactory(seat_at=town, seat_at__role="deputy"),
        MemberFactory(seat_at=euroregion),
    ]
    refused = [
        UserFactory(),
        MemberFactory(seat_at=town),
        MemberFactory(seat_at=other, seat_at__role="representative"),
        CoordinatorFactory(),
    ]
    for people, status in ((allowed, 200), (refused, 403)):
        for person in people:
            client.force_login(person)
            assert client.get(path).status_code == status, person
            assert ("profile/" in page_of(client, town).content.decode()) == (status == 200)


def test_who_may_edit_finds_that_first_and_everybody_else_writes(client, town):
    def first(person=None):
        if person:
            client.force_login(person)
        return re.search(r'class="button"\s+href="([^"]+)"', client.get(town.get_absolute_url()).content.decode())[1]

    assert first() == reverse("network:contact", args=[town.slug])
    assert first(UserFactory()) == reverse("network:contact", args=[town.slug])
    assert first(MemberFactory(seat_at=town, seat_at__role="representative")) == reverse(
        "network:profile", args=[town.slug]
    )


def test_a_euroregion_without_the_scope_may_not(client, town, euroregion):
    euroregion.represents.update(scopes=["fiches"])
    client.force_login(MemberFactory(seat_at=euroregion))
    assert client.get("/en/network/rijeka/profile/").status_code == 403


def test_a_seat_that_has_ended_opens_nothing(client, town):
    person = UserFactory()
    SeatFactory(authority=town, user=person, role="representative", start=DAY, end=DAY)
    client.force_login(person)
    assert client.get("/en/network/rijeka/profile/").status_code == 403


def test_a_change_is_kept_noted_and_shown(client, town):
    person = MemberFactory(seat_at=town, seat_at__role="representative")
    client.force_login(person)
    theme = ThemeFactory(slug="digital-skills")
    data = filled(client, town, name_it="Città di Fiume", description_en="We run *many* schools.", population="108000")
    data |= {"population_year": "2021", "working_languages": ["hr", "it"], f"expertise_{theme.pk}": "5"}
    data |= {
        f"need_{ThemeFactory(slug='adult-learning').pk}": "",
        f"expertise_{ThemeFactory(slug='adult-learning').pk}": "",
    }
    assert client.post("/en/network/rijeka/profile/", data).status_code == 302
    town.refresh_from_db()
    assert (town.name_it, town.population, town.working_languages, town.version) == (
        "Città di Fiume",
        108000,
        ["hr", "it"],
        1,
    )
    assert [(row.theme.slug, row.expertise) for row in town.expertise.all()] == [("digital-skills", 5)]
    event = Event.objects.of(town).get(verb="profile")
    assert (event.by, event.on_behalf_of) == (person, None)
    text = page_of(client, town, "it").content.decode()
    assert "Città di Fiume" in text
    assert "<em>many</em>" in text


def test_a_euroregion_acts_on_behalf_and_never_touches_the_official_address(client, town, euroregion):
    person = MemberFactory(seat_at=euroregion)
    client.force_login(person)
    data = filled(client, town, town="Fiume", official_address="other@mailbox.example")
    assert town.official_address not in client.get("/en/network/rijeka/profile/").content.decode()
    assert client.post("/en/network/rijeka/profile/", data).status_code == 302
    before, address = town.town, town.official_address
    town.refresh_from_db()
    assert (before, town.town, town.official_address) == ("Primjer", "Fiume", address)
    event = Event.objects.of(town).get(verb="profile")
    assert (event.by, event.on_behalf_of) == (person, town)


def test_on_whose_behalf_is_asked_only_where_there_is_a_choice(client, town, euroregion):
    def asked(person):
        client.force_login(person)
        text = client.get("/en/network/rijeka/profile/").content.decode()
        return [kind for kind in ("hidden", "radio") if re.search(rf'type="{kind}"[^>]*name="on_behalf_of"', text)]

    own, acting = MemberFactory(seat_at=town, seat_at__role="deputy"), MemberFactory(seat_at=euroregion)
    assert asked(own) == asked(acting) == ["hidden"]
    SeatFactory(user=own, authority=euroregion)
    assert asked(own) == ["radio"]
    client.force_login(acting)
    data = filled(client, town, town="Fiume")
    for wrong in ("", "0"):  # whoever changes the hidden field is refused, and asked
        answer = client.post("/en/network/rijeka/profile/", data | {"on_behalf_of": wrong})
        assert answer.status_code == 422 and 'type="radio"' in answer.content.decode()


@pytest.mark.parametrize(("ticked", "opened"), [(["hr", "it"], False), (["hr", "sl"], True)])
def test_languages_beside_the_portals_nine_are_folded_until_one_is_ticked(client, town, ticked, opened):
    Authority.objects.filter(pk=town.pk).update(working_languages=ticked)
    client.force_login(MemberFactory(seat_at=town, seat_at__role="representative"))
    text = client.get("/en/network/rijeka/profile/").content.decode()
    boxes = re.findall(r'type="checkbox"[^>]*value="(\w+)"', text[: text.index("<summary>More languages")])
    assert set(boxes[-9:]) == set(settings.LANGUAGE_CODES)
    assert (re.search(r"<details\s+open\s*>\s*<summary>More languages", text) is not None) == opened


def test_two_editors_never_overwrite_each_other(client, town):
    client.force_login(MemberFactory(seat_at=town, seat_at__role="representative"))
    mine = filled(client, town, town="Mine")
    theirs = filled(client, town, town="Theirs")
    assert client.post("/en/network/rijeka/profile/", theirs).status_code == 302
    answer = client.post("/en/network/rijeka/profile/", mine)
    assert answer.status_code == 409
    assert [row["right"] for row in answer.context["rows"] if row["left"] == "Theirs"] == ["Mine"]
    again = mine | {"version": answer.context["form"].data["version"]}
    assert client.post("/en/network/rijeka/profile/", again).status_code == 302
    town.refresh_from_db()
    assert town.town == "Mine"


def test_the_old_official_address_is_told(client, town):
    client.force_login(MemberFactory(seat_at=town, seat_at__role="representative"))
    old = town.official_address
    client.post("/en/network/rijeka/profile/", filled(client, town, official_address="new@mailbox.example"))
    assert Notification.objects.get(kind="official_address_changed").address == old
    event = Event.objects.of(town).get(verb="official_address")
    assert event.internal


def test_a_refused_form_keeps_what_was_typed(client, town):
    client.force_login(MemberFactory(seat_at=town, seat_at__role="representative"))
    data = filled(client, town, website="no address", town="Typed")
    answer = client.post("/en/network/rijeka/profile/", data)
    assert answer.status_code == 422
    assert 'value="Typed"' in answer.content.decode()
    town.refresh_from_db()
    assert town.version == 0


def test_a_place_lies_on_the_earth(client, town):
    client.force_login(MemberFactory(seat_at=town, seat_at__role="representative"))
    data = filled(client, town, latitude="90.5", longitude="-180.5")
    answer = client.post("/en/network/rijeka/profile/", data)
    assert answer.status_code == 422 and set(answer.context["form"].errors) == {"latitude", "longitude"}
    data = filled(client, town, latitude="-90", longitude="180")
    assert client.post("/en/network/rijeka/profile/", data).status_code == 302
