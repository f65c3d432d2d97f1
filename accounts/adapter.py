import re

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.models import EmailAddress
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.contrib import messages
from django.contrib.auth.hashers import make_password
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from . import account_mail

# What a page says after a move; what is missing here needs no words.
MESSAGES = {
    "account/messages/cannot_delete_primary_email.txt": _("You cannot remove the address with which you sign in."),
    "account/messages/email_confirmation_failed.txt": _("This address belongs to another account."),
    "account/messages/email_confirmation_sent.txt": _("We sent a mail to {email}."),
    "account/messages/email_confirmed.txt": _("The address {email} is confirmed."),
    "account/messages/email_deleted.txt": _("The address {email} is removed."),
    "account/messages/logged_out.txt": _("You are signed out."),
    "account/messages/password_changed.txt": _("Your password is changed."),
    "account/messages/password_set.txt": _("Your password is set."),
    "account/messages/primary_email_set.txt": _("You now sign in with this address."),
    "account/messages/unverified_primary_email.txt": _("Confirm the address first."),
    "mfa/messages/recovery_codes_generated.txt": _("You have new recovery codes. Keep them in a safe place."),
    "mfa/messages/totp_activated.txt": _("The authenticator app is set up."),
    "mfa/messages/totp_deactivated.txt": _("The authenticator app is switched off."),
    "mfa/messages/webauthn_added.txt": _("The passkey is added."),
    "mfa/messages/webauthn_removed.txt": _("The passkey is removed."),
    "socialaccount/messages/account_connected.txt": _("You can now sign in this way."),
    "socialaccount/messages/account_connected_other.txt": _("That account belongs to somebody else here."),
    "socialaccount/messages/account_disconnected.txt": _("You can no longer sign in this way."),
    "usersessions/messages/sessions_logged_out.txt": _("You are signed out everywhere else."),
}


class AccountAdapter(DefaultAccountAdapter):
    """How allauth behaves here: its mails are queued, its words are ours, and nobody learns which addresses we know."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "account_inactive": _("This account is closed."),
        "cannot_remove_primary_email": _("You cannot remove the address with which you sign in."),
        "duplicate_email": _("This is your address already."),
        "email_password_mismatch": _("The address or the password is wrong."),
        "enter_current_password": _("Enter your current password."),
        "incorrect_code": _("The code is wrong. Enter the one shown now."),
        "incorrect_password": _("The password is wrong."),
        "invalid_or_expired_key": _("The link is too old or was used already."),
        "invalid_password_reset": _("The link is too old or was used already."),
        "rate_limited": _("Too many attempts. Wait some minutes and try again."),
        "same_as_current": _("This is the same as before."),
        "too_many_login_attempts": _("Too many attempts. Wait some minutes and try again."),
    }

    def send_mail(self, template_prefix, email, context):
        account_mail.queue(template_prefix, email, context)

    def send_account_already_exists_mail(self, email):
        make_password(email)  # as long as storing a new account's password takes
        super().send_account_already_exists_mail(email)

    def add_message(self, request, level, message_template=None, message_context=None, extra_tags="", message=None):
        if message is None and message_template in MESSAGES:
            message = str(MESSAGES[message_template]).format(**(message_context or {}))
        if message:
            messages.add_message(request, level, message, extra_tags=extra_tags)

    def get_password_change_redirect_url(self, request):
        return self.get_login_redirect_url(request)


class SocialAccountAdapter(DefaultSocialAccountAdapter):
    """OpenID Connect: an account is linked only if both sides have verified the same address."""

    error_messages = DefaultSocialAccountAdapter.error_messages | {
        "no_password": _("Choose a password first: without one you could no longer sign in."),
        "no_verified_email": _("Confirm your address first: without it you could no longer sign in."),
        "disconnect_last": _("This is your only way to sign in."),
        "connected_other": _("That account belongs to somebody else here."),
    }

    def can_authenticate_by_email(self, login, email):
        """Only called with addresses that the provider calls verified (email_verified)."""
        return EmailAddress.objects.filter(email__iexact=email, verified=True).exists()

    def populate_user(self, request, sociallogin, data):
        user = super().populate_user(request, sociallogin, data)
        parts = [data.get("name") or "", f"{data.get('first_name') or ''} {data.get('last_name') or ''}".strip()]
        user.name = next((part for part in parts if part), user.email.partition("@")[0])[:120]
        user.language = get_language() or user.language
        return user

    def get_signup_form_initial_data(self, sociallogin):
        """The name that the provider told us stands in the form already."""
        return super().get_signup_form_initial_data(sociallogin) | {"name": sociallogin.user.name}


class MFAAdapter(DefaultMFAAdapter):
    """What allauth says about second factors."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": _("The code is wrong. Enter the one shown now."),
        "unverified_email": _("Confirm your address first."),
        "add_email_blocked": _("Your address cannot be changed now."),
        "cannot_delete_authenticator": _("This is your last second factor."),
        "cannot_generate_recovery_codes": _("Set up an authenticator app or a passkey first."),
    }

    def build_totp_svg(self, url):
        """Cameras read black on white: also where the page is dark."""
        return re.sub(
            r"(<svg[^>]*>)", r'\1<rect width="100%" height="100%" fill="#fff"/>', super().build_totp_svg(url), count=1
        )

    def generate_authenticator_name(self, user, type):
        number = Authenticator.objects.filter(user=user, type=type).count() + 1
        return gettext("Key {number}").format(number=number)
