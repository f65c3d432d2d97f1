"""Mails about seats: asked for, offered, given, handed over, confirmed, ended."""

from datetime import date

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.emails import event_of
from accounts.mail import Mail, Quote, language_name, mail

from .. import asking, invitations
from .membership import day, name_of

# verb → (who, kind of mail): read by docs/states.md and its test
MAILS = {
    "accept": [("who asked", "seat_given")],
    "decline": [("who asked", "seat_request_declined")],
}
# (occasion, who, kind of mail) without a change of state
OCCASIONS = [
    ("ask", "representatives", "seat_asked"),
    ("ask", "who asked", "seat_request_received"),
    ("five working days without an answer", "seats at the Euroregion", "seat_asked_escalated_euroregion"),
    ("still no answer, or no Euroregion", "coordinators", "seat_asked_escalated_coordinators"),
    ("invite", "the address given", "seat_invitation"),
    ("take a seat", "who took it", "seat_given"),
    ("hand over", "both, and the other representatives", "seat_handed_over"),
    ("once a year, and after 14 days", "everybody with a seat", "seat_reconfirm"),
    ("no confirmation", "other representatives, else coordinators", "seat_unconfirmed"),
    ("end", "the person, the other representatives", "seat_ended"),
    ("the last representative has gone", "official address of the authority", "authority_control_asked"),
    ("control recorded", "official address, the new representative, seats", "authority_control_recorded"),
    ("merge", "everybody with a seat at either authority", "authority_merged"),
]


def about(authority, subject, *paragraphs, button, after=(), **names) -> Mail:
    """A mail about seats at one authority: its name in subject and sentences."""
    names["authority"] = name_of(authority)
    filled = tuple(paragraph.format(**names) for paragraph in paragraphs)
    return Mail(subject=subject.format(**names), paragraphs=filled, button=button, after=tuple(after))


def person(user) -> str:
    return (user.name or user.email) if user else "CLAVET"


def sender(user) -> str:
    """To somebody who may not know the person: the name alone could be anybody’s."""
    return f"{user.name} ({user.email})" if user and user.name else person(user)


def my_page() -> tuple[str, str]:
    return (_("Go to your page"), reverse("my"))


def seats_page(authority) -> tuple[str, str]:
    return (_("Open the seats"), reverse("network:seats", args=[authority.slug]))


def request_page(row, label) -> tuple[str, str]:
    return (label, reverse("network:seat_request", args=[row.pk]))


def quoted(text, language) -> tuple[Quote, ...]:
    """Somebody's own words, in the language in which they were written, named so."""
    if not text:
        return ()
    name = language_name(language)
    intro = _("The message, written in {language}:").format(language=name) if name else _("The message:")
    return (Quote(text, language, intro),)


# --- requests --------------------------------------------------------------------------------------------------


@mail("seat_asked")
def seat_asked(notification):
    row = notification.subject
    if row.status != row.Status.OPEN:
        return None
    return about(
        row.authority,
        _("A request for a seat: {authority}"),
        _("{name} asks for a seat at this authority: {authority}."),
        _("Role asked for: {role}."),
        _(
            "Answer by {date}. After that the request goes to the Euroregion that represents you, if there is one,"
            " and then to the coordinators."
        ),
        button=request_page(row, _("Answer the request")),
        after=quoted(row.message, row.language),
        name=person(row.user),
        role=row.get_role_display(),
        date=day(asking.last_day(row, row.asked_at)),
    )


@mail("seat_asked_escalated_euroregion")
def seat_asked_escalated_euroregion(notification):
    row = notification.subject
    if row.status != row.Status.OPEN or not row.to_euroregion_at:
        return None
    return about(
        row.authority,
        _("A request for a seat waits: {authority}"),
        _("{name} asked for a seat at this authority on {date}, and nobody answered: {authority}."),
        _("You represent this authority. Contact its representatives, and tell the coordinators what you know."),
        _("If nothing happens by {until}, the request goes to the coordinators."),
        button=request_page(row, _("Open the request")),
        name=person(row.user),
        date=day(timezone.localdate(row.asked_at)),
        until=day(asking.last_day(row, row.to_euroregion_at)),
    )


@mail("seat_asked_escalated_coordinators", label=gettext_lazy("A request for a seat waits"), coordinators=True)
def seat_asked_escalated_coordinators(notification):
    row = notification.subject
    if row.status != row.Status.OPEN:
        return None
    return about(
        row.authority,
        _("A request for a seat needs a coordinator: {authority}"),
        _("{name} asked for a seat at this authority on {date}, and nobody answered: {authority}."),
        _("Write to its official address, or decide with a reason."),
        button=(_("Open the request"), reverse("admin:network_seatrequest_change", args=[row.pk])),
        name=person(row.user),
        date=day(timezone.localdate(row.asked_at)),
    )


@mail("seat_request_received")
def seat_request_received(notification):
    row = notification.subject
    if row.status != row.Status.OPEN:
        return None
    return about(
        row.authority,
        _("We passed on your request: {authority}"),
        _("We passed your request for a seat on to the representatives of this authority: {authority}."),
        _("You get a mail when it is answered."),
        button=request_page(row, _("Open the request")),
    )


@mail("seat_request_declined")
def seat_request_declined(notification):
    row, event = notification.subject, event_of(notification)
    return about(
        row.authority,
        _("No seat for now: {authority}"),
        _("Your request for a seat at this authority was declined: {authority}."),
        _("You can still write fiches and submit them under your own name."),
        button=my_page(),
        after=quoted(event.note, event.note_language) if event else (),
    )


# --- seats -----------------------------------------------------------------------------------------------------


