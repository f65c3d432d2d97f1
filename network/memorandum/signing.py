"""The signing of a locked text: whose turn it is, one signature, links that work once, signed copies. It imports no model.

Everything that changes holds the row of the memorandum first: of two signatures, or of a signature and a text that is
taken back, one comes first, and the other is told what happened (Superseded).
"""

import datetime

from django.conf import settings
from django.core import signing
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import history, limits
from accounts.history import LostRace

from ..emails import recipients
from . import memoranda, memorandum_life, signatory

SALT = "network.sign"
OPEN = ("locked", "signing")


class Superseded(LostRace):
    """What one was about to sign is no longer there to be signed; `why`: taken_back, other_text, signed, not_yet, withdrawn."""

    def __init__(self, memorandum, why: str, verb: str = "sign"):
        super().__init__(memorandum, verb, "signing")
        self.why = why


# --- whose turn ------------------------------------------------------------------------------------------------


def whose_turn(memorandum):
    """The party that signs next; None when nobody can sign, or all have."""
    if memorandum.status not in OPEN:
        return None
    return next(iter(memoranda.unsigned(memorandum)), None)


def counting(memorandum) -> list:
    """The signatures under the text as it stands, in the order in which the parties signed."""
    if memorandum.status in ("draft", "discarded"):
        return []
    signature = memorandum.parties.model._meta.get_field("signatures").related_model
    rows = signature.objects.filter(party__memorandum=memorandum, round=memorandum.round)
    return list(rows.select_related("party__authority", "file").order_by("signed_at", "pk"))


def may_sign(party, user) -> bool:
    """A representative or deputy of the party; for the network, a coordinator without a seat at another party."""
    if user is None or not user.is_authenticated:
        return False
    if type(party).objects.led_by(user).filter(pk=party.pk).exists():
        return True
    return party.capacity == "countersigning" and _is_free(party, user)


def _is_free(party, user) -> bool:
    """Whether this coordinator acts for no other party of the memorandum."""
    if not user.is_coordinator:
        return False
    return not party.memorandum.parties.exclude(pk=party.pk).seen_by(user).exists()


# --- one signature ---------------------------------------------------------------------------------------------


@transaction.atomic
def sign(party, *, name, title, language, text_sha256, round, method, by=None, place="", link=None, file=None, **more):
    """One party signs the text that it saw; `more`: network_address, confirmed_with, signed_at.

    Raises Superseded when the text was taken back, is another one by now, or the turn has passed or not come.
    """
    memorandum = party.memorandum
    _hold(memorandum, round)
    text = memorandum.texts.filter(round=round, language=language, sha256=text_sha256).first()
    if text is None:
        raise Superseded(memorandum, "other_text")
    _check_turn(memorandum, party)
    _check_link(memorandum, link)
    if not memorandum.files_ready():
        raise ValidationError(_("The PDF of the text is being made. Sign in a minute."), code="files")
    if not settings.DEMO and not memorandum.reviewed():
        raise PermissionDenied(_("A lawyer has not yet reviewed this text. Nobody can sign it before."))
    signature = party.signatures.create(
        round=round,
        method=method,
        name=name,
        title=title,
        # Who signs for a demonstration is nobody, and stands in nobody’s place.
        in_place_of="" if method == "demonstration" else signatory.in_place_of(name, party, link),
        place=place,
        language=language,
        text_sha256=text_sha256,
        by=by,
        file=file,
        signed_at=more.pop("signed_at", None) or timezone.now(),
        **more,
    )
    _close(party, link, file)
    _written(memorandum, party, signature, by)
    return signature


def _hold(memorandum, round: int) -> None:
    """Lock the row; the text that was seen must still be the one that is open to sign."""
    try:
        memoranda.hold(memorandum, "sign", "signing", while_in=OPEN)
    except LostRace as lost:
        raise Superseded(lost.object, "taken_back" if lost.object.status == "draft" else "signed") from None
    if memorandum.round != round:
        raise Superseded(memorandum, "other_text")


def _check_turn(memorandum, party) -> None:
    turn = whose_turn(memorandum)
    if turn is None or party.signatures.filter(round=memorandum.round).exists():
        raise Superseded(memorandum, "signed")
    if turn.pk != party.pk:
        raise Superseded(memorandum, "not_yet")


def _check_link(memorandum, link) -> None:
    """The link by which one signs was not withdrawn meanwhile."""
    if link is None:
        return
    link.refresh_from_db(fields=["used_at", "withdrawn_at"])
    if not link.is_open():
        raise Superseded(memorandum, "withdrawn")


def _close(party, link, file) -> None:
    """Other ways by which the same party was about to sign end here."""
    now = timezone.now()
    if link:
        party.links.filter(pk=link.pk).update(used_at=now)
    party.links.filter(used_at=None, withdrawn_at=None).update(withdrawn_at=now)
    waiting = party.files.filter(kind="signed", check_state="waiting")
    waiting.exclude(pk=file.pk if file else None).update(check_state="refused")


def _written(memorandum, party, signature, by) -> None:
    """What follows from a signature: the history, the membership, the next party – or all have signed."""
    fields = {"by": by, "on_behalf_of": party.acting, "note": f"{signature.name}, {signature.title}"}
    if memorandum.status == "locked":
        history.move(memorandum, "signing", verb="sign", origins=("locked",), **fields)
    else:
        history.record(memorandum, "sign", **fields)
    membership = getattr(party.authority, "membership", None) if party.authority_id else None
    if membership and membership.status == "mou_sent":
        membership.sign(by=by)
    if memoranda.unsigned(memorandum):
        tell_signed(memorandum, signature)
        memoranda.tell_turn(memorandum)
        return
    memorandum_life.make_finals(memorandum)
    if not memorandum_life.take_force_if_due(memorandum, by=by):
        tell_signed(memorandum, signature)


