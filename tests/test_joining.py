"""Joining: finding one’s authority, applying for it, seeing where the application stands."""

import datetime

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Notification
from network.directory import finding
from network.membership import pending
from network.models import Authority, Membership
from tests import factories as made
from tests.applications import PDF, apply, kept_token, pdf

pytestmark = pytest.mark.django_db


@pytest.fixture
def person(client):
    user = made.UserFactory(name="Ana Horvat")
    client.force_login(user)
    return user


# --- finding ---------------------------------------------------------------------------------------------------

NAMES = [
    ("Općina Sveti Križ Začretje", "hr", "HR", ["sveti kriz zacretje", "Sv. Križ Začretje", "Općina Zacretje"]),
    ("İzmir Büyükşehir Belediyesi", "tr", "TR", ["izmir", "IZMIR", "İzmir", "Izmir Metropolitan Municipality"]),
    ("Δήμος Θεσσαλονίκης", "el", "GR", ["Θεσσαλονικη", "ΔΗΜΟΣ ΘΕΣΣΑΛΟΝΙΚΗΣ", "δημος θεσσαλονίκης"]),
    ("Comune di Reggio nell’Emilia", "it", "IT", ["Reggio Emilia", "comune di reggio nell'emilia"]),
    ("Primăria Municipiului Iași", "ro", "RO", ["Iasi", "Iaşi", "primaria iasi"]),
]


@pytest.mark.parametrize(("official", "language", "country", "said"), NAMES)
def test_an_authority_is_found_by_what_people_call_it(official, language, country, said):
    wanted = made.AuthorityFactory(official_name=official, name="x", country=country, town="")
    for number in range(3):
        made.AuthorityFactory(country=country, name=f"Municipality of Elsewhere {number}")
    for words in said:
        assert finding.near(words, None)[:1] == [wanted], words


def test_it_is_found_by_town_and_by_its_name_in_another_language():
    wanted = made.AuthorityFactory(official_name="Provincie Vlaams-Brabant", name="x", town="Leuven", country="BE")
    Authority.objects.filter(pk=wanted.pk).update(name_el="Φλαμανδική Βραβάντη", name_fr="Brabant flamand")
    for words in ("Leuven", "Φλαμανδική Βραβάντη", "brabant flamand"):
        assert finding.near(words, None) == [wanted]
    assert finding.near("Leuven", None, country="HR") == []


def test_a_word_that_many_share_finds_nothing_by_itself_that_is_far():
    made.AuthorityFactory(official_name="Općina Primjer", name="Municipality of Sample")
    assert finding.near("Municipality of Zzyzx", None) == []


def test_more_words_than_we_know_still_find_it_and_a_nearer_name_comes_first():
    known = made.AuthorityFactory(official_name="Comune di Fano", name="Fano", country="IT", town="Fano")
    nearer = made.AuthorityFactory(official_name="Comune di Fano Adriatico", name="x", country="IT", town="")
    assert finding.near("Fano Adriatica", None) == [nearer, known]


APART = [  # bodies of the same kind elsewhere in that country
    ("RO", "Primăria Municipiului Brașov", "Primăria Municipiului Slatina"),
    ("RO", "Consiliul Județean Brașov", "Consiliul Județean Olt"),
    ("RO", "Inspectoratul Școlar Județean Galați", "Inspectoratul Școlar Județean Vaslui"),
    ("GR", "Περιφέρεια Δυτικής Ελλάδας", "Περιφέρεια Κρήτης"),
    ("GR", "Δήμος Θεσσαλονίκης", "Δήμος Βόλου"),
    ("TR", "İzmir Büyükşehir Belediyesi", "Bursa Büyükşehir Belediyesi"),
    ("TR", "Edirne İl Özel İdaresi", "Muğla İl Özel İdaresi"),
    ("HR", "Istarska županija", "Zadarska županija"),
    ("IT", "Città metropolitana di Torino", "Città metropolitana di Bari"),
    ("ES", "Diputación Provincial de Jaén", "Diputación Provincial de Soria"),
    ("FR", "Conseil départemental du Finistère", "Conseil départemental de la Creuse"),
    ("NL", "Gemeente Oud-Beijerland", "Gemeente Zwolle"),
]
SAME = [
    ("RO", "Primăria Municipiului Slatina", ["Municipality of Slatina", "Primăria Slatina", "PRIMARIA MUN. SLATINA"]),
    ("RO", "Consiliul Județean Olt", ["Județul Olt", "Olt County Council"]),
    ("GR", "Δήμος Ιωαννιτών", ["ΔΗΜΟΣ ΙΩΑΝΝΙΤΩΝ", "Δήμου Ιωαννιτών"]),
    ("TR", "Iğdır Belediyesi", ["Igdir Municipality", "IĞDIR BELEDİYESİ"]),
    ("TR", "İstanbul Büyükşehir Belediyesi", ["istanbul belediyesi", "ISTANBUL Metropolitan Municipality"]),
    ("HR", "Grad Đakovo", ["Dakovo", "Gradska uprava Đakovo"]),
    ("IT", "Provincia di Forlì-Cesena", ["Forli Cesena", "Provincia Forlì"]),
    ("ES", "Ayuntamiento de A Coruña", ["Concello da Coruña", "La Coruña"]),
]


