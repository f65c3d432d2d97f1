"""Accounts: registering, signing in, second factors, what a stranger can learn (nothing), the person's own pages."""

import re
from urllib.parse import urlsplit

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from allauth.socialaccount.models import SocialAccount
from django.contrib.auth import hashers
from django.core import mail as outgoing
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from accounts.models import Event, Notification, User
from tests.factories import PASSWORD, CoordinatorFactory, FicheFactory, SeatFactory, UserFactory
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
    headers = {name: value for name, value in answer.items() if name != "Content-Length"}
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


# --- second factors --------------------------------------------------------------------------------------------


def with_totp(person):
    totp_secret = totp.generate_totp_secret()
    totp.TOTP.activate(person, totp_secret)
    return totp_secret


def code(secret):
    return totp.format_hotp_value(totp.hotp_value(secret, next(totp.yield_hotp_counters_from_time())))


def test_with_an_app_a_password_is_not_enough(client):
    person = UserFactory()
    secret = with_totp(person)
    assert sign_in(client, person.email)["Location"].endswith("/2fa/authenticate/")
    assert client.get("/en/my/").status_code == 302
    assert client.get("/en/accounts/2fa/authenticate/").status_code == 200
    assert client.post("/en/accounts/2fa/authenticate/", {"code": "000000"}).status_code == 200
    assert client.post("/en/accounts/2fa/authenticate/", {"code": code(secret)}).status_code == 302
    assert client.get("/en/my/").status_code == 200


@pytest.mark.parametrize("path", ["/admin/", "/en/my/", "/en/accounts/settings/"])
def test_staff_without_a_second_factor_are_led_to_it(client, settings, path):
    settings.MFA_REQUIRED_FOR_STAFF = True
    coordinator = CoordinatorFactory()
    client.force_login(coordinator)
    answer = client.get(path)
    assert answer.status_code == 302 and answer["Location"].endswith("/accounts/2fa/")
    assert client.get("/en/accounts/2fa/").status_code == 200
    with_totp(coordinator)
    assert client.get(path).status_code == 200


def test_others_are_not_asked_for_a_second_factor(client, settings):
    settings.MFA_REQUIRED_FOR_STAFF = True
    client.force_login(UserFactory())
    assert client.get("/en/my/").status_code == 200


def test_recovery_codes_alone_are_no_second_factor(client, settings):
    settings.MFA_REQUIRED_FOR_STAFF = True
    coordinator = CoordinatorFactory()
    Authenticator.objects.create(user=coordinator, type="recovery_codes", data={"seed": "x", "used_mask": 0})
    client.force_login(coordinator)
    assert client.get("/admin/").status_code == 302


def test_the_admins_sign_in_is_the_portals(client):
    answer = client.get("/admin/", follow=True)
    assert answer.redirect_chain[-1][0].split("?")[0].endswith("/accounts/login/")
    assert "next=/admin/" in answer.redirect_chain[-1][0].replace("%2F", "/")


def test_lost_second_factors_are_reset_with_an_event():
    person = UserFactory()
    with_totp(person)
    call_command("reset_mfa", person.email)
    assert not Authenticator.objects.filter(user=person).exists()
    assert Event.objects.get(verb="reset_mfa").object == person
    with pytest.raises(CommandError):
        call_command("reset_mfa", "nobody@people.example")


# --- OpenID Connect --------------------------------------------------------------------------------------------


@pytest.fixture
def provider(settings):
    settings.SOCIALACCOUNT_PROVIDERS = {
        "openid_connect": {
            "APPS": [
                {
                    "provider_id": "eu-login",
                    "name": "EU Login",
                    "client_id": "clavet",
                    "secret": "s",
                    "settings": {"server_url": "https://login.example"},
                }
            ]
        }
    }


def come_back(rf, *, email, verified):
    """What happens when somebody comes back from the provider with this address."""
    from allauth.account.middleware import AccountMiddleware
    from allauth.socialaccount.adapter import get_adapter
    from allauth.socialaccount.helpers import complete_social_login
    from django.contrib.auth.models import AnonymousUser
    from django.contrib.messages.middleware import MessageMiddleware
    from django.contrib.sessions.middleware import SessionMiddleware

    request = rf.get("/accounts/oidc/eu-login/login/callback/")
    request.user = AnonymousUser()

    def view(request):
        found = get_adapter().get_provider(request, "eu-login")
        data = {"sub": "42", "email": email, "email_verified": verified, "name": "Ilias Ι."}
        login = found.sociallogin_from_response(request, {"userinfo": data})
        login.state = {"process": "login"}
        return complete_social_login(request, login)

    return SessionMiddleware(MessageMiddleware(AccountMiddleware(view)))(request)


def test_providers_are_offered_only_where_there_are_some(client, provider):
    assert "Sign in with EU Login" in client.get("/en/accounts/login/").content.decode()
    assert "Sign in with EU Login" in client.get("/en/accounts/signup/").content.decode()


def test_call_backs_have_no_language():
    assert reverse("openid_connect_callback", args=["eu-login"]) == "/accounts/oidc/eu-login/login/callback/"


def test_a_verified_address_on_both_sides_is_linked(rf, provider):
    person = UserFactory()
    come_back(rf, email=person.email, verified=True)
    assert SocialAccount.objects.get().user == person


@pytest.mark.parametrize(("theirs", "ours"), [(False, True), (True, False)])
def test_otherwise_nobody_is_let_in(rf, provider, theirs, ours):
    person = UserFactory(verified=False)
    EmailAddress.objects.create(user=person, email=person.email, verified=ours, primary=True)
    come_back(rf, email=person.email, verified=theirs)
    assert not SocialAccount.objects.exists() and User.objects.count() == 1


def test_a_newcomer_gets_an_account(rf, provider):
    come_back(rf, email="ilias@people.example", verified=True)
    assert SocialAccount.objects.get().user.name == "Ilias Ι."


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


def test_second_factor_pages_with_everything_set_up(client, django_capture_on_commit_callbacks):
    person = UserFactory()
    sign_in_twice(client, person)
    secret = client.get(reverse("mfa_activate_totp")).context["form"].secret
    with django_capture_on_commit_callbacks(execute=True):
        answer = client.post(reverse("mfa_activate_totp"), {"code": code(secret)})
    assert answer.status_code == 302
    run_jobs()
    assert outgoing.outbox and Authenticator.objects.filter(user=person, type="totp").exists()
    for name in ("mfa_index", "mfa_deactivate_totp", "mfa_view_recovery_codes", "mfa_generate_recovery_codes"):
        page = client.get(reverse(name))
        assert page.status_code == 200 and 'class="site-head"' in page.content.decode()
    assert client.get(reverse("mfa_download_recovery_codes")).status_code == 200
    client.post(reverse("mfa_deactivate_totp"))
    assert not Authenticator.objects.filter(user=person, type="totp").exists()
