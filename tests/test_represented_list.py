"""A Euroregion’s list as a CSV file: tried without storing anything, corrected on the page, taken once."""

import time

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import translation

from accounts.models import Event, Notification
from network.models import Authority, Representation
from network.representation import enrolment
from tests import factories as made
from tests.browserless import fields

pytestmark = pytest.mark.django_db
HEAD = "official_name;official_language;name;kind;governance_level;country;region;town;official_address;website;basis;basis_url;basis_date;end"


@pytest.fixture
def euroregion():
    authority = made.AuthorityFactory(kind="euroregion", official_name="Euroregija", name="Euroregion")
    made.MembershipFactory(authority=authority)
    return authority


@pytest.fixture
def url(euroregion, client):
    client.force_login(made.MemberFactory(seat_at=euroregion, seat_at__role="representative"))
    return reverse("network:represented_list", args=[euroregion.slug])


def line(name, english="", *, country="HR", kind="local", address="", date="2026-03-31", end="", website=""):
    cells = [
        name,
        "hr",
        english or f"{name} (en)",
        kind,
        "local",
        country,
        "",
        "",
        address,
        website,
        "Member",
        "",
        date,
        end,
    ]
    return ";".join(cells)


def file(*lines, encoding="utf-8", head=HEAD):
    return SimpleUploadedFile("list.csv", "\r\n".join([head, *lines]).encode(encoding), "text/csv")


def states(answer):
    return {row.line: row.state for row in answer.context["rows"]}


def again(client, url, answer, **typed):
    """Send the page on with what it carries."""
    return client.post(url, fields(answer) | typed)


def test_a_dry_run_stores_nothing_and_taking_stores_all(client, url, euroregion):
    made.AuthorityFactory(official_name="Grad Pula")
    before = Authority.objects.count()
    answer = client.post(url, {"file": file(line("Grad Pula"), line("Općina Žminj", address="ured@zminj.example"))})
    assert states(answer) == {2: "known", 3: "new"}
    assert (Authority.objects.count(), Representation.objects.count()) == (before, 0)
    answer = again(client, url, answer, then="take")
    assert answer.status_code == 302
    born = Authority.objects.get(official_name="Općina Žminj")
    assert born.hidden and (born.name_en, born.slug) == ("Općina Žminj (en)", "opcina-zminj")
    assert {row.authority.official_name for row in euroregion.represents.all()} == {"Grad Pula", "Općina Žminj"}
    assert Event.objects.filter(verb="claim").count() == 2
    assert Notification.objects.get(kind="representation_claimed").data == {"number": 2}


def test_readers_of_its_own_language_are_shown_the_official_name(client, url):
    answer = client.post(url, {"file": file(line("Općina Žminj", "Municipality of Zminj"))})
    again(client, url, answer, then="take")
    born = Authority.objects.get(official_name="Općina Žminj")
    assert (born.name_hr, born.name_en, born.name_el) == ("Općina Žminj", "Municipality of Zminj", None)
    born.rewrite()
    titles = dict(born.editions.values_list("language", "title"))
    assert (titles["hr"], titles["en"], titles["el"]) == (born.name_hr, born.name_en, born.name_en)


def test_a_list_taken_twice_changes_nothing(client, url, euroregion):
    rows = [line("Grad Pula"), line("Općina Žminj")]
    answer = client.post(url, {"file": file(*rows)})
    sent = fields(answer) | {"then": "take"}
    client.post(url, sent)
    client.post(url, sent)
    assert states(client.post(url, {"file": file(*rows)})) == {2: "already", 3: "already"}
    assert euroregion.represents.count() == 2 and Authority.objects.filter(country="HR").count() == 3


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("separator", [";", ","])
def test_separators_and_encodings(client, url, encoding, separator):
    one = file(line("Δήμος Λευκάδας").replace(";", separator), head=HEAD.replace(";", separator), encoding=encoding)
    answer = client.post(url, {"file": one})
    assert [row.values["official_name"] for row in answer.context["rows"]] == ["Δήμος Λευκάδας"]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "Choose another"),
        (b"PK\x03\x04rest", "not a CSV file"),
        ("official_name;country\nŽminj;HR".encode(), "columns are missing"),
        (HEAD.encode(), "no rows"),
        (f"{HEAD}\nOp\u010dina".encode("cp1250"), "cannot be read"),
        (f'{HEAD}\n"Žminj'.encode(), "cannot be read as CSV"),
        (f"{HEAD}\n".encode() + b"\x00;" * 5, "cannot be read"),
    ],
    ids=["empty", "zip", "columns", "no-rows", "encoding", "quote", "zeros"],
)
def test_a_file_that_cannot_be_read_says_what_to_do(client, url, content, says):
    answer = client.post(url, {"file": SimpleUploadedFile("list.csv", content)})
    assert answer.status_code in (422, 200) and says in answer.content.decode()
    assert not answer.context["rows"]