@pytest.mark.parametrize(("country", "known", "typed"), APART)
def test_bodies_of_one_kind_in_two_places_are_told_apart(country, known, typed):
    town = known.split()[-1]
    made.AuthorityFactory(official_name=known, name=f"{known} (en)", country=country, town=town)
    assert finding.near(typed, None, country=country) == []


@pytest.mark.parametrize(("country", "known", "typed"), SAME)
def test_one_body_under_several_names_is_found(country, known, typed):
    wanted = made.AuthorityFactory(official_name=known, name="x", country=country, town="")
    for words in typed:
        assert finding.near(words, None, country=country) == [wanted], words


def test_a_word_of_many_names_in_that_country_tells_nothing():
    for town in ("Brezno", "Levice", "Snina", "Zvolen"):
        made.AuthorityFactory(official_name=f"Samospráva {town}", name=town, country="SK", town=town)
    assert finding.near("Samospráva Trnava", None, country="SK") == []
    (found,) = finding.near("Samosprava Levica", None, country="SK")
    assert found.town == "Levice"


def test_hidden_authorities_are_not_found(client, person):
    made.AuthorityFactory(official_name="Općina Skrivena", name="Hidden", hidden=True)
    page = client.get(reverse("network:join"), {"q": "Skrivena"}).content.decode()
    assert "Nothing is close" in page and "Općina Skrivena" not in page


def test_an_old_name_leads_to_the_authority_it_became():
    new = made.AuthorityFactory(official_name="Nova općina", name="New")
    made.AuthorityFactory(official_name="Stara Gradiška", name="Old", hidden=True, merged_into=new)
    assert finding.near("Stara Gradiska", None) == [new]


STATES = {
    "active": "Member already",
    "on_hold": "Member already",
    "applied": "Somebody has applied for it",
    "mou_sent": "Somebody has applied for it",
    "declined": "Apply for this authority",
    "expired": "Apply for this authority",
    None: "Apply for this authority",
}


@pytest.mark.parametrize("status", STATES)
def test_each_authority_says_what_one_can_do(status, client, person):
    authority = made.AuthorityFactory(official_name="Općina Tisno", name="Municipality of Tisno")
    if status:
        made.MembershipFactory(authority=authority, status=status)
    page = client.get(reverse("network:join"), {"q": "Tisno"}).content.decode()
    assert STATES[status] in page
    response = client.get(reverse("network:apply"), {"authority": authority.slug})
    assert response.status_code == (200 if "Apply" in STATES[status] else 302)


def test_joining_asks_for_an_account(client):
    assert client.get(reverse("network:join")).status_code == 302
    assert client.get(reverse("network:apply")).status_code == 302


# --- applying --------------------------------------------------------------------------------------------------


