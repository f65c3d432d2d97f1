"""Mails about representation: claimed, confirmed, granted, objected to, ended."""

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from accounts.emails import event_of, given_reason, quoted_note
from accounts.mail import Mail, Quote, mail

# verb → (who, kind of mail): read by docs/states.md and its test
MAILS = {
    "confirm": [
        ("representatives of the Euroregion and of the authority", "representation_confirmed"),
        ("official address of the authority", "representation_confirmed_official"),
    ],
    "refuse": [("representatives of the Euroregion", "representation_refused")],
    "grant": [("representatives of the Euroregion and of the authority", "representation_granted")],
    "take_back_scopes": [("representatives of the Euroregion and of the authority", "representation_granted")],
    "object": [
        ("representatives of the Euroregion, coordinators", "representation_objected"),
        ("official address of the authority", "representation_objection_received"),
    ],
    "revoke": [("representatives of the Euroregion and of the authority", "representation_revoked")],
    "end": [("both sides and the official address; of a claim the Euroregion only", "representation_ended")],
    "expire": [("both sides and the official address", "representation_ended")],
}
# (occasion, who, kind of mail) without a change of state
OCCASIONS = [
    ("claim", "representatives of the Euroregion", "representation_claimed"),
    ("ask for more scopes", "representatives of the authority", "representation_grant_asked"),
    ("30 days before its end", "representatives of the Euroregion", "representation_expires"),
    ("merge", "representatives of the authority that stays", "representation_confirmed"),
    ("merge", "official address of the authority that stays", "representation_confirmed_official"),
    ("renew", "official address of the authority", "representation_confirmed_official"),
]


# --- the pieces ------------------------------------------------------------------------------------------------


def about(row, subject, *sentences, button=None, after=(), **names) -> Mail:
    """A mail about one representation: {authority} and {coordinator} in subject and sentences."""
    names |= {"authority": str(row.authority), "coordinator": str(row.coordinator)}
    label, address = button or (_("Open your authorities"), list_of(row.coordinator))
    return Mail(
        subject=subject.format(**names),
        paragraphs=tuple(sentence.format(**names) for sentence in sentences),
        button=(label, address),
        after=after,
    )


def list_of(coordinator) -> str:
    return reverse("network:represented", args=[coordinator.slug])


def _who_acts(row) -> tuple[str, str]:
    return (_("See who acts for you"), reverse("network:representation", args=[row.authority.slug]))


def _what_it_may() -> tuple[str, str]:
    """To the authority: who says what, and what it may do from {date}."""
    return (
        _("This organisation says that it represents you: {coordinator}."),
        _(
            "From {date} it may keep your profile and submit fiches, each shown as done on your behalf. This does not"
            " make you a member."
        ),
    )


def _stated(row) -> tuple[Quote, ...]:
    basis = "\n".join(part for part in (row.basis, row.basis_url) if part)
    return (Quote(basis, row.language, _("It states this basis:")),) if basis else ()


def in_words(scopes) -> str:
    """The scopes by their names, in the language of the mail."""
    return ", ".join(SCOPES[scope]() for scope in scopes if scope in SCOPES)


SCOPES = {
    "profile": lambda: _("keep the profile"),
    "fiches": lambda: _("submit fiches"),
    "answers": lambda: _("answer questions"),
    "reports": lambda: _("send reports"),
}


# --- to the Euroregion -----------------------------------------------------------------------------------------


@mail("representation_claimed", label=gettext_lazy("News about represented authorities"))
def representation_claimed(notification):
    """The list has arrived; its subject is the last entry of the list."""
    row = notification.subject
    return about(
        row,
        _("We received your list: {coordinator}"),
        _("We received your list of represented authorities. Entries: {number}."),
        _("A coordinator checks it within {days} working days. Until then you cannot act for these authorities."),
        button=(_("Open the list"), list_of(row.coordinator)),
        number=notification.data["number"],
        days=settings.REVIEW_WORKING_DAYS,
    )


@mail("representation_confirmed")
def representation_confirmed(notification):
    """To both sides, each in its own words."""
    row = notification.subject
    if row.status not in row.IN_FORCE:
        return None
    if notification.data.get("side") == "authority":
        return about(
            row,
            _("This organisation acts for you on CLAVET: {coordinator}"),
            *_what_it_may(),
            _("You may take this back at any time."),
            button=_who_acts(row),
            after=_stated(row),
            date=date_format(row.start, "DATE_FORMAT"),
        )
    told = _("The authority was told at its official address, and may object at any time.")
    return about(
        row,
        _("You may act for: {authority}"),
        _("A coordinator confirmed that you represent this authority: {authority}."),
        _("You may keep its profile and submit fiches for it. Choose on each form on whose behalf you act."),
        *([told] if row.authority.official_address else []),
    )


@mail("representation_refused")
def representation_refused(notification):
    event = event_of(notification)
    return about(
        notification.subject,
        _("Not confirmed: {authority}"),
        _("A coordinator could not confirm that you represent this authority: {authority}."),
        _("Add a better source for the representation and send it again."),
        after=(*given_reason(event), *quoted_note(event)),
    )


