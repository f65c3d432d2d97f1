"""Mails about memoranda: ready, to sign, signed, in force, review, end. The models’ verbs use it: it imports none."""

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.emails import event_of, given_reason, quoted_note
from accounts.mail import Mail, mail

from ..memorandum_text import language_names

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
    "call_review": [("representatives of all parties", "memorandum_review_due")],
    "expire": [("representatives of the other parties", "memorandum_expired")],
    "terminate": [("representatives of all parties", "memorandum_terminated")],
}
# (occasion, who, kind of mail) without a change of state
OCCASIONS = [
    ("send_link", "the named signatory", "memorandum_sign_link"),
    ("upload a signed copy", "representatives of the party", "memorandum_upload_received"),
    ("refuse a signed copy", "representatives of the party", "memorandum_upload_refused"),
    ("leave", "representatives of all parties", "memorandum_terminated"),
    ("180 days before the end", "representatives of all parties", "memorandum_ends_180"),
    ("90 days before the end, no renewal begun", "representatives of all parties", "memorandum_ends_90"),
    ("30 days before the end, no renewal signed", "representatives of all parties, coordinators", "memorandum_ends_30"),
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
