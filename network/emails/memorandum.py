"""Mails about memoranda: ready, to sign, signed, in force, review, end. The models’ verbs use it: it imports none."""

from django.conf import settings
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.emails import event_of, given_reason, quoted_note
from accounts.mail import Mail, Quote, absolute, mail
from accounts.models import Notification

from ..memorandum import memoranda, memorandum_life
from ..memorandum.memorandum_text import day, language_names
from . import membership as membership_mails
from .seats import sender

# verb → (who, kind of mail): read by docs/states.md and its test
MAILS = {
    "lock": [
        ("representatives of all parties", "memorandum_ready"),
        ("representatives of the party whose turn it is", "memorandum_your_turn"),
    ],
    "sign": [
        ("representatives of all parties", "memorandum_party_signed"),
        ("representatives of the party whose turn it is", "memorandum_your_turn"),
    ],
    "take_back": [("representatives of all parties", "memorandum_text_withdrawn")],
    "take_force": [("representatives of all parties, signatories", "memorandum_in_force")],
    "call_review": [("representatives of the parties that stay", "memorandum_review_due")],
    "expire": [("representatives of the other parties", "memorandum_expired")],
    "terminate": [("representatives of all parties", "memorandum_terminated")],
}
# (occasion, who, kind of mail) without a change of state
OCCASIONS = [
    ("send_link", "the named signatory", "memorandum_sign_link"),
    ("upload a signed copy", "representatives of the party", "memorandum_upload_received"),
    ("refuse a signed copy", "representatives of the party", "memorandum_upload_refused"),
    ("leave", "representatives of all parties", "memorandum_terminated"),
    ("180 days before the end", "representatives of the parties that stay", "memorandum_ends_180"),
    ("90 days before the end, no renewal begun", "representatives of the parties that stay", "memorandum_ends_90"),
    (
        "30 days before the end, no renewal signed",
        "representatives of the parties that stay, coordinators",
        "memorandum_ends_30",
    ),
]


# --- parts that they share -------------------------------------------------------------------------------------


def about(notification, subject: str, *sentences: str, button: str, url: str = "", after=(), **named) -> Mail:
    """A mail about one memorandum; {code} and `named` are filled in."""
    memorandum = notification.subject
    values = {"code": memorandum.code, **named}
    return Mail(
        subject=subject.format(**values),
        paragraphs=tuple(sentence.format(**values) for sentence in sentences),
        button=(button, url or memorandum.get_absolute_url()),
        after=after,
    )


def party_of(notification):
    """The party that the mail tells of; None when it is no longer one."""
    parties = notification.subject.parties.select_related("authority")
    return parties.filter(pk=notification.data.get("party")).first()


def name_of(party) -> str:
    """Its name in the language of the mail."""
    if not party.authority_id:
        return party.name
    return getattr(party.authority, f"name_{get_language()}", "") or party.authority.official_name


def progress(memorandum) -> dict[str, int]:
    """How many parties have signed the text as it stands, and how many sign."""
    parties = memorandum.parties.all()
    signed = parties.filter(signatures__round=memorandum.round).count()
    return {"signed": signed, "total": parties.count()}


# --- ready, and whose turn it is -------------------------------------------------------------------------------


@mail("memorandum_ready")
def memorandum_ready(notification):
    memorandum = notification.subject
    if memorandum.status not in memorandum.OPEN_TO_SIGN:
        return None
    return about(
        notification,
        _("The memorandum {code} is ready to sign"),
        _("The memorandum of understanding {code} is ready. Its text is locked and can no longer be changed."),
        _("Read it in your language. The authentic languages are: {languages}."),
        _("The parties sign one after the other. You get a mail when it is your turn."),
        button=_("Read the memorandum"),
        languages=language_names(memorandum.authentic_languages),
    )


@mail("memorandum_your_turn")
def memorandum_your_turn(notification):
    """To its representatives; not when it has signed meanwhile or the text was taken back."""
    memorandum, party = notification.subject, party_of(notification)
    if memorandum.status not in memorandum.OPEN_TO_SIGN or party is None:
        return None
    if party.signatures.filter(round=memorandum.round).exists():
        return None
    return about(
        notification,
        _("Your turn to sign: memorandum {code}"),
        _("The memorandum {code} waits for the signature of this party: {authority}."),
        _("Sign on the portal, send the person who signs a link that works once, or upload a signed PDF."),
        _("Parties that have signed: {signed} of {total}."),
        button=_("Sign the memorandum"),
        authority=name_of(party),
        **progress(memorandum),
    )


