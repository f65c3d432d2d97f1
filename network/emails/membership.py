"""Mails about applications, membership and reports: who is told after each move, and the mails themselves."""

from datetime import date

from django.conf import settings
from django.template.defaultfilters import date as written
from django.urls import NoReverseMatch, reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from accounts import notifications
from accounts.emails import event_of, given_reason, quoted_note
from accounts.mail import Mail, mail
from accounts.models import User
from accounts.workdays import today

from . import recipients

# verb → (who, kind of mail): read by docs/states.md and its test
MAILS = {
    "apply": [("applicant, whom the application names, representatives", "membership_received")],
    "approve": [("applicant, whom the application names, representatives", "membership_eligible")],
    "decline": [("applicant, whom the application names, representatives", "membership_declined")],
    "activate": [("representatives and applicant", "membership_active")],
    "hold": [("representatives, and the Euroregion with the scope “reports”", "membership_on_hold")],
    "resume": [("representatives", "membership_active_again")],
    "withdraw": [("everybody with a seat, other parties", "membership_withdrawn")],
    "expire": [("representatives, official address", "membership_expired")],
}
# (occasion, who, kind of mail) without a change of state
OCCASIONS = [
    (
        "60 and 14 days before a report is due",
        "representatives, and the Euroregion with the scope “reports”",
        "report_due",
    )
]
OFFICIAL = {"expire"}  # these also reach the official address


# --- who is told -----------------------------------------------------------------------------------------------


def after(event, membership) -> None:
    """Queue the mails of a move, in its transaction."""
    for _who, kind in MAILS.get(event.verb, ()):
        key = f"event:{event.pk}"
        people = PEOPLE[event.verb](membership)
        recipients.tell(kind, membership, people, key=key, event=event.pk)
        if event.verb in ("apply", "approve", "decline"):
            _tell_named(kind, membership, key, event, people)
        if event.verb in OFFICIAL:
            recipients.tell_official(kind, membership, membership.authority, key=key, event=event.pk)


def applicant(membership) -> list[User]:
    return [membership.applied_by] if membership.applied_by else []


def _tell_named(kind, membership, key, event, told) -> None:
    """Whom the application names, at the addresses given; in their own language if they have an account."""
    named = {membership.representative_email.lower(), membership.deputy_email.lower()} - {""}
    known = {user.email.lower(): user.language for user in User.objects.filter(email__in=named, is_active=True)}
    for address in sorted(named - {user.email.lower() for user in told}):
        language = known.get(address, membership.language)
        notifications.tell(
            kind, membership, address=address, language=language, key=key, data={"event": event.pk, "named": True}
        )


def representatives(membership) -> list[User]:
    return recipients.representatives(membership.authority)


def with_reporters(membership) -> list[User]:
    """Representatives, and those of a Euroregion that may report for the authority."""
    found = representatives(membership)
    for row in membership.authority.represented_by.acting().filter(scopes__contains=["reports"]):
        found += recipients.representatives(row.coordinator)
    return found


def everybody(membership) -> list[User]:
    """All with a seat there, and the representatives of the other parties of its memoranda."""
    found = recipients.seat_holders(membership.authority)
    parties = membership.authority.parties.model.objects.of([membership.authority])
    for party in parties.filter(memorandum__status__in=["in_force", "review_due"]):
        for other in party.memorandum.parties.exclude(pk=party.pk).exclude(authority=None).exclude(left_on__lt=today()):
            found += recipients.representatives(other.acting)
    return found


PEOPLE = {
    **dict.fromkeys(
        ("apply", "approve", "decline"), lambda membership: applicant(membership) + representatives(membership)
    ),
    "activate": lambda membership: representatives(membership) + applicant(membership),
    "hold": with_reporters,
    "resume": representatives,
    "withdraw": everybody,
    "expire": representatives,
}


# --- the mails -------------------------------------------------------------------------------------------------


def name_of(authority) -> str:
    """Its name in the language of the mail, else the one it has."""
    return getattr(authority, f"name_{get_language()}", "") or str(authority)


def day(value: date | None) -> str:
    return written(value, "DATE_FORMAT") if value else ""


def about(membership, subject, *paragraphs, button, after=(), **names) -> Mail:
    """A mail about one membership: the authority's name in subject and sentences."""
    names["authority"] = name_of(membership.authority)
    filled = tuple(paragraph.format(**names) for paragraph in paragraphs)
    return Mail(subject=subject.format(**names), paragraphs=filled, button=button, after=tuple(after))


def application(membership) -> str:
    return reverse("network:application", args=[membership.pk])


def page_of(membership) -> str:
    return membership.authority.get_absolute_url()


def said_in(notification) -> tuple:
    event = event_of(notification)
    return (*given_reason(event), *quoted_note(event))


@mail("membership_received")
def membership_received(notification):
    membership = notification.subject
    if membership.status != "applied":
        return None
    return about(
        membership,
        _("We received the application: {authority}"),
        _("We received the application for membership of this authority: {authority}."),
        _("A coordinator reads it within {days} working days. You get a mail when it is decided."),
        _("Next comes the memorandum of understanding, which all parties sign."),
        button=(_("Open the application"), application(membership)),
        days=settings.REVIEW_WORKING_DAYS,
    )


