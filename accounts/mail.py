"""From a Notification to a mail: the registry of kinds, the text in the recipient's language, the sending."""

import hashlib
import smtplib
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import urlsplit

from babel import Locale
from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation

from . import unsubscribe
from .models import Notification

FREQUENCIES = ("immediate", "daily", "weekly", "never")


@dataclass(frozen=True)
class Quote:
    """Somebody's own words in a mail, in their language, introduced by `intro`."""

    text: str
    language: str = ""
    intro: str = ""

    @property
    def quoted(self) -> str:
        """As plain text, each line marked."""
        return "\n".join(f"> {line}".rstrip() for line in self.text.splitlines())


@dataclass(frozen=True)
class Mail:
    """What a mail says; addresses are paths of the portal or whole addresses."""

    subject: str
    paragraphs: tuple[str | Quote, ...] = ()
    button: tuple[str, str] | None = None  # label, address
    after: tuple[str | Quote, ...] = ()  # below the button
    items: tuple[tuple[str, str], ...] = ()  # a list of links: label, address
    covers: tuple[int, ...] = ()  # further Notifications that are told with this mail


@dataclass(frozen=True)
class Kind:
    """One kind of mail, and whether people may choose how often they get it."""

    name: str
    build: Callable[[Notification], Mail | None]
    label: str = ""
    essential: bool = True
    frequency: str = "immediate"
    coordinators: bool = False
    unseen: bool = False


KINDS: dict[str, Kind] = {}


def mail(name: str, *, label="", frequency="immediate", coordinators=False, unseen=False):
    """Register a function `(notification) -> Mail | None`; None: no longer due.

    With a `label` people choose how often they get this kind (`frequency` until they choose); without one it is
    essential: sent at once, not to be unsubscribed. `coordinators`: only they are asked. `unseen`: told although the
    recipient may not open its subject yet; the function itself decides what may be said.
    """

    def register(build):
        KINDS[name] = Kind(name, build, label, not label, frequency, coordinators, unseen)
        return build

    return register


def kinds_for(user) -> list[Kind]:
    """The kinds whose frequency this person may choose."""
    return [kind for kind in KINDS.values() if not kind.essential and (user.is_coordinator or not kind.coordinators)]


def frequency(kind: Kind, user) -> str:
    """How often `user` wants mails of this kind."""
    if kind.essential or user is None:
        return "immediate"
    chosen = user.mail_frequency.get(kind.name)
    return chosen if chosen in FREQUENCIES else kind.frequency


def absolute(address: str) -> str:
    """A path of the portal as a whole address; the host comes from settings, never from a request."""
    return address if urlsplit(address).scheme else settings.SITE_URL + address


# --- making the text -------------------------------------------------------------------------------------------


@contextmanager
def spoken_to(notification):
    """The language and time zone of whom the mail goes to."""
    user = notification.recipient
    with translation.override(language_of(notification)), timezone.override(user.zone if user else None):
        yield


def language_name(code: str) -> str:
    """The name of a language in the language of the mail; empty where there is none."""
    return Locale.parse(translation.get_language() or "en").languages.get(code, "") if code else ""


def language_of(notification) -> str:
    return notification.recipient.language if notification.recipient else notification.language


def compose(notification) -> Mail | None:
    """The mail as of now, in the recipient's language; None where there is nothing to tell any more."""
    user, kind = notification.recipient, KINDS[notification.kind]
    if user and (not user.is_active or not (kind.unseen or _visible(notification, user))):
        return None
    if notification.content_type_id and notification.subject is None:
        return None
    with spoken_to(notification):
        return kind.build(notification)


def _visible(notification, user) -> bool:
    """Whether the recipient may still see what the mail is about."""
    subject = notification.subject
    if subject is None or not hasattr(type(subject)._default_manager, "visible_to"):
        return True
    return type(subject)._default_manager.visible_to(user).filter(pk=subject.pk).exists()


