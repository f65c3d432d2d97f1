"""allauth's own mails: queued like all others, the same for known and unknown addresses, never stored."""

from datetime import datetime
from urllib.parse import urlsplit

from django.contrib.auth import get_user_model
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from procrastinate.contrib.django import app

from . import mail
from .moments import moment

IGNORE = gettext_lazy("If this was not you, ignore this mail: nothing has been changed.")
SECURE = gettext_lazy("If this was not you, change your password at once and write to us.")
CONFIRM = (
    gettext_lazy("Confirm your e-mail address"),
    gettext_lazy("Confirm that this address is yours. The link works for three days."),
    "activate_url",
    gettext_lazy("Confirm the address"),
    IGNORE,
)

# allauth's template → subject, sentence, name of the address in its context, button, last sentence
TEXTS = {
    "account/email/email_confirmation_signup": CONFIRM,
    "account/email/email_confirmation": CONFIRM,
    "account/email/account_already_exists": (
        gettext_lazy("You already have an account"),
        gettext_lazy(
            "Somebody tried to register with this address. It already has an account: sign in with it."
            " If you forgot your password, choose a new one."
        ),
        "password_reset_url",
        gettext_lazy("Choose a new password"),
        IGNORE,
    ),
    "account/email/unknown_account": (
        gettext_lazy("There is no account with this address"),
        gettext_lazy(
            "Somebody asked for access to CLAVET with this address, but there is no account with it."
            " Perhaps you used another address. You can also register."
        ),
        "signup_url",
        gettext_lazy("Register"),
        IGNORE,
    ),
    "account/email/password_reset_key": (
        gettext_lazy("Choose a new password"),
        gettext_lazy("Somebody, probably you, asked for a new password for this address."),
        "password_reset_url",
        gettext_lazy("Choose a new password"),
        IGNORE,
    ),
}

# What was changed in an account: allauth's template → subject, sentence
CHANGES = {
    "account/email/email_changed": (
        gettext_lazy("Your e-mail address was changed"),
        gettext_lazy("Your address was changed from {from_email} to {to_email}."),
    ),
    "account/email/email_confirm": (
        gettext_lazy("Your e-mail address is confirmed"),
        gettext_lazy("The address of your account was confirmed."),
    ),
    "account/email/email_deleted": (
        gettext_lazy("An e-mail address was removed"),
        gettext_lazy("The address {deleted_email} was removed from your account."),
    ),
    "account/email/password_changed": (
        gettext_lazy("Your password was changed"),
        gettext_lazy("The password of your account was changed."),
    ),
    "account/email/password_reset": (
        gettext_lazy("Your password was changed"),
        gettext_lazy("A new password was chosen with the link from our mail."),
    ),
    "account/email/password_set": (
        gettext_lazy("Your account has a password"),
        gettext_lazy("A password was chosen for your account."),
    ),
    "mfa/email/totp_activated": (
        gettext_lazy("Your account is protected by an authenticator app"),
        gettext_lazy("From now on you need a code from the app to sign in."),
    ),
    "mfa/email/totp_deactivated": (
        gettext_lazy("The authenticator app was switched off"),
        gettext_lazy("Your account no longer asks for a code from the app."),
    ),
    "mfa/email/recovery_codes_generated": (
        gettext_lazy("You have new recovery codes"),
        gettext_lazy("The old recovery codes of your account no longer work."),
    ),
    "mfa/email/webauthn_added": (
        gettext_lazy("A passkey was added"),
        gettext_lazy("A passkey or security key was added to your account."),
    ),
    "mfa/email/webauthn_removed": (
        gettext_lazy("A passkey was removed"),
        gettext_lazy("A passkey or security key was removed from your account."),
    ),
    "socialaccount/email/account_connected": (
        gettext_lazy("Another way to sign in was added"),
        gettext_lazy("You can now sign in with {provider}."),
    ),
    "socialaccount/email/account_disconnected": (
        gettext_lazy("A way to sign in was removed"),
        gettext_lazy("You can no longer sign in with {provider}."),
    ),
}


def queue(template: str, address: str, context: dict) -> None:
    """Queue one of allauth's mails: the same single job whether the address is known or not."""
    fields = {name: value for name, value in context.items() if isinstance(value, str)}
    job = app.configure_task("accounts.send_account_mail", queue="mail")
    at = timezone.now().isoformat()
    job.defer(template=template, address=address, language=translation.get_language(), at=at, context=fields)


def deliver(*, template: str, address: str, language: str, at: str, context: dict) -> None:
    """Send it, in the person's language if we know them, else in that of the page where it was asked for."""
    user = get_user_model().objects.filter(email__iexact=address).first()
    language = user.language if user else language
    with translation.override(language), timezone.override(user.zone if user else None):
        content = _change(template, at, context) if template in CHANGES else _link(template, context)
    message_id = mail.message_id(address, template, at)
    sent = mail.message(content, address=address, language=language, message_id=message_id)
    try:
        mail.post(sent)
    except mail.Bounced:
        mail.bounced(user)


def _link(template, context) -> mail.Mail:
    subject, text, name, label, last = TEXTS[template]
    # The host comes from settings, not from the request that asked for the mail.
    return mail.Mail(
        subject=str(subject),
        paragraphs=(str(text),),
        button=(str(label), urlsplit(context[name]).path),
        after=(str(last),),
    )


def _change(template, at, context) -> mail.Mail:
    subject, text = CHANGES[template]
    when = moment(timezone.localtime(datetime.fromisoformat(at)))
    origin = _("It was done on {when} from the address {ip} with this browser: {browser}.").format(
        when=when, ip=context.get("ip", ""), browser=context.get("user_agent", "")
    )
    names = {"from_email", "to_email", "deleted_email", "provider"}
    values = {name: context.get(name, "") for name in names}
    return mail.Mail(subject=str(subject), paragraphs=(str(text).format(**values), origin), after=(str(SECURE),))
