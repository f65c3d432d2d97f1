"""What waits for coordinators, the morning digest, and the tables they keep in the admin."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts import mail, queues
from accounts.models import Notification, ProblemReport, Reason
from accounts.workdays import working_days
from fiches import tasks
from fiches.models import Opinion
from tests import factories as made
from tests.memoranda import template
from translations.tasks import rewrite_editions

pytestmark = pytest.mark.django_db


@pytest.fixture
def coordinator(client):
    person = made.CoordinatorFactory(name="Ana Horvat")
    client.force_login(person)
    return person


@pytest.fixture
def reason():
    fields = {f"text_{code}": f"Reason in {code}." for code in ["en", "es", "it", "fr", "nl", "el", "ro", "hr", "tr"]}
    return Reason.objects.create(verb="request_changes", key="unclear", **fields)


def mails_to(address):
    """What is composed for one address, in order."""
    rows = Notification.objects.filter(address=address).order_by("pk")
    return [(row.kind, mail.compose(row)) for row in rows]


# --- queues and digest -----------------------------------------------------------------------------------------


def test_working_days_leave_out_weekends_and_holidays():
    friday, monday = datetime.date(2026, 4, 3), datetime.date(2026, 4, 6)  # Easter Monday
    assert working_days(friday, monday) == 1
    assert working_days(friday, monday, "IT") == 0
    assert working_days(monday, monday) == 0 == working_days(monday, friday)
    assert working_days(friday, monday, "XK") >= 0


def test_queues_count_what_waits(coordinator, client):
    made.FicheFactory(status="submitted", submitted_at=timezone.now() - datetime.timedelta(days=40))
    fresh = made.FicheFactory(
        status="submitted", submitted_at=timezone.now(), authority=None, authority_claimed="A town"
    )
    made.FicheFactory(status="draft")
    Opinion.objects.create(fiche=fresh, reader=made.TranslatorFactory())
    ProblemReport.objects.create(path="/en/", kind="content", text="Wrong.", language="en")
    rows = {row.queue.name: row for row in queues.waiting_for(coordinator)}
    assert (rows["fiches_to_read"].number, rows["fiches_to_read"].overdue) == (2, 1)
    assert rows["fiches_to_read"].oldest > 20
    assert [rows[name].number for name in ("revisions_to_read", "opinions", "authorities", "problem_reports")] == [
        0,
        1,
        1,
        1,
    ]
    template()  # `setup` brings the first
    page = client.get(reverse("admin:index")).content.decode()
    for row in rows.values():
        assert row.url.replace("&", "&amp;") in page and client.get(row.url).status_code == 200


def test_the_list_is_filtered_and_searched(coordinator, client):
    made.FicheFactory(status="submitted", title="Alpha school", vouched="person")
    beta = made.FicheFactory(status="submitted", title="Beta escuela", source_language="es")
    made.FicheFactory(title="Published school")
    page = reverse("admin:fiches_fiche_changelist")
    titles = ["Alpha school", "Beta escuela", "Published school"]
    queries = {
        "": titles[:2],
        "?source_language__exact=es": ["Beta escuela"],
        "?status=published": ["Published school"],
        "?work=all": titles,
        "?q=Beta": ["Beta escuela"],
        f"?q={beta.reference}": ["Beta escuela"],
        f"?authority={beta.authority_id}": ["Beta escuela"],
        "?vouched__exact=person": ["Alpha school"],
        "?age=over": titles[:2],
        "?complete=full": [],
    }
    for query, expected in queries.items():
        shown = client.get(page + query).content.decode()
        assert [title for title in titles if title in shown] == expected, query
    assert 'lang="es">Beta escuela' in client.get(page).content.decode()
    assert client.get(page + "?authority=x&age=y&work=z&p=99999").status_code in (200, 302)


def test_the_morning_digest_comes_once_a_working_day(coordinator, time_machine):
    time_machine.move_to(datetime.datetime(2026, 11, 23, 6, 10, tzinfo=datetime.UTC), tick=False)  # 7:10 in Brussels
    tasks.tell_what_waits(0)
    assert not Notification.objects.filter(kind="queue_digest").exists()
    made.FicheFactory(status="submitted", title="Waits")
    away = made.CoordinatorFactory(time_zone="America/New_York")
    tasks.tell_what_waits(0)
    tasks.tell_what_waits(0)
    ((kind, content),) = mails_to(coordinator.email)
    assert kind == "queue_digest" and "1" in content.subject and not mails_to(away.email)
    time_machine.move_to(datetime.datetime(2026, 11, 22, 6, 10, tzinfo=datetime.UTC))  # a Sunday
    assert not tasks.is_morning(coordinator, timezone.now())


# --- the other tables ------------------------------------------------------------------------------------------


def test_a_report_is_answered(coordinator, client):
    report = ProblemReport.objects.create(
        path="/en/", kind="content", text="Wrong.", email="x@people.example", language="it"
    )
    page = reverse("admin:accounts_problemreport_close", args=[report.pk])
    data = {"status": "resolved", "answer": "Corretto.", "answer_language": "it"}
    assert client.get(reverse("admin:accounts_problemreport_change", args=[report.pk])).status_code == 200
    assert client.post(page, data).status_code == 302
    assert client.post(page, data).status_code == 409
    ((kind, content),) = mails_to("x@people.example")
    assert kind == "report_resolved" and "Corretto." in repr(content)


def test_reasons_are_edited_in_nine_languages(coordinator, client, reason):
    page = reverse("admin:accounts_reason_change", args=[reason.pk])
    shown = client.get(page).content.decode()
    assert all(f'name="text_{code}"' in shown for code in ["en", "es", "it", "fr", "nl", "el", "ro", "hr", "tr"])
    data = {"verb": "reject", "position": 3, "active": "on", **{f"text_{code}": code for code in ["en", "el"]}}
    assert client.post(page, data).status_code == 302
    reason.refresh_from_db()
    assert (reason.verb, reason.text_el, reason.key) == ("reject", "el", "unclear")


def test_a_new_name_of_a_theme_reaches_what_readers_see(coordinator, client):
    fiche = made.FicheFactory(themes=["adult-learning"])
    theme = fiche.themes.get()
    data = {"parent": theme.parent_id, "position": 0, "name_en": "Learning in later life"}
    answer = client.post(reverse("admin:network_theme_change", args=[theme.pk]), data)
    assert answer.status_code == 302, answer.context["errors"]
    rewrite_editions("fiches.Fiche", [fiche.pk])
    assert "Learning in later life" in fiche.editions.get(language="en").names


def test_coordinators_do_not_raise_themselves(coordinator, client):
    person, boss = made.UserFactory(), made.UserFactory(is_staff=True, is_superuser=True)
    page = reverse("admin:accounts_user_change", args=[person.pk])
    data = {
        "translator_languages": ["el"],
        "is_active": "on",
        "is_superuser": "on",
        "is_staff": "on",
        "email": "x@y.example",
    }
    assert client.post(page, data).status_code == 302
    old, person = person.email, type(person).objects.get(pk=person.pk)
    assert (person.is_superuser, person.is_staff, person.email) == (False, False, old)
    assert person.can_translate("el")
    for other in (coordinator, boss):
        assert client.post(reverse("admin:accounts_user_change", args=[other.pk]), data).status_code == 403


def test_every_table_opens(coordinator, client):
    template()  # `setup` brings the first
    shown = client.get(reverse("admin:index")).context["app_list"]
    assert {app["app_label"] for app in shown} == {"accounts", "fiches", "network", "taggit"}
    for table in (row for app in shown for row in app["models"]):
        assert client.get(table["admin_url"]).status_code == 200, table["admin_url"]
        if table["add_url"]:
            assert client.get(table["add_url"], follow=True).status_code == 200, table["add_url"]