@mail("seat_invitation")
def seat_invitation(notification):
    """To a bare address, known or unknown."""
    row = notification.subject
    if not row.is_open:
        return None
    return about(
        row.authority,
        _("You are invited to a seat: {authority}"),
        _(
            "{name} invites you to act for this authority on CLAVET, the portal where Europe’s local and regional"
            " authorities share what they know about education and training: {authority}."
        ),
        _("Your role: {role}."),
        _("Sign in with this link, or create an account with this address. The link works until {date}."),
        _("If you did not expect this mail, ignore it: nothing happens then."),
        button=(_("Take the seat"), invitations.address(row)),
        name=sender(row.invited_by),
        role=row.get_role_display(),
        date=day(timezone.localdate(row.expires_at)),
    )


@mail("seat_given")
def seat_given(notification):
    row = notification.subject
    seat = row.authority.seats.current().filter(user=notification.recipient).first()
    if seat is None:
        return None
    return about(
        row.authority,
        _("You now hold a seat: {authority}"),
        _("You now hold a seat at this authority: {authority}."),
        _("Your role: {role}."),
        _("Say on each form whether you act for the authority or for yourself."),
        button=my_page(),
        role=seat.get_role_display(),
    )


@mail("seat_handed_over")
def seat_handed_over(notification):
    seat, data = notification.subject, notification.data
    before = seat.authority.seats.filter(pk=data["from"]).first()
    if before is None:
        return None
    return about(
        seat.authority,
        _("A seat was handed over: {authority}"),
        _("A seat at this authority was handed over: {authority}."),
        _("From: {from_name}. To: {to_name}. Role: {role}."),
        _("Drafts handed over: {number}."),
        button=_seats_or_my(notification, seat),
        from_name=person(before.user),
        to_name=person(seat.user),
        role=seat.get_role_display(),
        number=data["number"],
    )


def _seats_or_my(notification, seat) -> tuple[str, str]:
    """Who no longer holds a seat there cannot open its seats."""
    holds = seat.authority.seats.current().filter(user=notification.recipient).exists()
    return seats_page(seat.authority) if holds else my_page()


@mail("seat_reconfirm")
def seat_reconfirm(notification):
    seat = notification.subject
    if not seat.is_current or seat.confirmed_on.isoformat() != notification.data["confirmed_on"]:
        return None
    return about(
        seat.authority,
        _("Do you still act for this authority? {authority}"),
        _("You hold a seat at this authority: {authority}."),
        _("Confirm once a year that you still act for it. One click is enough."),
        _("If your task has ended, end the seat or hand it over to your successor. Answer by {date}."),
        button=(_("Confirm my seat"), invitations.confirmation_address(seat)),
        date=day(date.fromisoformat(notification.data["until"])),
    )


@mail("seat_unconfirmed")
def seat_unconfirmed(notification):
    seat = notification.subject
    if not seat.is_current or seat.confirmed_on.isoformat() != notification.data["confirmed_on"]:
        return None
    button = seats_page(seat.authority)
    if not seat.authority.seats.current().filter(user=notification.recipient).exists():
        button = (button[0], reverse("admin:network_seat_change", args=[seat.pk]))
    return about(
        seat.authority,
        _("A seat is not confirmed: {authority}"),
        _("{name} did not confirm the seat at this authority: {authority}."),
        _("Ask, and end the seat if the person has left."),
        button=button,
        name=person(seat.user),
    )


@mail("seat_ended")
def seat_ended(notification):
    seat, event = notification.subject, event_of(notification)
    if event is None:
        return None
    return about(
        seat.authority,
        _("A seat has ended: {authority}"),
        _("This seat at the authority has ended: {name}, {role}."),
        _("Authority: {authority}. Last day: {date}."),
        _("The account stays, and so do the fiches."),
        button=my_page(),
        after=quoted(event.note, event.note_language),
        name=person(seat.user),
        role=seat.get_role_display(),
        date=day(timezone.localdate(event.at)),
    )


@mail("authority_merged")
def authority_merged(notification):
    authority, data = notification.subject, notification.data
    sentences = [_("This authority is now part of another: {old}. It goes on as: {authority}.")]
    sentences.append(_("Its seats and fiches go along."))
    if data["passed"]:
        sentences.append(_("Its membership goes along too."))
    return about(
        authority,
        _("Two authorities are one now: {authority}"),
        *sentences,
        button=seats_page(authority),
        old=data["old"],
    )


# --- an authority without a representative ---------------------------------------------------------------------


@mail("authority_control_asked")
def authority_control_asked(notification):
    """To the official address."""
    authority = notification.subject
    if authority.seats.alive().exists():
        return None
    return about(
        authority,
        _("Nobody acts for you on CLAVET: {authority}"),
        _(
            "CLAVET is the portal where Europe’s local and regional authorities share what they know about education"
            " and training."
        ),
        _("The last representative of this authority has gone: {authority}."),
        _(
            "Answer this mail from your official address and tell us who is to be the new representative: name, office"
            " and e-mail address."
        ),
        _("A coordinator records your message and invites this person."),
        button=(_("See the page of the authority"), authority.get_absolute_url()),
    )


@mail("authority_control_recorded")
def authority_control_recorded(notification):
    """The official address and whom it named cannot open the seats: one has no account, the other no seat yet."""
    authority, data = notification.subject, notification.data
    page = (_("See the page of the authority"), authority.get_absolute_url())
    return about(
        authority,
        _("A new representative: {authority}"),
        _("A coordinator recorded a message from the official address of this authority: {authority}."),
        _("Date of the message: {date}. New representative: {name}."),
        _("If this is wrong, answer this mail. The seat is then stopped until it is clear."),
        button=seats_page(authority) if notification.recipient else page,
        name=data["name"],
        date=day(date.fromisoformat(data["date"])),
    )
