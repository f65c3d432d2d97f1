"""From a move to a mail: queued with the change, sent once, in the recipient's language, to who may still see it."""

import re
import smtplib
import socket
from datetime import UTC, datetime

import pytest
import time_machine
from aiosmtpd.controller import Controller
from django.core import mail as outgoing
from django.db import transaction
from django.test import RequestFactory
from django.urls import reverse

from accounts import mail, notifications, tasks, unsubscribe
from accounts.models import Notification, Reason, User
from clavet import demo_mail
from fiches.emails import MAILS
from tests.factories import CoordinatorFactory, FicheFactory, SeatFactory, UserFactory
from tests.jobs import forget, run_jobs, waiting

pytestmark = pytest.mark.django_db
LOCALHOST = "127.0.0.1"


@pytest.fixture(autouse=True)
def empty_queue(db):
    forget()


def in_review(**author):
    return FicheFactory(status="in_review", submitted_by=UserFactory(**author))


def tell_published(fiche=None, **user):
    """A non-essential mail: a fiche of the person's authority is published."""
    fiche = fiche or FicheFactory()
    person = UserFactory(**user)
    SeatFactory(authority=fiche.authority, user=person, role="representative")
    notification = notifications.tell("fiche_published_of_authority", fiche, recipient=person, key="event:1")
    return notification, person


def state(notification):
    notification.refresh_from_db()
    return notification.state


# --- queueing --------------------------------------------------------------------------------------------------


def test_a_move_queues_its_mail_and_the_worker_sends_it():
    fiche = in_review()
    fiche.approve(by=CoordinatorFactory())
    assert len(waiting("send_notification")) == 1 and not outgoing.outbox
    run_jobs()
    (sent,) = outgoing.outbox
    assert sent.to == [fiche.submitted_by.email] and fiche.source("title") in sent.subject
    assert fiche.get_absolute_url() in sent.body
    assert Notification.objects.get().state == "sent"


def test_a_rollback_takes_the_job_with_it():
    fiche = in_review()
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        fiche.approve(by=CoordinatorFactory())
        raise ZeroDivisionError
    assert not waiting() and not Notification.objects.exists()


def test_nobody_is_mailed_twice_for_one_thing():
    notification, person = tell_published()
    assert notifications.tell(notification.kind, notification.subject, recipient=person, key="event:1") is None
    run_jobs()
    tasks.send_notification(notification.pk)
    assert len(outgoing.outbox) == 1


def test_the_message_id_follows_from_address_kind_and_key():
    notification, _person = tell_published()
    run_jobs()
    expected = mail.message_id(notification.address, notification.kind, notification.key)
    assert outgoing.outbox[0].extra_headers["Message-ID"] == expected


@pytest.mark.parametrize("kind", sorted({kind for moves in MAILS.values() for _who, kind in moves}))
def test_every_mail_of_a_move_is_written(kind):
    assert kind in mail.KINDS


# --- who may still know ----------------------------------------------------------------------------------------


def test_what_the_recipient_may_no_longer_see_is_dropped():
    fiche = in_review()
    stranger = UserFactory()
    notification = notifications.tell("fiche_received", fiche, recipient=stranger, key="x")
    run_jobs()
    assert state(notification) == "dropped" and not outgoing.outbox


def test_what_is_gone_is_dropped():
    fiche = FicheFactory(status="draft")
    notification = notifications.tell("fiche_received", fiche, recipient=fiche.submitted_by, key="x")
    fiche.delete()
    run_jobs()
    assert state(notification) == "dropped"


def test_somebody_who_left_gets_nothing():
    notification, person = tell_published()
    User.objects.filter(pk=person.pk).update(is_active=False)
    run_jobs()
    assert state(notification) == "dropped" and not outgoing.outbox


# --- language --------------------------------------------------------------------------------------------------


def test_a_decision_is_in_the_authors_language_but_for_the_free_text(settings):
    fiche = in_review(language="fr")
    reason = Reason.objects.create(
        verb="reject", key="test-reason", text_fr="Il manque les sources.", text_en="Sources are missing."
    )
    fiche.reject(by=CoordinatorFactory(), reason=reason, note="Gelieve cijfers toe te voegen.", note_language="nl")
    run_jobs()
    (sent,) = outgoing.outbox
    html = sent.alternatives[0].content
    assert "Il manque les sources." in sent.body and "Sources are missing." not in sent.body
    assert "> Gelieve cijfers toe te voegen." in sent.body and "néerlandais" in sent.body
    assert '<html lang="fr">' in html and re.search(r'<blockquote\s+lang="nl"', html)
    assert "/fr/" in sent.body and sent.extra_headers["Content-Language"] == "fr"


