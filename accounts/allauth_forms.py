"""allauth's forms in our words: named in settings, because allauth.account.forms itself imports accounts.forms."""

from allauth.account import forms as account
from allauth.mfa.base import forms as mfa
from allauth.mfa.totp import forms as totp
from allauth.socialaccount import forms as social
from django.contrib.auth.password_validation import password_validators_help_text_html
from django.utils.translation import gettext_lazy as _

LABELS = {
    "login": _("E-mail address"),
    "email": _("E-mail address"),
    "password": _("Password"),
    "remember": _("Stay signed in on this device"),
    "oldpassword": _("Current password"),
    "password1": _("Password"),
    "password2": _("Password again"),
    "code": _("Code"),
}


def worded(form_class):
    """A form of allauth with our labels, and labels instead of placeholders."""

    class Worded(form_class):
        def __init__(self, *args, **kwargs):
            super().__init__(*args, **kwargs)
            for name, field in self.fields.items():
                field.label = LABELS.get(name, field.label)
                field.widget.attrs.pop("placeholder", None)
                if name in ("password", "oldpassword"):
                    field.help_text = ""
                if name == "password1":
                    field.help_text = password_validators_help_text_html()

    Worded.__name__ = Worded.__qualname__ = form_class.__name__
    return Worded


LoginForm = worded(account.LoginForm)
SignupForm = worded(account.SignupForm)
AddEmailForm = worded(account.AddEmailForm)
ChangePasswordForm = worded(account.ChangePasswordForm)
SetPasswordForm = worded(account.SetPasswordForm)
ResetPasswordForm = worded(account.ResetPasswordForm)
ResetPasswordKeyForm = worded(account.ResetPasswordKeyForm)
ReauthenticateForm = worded(account.ReauthenticateForm)
AuthenticateForm = worded(mfa.AuthenticateForm)
MFAReauthenticateForm = worded(mfa.ReauthenticateForm)
SocialSignupForm = worded(social.SignupForm)
ActivateTOTPForm = worded(totp.ActivateTOTPForm)