@mail("memorandum_text_withdrawn")
def memorandum_text_withdrawn(notification):
    event = event_of(notification)
    return about(
        notification,
        _("The text is withdrawn: memorandum {code}"),
        _("The text of the memorandum {code} was taken back before all parties had signed it."),
        _("Signatures under this text do not count. You get a mail when a new text is ready."),
        button=_("Open the memorandum"),
        after=(*given_reason(event), *quoted_note(event)),
    )


# --- signing ---------------------------------------------------------------------------------------------------


@mail("memorandum_sign_link")
def memorandum_sign_link(notification):
    """To the named signatory, who has no account; not when the link was used, withdrawn or replaced meanwhile."""
    link = notification.subject
    if not link.is_open():
        return None
    code = link.party.memorandum.code
    return Mail(
        subject=_("Sign the memorandum of understanding {code}").format(code=code),
        paragraphs=(
            _("{name} asks you to sign a memorandum of understanding for: {authority}.").format(
                name=sender(link.sent_by), authority=name_of(link.party)
            ),
            _(
                "CLAVET is the portal where Europe’s local and regional authorities share what they know about"
                " education and training."
            ),
            _("Read the text, then type your name and title. This is a simple electronic signature."),
            _(
                "The link works once, until {date}. If you did not expect this mail, do not open the link and tell:"
                " {contact}."
            ).format(date=day(link.expires_at.date()), contact=settings.CONTACT_EMAIL),
        ),
        button=(_("Read and sign"), reverse("network:sign_by_link", args=[link.token])),
    )


@mail("memorandum_party_signed")
def memorandum_party_signed(notification):
    memorandum = notification.subject
    row = next((row for row in memorandum.counting_signatures() if row.pk == notification.data.get("signature")), None)
    if row is None:
        return None
    return about(
        notification,
        _("A party has signed: memorandum {code}"),
        _("This party has signed the memorandum {code}: {authority}."),
        _("Signed by: {signatory}. Date: {date}."),
        _("Parties that have signed: {signed} of {total}."),
        button=_("Open the memorandum"),
        authority=name_of(row.party),
        signatory=f"{row.name}, {row.title}",
        date=day(row.signed_at.date()),
        **progress(memorandum),
    )


@mail("memorandum_upload_received")
def memorandum_upload_received(notification):
    if not notification.subject.files.filter(pk=notification.data.get("file"), check_state="waiting").exists():
        return None
    return about(
        notification,
        _("We received the signed memorandum {code}"),
        _("We received your signed PDF of the memorandum {code}."),
        _("A coordinator checks it within {days} working days. The signature counts when the check is done."),
        button=_("Open the memorandum"),
        days=settings.REVIEW_WORKING_DAYS,
    )


@mail("memorandum_upload_refused")
def memorandum_upload_refused(notification):
    event = event_of(notification)
    return about(
        notification,
        _("The signed PDF does not fit: memorandum {code}"),
        _("A coordinator checked your signed PDF of the memorandum {code} and could not accept it."),
        _("Upload another one, or sign on the portal."),
        button=_("Open the memorandum"),
        after=(*given_reason(event), *quoted_note(event)),
    )


# --- in force, and what follows --------------------------------------------------------------------------------


@mail("memorandum_in_force")
def memorandum_in_force(notification):
    """The copy to keep; it tells of a new membership as well, so that nobody gets two mails for one thing."""
    memorandum = notification.subject
    welcome, covers = welcomed(notification)
    content = about(
        notification,
        _("The memorandum {code} is in force"),
        _("All parties have signed the memorandum {code}."),
        _("In force from {start} until {end}. Review on {review}."),
        _("Download the PDF and keep it. Everybody can check on the verification page who signed and when."),
        button=_("Download the PDF"),
        url=copy_of(notification),
        after=(absolute(memorandum.get_verification_url()),),
        start=day(memorandum.took_force_on or memorandum.in_force_from),
        end=day(memorandum.in_force_until),
        review=day(memorandum.review_due),
    )
    return Mail(content.subject, (*content.paragraphs, *welcome), content.button, content.after, covers=covers)