def message(content: Mail, *, address: str, language: str, message_id: str, stop="") -> EmailMultiAlternatives:
    """The message to send: text and HTML with one button; `stop` is the address that ends this kind of mail."""
    with translation.override(language):
        context = {
            "mail": content,
            "button_url": absolute(content.button[1]) if content.button else "",
            "items": [(label, absolute(url)) for label, url in content.items],
            "language": language,
            "site_url": settings.SITE_URL,
            "stop_url": stop,
            "settings_url": absolute(reverse("accounts:notifications")) if stop else "",
        }
        text = render_to_string("email/mail.txt", context).strip() + "\n"
        html = render_to_string("email/mail.html", context)
    headers = {"Message-ID": message_id, "Auto-Submitted": "auto-generated", "Content-Language": language}
    if stop:
        headers |= {"List-Unsubscribe": f"<{stop}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
    subject = " ".join(content.subject.split())
    sender, answers = settings.DEFAULT_FROM_EMAIL, [settings.CONTACT_EMAIL]
    sent = EmailMultiAlternatives(subject, text, sender, [address], headers=headers, reply_to=answers)
    sent.attach_alternative(html, "text/html")
    return sent


def message_id(*parts: str) -> str:
    """The same thing told twice carries the same Message-ID, so that a second copy is recognised."""
    digest = hashlib.sha256("\n".join(parts).encode()).hexdigest()[:32]
    return f"<{digest}@{urlsplit(settings.SITE_URL).hostname}>"


# --- sending ---------------------------------------------------------------------------------------------------


class Bounced(Exception):
    """The receiving server says that this address takes no mail."""


def post(sent: EmailMultiAlternatives) -> None:
    """Send now. Raises Bounced for good refusals; what is temporary (OSError) is left to the job's next attempt."""
    try:
        sent.send()
    except smtplib.SMTPRecipientsRefused as refused:
        if all(code >= 500 for code, _text in refused.recipients.values()):
            raise Bounced from refused
        raise
    except smtplib.SMTPDataError as refused:
        if refused.smtp_code == 550:
            raise Bounced from refused
        raise


@transaction.atomic
def deliver(pk: int) -> None:
    """Send one Notification, if it is still waiting and its recipient wants it at once."""
    waiting = Notification.objects.filter(pk=pk, state=Notification.State.QUEUED, due_at__lte=timezone.now())
    notification = waiting.select_for_update(of=("self",)).select_related("recipient").first()
    if notification is None:
        return
    user, kind = notification.recipient, KINDS.get(notification.kind)
    wanted = frequency(kind, user) if kind else "never"
    if wanted in ("daily", "weekly"):
        return
    if user and user.mail_bounced_at:
        return settle(notification, Notification.State.BOUNCED)
    content = compose(notification) if wanted == "immediate" else None
    if content is None:
        return settle(notification, Notification.State.DROPPED)
    try:
        post(_message_for(notification, kind, content))
    except Bounced:
        bounced(user)
        return settle(notification, Notification.State.BOUNCED)
    settle(notification, Notification.State.SENT)
    Notification.objects.filter(pk__in=content.covers).update(state=Notification.State.SENT, sent_at=timezone.now())


def _message_for(notification, kind, content):
    user, address = notification.recipient, notification.address
    return message(
        content,
        address=user.email if user else address,
        language=language_of(notification),
        message_id=message_id(address, notification.kind, notification.key),
        stop=unsubscribe.address(user, notification.kind) if user and not kind.essential else "",
    )


def settle(notification, state) -> None:
    notification.state = state
    notification.sent_at = timezone.now() if state == Notification.State.SENT else None
    notification.save(update_fields=["state", "sent_at"])


def bounced(user) -> None:
    """Remember that this person's address takes no mail; they are told on their page."""
    if user:
        user.mail_bounced_at = timezone.now()
        user.save(update_fields=["mail_bounced_at"])