def test_too_many_rows_are_refused_before_anything_else(client, url, settings):
    settings.REPRESENTED_ROWS = 2
    answer = client.post(url, {"file": file(*[line(f"Grad {n}") for n in range(3)])})
    assert answer.status_code == 422 and "at most 2" in answer.content.decode()


def test_errors_stand_beside_the_row_and_are_corrected_on_the_page(client, url, euroregion):
    wrong = line("Grad Rovinj", country="XX", date="sometime", address="no address")
    answer = client.post(
        url, {"file": file(line("Grad Pula"), "", wrong, line("=1+1"), line("Labin", end="2001-01-01"))}
    )
    assert states(answer) == {2: "new", 4: "wrong", 5: "wrong", 6: "wrong"}
    by_line = {row.line: {name for name, _label, _said in row.errors} for row in answer.context["rows"]}
    assert by_line[4] == {"country", "basis_date", "official_address"}
    assert by_line[5] == {"official_name", "name"} and by_line[6] == {"end"}
    corrected = {"r4-country": "Croatia", "r4-basis_date": "31.03.2026", "r4-official_address": "grad@rovinj.example"}
    answer = again(client, url, answer, then="check", **corrected)
    assert states(answer) == {2: "new", 4: "new", 5: "wrong", 6: "wrong"}
    answer = again(client, url, answer, then="take")
    assert answer.status_code == 200 and states(answer) == {5: "wrong", 6: "wrong"}  # they stay on the page
    assert euroregion.represents.count() == 2
    answer = again(
        client, url, answer, then="take", **{"r5-official_name": "Grad Buje", "r5-name": "Buje", "r6-end": ""}
    )
    assert answer.status_code == 302 and euroregion.represents.count() == 4


def test_errors_are_said_in_the_reader_s_language(client, euroregion, url):
    with translation.override("el"):
        url = reverse("network:represented_list", args=[euroregion.slug])
    answer = client.post(url, {"file": file(line("Grad", date="sometime"))})
    assert answer.context["rows"][0].state == "wrong" and 'lang="el"' in answer.content.decode()


def test_a_near_duplicate_is_decided(client, url, euroregion):
    known = made.AuthorityFactory(official_name="Grad Labin", name="City of Labin")
    rows = [line("Labin – Albona", "Labin Albona"), line("Grad Labinn", "Town of Labinn")]
    answer = client.post(url, {"file": file(*rows)})
    assert states(answer) == {2: "near", 3: "near"}
    answer = again(client, url, answer, then="take")
    assert answer.status_code == 200 and not euroregion.represents.exists()  # nobody decided
    answer = again(client, url, answer, then="take", d2=str(known.pk), d3="new")
    assert answer.status_code == 302
    assert {row.authority.official_name for row in euroregion.represents.all()} == {"Grad Labin", "Grad Labinn"}


def test_only_offered_authorities_can_be_chosen(client, url, euroregion):
    made.AuthorityFactory(official_name="Grad Labin")
    secret = made.AuthorityFactory(official_name="Grad Labim", hidden=True)
    answer = client.post(url, {"file": file(line("Labin – Albona", "Labin Albona"))})
    assert secret not in answer.context["rows"][0].near
    again(client, url, answer, then="take", d2=str(secret.pk))
    assert not euroregion.represents.exists()


