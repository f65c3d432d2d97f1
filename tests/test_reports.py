"""Readers report problems with a page."""

import pytest
from django.conf import settings
from django.test import override_settings

from accounts.models import Notification, ProblemReport
from clavet.reports import own_path
from tests.factories import FicheFactory, UserFactory

pytestmark = pytest.mark.django_db

TEXT = {"kind": "content", "text": "The year is wrong: it was 2019."}


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("/en/fiches/1/a/?q=%C4%87", "/en/fiches/1/a/?q=%C4%87"),
        ("http://testserver/el/about/", "/el/about/"),
        ("https://evil.example/", ""),
        ("//evil.example/", ""),
        ("/\\evil.example", ""),
        ("javascript:alert(1)", ""),
        ("/en/\n/x", ""),
        ("", ""),
        ("/" + "a" * 900, "/" + "a" * 499),
    ],
)
def test_only_own_pages_are_reported(given, kept):
    assert own_path(given, "testserver") == kept


def test_the_form_knows_the_page_and_is_never_stored(client):
    response = client.get("/el/report/?url=/el/fiches/")
    assert "no-store" in response["Cache-Control"]
    assert 'value="/el/fiches/"' in response.content.decode()
    foreign = client.get("/el/report/?url=https://evil.example/")
    assert "evil.example" not in foreign.content.decode().split("<main")[1].split("</main")[0]


def test_a_report_belongs_to_its_fiche_and_is_acknowledged(client):
    fiche = FicheFactory(editions=False)
    path = f"/tr/fiches/{fiche.pk}/{fiche.slug}/"
    response = client.post("/tr/report/", {**TEXT, "path": path, "email": "Reader@people.example"})
    assert response.status_code == 302 and response["Location"] == "/tr/report/sent/"
    report = ProblemReport.objects.get()
    assert (report.path, report.language, report.object, report.status) == (path, "tr", fiche, "open")
    assert report.address_hash and "127.0.0.1" not in report.address_hash
    mail = Notification.objects.get(kind="report_received")
    assert (mail.address, mail.language) == ("reader@people.example", "tr")
    assert client.get("/tr/report/sent/").status_code == 200


def test_the_page_may_be_in_another_language_than_the_form(client):
    fiche = FicheFactory()
    path = fiche.get_absolute_url().replace("/en/", "/el/", 1)
    client.post("/fr/report/", {"path": path, "kind": "content", "text": "Faux."})
    assert ProblemReport.objects.get().object == fiche


def test_a_hidden_fiche_is_not_linked(client):
    draft = FicheFactory(status="draft", editions=False)
    client.post("/en/report/", {**TEXT, "path": f"/en/fiches/{draft.pk}/preview/"})
    assert ProblemReport.objects.get().object is None


def test_known_and_unknown_addresses_get_the_same_answer(client):
    UserFactory(email="known@people.example")
    answers = []
    for address in ("known@people.example", "unknown@people.example"):
        response = client.post("/en/report/", {**TEXT, "email": address})
        answers.append((response.status_code, response["Location"]))
    assert answers[0] == answers[1]
    assert Notification.objects.filter(kind="report_received", recipient=None).count() == 2


def test_nothing_typed_is_lost(client):
    response = client.post(
        "/en/report/", {"kind": "", "text": "Kept words", "email": "not an address", "path": "https://x.example/"}
    )
    text = response.content.decode()
    assert response.status_code == 200 and not ProblemReport.objects.exists()
    assert "Kept words" in text and "not an address" in text and 'role="alert"' in text


def test_sent_twice_it_is_one_report(client):
    form = client.get("/en/report/").content.decode()
    token = form.split('name="once" value="')[1].split('"')[0]
    for _ in range(2):
        assert client.post("/en/report/", {**TEXT, "once": token})["Location"] == "/en/report/sent/"
    assert ProblemReport.objects.count() == 1


def test_machines_are_told_nothing(client):
    response = client.post("/en/report/", {**TEXT, "website": "https://buy.example/"})
    assert response["Location"] == "/en/report/sent/" and not ProblemReport.objects.exists()


@override_settings(REPORTS_PER_DAY=2)
def test_a_connection_has_a_daily_limit(client):
    for _ in range(2):
        assert client.post("/en/report/", TEXT).status_code == 302
    response = client.post("/en/report/", {**TEXT, "text": "One too many"})
    assert response.status_code == 429
    assert settings.CONTACT_EMAIL in response.content.decode() and "One too many" in response.content.decode()
    assert ProblemReport.objects.count() == 2


def test_nobody_is_pestered_with_acknowledgements(client):
    for number in range(5):
        client.post("/en/report/", {**TEXT, "text": f"Report {number}", "email": "victim@people.example"})
    assert ProblemReport.objects.count() == 5
    assert Notification.objects.filter(address="victim@people.example").count() == 3


def test_every_kind_of_bad_input_is_an_answer(client):
    for text in ("x" * 4000, "<script>alert(1)</script>", "\x00"):
        response = client.post("/en/report/", {**TEXT, "text": text})
        assert response.status_code in (200, 302)
        assert "<script>alert" not in response.content.decode()