def tell_signed(memorandum, signature) -> None:
    key = f"signature:{signature.pk}"
    people = memoranda.all_people(memorandum)
    recipients.tell("memorandum_party_signed", memorandum, people, key=key, signature=signature.pk)


# --- links that work once --------------------------------------------------------------------------------------


@transaction.atomic
def send_link(party, *, by, name: str, title: str, email: str, language: str):
    """Send the named signatory a link; one that is still open no longer works. ValidationError: too many today."""
    memorandum = party.memorandum
    _hold(memorandum, memorandum.round)
    _check_turn(memorandum, party)
    sent = party.links.model._base_manager.filter(sent_by=by)
    if limits.is_used_up_by(by, sent, "sent_at", settings.SIGNING_LINKS_PER_DAY):
        raise ValidationError(
            _("You have sent many links today. Go on tomorrow, or upload a signed PDF."), code="often"
        )
    now = timezone.now()
    party.links.filter(used_at=None, withdrawn_at=None).update(withdrawn_at=now)
    link = party.links.create(
        round=memorandum.round,
        name=name,
        title=title,
        email=email,
        language=language,
        sent_by=by,
        expires_at=now + datetime.timedelta(days=settings.SIGNING_LINK_DAYS),
    )
    history.record(memorandum, "send_link", by=by, on_behalf_of=party.acting, note=f"{name}, {title}")
    recipients.tell_address("memorandum_sign_link", link, email, language, key=f"link:{link.pk}")
    return link


@transaction.atomic
def withdraw_link(link, *, by) -> bool:
    """End a link that was not used; False when there was nothing to end."""
    memorandum = link.party.memorandum
    type(memorandum)._base_manager.select_for_update(of=("self",)).get(pk=memorandum.pk)
    rows = link.party.links.filter(pk=link.pk, used_at=None, withdrawn_at=None)
    ended = bool(rows.update(withdrawn_at=timezone.now()))
    if ended:
        history.record(memorandum, "withdraw_link", by=by, on_behalf_of=link.party.acting, note=link.name)
    return ended


def token_of(link) -> str:
    """The signed word in the mail; the row says whether it still works."""
    return signing.dumps({"link": link.pk}, salt=SALT)


def key_of(token: str) -> int | None:
    """The row that a token names; None when it is forged."""
    try:
        return signing.loads(token, salt=SALT)["link"]
    except (signing.BadSignature, KeyError, TypeError):
        return None


# --- signed copies ---------------------------------------------------------------------------------------------


@transaction.atomic
def upload_copy(party, checked, *, by, **said):
    """Keep a signed PDF until a coordinator has checked it; `said`: language, signatory_name … qualified."""
    memorandum = party.memorandum
    _hold(memorandum, memorandum.round)
    _check_turn(memorandum, party)
    if party.files.filter(kind="signed", round=memorandum.round, check_state="waiting").exists():
        raise ValidationError(_("A signed PDF of this party waits for a check already."), code="waiting")
    checked.file.name = checked.filename
    file = memorandum.files.create(
        party=party,
        round=memorandum.round,
        kind="signed",
        file=checked.file,
        filename=checked.filename,
        size=checked.size,
        sha256=checked.sha256,
        check_state="waiting",
        uploaded_by=by,
        **said,
    )
    history.record(memorandum, "upload_copy", by=by, on_behalf_of=party.acting, note=checked.filename)
    people = memoranda.people_of(party)
    recipients.tell("memorandum_upload_received", memorandum, people, key=f"file:{file.pk}", file=file.pk)
    return file


@transaction.atomic
def accept_copy(file, *, by):
    """The signed copy fits: it counts as the signature of its party."""
    memorandum = file.party.memorandum
    _hold(memorandum, file.round)
    _check_copy(memorandum, file, "accept_copy")
    file.check_state = "accepted"
    file.save(update_fields=["check_state"])
    text = memorandum.texts.get(round=file.round, language=file.language)
    noon = datetime.datetime.combine(file.signed_on, datetime.time(12), datetime.UTC)
    return sign(
        file.party,
        by=by,
        name=file.signatory_name,
        title=file.signatory_title,
        place=file.place,
        language=file.language,
        text_sha256=text.sha256,
        round=file.round,
        method="qualified" if file.qualified else "scanned",
        file=file,
        signed_at=min(noon, timezone.now()),
    )


@transaction.atomic
def refuse_copy(file, *, by, **why):
    """The signed copy does not fit: the party uploads another, or signs on the portal."""
    memorandum = file.party.memorandum
    _hold(memorandum, file.round)
    _check_copy(memorandum, file, "refuse_copy")
    file.check_state = "refused"
    file.save(update_fields=["check_state"])
    event = history.record(memorandum, "refuse_copy", by=by, **why)
    people = memoranda.people_of(file.party)
    key = f"file:{file.pk}"
    recipients.tell("memorandum_upload_refused", memorandum, people, key=key, event=event.pk, file=file.pk)
    return event


def _check_copy(memorandum, file, verb: str) -> None:
    file.refresh_from_db(fields=["check_state"])
    if file.check_state != "waiting":
        raise Superseded(memorandum, "signed", verb)