def test_doubles_and_itself(client, url):
    rows = [line("Grad Pula"), line("GRAD  PULA"), line("Euroregija", "Euroregion", kind="euroregion")]
    assert states(client.post(url, {"file": file(*rows)})) == {2: "new", 3: "double", 4: "wrong"}


def test_labels_stand_for_codes(client, url):
    head = "Official name;Language of the official name;Name in English;Kind;Governance level;Country;Basis"
    answer = client.post(
        url, {"file": file("Grad Pula;Croatian;Pula;Local authority;Local;Croatia;Statutes", head=head)}
    )
    assert states(answer) == {2: "new"}, answer.context["rows"][0].errors


def test_the_sample_can_be_sent_back_in_every_language(client, euroregion, url, settings):
    made.RegionFactory(code="HR036")
    for language in settings.LANGUAGE_CODES:
        with translation.override(language):
            there = reverse("network:represented_sample", args=[euroregion.slug])
            back = reverse("network:represented_list", args=[euroregion.slug])
        content = client.get(there).content
        answer = client.post(back, {"file": SimpleUploadedFile("list.csv", content)})
        assert states(answer) == {2: "new"}, (language, answer.context["rows"] and answer.context["rows"][0].errors)


def test_rows_changed_on_their_way_are_refused(client, url):
    answer = client.post(url, {"file": file(line("Grad Pula"))})
    answer = client.post(url, {"kept": answer.context["kept"][:-3] + "xyz", "then": "take"})
    assert answer.status_code == 422 and not Representation.objects.exists()


def test_rows_of_another_euroregion_are_refused(client, url):
    other = made.AuthorityFactory()
    word = enrolment.keep([enrolment.Row(2, dict.fromkeys(enrolment.COLUMNS, ""))], other)
    assert client.post(url, {"kept": word, "then": "take"}).status_code == 422


def test_who_may_upload(client, euroregion, url):
    contributor = made.MemberFactory(seat_at=euroregion)
    for user in (contributor, made.CoordinatorFactory(), made.MemberFactory()):
        client.force_login(user)
        assert client.get(url).status_code == 403
        assert client.post(url, {"file": file(line("Grad Pula"))}).status_code == 403


def test_a_thousand_rows(client, url, euroregion):
    rows = [line(f"Općina Mjesto {n}", f"Municipality of Place {n}") for n in range(1000)]
    began = time.monotonic()
    answer = client.post(url, {"file": file(*rows)})
    tried = time.monotonic()
    decided = {f"d{row.line}": "new" for row in answer.context["near"]}
    answer = again(client, url, answer, then="take", **decided)
    print(f"tried {tried - began:.1f} s, taken {time.monotonic() - tried:.1f} s")
    assert answer.status_code == 302 and euroregion.represents.count() == 1000


# --- one by one ------------------------------------------------------------------------------------------------------


def test_one_is_found_first_then_claimed(client, url, euroregion):
    known = made.AuthorityFactory(official_name="Grad Labin", name="City of Labin")
    claim = reverse("network:claim", args=[euroregion.slug])
    answer = client.get(claim, {"name": "Labin", "country": "HR"})
    assert known in answer.context["found"]
    there = f"{claim}?authority={known.slug}"
    assert client.post(there, {"basis": ""}).status_code == 422
    answer = client.post(there, {"basis": "Member", "basis_date": "2026-03-31"})
    assert answer.status_code == 302 and euroregion.represents.get().authority == known
    assert client.post(there, {"basis": "Member"}).status_code == 422  # it stands there already


def test_one_that_is_not_known_is_entered(client, url, euroregion):
    claim = reverse("network:claim", args=[euroregion.slug]) + "?new=1"
    typed = dict(zip(HEAD.split(";"), line("Grad Poreč").split(";"), strict=True))
    assert client.post(claim, typed | {"country": "XX"}).status_code == 422
    answer = client.post(claim, typed)
    assert answer.status_code == 302 and Authority.objects.get(official_name="Grad Poreč").hidden
    assert client.post(claim, typed).status_code == 422  # known now: chosen from the list instead
