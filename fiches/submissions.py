"""What happens around a submission besides the decision: linking, opinions, confirmation, invitations."""

from datetime import timedelta

from django.core import signing
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from accounts import history, notifications
from accounts.models import User
from network.models import Authority
from translations import editions

from . import emails, queues
from .models import Fiche, Opinion
from .vocabularies import Status, Vouched

SALT = "fiches.confirm"
CONFIRMATION_LASTS = timedelta(days=60)
CONFIRMABLE = (Status.SUBMITTED, Status.IN_REVIEW, Status.PUBLISHED)


def next_to_read(user, *, after) -> Fiche | None:
    """The fiche that waits longest and that `user` may decide on, other than `after`."""
    waiting = queues.to_read(user).exclude(pk=after.pk).order_by("submitted_at", "pk")[:50]
    free = (fiche for fiche in waiting if not fiche.is_read_by_another(user))
    return next((fiche for fiche in free if fiche.can_be_moderated_by(user)), None)


def others_who_may_decide(fiche, user) -> list[User]:
    """Coordinators besides `user` for whom this fiche is not their own."""
    return [other for other in User.objects.coordinators().exclude(pk=user.pk) if fiche.can_be_moderated_by(other)]


@transaction.atomic
def link_authority(fiche, authority, *, by):
    """Replace the typed name by an authority of the portal, whose place the fiche takes over and who is told."""
    changes = {
        "authority": authority,
        "authority_claimed": "",
        "country": authority.country,
        "region": authority.region or fiche.region,
        "governance_level": authority.governance_level or fiche.governance_level,
        "population_band": authority.population_band or fiche.population_band,
    }
    if Fiche.objects.select_for_update(of=("self",)).get(pk=fiche.pk).authority_id:
        raise history.LostRace(fiche, "link_authority", fiche.status)
    typed = fiche.authority_claimed
    event = history.record(fiche, "link_authority", by=by, changes=changes, note=typed, internal=True)
    editions.write(fiche)
    emails.after(event, fiche)
    return event


def readers_to_ask(fiche, user):
    """Who may be asked for an opinion: translators of the source language and coordinators, never the author."""
    asked = Opinion.objects.filter(fiche=fiche).values("reader")
    translators = User.objects.translators_of(fiche.source_language).values("pk")
    coordinators = User.objects.coordinators().values("pk")
    people = User.objects.filter(pk__in=translators.union(coordinators).values_list("pk", flat=True))
    return people.exclude(pk__in=[user.pk, fiche.submitted_by_id or 0]).exclude(pk__in=asked).order_by("name")


@transaction.atomic
def ask_opinion(fiche, reader, question: str, *, by) -> Opinion:
    """Let `reader` read this submission, and ask what they think of it."""
    opinion = Opinion.objects.create(fiche=fiche, reader=reader, question=question, asked_by=by)
    history.record(fiche, "ask_opinion", by=by, note=question, internal=True)
    notifications.tell("fiche_opinion_asked", opinion, recipient=reader, key=f"opinion:{opinion.pk}")
    return opinion


@transaction.atomic
def give_opinion(opinion, text: str) -> bool:
    """Keep what the reader thinks; False when it was given already (two tabs)."""
    given = Opinion.objects.filter(pk=opinion.pk, answered_at=None).update(text=text, answered_at=timezone.now())
    if given:
        history.record(opinion.fiche, "give_opinion", by=opinion.reader, note=text, internal=True)
        if opinion.asked_by:
            key = f"opinion:{opinion.pk}"
            notifications.tell("fiche_opinion_given", opinion, recipient=opinion.asked_by, key=key)
    return bool(given)


@transaction.atomic
def ask_confirmation(fiche, *, by):
    """Write to the published address of the authority, with a link to confirm that the fiche is theirs."""
    authority = fiche.authority
    event = history.record(fiche, "ask_confirmation", by=by, note=authority.official_address, internal=True)
    notifications.tell(
        "authority_confirm_request",
        fiche,
        address=authority.official_address,
        language=authority.language_of_contact,
        key=f"event:{event.pk}",
        data={"token": confirmation_token(fiche)},
    )
    return event


def confirmation_token(fiche) -> str:
    """A signed word that only the holder of the authority's published mailbox gets."""
    said = {"fiche": fiche.pk, "authority": fiche.authority_id, "address": fiche.authority.official_address}
    return signing.dumps(said, salt=SALT)


def to_confirm(token: str) -> Fiche | None:
    """The fiche a token is about; None when the token is forged, too old or about another authority by now.

    An authority that became part of another goes on as that one.
    """
    try:
        said = signing.loads(token, salt=SALT, max_age=CONFIRMATION_LASTS)
    except signing.BadSignature:
        return None
    meant = Authority.objects.filter(Q(pk=said["authority"]) | Q(merged=said["authority"]))
    return Fiche.objects.filter(pk=said["fiche"], authority__in=meant, status__in=CONFIRMABLE).first()


@transaction.atomic
def confirm(fiche) -> None:
    """The authority says that the fiche is theirs; a second click changes nothing."""
    locked = Fiche.objects.select_for_update(of=("self",)).get(pk=fiche.pk)
    if locked.vouched != Vouched.AUTHORITY:
        history.record(locked, "confirm", on_behalf_of=locked.authority, changes={"vouched": Vouched.AUTHORITY})
        editions.write(locked)


@transaction.atomic
def deny(fiche) -> None:
    """The authority says that the fiche is not theirs: coordinators read it in the history and decide."""
    history.record(fiche, "deny", on_behalf_of=fiche.authority, internal=True)
    for coordinator in User.objects.coordinators():
        day = timezone.localdate().isoformat()
        notifications.tell("fiche_denied", fiche, recipient=coordinator, key=f"fiche:{fiche.pk}:{day}")


@transaction.atomic
def invite_coordinator(fiche, email: str, language: str, *, by):
    """Ask somebody to become a coordinator, because nobody else may decide on this fiche."""
    history.record(fiche, "invite_coordinator", by=by, internal=True)
    day = timezone.localdate().isoformat()
    data = {"by": by.pk}
    return notifications.tell(
        "coordinator_invitation", None, address=email.lower(), language=language, key=f"day:{day}", data=data
    )