def test_a_new_authority_applies(client, person):
    response = apply(client, decision_upload=pdf("Odluka.pdf"))
    membership = Membership.objects.select_related("authority").get()
    assert response.url == reverse("network:application", args=[membership.pk])
    authority = membership.authority
    assert (authority.slug, authority.hidden, authority.name_hr) == ("opcina-vrbovec", True, "Općina Vrbovec")
    assert authority.website == "https://vrbovec.example" and authority.source_language == "hr"
    assert (membership.status, membership.applied_by, membership.decision_filename) == ("applied", person, "Odluka.pdf")
    assert (membership.representative_name, membership.representative_email) == ("Ana Horvat", person.email)
    assert membership.deputy_email == "ivo@vrbovec.example"
    assert membership.decision_file.read() == PDF and membership.decision_file.name.startswith("attachments/")
    assert set(Notification.objects.values_list("address", "kind")) == {
        (person.email, "membership_received"),
        ("ivo@vrbovec.example", "membership_received"),
    }
    assert not Authority.objects.visible_to(None).filter(pk=authority.pk).exists()


def test_a_known_authority_applies_with_nothing_asked_twice(client, person):
    authority = made.AuthorityFactory()
    page = client.get(reverse("network:apply"), {"authority": authority.slug}).content.decode()
    assert "official_name" not in page
    assert apply(client, f"?authority={authority.slug}", official_name="Changed").status_code == 302
    authority.refresh_from_db()
    assert authority.membership.status == "applied" and authority.official_name != "Changed" and not authority.hidden


def test_a_euroregion_is_a_coordinator(client, person):
    assert apply(client, kind="euroregion", governance_level="cross_border").status_code == 302
    assert Membership.objects.get().membership_class == "coordinator"
    known = made.AuthorityFactory(kind="euroregion")
    assert "membership_class" not in client.get(reverse("network:apply"), {"authority": known.slug}).content.decode()
    apply(client, f"?authority={known.slug}")
    assert known.membership.membership_class == "coordinator"


TOMORROW = (datetime.datetime.now(datetime.UTC).date() + datetime.timedelta(days=2)).isoformat()
WRONG = {
    "official_name": ("", "This field is required."),
    "country": ("XX", "XX is not one of the available choices"),
    "official_address": ("nobody", "Enter a valid email address"),
    "decision_date": (TOMORROW, "This day lies in the future"),
    "decision_reference": ("", "Give the reference of the decision"),
    "i_am": ("", "Say who represents the authority"),
    "deputy_email": ("", "Give both name and address"),
    "membership_class": ("coordinator", "Only a Euroregion or an association"),
    "consent": (None, "Tick the consent"),
    "website": ("not a website", "Enter a valid URL"),
}


@pytest.mark.parametrize("field", WRONG)
def test_a_wrong_answer_is_said_next_to_its_field_and_the_others_stay(field, client, person):
    value, said = WRONG[field]
    response = apply(client, **{field: value})
    page = response.content.decode()
    assert response.status_code == 422 and said in page and "error-summary" in page
    assert "We run an evening school." in page and (field == "decision_body" or "Općinsko vijeće" in page)
    assert not Membership.objects.exists() and not Authority.objects.exists()


def test_the_deputy_is_somebody_else(client, person):
    assert "somebody else" in apply(client, deputy_email=person.email.upper()).content.decode()


def test_an_accepted_file_is_kept_when_something_else_is_wrong(client, person):
    response = apply(client, decision_upload=pdf("Odluka.pdf"), town="")
    assert response.status_code == 422 and "Odluka.pdf" in response.content.decode()
    response = apply(client, kept=kept_token(response), decision_reference="", town="")
    assert response.status_code == 422 and "Give the reference" not in response.content.decode()
    token = kept_token(response)
    path = pending.find(token, person).path
    assert apply(client, kept=token, decision_reference="").status_code == 302
    assert Membership.objects.get().decision_file.read() == PDF
    assert path.startswith("pending/")


def test_a_kept_file_can_be_taken_away(client, person):
    token = kept_token(apply(client, decision_upload=pdf(), town=""))
    response = apply(client, kept=token, remove="1")
    page = response.content.decode()
    assert response.status_code == 200 and 'name="kept"' not in page and "error-summary" not in page
    assert "Općinsko vijeće" in page and not Membership.objects.exists()


def test_nobody_uses_the_kept_file_of_another(client, person):
    token = kept_token(apply(client, decision_upload=pdf(), town=""))
    other = Client()
    other.force_login(made.UserFactory())
    response = apply(other, kept=token, decision_reference="")
    assert response.status_code == 422 and "Give the reference" in response.content.decode()


