"""Accounts: registering, signing in, second factors, what a stranger can learn (nothing), the person's own pages."""

import re
from urllib.parse import urlsplit

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth import hashers
from django.core import mail as outgoing
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from accounts.models import Notification, User
from clavet.my import FICHES_SHOWN, own_applications
from tests.factories import PASSWORD, CoordinatorFactory, FicheFactory, MembershipFactory, SeatFactory, UserFactory
from tests.jobs import run_jobs, waiting

pytestmark = pytest.mark.django_db
NEW = "μεγάλη γάτα 2026"


@pytest.fixture(autouse=True)
def no_limits_left_over():
    cache.clear()


def register(client, email="new@people.example", language="en", **fields):
    data = {"name": "Ana Anić", "email": email, "password1": NEW, "password2": NEW, **fields}
    return client.post(f"/{language}/accounts/signup/", data)


def sign_in(client, email, password=PASSWORD, **fields):
    return client.post("/en/accounts/login/", {"login": email, "password": password, **fields})


def sign_in_twice(client, person):
    """Sign in and show once more who is there, as sensitive pages ask."""
    sign_in(client, person.email)
    assert client.post("/en/accounts/reauthenticate/", {"password": PASSWORD}).status_code == 302


def link_in_mail(number=-1):
    """The path behind the button of a sent mail."""
    return urlsplit(re.search(r"https?://\S+/accounts/\S+", outgoing.outbox[number].body)[0]).path


# --- registering and signing in --------------------------------------------------------------------------------


def test_register_confirm_and_arrive(client):
    assert register(client, language="hr").status_code == 302
    person = User.objects.get(email="new@people.example")
    assert (person.name, person.language) == ("Ana Anić", "hr")
    run_jobs()
    (sent,) = outgoing.outbox
    assert sent.extra_headers["Content-Language"] == "hr"
    path = link_in_mail()
    assert path.startswith("/hr/accounts/confirm-email/")
    assert client.get(path).status_code == 200
    assert not EmailAddress.objects.get(user=person).verified  # a mail scanner that follows links confirms nothing
    answer = client.post(path)
    assert answer.status_code == 302 and answer["Location"].endswith("/my/")
    assert EmailAddress.objects.get(user=person).verified
    assert client.get(answer["Location"]).status_code == 200


def test_without_confirmation_nobody_gets_in(client):
    register(client)
    stranger = Client()
    assert sign_in(stranger, "new@people.example", NEW)["Location"].endswith("/accounts/confirm-email/")
    assert stranger.get("/en/my/").status_code == 302


def test_everything_typed_is_kept_when_registering_is_refused(client):
    page = register(client, password2="other").content.decode()
    assert "Ana Anić" in page and "new@people.example" in page and not User.objects.exists()


@pytest.mark.parametrize("password", ["short", "password1234", "new@people.example"])
def test_weak_passwords_are_refused(client, password):
    assert register(client, password1=password, password2=password).status_code == 200
    assert not User.objects.exists()


def test_sign_in_and_out(client):
    person = UserFactory()
    assert sign_in(client, person.email.upper())["Location"].endswith("/my/")
    assert client.post("/en/accounts/logout/").status_code == 302
    assert client.get("/en/my/").status_code == 302


def test_next_leads_only_to_own_pages(client):
    person = UserFactory()
    assert sign_in(client, person.email, next="https://evil.example/")["Location"].endswith("/my/")
    client.post("/en/accounts/logout/")
    assert sign_in(client, person.email, next="/en/fiches/")["Location"] == "/en/fiches/"


def test_a_new_password_by_mail(client):
    person = UserFactory(language="it")
    client.post("/en/accounts/password/reset/", {"email": person.email})
    run_jobs()
    assert outgoing.outbox[0].extra_headers["Content-Language"] == "it"
    path = client.get(link_in_mail())["Location"]  # the secret leaves the address
    assert client.post(path, {"password1": NEW, "password2": NEW}).status_code == 302
    assert sign_in(Client(), person.email, NEW).status_code == 302
    run_jobs()
    assert len(outgoing.outbox) == 2  # “your password was changed”


def test_a_used_link_says_so(client):
    person = UserFactory()
    client.post("/en/accounts/password/reset/", {"email": person.email})
    run_jobs()
    first = link_in_mail()
    client.post(client.get(first)["Location"], {"password1": NEW, "password2": NEW})
    page = Client().get(first, follow=True)
    assert page.status_code == 200 and "does not work" in page.content.decode()


def test_change_of_address_needs_both(client):
    person = UserFactory()
    sign_in_twice(client, person)
    client.post("/en/accounts/email/", {"email": "moved@people.example", "action_add": "1"})
    person.refresh_from_db()
    assert person.email != "moved@people.example"
    run_jobs()
    client.post(link_in_mail())
    person.refresh_from_db()
    assert person.email == "moved@people.example"
    assert list(EmailAddress.objects.filter(user=person).values_list("email", flat=True)) == ["moved@people.example"]


def test_sessions_are_listed_and_ended(client):
    person = UserFactory()
    other = Client()
    for browser in (client, other):
        sign_in(browser, person.email)
        browser.get("/en/my/")
    assert client.get("/en/accounts/sessions/").context["session_count"] == 2
    client.post("/en/accounts/sessions/")
    assert other.get("/en/my/").status_code == 302 and client.get("/en/my/").status_code == 200


# --- what a stranger learns ------------------------------------------------------------------------------------


@pytest.fixture
def hashes(monkeypatch):
    """How often a password was hashed."""
    done, encode = [], hashers.MD5PasswordHasher.encode
    monkeypatch.setattr(hashers.MD5PasswordHasher, "encode", lambda *args: done.append(1) or encode(*args))
    return done


