"""Second factors, for staff and for who wants one, and signing in with OpenID Connect."""

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from allauth.socialaccount.models import SocialAccount
from django.conf import settings
from django.core import mail as outgoing
from django.core.management import CommandError, call_command
from django.urls import reverse

from accounts.models import Event, User
from tests.factories import CoordinatorFactory, UserFactory
from tests.jobs import run_jobs
from tests.test_accounts import no_limits_left_over, sign_in, sign_in_twice

__all__ = ["no_limits_left_over"]
pytestmark = pytest.mark.django_db

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


@pytest.mark.parametrize("path", ["/admin/", "/en/my/", "/en/accounts/settings/", "/admin/mfa/authenticator/"])
def test_staff_without_a_second_factor_are_led_to_it(client, settings, path):
    settings.MFA_REQUIRED_FOR_STAFF = True
    coordinator = CoordinatorFactory(is_superuser=True)
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


def come_back(rf, *, email, verified, request=None):
    """What happens when somebody comes back from the provider with this address."""
    from allauth.account.middleware import AccountMiddleware
    from allauth.socialaccount.adapter import get_adapter
    from allauth.socialaccount.helpers import complete_social_login
    from django.contrib.auth.models import AnonymousUser
    from django.contrib.messages.middleware import MessageMiddleware
    from django.contrib.sessions.middleware import SessionMiddleware

    request = request or rf.get("/accounts/oidc/eu-login/login/callback/")
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


def newcomer(rf, client):
    """A client that came back from the provider, and the address it was led to."""
    request = rf.get("/accounts/oidc/eu-login/login/callback/")
    answer = come_back(rf, email="ilias@people.example", verified=True, request=request)
    request.session.save()
    client.cookies[settings.SESSION_COOKIE_NAME] = request.session.session_key
    return answer["Location"]


def test_a_newcomer_gets_an_account_after_one_form(rf, client, provider):
    """Nobody has an account without having been asked: the terms stand there (tests/test_acceptance.py)."""
    address = newcomer(rf, client)
    assert address == reverse("socialaccount_signup") and not User.objects.exists()
    page = client.get(address).content.decode()
    assert "Ilias Ι." in page and "ilias@people.example" in page
    client.post(address, {"name": "Ilias Ι.", "email": "ilias@people.example"})
    assert SocialAccount.objects.get().user.name == "Ilias Ι."


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
