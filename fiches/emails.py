"""Who is told what after each move of a fiche, and the mails themselves."""

from django.conf import settings
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from accounts import notifications
from accounts.emails import event_of, given_reason, quoted_note
from accounts.mail import Mail, Quote, mail

# verb → (who, kind of mail): read by docs/states.md and its test
MAILS = {
    "submit": [("author", "fiche_received")],
    "link_authority": [("authority", "fiche_linked_to_authority")],
    "approve": [("author", "fiche_published"), ("authority", "fiche_published_of_authority")],
    "revise": [("author", "fiche_published")],
    "request_changes": [("author", "fiche_changes_requested")],
    "reject": [("author", "fiche_rejected")],
    "archive": [("author", "fiche_archived"), ("authority", "fiche_archived_of_authority")],
}


def after(event, fiche) -> None:
    """Queue the mails of a move, in its transaction."""
    for who, kind in MAILS.get(event.verb, ()):
        for recipient in RECIPIENTS[who](fiche):
            notifications.tell(kind, fiche, recipient=recipient, key=f"event:{event.pk}", data={"event": event.pk})


def author(fiche):
    return [fiche.submitted_by] if fiche.submitted_by else []


def authority(fiche):
    """The representatives of its authority, other than the author."""
    if not fiche.authority_id:
        return []
    seats = fiche.authority.seats.current().filter(role__in=["representative", "deputy"]).select_related("user")
    return [seat.user for seat in seats if seat.user_id != fiche.submitted_by_id]


RECIPIENTS = {"author": author, "authority": authority}


# --- the pieces ------------------------------------------------------------------------------------------------


def title_of(fiche) -> str:
    """The title in the language of the mail, else in its own."""
    return getattr(fiche, f"title_{get_language()}") or fiche.source("title")


def about(fiche, subject, *paragraphs, button=None, after=(), **names) -> Mail:
    """A mail about one fiche: its title (and further `names`) in subject and sentences, a button that leads to it."""
    title = title_of(fiche)
    names |= {"title": title, "reference": fiche.reference}
    filled = [part if isinstance(part, Quote) else part.format(**names) for part in paragraphs]
    label, address = button or (_("Open the fiche"), fiche.get_absolute_url())
    return Mail(subject=subject.format(title=title), paragraphs=tuple(filled), button=(label, address), after=after)


def decided(notification, subject, *sentences) -> Mail:
    """What a coordinator decided, why, and in their own words."""
    event = event_of(notification)
    return about(notification.subject, subject, *sentences, *given_reason(event), *quoted_note(event))


# --- to the author ---------------------------------------------------------------------------------------------


@mail("fiche_received", label=gettext_lazy("My fiche has arrived"))
def fiche_received(notification):
    return about(
        notification.subject,
        _("We received your fiche “{title}”"),
        _("Your fiche “{title}” has the reference {reference}."),
        _("A coordinator reads it within {days} working days. You get a mail when it is decided."),
        days=settings.REVIEW_WORKING_DAYS,
    )


@mail("fiche_published")
def fiche_published(notification):
    if notification.subject.status != "published":
        return None
    return about(
        notification.subject,
        _("Your fiche “{title}” is published"),
        _("Your fiche “{title}” is published. Everybody can now read it and reuse it."),
    )


@mail("fiche_changes_requested")
def fiche_changes_requested(notification):
    return decided(
        notification,
        _("Your fiche “{title}” needs changes"),
        _("A coordinator read your fiche “{title}” and asks you to change it. Then submit it again."),
    )


@mail("fiche_rejected")
def fiche_rejected(notification):
    return decided(
        notification,
        _("Your fiche “{title}” is not published"),
        _("A coordinator read your fiche “{title}” and decided not to publish it."),
        _("You can open it again, change it and submit it anew."),
    )


@mail("fiche_archived")
def fiche_archived(notification):
    return decided(
        notification,
        _("Your fiche “{title}” is archived"),
        _("Your fiche “{title}” is no longer shown to the public. Nothing is lost: you can still read it."),
    )


