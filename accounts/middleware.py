"""Staff decide about other people's work: they sign in with two factors or not at all."""

from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.shortcuts import redirect
from django.utils.translation import gettext as _

# What somebody without a second factor needs in order to set one up, or to leave.
OPEN = {"account_logout", "account_reauthenticate", "account_confirm_email", "account_email", "account_change_password"}


def has_two_factors(user) -> bool:
    """Whether signing in takes more than a password; recovery codes alone are no factor."""
    return is_mfa_enabled(user, [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN])


def two_factors_for_staff(get_response):
    """Lead staff without a second factor to its page, whatever page they ask for."""

    def middleware(request):
        return get_response(request)

    def process_view(request, view, args, kwargs):
        user = request.user
        if not (settings.MFA_REQUIRED_FOR_STAFF and user.is_authenticated and user.is_staff):
            return None
        # With its namespace: the admin's own pages of second factors begin with “admin:mfa_”.
        name = request.resolver_match.view_name or ""
        if name in OPEN or name.startswith("mfa_") or has_two_factors(user):
            return None
        messages.warning(request, _("Your role needs a second factor: add an authenticator app or a passkey."))
        return redirect("mfa_index")

    middleware.process_view = process_view
    return middleware