@mail("representation_granted")
def representation_granted(notification):
    """Other scopes; to both sides, each in its own words."""
    row, scopes = notification.subject, notification.data["scopes"]
    if row.status not in row.IN_FORCE or sorted(scopes) != sorted(row.scopes):
        return None
    if notification.data.get("side") == "authority":
        return about(
            row,
            _("You allow more: {coordinator}"),
            _("You allow this organisation to act on your behalf: {coordinator}."),
            _("It may now do this for you: {scopes}."),
            _("You may take this back at any time."),
            button=_who_acts(row),
            scopes=in_words(scopes),
        )
    return about(
        row,
        _("You may do more for: {authority}"),
        _("This authority allows you to act on its behalf: {authority}."),
        _("You may now do this for it: {scopes}."),
        _("It may take this back at any time."),
        scopes=in_words(scopes),
    )


@mail("representation_objected")
def representation_objected(notification):
    """To the Euroregion, and to coordinators, who read the fiches again."""
    row, event = notification.subject, event_of(notification)
    words = ()
    if event and event.note:
        words = (Quote(event.note, event.note_language, _("The authority wrote:")),)
    first = _("This authority objected to the representation: {authority}.")
    if notification.data.get("read_again"):
        return about(
            row,
            _("Objection: {authority}"),
            first,
            _("The representation ended at once. Read the fiches published for this authority again."),
            button=(_("Open the representation"), reverse("admin:network_representation_change", args=[row.pk])),
            after=words,
        )
    return about(
        row,
        _("Objection: {authority}"),
        first,
        _("The representation ended at once. You can no longer act for this authority."),
        _("Talk to the authority if you think that this is a mistake."),
        after=words,
    )


@mail("representation_revoked")
def representation_revoked(notification):
    """To both sides, each in its own words."""
    row, event = notification.subject, event_of(notification)
    note = ()
    if event and event.note:
        note = (Quote(event.note, event.note_language, _("The authority wrote:")),)
    if notification.data.get("side") == "authority":
        return about(
            row,
            _("The representation has ended: {coordinator}"),
            _("You ended the representation by this organisation: {coordinator}."),
            _("It can no longer act on your behalf. What it published for you stays."),
            button=_who_acts(row),
            after=note,
        )
    return about(
        row,
        _("The representation has ended: {authority}"),
        _("This authority ended the representation: {authority}."),
        _("You can no longer act on its behalf. What you published for it stays."),
        after=note,
    )


@mail("representation_ended")
def representation_ended(notification):
    """Ended by the Euroregion or a coordinator, or over: to both sides, each in its own words."""
    row, event = notification.subject, event_of(notification)
    why = (*given_reason(event), *quoted_note(event))
    date = date_format(row.end or timezone.localdate(event.at), "DATE_FORMAT")
    side = notification.data["side"]
    if side != "coordinator":
        page = (_("See the page of your authority"), row.authority.get_absolute_url())
        return about(
            row,
            _("The representation has ended: {coordinator}"),
            _("The representation by this organisation ended on {date}: {coordinator}."),
            _("It can no longer act on your behalf. What it published for you stays."),
            button=page if side == "official" else _who_acts(row),
            after=why,
            date=date,
        )
    if event.from_state not in row.IN_FORCE:
        return about(
            row,
            _("Not confirmed: {authority}"),
            _("Your claim to represent this authority has ended: {authority}."),
            after=why,
        )
    return about(
        row,
        _("The representation has ended: {authority}"),
        _("Your representation of this authority ended on {date}: {authority}."),
        _("You can no longer act on its behalf. What you published for it stays."),
        after=why,
        date=date,
    )


@mail("representation_expires")
def representation_expires(notification):
    """Nothing where it has ended or was renewed meanwhile."""
    row = notification.subject
    if row.status not in row.IN_FORCE or row.end is None or not notification.key.endswith(row.end.isoformat()):
        return None
    return about(
        row,
        _("A representation ends on {date}: {authority}"),
        _("Your representation of this authority ends on {date}: {authority}."),
        _("Confirm with a current source that you still represent it."),
        date=date_format(row.end, "DATE_FORMAT"),
    )


# --- to the authority ------------------------------------------------------------------------------------------


@mail("representation_confirmed_official")
def representation_confirmed_official(notification):
    """To the official address, without an account: who acts for you, on what basis, and how to object."""
    row = notification.subject
    if row.status not in row.IN_FORCE:
        return None
    return about(
        row,
        _("This organisation acts for you on CLAVET: {coordinator}"),
        _(
            "CLAVET is the portal where Europe’s local and regional authorities share what they know about education"
            " and training."
        ),
        *_what_it_may(),
        _(
            "Object with the link below if you disagree, now or later. You need no account, and it takes effect at once."
        ),
        button=(_("Read and object"), reverse("network:object", args=[notification.data["token"]])),
        after=_stated(row),
        date=date_format(row.start, "DATE_FORMAT"),
    )


@mail("representation_grant_asked")
def representation_grant_asked(notification):
    row = notification.subject
    if row.status not in row.IN_FORCE or not row.scopes_asked:
        return None
    return about(
        row,
        _("A request to act for you: {coordinator}"),
        _("This organisation asks to do more on behalf of your authority: {coordinator}."),
        _("It asks for: {scopes}."),
        _("You decide, and you can take it back at any time."),
        button=(pgettext("button", "Decide"), reverse("network:representation", args=[row.authority.slug])),
        scopes=in_words(row.scopes_asked),
    )


@mail("representation_objection_received")
def representation_objection_received(notification):
    row = notification.subject
    return about(
        row,
        _("Your objection counts: {coordinator}"),
        _("We received your objection. This organisation no longer acts for you: {coordinator}."),
        _(
            "Fiches that it published for you stay until you tell us otherwise. Answer this mail to have them changed"
            " or taken down."
        ),
        button=(_("See the page of your authority"), row.authority.get_absolute_url()),
    )