# --- to its authority ------------------------------------------------------------------------------------------


@mail("fiche_linked_to_authority", unseen=True)
def fiche_linked_to_authority(notification):
    """That it exists, before they may read it; nothing once it was taken back, decided on, or they hold no seat there."""
    fiche = notification.subject
    if fiche.status not in ("submitted", "in_review") or notification.recipient not in authority(fiche):
        return None
    return about(
        fiche,
        _("A fiche about your authority: “{title}”"),
        _("Somebody submitted the fiche “{title}” about your authority. A coordinator is reading it."),
        _("You get a mail when it is published. Write to us if something in it is wrong."),
        button=(_("Go to your page"), reverse("my")),
    )


@mail("fiche_published_of_authority", label=gettext_lazy("A fiche of my authority is published"))
def fiche_published_of_authority(notification):
    if notification.subject.status != "published":
        return None
    return about(
        notification.subject,
        _("A fiche of your authority is published: “{title}”"),
        _("The fiche “{title}” of your authority is published. Everybody can now read it and reuse it."),
    )


@mail("fiche_archived_of_authority", label=gettext_lazy("A fiche of my authority is archived"))
def fiche_archived_of_authority(notification):
    return decided(
        notification,
        _("A fiche of your authority is archived: “{title}”"),
        _("The fiche “{title}” of your authority is no longer shown to the public."),
    )


@mail("authority_confirm_request")
def authority_confirm_request(notification):
    """To the published address of an authority: is this yours?"""
    fiche = notification.subject
    if fiche.status not in ("submitted", "in_review", "published"):
        return None
    if fiche.authority is None or fiche.authority.official_address.lower() != notification.address:
        return None
    return about(
        fiche,
        _("Is this fiche yours? “{title}”"),
        _(
            "Somebody submitted the fiche “{title}” to CLAVET, the portal where Europe’s local and regional authorities"
            " share what they know about education and training. It is about {authority}."
        ),
        _(
            "Read it and tell us whether your authority confirms it. You need no account. Without your answer it is"
            " shown as not confirmed."
        ),
        button=(_("Read and answer"), reverse("fiches:confirm", args=[notification.data["token"]])),
        authority=str(fiche.authority),
    )


# --- to readers and coordinators -------------------------------------------------------------------------------


@mail("fiche_opinion_asked")
def fiche_opinion_asked(notification):
    opinion = notification.subject
    if opinion.answered_at or opinion.fiche.status not in ("submitted", "in_review"):
        return None
    asked = opinion.asked_by.name if opinion.asked_by else _("A coordinator")
    question = (Quote(opinion.question, "", _("The question:")),) if opinion.question else ()
    return about(
        opinion.fiche,
        _("What do you think of “{title}”?"),
        _("{name} asks for your opinion on the fiche “{title}”, which is not published yet."),
        *question,
        button=(_("Read and answer"), reverse("fiches:opinion", args=[opinion.pk])),
        name=asked,
    )


@mail("fiche_opinion_given", label=gettext_lazy("Somebody answers my request for an opinion"), coordinators=True)
def fiche_opinion_given(notification):
    opinion = notification.subject
    if not opinion.fiche.can_be_moderated_by(notification.recipient):
        return None
    intro = _("{name} wrote:").format(name=opinion.reader.name)
    return about(
        opinion.fiche,
        _("An opinion on “{title}”"),
        Quote(opinion.text, "", intro),
        button=(_("Open the fiche"), reverse("admin:fiches_fiche_change", args=[opinion.fiche_id])),
    )


@mail("fiche_denied")
def fiche_denied(notification):
    fiche = notification.subject
    return about(
        fiche,
        _("An authority says: not ours – “{title}”"),
        _("The authority answered that the fiche “{title}” is not theirs. Read it again and decide."),
        button=(_("Open the fiche"), reverse("admin:fiches_fiche_change", args=[fiche.pk])),
    )
