"""Mails about people's reports and roles."""

from django.conf import settings
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from . import queues
from .digests import digest
from .mail import Mail, Quote, language_name, mail
from .models import Event, User

__all__ = ["digest"]


@mail("report_received")
def report_received(notification):
    report = notification.subject
    return Mail(
        subject=_("We received your report"),
        paragraphs=(
            _("Thank you. A coordinator reads your report and answers you by mail."),
            Quote(report.text, report.language, _("You wrote about the page {path}:").format(path=report.path)),
        ),
        button=(_("Open the page"), report.path),
    )


@mail("report_resolved")
def report_resolved(notification):
    report = notification.subject
    event = Event.objects.filter(pk=notification.data.get("event")).first()
    sentences = {
        report.Status.RESOLVED: _("We acted on what you reported."),
        report.Status.DISMISSED: _("We looked at what you reported. No action was needed."),
    }
    if report.status not in sentences:
        return None
    note = quoted_note(event)
    own = Quote(report.text, report.language, _("You wrote about the page {path}:").format(path=report.path))
    return Mail(
        subject=_("What became of your report"),
        paragraphs=(sentences[report.status], *note, own),
        button=(_("Open the page"), report.path),
    )


@mail("coordinator_invitation")
def coordinator_invitation(notification):
    """To a bare address: somebody asks for help with moderating."""
    user = User.objects.filter(pk=notification.data.get("by")).first()
    inviter = user.name if user else "CLAVET"
    return Mail(
        subject=_("Help to moderate CLAVET"),
        paragraphs=(
            _(
                "{name} asks you to become a coordinator of CLAVET: to read what authorities submit about education"
                " and training, and to decide what is published."
            ).format(name=inviter),
            _("Register with this address. An administrator then gives you the role."),
        ),
        button=(_("Register"), reverse("account_signup")),
    )


def event_of(notification) -> Event | None:
    """The Event that a mail tells of."""
    return Event.objects.select_related("reason").filter(pk=notification.data.get("event")).first()


def given_reason(event) -> tuple[Quote, ...]:
    """The reason from the table in the language of the mail; in another language only if it says so."""
    if event is None or event.reason is None:
        return ()
    languages = [get_language(), settings.LANGUAGE_CODE, *settings.LANGUAGE_CODES]
    language = next((code for code in languages if getattr(event.reason, f"text_{code}")), "")
    text = getattr(event.reason, f"text_{language}") if language else event.reason.key
    if language == get_language():
        return (Quote(text, language, _("The reason:")),)
    intro = _("The reason (in {language}, not translated yet):").format(language=language_name(language))
    return (Quote(text, language, intro),)


def quoted_note(event) -> tuple[Quote, ...]:
    """The free text of whoever decided, in the language in which it was written, named so."""
    if event is None or not event.note:
        return ()
    from_language = language_name(event.note_language)
    if from_language:
        intro = _("The coordinator wrote in {language}:").format(language=from_language)
    else:
        intro = _("The coordinator wrote:")
    return (Quote(event.note, event.note_language, intro),)


@mail("queue_digest", label=gettext_lazy("Every working morning: what waits for coordinators"), coordinators=True)
def queue_digest(notification):
    """What waits in each queue, for one coordinator; nothing where all queues are empty."""
    rows = [row for row in queues.waiting_for(notification.recipient) if row.number]
    if not rows or not notification.recipient.is_coordinator:
        return None
    total = sum(row.number for row in rows)
    return Mail(
        subject=ngettext("{number} thing waits for a decision", "{number} things wait for a decision", total).format(
            number=total
        ),
        items=tuple((_queue_line(row), row.url) for row in rows),
        button=(_("Open the administration"), reverse("admin:index")),
    )


def _queue_line(row) -> str:
    line = _("{queue}: {number}, the oldest for {days} working days").format(
        queue=row.queue.label, number=row.number, days=row.oldest
    )
    if not row.overdue:
        return line
    late = ngettext("{number} of them for too long", "{number} of them for too long", row.overdue)
    return f"{line} – {late.format(number=row.overdue)}"