def test_a_file_that_is_none_is_refused(client, person):
    response = apply(client, decision_upload=SimpleUploadedFile("x.pdf", b"<html>no</html>"), decision_reference="")
    page = response.content.decode()
    assert response.status_code == 422 and "This is not a file we accept" in page and 'name="kept"' not in page
    assert page.count("PDF, Word, Excel") >= 2  # the help and the error name the same kinds


def test_what_nobody_came_back_for_is_forgotten(client, person, time_machine):
    path = pending.find(kept_token(apply(client, decision_upload=pdf(), town="")), person).path
    pending.forget()
    assert default_storage.exists(path)
    time_machine.move_to(datetime.datetime.now(datetime.UTC) + datetime.timedelta(days=3))
    assert pending.forget() >= 1 and not default_storage.exists(path)


# --- no authority is born twice --------------------------------------------------------------------------------


def test_a_near_duplicate_is_offered_before_a_new_one_is_born(client, person):
    known = made.AuthorityFactory(official_name="Općina Vrbovec", name="Municipality of Vrbovec", town="Vrbovec")
    response = apply(client)
    page = response.content.decode()
    assert response.status_code == 422 and "Is it one of these?" in page and "Municipality of Vrbovec, Vrbovec" in page
    assert Authority.objects.count() == 1
    assert apply(client, same_as=known.slug).status_code == 302
    assert Authority.objects.count() == 1 and known.membership.applied_by == person
    known.refresh_from_db()
    assert known.official_address != "ured@vrbovec.example"  # what a stranger typed changes nothing that is public


def test_none_of_these_makes_a_new_one_with_a_slug_of_its_own(client, person):
    made.AuthorityFactory(official_name="Općina Vrbovec", name="Vrbovec", slug="opcina-vrbovec")
    assert apply(client, same_as="none").status_code == 302
    assert Membership.objects.get().authority.slug == "opcina-vrbovec-2"


def test_one_in_another_country_is_not_offered(client, person):
    made.AuthorityFactory(official_name="Vrbovec", name="Vrbovec", country="SI")
    assert apply(client).status_code == 302


def test_one_that_is_a_member_leads_to_its_seats(client, person):
    known = made.AuthorityFactory(official_name="Općina Vrbovec", name="Vrbovec")
    made.MembershipFactory(authority=known)
    response = apply(client, same_as=known.slug)
    assert response.status_code == 302 and known.slug in response.url
    assert Membership.objects.count() == 1


def test_a_reserved_word_is_no_slug(client, person):
    apply(client, official_name="Join")
    assert Membership.objects.get().authority.slug == "join-2"


def test_sent_twice_is_one_application(client, person):
    once = "6f1c1f0e-7a50-4c2b-8b8e-1e2d3c4b5a69"
    first, second = apply(client, once=once), apply(client, once=once)
    assert first.url == second.url and Membership.objects.count() == Authority.objects.count() == 1


def test_five_a_day(client, person, settings):
    settings.APPLICATIONS_PER_DAY = 1
    apply(client)
    assert apply(client, official_name="Grad Zadar", town="Zadar").status_code == 429
    assert Membership.objects.count() == 1


def test_kept_files_have_a_limit_a_day_for_each_person(client, person, settings, time_machine):
    settings.KEPT_FILES_PER_DAY = 2
    time_machine.move_to(timezone.now())
    tokens = [kept_token(apply(client, decision_upload=pdf(), town="")) for _number in range(2)]
    files = default_storage.listdir(pending.FOLDER)[1]
    response = apply(client, decision_upload=pdf(), town="")
    errors = response.context["form"].errors
    assert response.status_code == 422 and set(errors) == {"decision_upload", "town"}
    page = response.content.decode()
    assert 'name="kept"' not in page and "You have sent many files today" in page.partition('id="id_decision_upload')[0]
    assert default_storage.listdir(pending.FOLDER)[1] == files
    assert apply(client, kept=tokens[0], decision_reference="", town="").status_code == 422  # what is kept stays
    assert pending.find(tokens[0], person)
    other = made.UserFactory()
    client.force_login(other)
    assert kept_token(apply(client, decision_upload=pdf(), town=""))  # of one person, not of all
    client.force_login(person)
    time_machine.shift(datetime.timedelta(days=1, minutes=1))
    assert kept_token(apply(client, decision_upload=pdf(), town=""))