def test_a_reason_without_translation_says_so():
    fiche = in_review(language="tr")
    reason = Reason.objects.create(verb="reject", key="test-reason", text_en="Sources are missing.")
    fiche.reject(by=CoordinatorFactory(), reason=reason)
    run_jobs()
    assert "> Sources are missing." in outgoing.outbox[0].body and "İngilizce" in outgoing.outbox[0].body


def test_what_people_wrote_is_escaped():
    fiche = in_review()
    fiche.reject(by=CoordinatorFactory(), note="<script>alert(1)</script>", note_language="en")
    run_jobs()
    assert "<script>" not in outgoing.outbox[0].alternatives[0].content


# --- frequency, digests, unsubscribing -------------------------------------------------------------------------


def test_never_means_never():
    notification, _person = tell_published(mail_frequency={"fiche_published_of_authority": "never"})
    run_jobs()
    assert state(notification) == "dropped" and not outgoing.outbox


def test_decisions_come_whatever_the_preferences_say():
    fiche = in_review(mail_frequency={"fiche_published": "never"})
    fiche.approve(by=CoordinatorFactory())
    run_jobs()
    assert len(outgoing.outbox) == 1


def test_the_daily_digest_comes_once_in_the_persons_morning():
    with time_machine.travel(datetime(2026, 3, 10, 12, tzinfo=UTC), tick=False):
        daily = {"fiche_published_of_authority": "daily"}
        first, person = tell_published(mail_frequency=daily, language="es", time_zone="Europe/Madrid")
        fiche = FicheFactory()
        SeatFactory(authority=fiche.authority, user=person, role="deputy")
        notifications.tell(first.kind, fiche, recipient=person, key="event:2")
        run_jobs()
        assert not outgoing.outbox
    with time_machine.travel(datetime(2026, 3, 11, 5, 30, tzinfo=UTC), tick=False):  # 06:30 in Madrid
        tasks.morning_digests(0)
        assert not waiting()
    for minute in (10, 40):
        with time_machine.travel(datetime(2026, 3, 11, 6, minute, tzinfo=UTC), tick=False):
            tasks.morning_digests(0)
            run_jobs()
    (sent,) = outgoing.outbox
    assert sent.to == [person.email] and sent.body.count("/es/fiches/") == 2
    assert state(first) == "sent"


def test_the_weekly_digest_waits_for_monday():
    with time_machine.travel(datetime(2026, 3, 10, 12, tzinfo=UTC), tick=False):  # a Tuesday
        tell_published(mail_frequency={"fiche_published_of_authority": "weekly"})
    for day, mails in ((11, 0), (16, 1)):
        with time_machine.travel(datetime(2026, 3, day, 9, tzinfo=UTC), tick=False):
            tasks.morning_digests(0)
            run_jobs()
            assert len(outgoing.outbox) == mails