def seen(answer, email):
    """All that differs from one visitor to the next is taken out."""
    body = re.sub(r'(csrfmiddlewaretoken" value=")[^"]+', r"\1", answer.content.decode()).replace(email, "ADDRESS")
    cookies = sorted(answer.cookies)
    headers = {name: value for name, value in answer.items() if name not in ("Content-Length", "Expires")}  # a clock
    return answer.status_code, headers, cookies, body


@pytest.mark.parametrize(
    ("path", "fields"),
    [
        ("/en/accounts/signup/", {"name": "N", "password1": NEW, "password2": NEW}),
        ("/en/accounts/password/reset/", {}),
        ("/en/accounts/login/", {"password": "wrong password"}),
    ],
)
def test_known_and_unknown_addresses_look_the_same(hashes, path, fields):
    answers = []
    known = UserFactory(email="known@people.example").email
    for email in (known, "never@people.example"):
        client, hashes[:] = Client(), []
        jobs = len(waiting())
        data = {**fields, "email": email, "login": email}
        first = client.post(path, data)
        then = client.get(first["Location"]) if first.status_code == 302 else first
        new = [name for name, _args in waiting()[jobs:]]
        answers.append((seen(first, email), seen(then, email), new, len(hashes)))
    assert answers[0] == answers[1]
    assert not Notification.objects.exists()


def test_the_owner_of_a_known_address_is_told(client):
    person = UserFactory(language="nl")
    register(client, email=person.email)
    run_jobs()
    (sent,) = outgoing.outbox
    assert sent.to == [person.email] and "/accounts/password/reset/" in sent.body
    assert User.objects.count() == 1


def test_a_foreign_address_cannot_be_probed_when_changing_ones_own(client):
    person, other, answers = UserFactory(), UserFactory(), []
    for email in (other.email, "free@people.example"):
        browser = Client()
        sign_in_twice(browser, person)
        jobs = len(waiting())
        first = browser.post("/en/accounts/email/", {"email": email, "action_add": "1"})
        answers.append((first.status_code, first["Location"], len(waiting()) - jobs))
    assert answers[0] == answers[1]


def test_too_many_wrong_passwords_are_stopped(client):
    person = UserFactory()
    pages = [sign_in(client, person.email, "wrong").content.decode() for _attempt in range(6)]
    assert "Too many attempts" in pages[-1] and "Too many attempts" not in pages[0]


# --- the person's own pages ------------------------------------------------------------------------------------


def test_settings_change_name_language_and_zone(client):
    person = UserFactory()
    client.force_login(person)
    data = {"name": "Ελένη", "language": "el", "time_zone": "Europe/Athens"}
    answer = client.post("/en/accounts/settings/", data)
    assert answer["Location"] == "/el/accounts/settings/"
    person.refresh_from_db()
    assert (person.name, person.language, person.time_zone) == ("Ελένη", "el", "Europe/Athens")
    refused = client.post("/en/accounts/settings/", {**data, "time_zone": "Moon/Base", "language": "xx"})
    assert refused.status_code == 200 and "Ελένη" in refused.content.decode()


def test_my_page_shows_ones_own_and_nobody_elses(client):
    fiche = FicheFactory(status="changes_requested", title="Needs me")
    draft = FicheFactory(status="draft", title="Still a draft", submitted_by=fiche.submitted_by)
    SeatFactory(user=fiche.submitted_by, authority=fiche.authority)
    assert client.get("/en/my/").status_code == 302
    client.force_login(fiche.submitted_by)
    page = client.get("/en/my/")
    assert [row["fiche"] for row in page.context["waiting"]] == [fiche]
    assert [row["fiche"] for row in page.context["fiches"]] == [draft]
    assert str(fiche.authority) in page.content.decode()
    client.force_login(UserFactory())
    assert "Needs me" not in client.get("/en/my/").content.decode()


def test_a_coordinators_own_application_stands_on_their_page_however_many_others_apply(
    django_assert_max_num_queries,
):
    coordinator = CoordinatorFactory()
    own = MembershipFactory(status="applied", applied_by=coordinator, applied_at="2026-01-01T00:00Z")
    seated = SeatFactory(user=coordinator, authority=MembershipFactory(status="declined").authority)
    for _number in range(FICHES_SHOWN):
        MembershipFactory(status="applied", applied_at="2026-02-01T00:00Z")
    with django_assert_max_num_queries(2):  # with the question whether they are one
        assert {row.authority for row in own_applications(coordinator)} == {own.authority, seated.authority}


PAGES = [
    *("account_login", "account_signup", "account_reset_password", "account_reset_password_done"),
    *("account_email_verification_sent", "account_inactive", "account_reset_password_from_key_done"),
    "socialaccount_login_cancelled",
]
OWN_PAGES = [
    *("my", "accounts:settings", "accounts:notifications", "account_email", "account_change_password", "mfa_index"),
    *("mfa_activate_totp", "mfa_add_webauthn", "mfa_list_webauthn", "usersessions_list", "socialaccount_connections"),
    *("account_logout",),
]


@pytest.mark.parametrize("name", PAGES)
def test_pages_for_strangers_stand_in_our_skeleton(client, name):
    page = client.get(reverse(name))
    assert page.status_code == 200 and 'class="site-head"' in page.content.decode()
    assert "no-store" in page["Cache-Control"] or "no-cache" in page["Cache-Control"]


@pytest.mark.parametrize("name", OWN_PAGES)
def test_pages_of_a_person_stand_in_our_skeleton(client, name):
    person = UserFactory()
    sign_in_twice(client, person)
    page = client.get(reverse(name))
    assert page.status_code == 200 and 'class="site-head"' in page.content.decode()
    assert Client().get(reverse(name)).status_code == 302