def welcomed(notification) -> tuple[tuple, tuple]:
    """The sentences about a membership that became active with it, and the mails that need not be sent any more."""
    memberships = memoranda.memberships(notification.subject)
    active = {row.pk: row for row in memberships if row.status == "active" and row.report_due}
    waiting = Notification.objects.filter(
        kind="membership_active",
        address=notification.address,
        state=Notification.State.QUEUED,
        content_type__app_label="network",
        content_type__model="membership",
        object_id__in=active,
    )
    sentences = [sentence for row in waiting for sentence in membership_mails.welcome(active[row.object_id])]
    return tuple(sentences), tuple(row.pk for row in waiting)


def copy_of(notification) -> str:
    """Where its reader finds the PDF: by the link with which they signed, if they have no account."""
    memorandum = notification.subject
    for party in memorandum.parties.all() if notification.recipient is None else ():
        if link := party.links.filter(pk=notification.data.get("link")).first():
            return reverse("network:sign_by_link", args=[link.token])
    language = get_language() if get_language() in memorandum.languages else memorandum.authentic_languages[0]
    return reverse("network:memorandum_pdf", args=[memorandum.code, language])


def ends(notification, subject: str, *sentences: str):
    """A reminder of the end; not when a renewal has made it needless."""
    memorandum = notification.subject
    if not memorandum_life.needs(memorandum, notification.kind):
        return None
    date, url = day(memorandum.in_force_until), reverse("network:renew", args=[memorandum.code])
    return about(notification, subject, *sentences, button=_("Prepare the renewal"), url=url, date=date)


@mail("memorandum_ends_180")
def memorandum_ends_180(notification):
    return ends(
        notification,
        _("The memorandum {code} ends on {date}"),
        _("The memorandum {code} ends on {date}. It is not renewed by itself."),
        _("Find out whether your authority wants to renew it, and when your governing body meets."),
    )


@mail("memorandum_ends_90")
def memorandum_ends_90(notification):
    return ends(
        notification,
        _("Renew the memorandum {code} before {date}"),
        _("The memorandum {code} ends on {date}. No renewal has begun yet."),
        _("Begin now, so that all parties can sign in time."),
    )


@mail("memorandum_ends_30")
def memorandum_ends_30(notification):
    return ends(
        notification,
        _("Last reminder: the memorandum {code} ends on {date}"),
        _("The memorandum {code} ends on {date}, and no renewal is signed."),
        _("Without a renewal the membership ends on that day. Published fiches stay."),
        _("Answer this mail if you need help or do not want to renew."),
    )


@mail("memorandum_review_due")
def memorandum_review_due(notification):
    memorandum = notification.subject
    if memorandum.status != "review_due":
        return None
    return about(
        notification,
        _("Time for the review: memorandum {code}"),
        _("The review of the memorandum {code} is due on {date}."),
        _(
            "Talk about three questions: what each party gave and gained, what should be done differently, and"
            " whether it should go on."
        ),
        _("Note the result on the portal. A few sentences are enough."),
        button=_("Note the result"),
        url=reverse("network:review", args=[memorandum.code]),
        date=day(memorandum.review_due),
    )


@mail("memorandum_expired")
def memorandum_expired(notification):
    memorandum = notification.subject
    return about(
        notification,
        _("The memorandum {code} has ended"),
        _("The memorandum {code} ended on {date} and was not renewed."),
        _("Published fiches stay under their licence. The verification page stays as well."),
        _("You can apply again at any time."),
        button=_("Open the memorandum"),
        date=day(memorandum.ended_on or memorandum.in_force_until),
    )


@mail("memorandum_terminated")
def memorandum_terminated(notification):
    """A party leaves, or the memorandum has ended because too few parties remain."""
    memorandum, party = notification.subject, party_of(notification)
    if party is None or party.left_on is None:
        return about(
            notification,
            _("The memorandum {code} has ended"),
            _("The memorandum {code} ended on {date}: too few parties remain."),
            button=_("Open the memorandum"),
            date=day(memorandum.ended_on or memorandum.in_force_until),
        )
    return about(
        notification,
        _("A party leaves: memorandum {code}"),
        _("This party leaves the memorandum {code}: {authority}."),
        _("Its participation ends on {date}."),
        button=_("Open the memorandum"),
        after=quoted_words(event_of(notification)),
        authority=name_of(party),
        date=day(party.left_on),
    )


def quoted_words(event) -> tuple:
    """What the party wrote, named as its own words."""
    if event is None or not event.note:
        return ()
    return (Quote(event.note, event.note_language, _("The party wrote:")),)