@mail("membership_eligible")
def membership_eligible(notification):
    membership = notification.subject
    if membership.status not in membership.JOINING or membership.status == "applied":
        return None
    return about(
        membership,
        _("The application is approved: {authority}"),
        _("A coordinator checked the application of this authority and approved it: {authority}."),
        _("We now prepare the memorandum of understanding in English and in the languages of the parties."),
        _("Find out who signs for your authority, and with which title. You get a mail when the text is ready."),
        button=(_("See what comes next"), application(membership)),
        after=said_in(notification),
    )


@mail("membership_declined")
def membership_declined(notification):
    membership = notification.subject
    if membership.status != "declined":
        return None
    return about(
        membership,
        _("The application is not approved: {authority}"),
        _("A coordinator read the application of this authority and did not approve it: {authority}."),
        _("You can correct it and apply again. Answer this mail if you disagree."),
        button=(_("Open the application"), application(membership)),
        after=said_in(notification),
    )


@mail("membership_active")
def membership_active(notification):
    membership = notification.subject
    if membership.status != "active":
        return None
    return about(
        membership,
        _("The membership is active: {authority}"),
        *welcome(membership),
        button=(_("Open the profile"), page_of(membership)),
    )


def welcome(membership) -> tuple[str, ...]:
    """The sentences of the welcome; the mail about the memorandum in force says them too, on the same day."""
    sentences = (
        _("This authority is now a member of the network: {authority}."),
        _("Complete the profile, rate what you know and what you need, and invite your colleagues to seats."),
        _("The first report is due on {date}."),
    )
    names = {"authority": name_of(membership.authority), "date": day(membership.report_due)}
    return tuple(sentence.format(**names) for sentence in sentences)


@mail("report_due", label=gettext_lazy("A report is due"))
def report_due(notification):
    membership = notification.subject
    if membership.status not in membership.IN_THE_NETWORK or not membership.report_due:
        return None
    if notification.data.get("due", membership.report_due.isoformat()) != membership.report_due.isoformat():
        return None  # reported meanwhile
    return about(
        membership,
        _("Report due on {date}: {authority}"),
        _("The report of this authority is due on {date}: {authority}."),
        _("The portal has already filled in what it knows. Check it, add a few sentences and submit it."),
        button=(_("Open the report"), report(membership)),
        date=day(membership.report_due),
    )


def report(membership) -> str:
    """Where the report is written."""
    try:
        return reverse("network:report", args=[membership.authority.slug])
    except NoReverseMatch:  # a portal without this page
        return page_of(membership)


@mail("membership_on_hold")
def membership_on_hold(notification):
    membership = notification.subject
    if membership.status != "on_hold":
        return None
    return about(
        membership,
        _("The membership is on hold: {authority}"),
        _("The report of this authority was due on {date} and has not arrived: {authority}."),
        _("The directory now shows the membership as on hold. You keep your access and your seats."),
        _("Submit the report, and the membership is active again."),
        button=(_("Open the report"), report(membership)),
        date=day(membership.report_due),
    )


@mail("membership_active_again")
def membership_active_again(notification):
    membership = notification.subject
    if membership.status != "active":
        return None
    return about(
        membership,
        _("The membership is active again: {authority}"),
        _("We received the report. The membership of this authority is active again: {authority}."),
        _("The next report is due on {date}."),
        button=(_("Open the page of the authority"), page_of(membership)),
        date=day(membership.report_due),
    )


@mail("membership_withdrawn", unseen=True)  # also of one that became part of another, which is hidden
def membership_withdrawn(notification):
    membership = notification.subject
    if membership.status != "withdrawn":
        return None
    sentences = [
        _("This authority leaves the network: {authority}."),
        _("The membership ends on {date}. Published fiches and answers stay under their licence."),
    ]
    theirs = membership.authority.merged_into or membership.authority
    stays = getattr(getattr(theirs, "membership", None), "status", "") in membership.IN_THE_NETWORK
    if not stays and notification.recipient in recipients.seat_holders(theirs):
        sentences.append(_("Your account stays. Your rights as a member end on that day."))
    return about(
        membership,
        _("The membership ends: {authority}"),
        *sentences,
        button=(_("Open the page of the authority"), page_of(membership)),
        after=said_in(notification),
        date=day(membership.ends),
    )


@mail("membership_expired")
def membership_expired(notification):
    membership = notification.subject
    if membership.status != "expired":
        return None
    return about(
        membership,
        _("The membership has expired: {authority}"),
        _(
            "CLAVET is the portal where Europe’s local and regional authorities share what they know about education"
            " and training."
        ),
        _("The memorandum of this authority ended on {date} and was not renewed: {authority}."),
        _("The membership has expired. Published fiches stay under their licence."),
        _("Apply again if the authority wants to come back."),
        button=(_("Apply again"), f"{reverse('network:apply')}?authority={membership.authority.slug}"),
        after=said_in(notification),
        date=day(membership.ends),
    )