def test_unsubscribing_with_one_click(client, django_user_model):
    notification, person = tell_published()
    run_jobs()
    headers = outgoing.outbox[0].extra_headers
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    path = headers["List-Unsubscribe"].strip("<>").removeprefix("http://localhost:8000")
    strict = type(client)(enforce_csrf_checks=True)
    assert strict.get(path).status_code == 200
    person.refresh_from_db()
    assert not person.mail_frequency  # looking changes nothing
    answer = strict.post(path, {"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 200 and not answer.cookies
    person.refresh_from_db()
    assert person.mail_frequency == {notification.kind: "never"}


def test_decisions_cannot_be_unsubscribed(client):
    fiche = in_review()
    fiche.approve(by=CoordinatorFactory())
    run_jobs()
    assert "List-Unsubscribe" not in outgoing.outbox[0].extra_headers
    path = unsubscribe.address(fiche.submitted_by, "fiche_published").removeprefix("http://localhost:8000")
    assert client.post(path).status_code == 404


@pytest.mark.parametrize("token", ["x", "a:b:c", "%00"])
def test_a_forged_unsubscribe_link_is_a_clean_404(client, token):
    assert client.get(f"/en/accounts/unsubscribe/{token}/").status_code == 404


def test_preferences_are_saved_and_strangers_have_none(client):
    person = UserFactory()
    assert client.get(reverse("accounts:notifications")).status_code == 302
    client.force_login(person)
    page = client.get(reverse("accounts:notifications"))
    names = [kind.name for kind in mail.kinds_for(person)]
    assert "fiche_published_of_authority" in names and "queue_digest" not in names
    assert page.status_code == 200
    client.post(reverse("accounts:notifications"), dict.fromkeys(names, "weekly"))
    person.refresh_from_db()
    assert person.mail_frequency == dict.fromkeys(names, "weekly")


# --- servers that refuse or are down ---------------------------------------------------------------------------


class Server:
    """A real SMTP server whose answer the test chooses."""

    def __init__(self, answer="250 OK"):
        self.answer, self.received = answer, []

    async def handle_RCPT(self, server, session, envelope, address, options):
        if self.answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.answer

    async def handle_DATA(self, server, session, envelope):
        self.received.append(envelope)
        return "250 OK"


@pytest.fixture
def smtp(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    server = Server()
    with socket.socket() as probe:
        probe.bind((LOCALHOST, 0))
        port = probe.getsockname()[1]
    controller = Controller(server, hostname=LOCALHOST, port=port)
    controller.start()
    settings.EMAIL_HOST, settings.EMAIL_PORT = LOCALHOST, port
    yield server
    controller.stop()


def test_a_real_server_gets_the_mail(smtp):
    notification, person = tell_published(language="el")
    run_jobs()
    (envelope,) = smtp.received
    assert envelope.rcpt_tos == [person.email] and b"Content-Language: el" in envelope.content
    assert state(notification) == "sent"


def test_a_hard_bounce_marks_the_address_and_moves_on(smtp):
    smtp.answer = "550 5.1.1 no such mailbox"
    notification, person = tell_published()
    run_jobs()
    person.refresh_from_db()
    assert state(notification) == "bounced" and person.mail_bounced_at
    smtp.answer = "250 OK"
    later = notifications.tell("fiche_published_of_authority", FicheFactory(), recipient=person, key="event:9")
    run_jobs()
    assert state(later) == "bounced" and not smtp.received


def test_a_temporary_refusal_is_tried_again(smtp):
    smtp.answer = "451 4.7.1 try later"
    notification, person = tell_published()
    with pytest.raises(smtplib.SMTPRecipientsRefused) as refused:
        tasks.send_notification(notification.pk)
    assert state(notification) == "queued"
    job = type("Job", (), {"attempts": 0})
    assert tasks.WhileTheServerIsDown().get_retry_decision(exception=refused.value, job=job)
    smtp.answer = "250 OK"
    run_jobs()
    assert state(notification) == "sent"
    person.refresh_from_db()
    assert person.mail_bounced_at is None


def test_mail_waits_while_the_server_is_down(settings, smtp):
    port, settings.EMAIL_PORT = settings.EMAIL_PORT, 1
    notification, _person = tell_published()
    with pytest.raises(OSError):
        tasks.send_notification(notification.pk)
    settings.EMAIL_PORT = port
    run_jobs()
    assert state(notification) == "sent" and len(smtp.received) == 1


def test_a_mistake_of_ours_is_not_tried_for_days():
    job = type("Job", (), {"attempts": 0})
    assert tasks.WhileTheServerIsDown().get_retry_decision(exception=KeyError(), job=job) is None


def test_what_was_overlooked_is_queued_again():
    tell_published()
    Notification.objects.update(due_at=datetime(2026, 1, 1, tzinfo=UTC))
    with time_machine.travel(datetime(2026, 1, 1, 1, tzinfo=UTC), tick=False):
        tasks.send_overlooked(0)
        assert len(waiting("send_notification")) == 1  # one waits already: not a second
        run_jobs()
        Notification.objects.update(state="queued")
        tasks.send_overlooked(0)
        assert len(waiting("send_notification")) == 1


def test_coordinators_read_what_waits():
    coordinator = CoordinatorFactory()
    notifications.tell("queue_digest", None, recipient=coordinator, key="day:1")
    run_jobs()
    assert not outgoing.outbox  # nothing waits
    FicheFactory(status="submitted")
    notifications.tell("queue_digest", None, recipient=coordinator, key="day:2")
    run_jobs()
    assert "1 thing waits" in outgoing.outbox[0].subject and "/admin/" in outgoing.outbox[0].body


# --- the demonstration's mail ----------------------------------------------------------------------------------


@pytest.fixture
def demo(settings, tmp_path):
    settings.EMAIL_BACKEND = "clavet.demo_mail.EmailBackend"
    settings.DEMO_MAIL_ROOT = tmp_path / "mail"
    return tmp_path / "mail"


def test_the_mail_of_the_demonstration_is_written_whole_and_can_be_read(demo):
    fiche = in_review()
    fiche.approve(by=CoordinatorFactory())
    run_jobs()
    (path,) = demo.iterdir()
    content = demo_mail._read(path.stem)
    assert content["to"] == fiche.submitted_by.email
    assert fiche.get_absolute_url() in content["text"] and "http://localhost" not in content["text"]
    assert (fiche.get_absolute_url(), True) in demo_mail._linked(content["text"])
    sealed = demo_mail.mail_html(RequestFactory().get("/"), path.stem)
    assert "sandbox" in sealed["Content-Security-Policy"] and "default-src 'none'" in sealed["Content-Security-Policy"]


@pytest.mark.parametrize("name", ["../secret", "0" * 20 + "-" + "f" * 8])
def test_no_other_file_is_shown(demo, name):
    from django.http import Http404

    with pytest.raises(Http404):
        demo_mail._read(name)


def test_outside_the_demonstration_there_is_no_such_page(client):
    assert client.get("/demo/mail/").status_code == 404
