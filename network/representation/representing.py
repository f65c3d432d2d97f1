"""What happens to a representation: claimed, confirmed, widened, ended. It imports no model.

Whether somebody may act is asked anew for each request (network.seats.represented_by); so an end counts at once.
The models’ verbs (models/representation.py) come here.
"""

from datetime import timedelta

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.core import signing
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts import history, notifications
from accounts.history import LostRace
from accounts.models import Event
from accounts.workdays import today

from .. import verbs
from ..emails.recipients import coordinators, representatives, tell, tell_official

SALT = "network.object"
MANAGERS = ("representative", "deputy")
IN_THE_NETWORK = ("active", "on_hold")


# --- who may -----------------------------------------------------------------------------------------------------


def can_represent(authority) -> bool:
    """Whether this authority may represent others: in the network, as a coordinator of others or a Euroregion."""
    membership = getattr(authority, "membership", None)
    if membership is None or membership.status not in IN_THE_NETWORK:
        return False
    return authority.kind == "euroregion" or membership.membership_class == "coordinator"


def holds_seat(authority, user) -> bool:
    return user.is_authenticated and authority.seats.current().filter(user=user).exists()


def manages(authority, user) -> bool:
    """Whether `user` is its representative or deputy today."""
    return user.is_authenticated and authority.seats.of_representatives().filter(user=user).exists()


def can_claim(authority, user) -> bool:
    """Whether `user` may say for `authority` whom it represents."""
    return can_represent(authority) and manages(authority, user)


# --- beginning ---------------------------------------------------------------------------------------------------


@transaction.atomic
def claim(coordinator, authority, *, by, **facts):
    """Keep that `coordinator` says it represents `authority` (basis, basis_url, basis_date, end, language).

    Nobody may act before a CLAVET coordinator confirms it. Raises ValidationError where it stands already.
    """
    if coordinator.pk == authority.pk:
        raise ValidationError(_("An authority does not represent itself."), code="itself")
    expire_past(coordinator)
    try:
        with transaction.atomic():
            row = coordinator.represents.create(authority=authority, claimed_by=by, **facts)
    except IntegrityError:
        raise ValidationError(_("This authority stands in your list already."), code="known") from None
    history.record(row, "claim", by=by)
    return row


def expire_past(coordinator) -> None:
    """End those whose last day has passed, so that they can be claimed anew."""
    for row in coordinator.represents.filter(end__lt=today()).exclude(status="ended"):
        row.expire()


@transaction.atomic
def claim_all(coordinator, claims: list[tuple], *, by) -> list:
    """Claim many at once: (authority, facts) each, none of which stands already – the caller holds the coordinator’s row."""
    model = coordinator.represents.model
    rows = [model(coordinator=coordinator, authority=one, claimed_by=by, **facts) for one, facts in claims]
    rows = model.objects.bulk_create(rows)
    kind = ContentType.objects.get_for_model(model)
    Event.objects.bulk_create([Event(content_type=kind, object_id=row.pk, verb="claim", by=by) for row in rows])
    return rows


def tell_claimed(coordinator, rows) -> None:
    """One mail for a list, however long it is."""
    if rows:
        key = f"representation:{rows[-1].pk}:claimed"
        people = representatives(coordinator)
        tell("representation_claimed", rows[-1], people, key=key, number=len(rows))


def needs_source(row) -> bool:
    """Whether the official address is known from the claim only: objections would rest on the Euroregion’s word."""
    return bool(row.authority.official_address) and row.authority.hidden


def confirm(row, *, by, official_address="", address_source="", told="", **said):
    """A CLAVET coordinator found the basis good: profile and fiches; the authority is told and may object.

    Where the official address was found is noted. Without one `told` says how the authority learnt of it.
    """
    if row.end and row.end < today():
        raise ValidationError(_("Its end date has passed. The Euroregion must claim it again."), code="past")
    if not (row.authority.official_address or official_address or told):
        raise ValidationError(
            _("No official address is known. Enter it, or write how the authority was told."), code="untold"
        )
    if (official_address or needs_source(row)) and not address_source:
        raise ValidationError(_("Write where you found the official address."), code="source")

    def then(event):
        if address_source:
            note = f"{row.authority.official_address or official_address} – {address_source}"
            history.record(row, "check_address", by=by, note=note, internal=True)
        _show(row, official_address, by)
        _tell(row, event, "representation_confirmed", representatives(row.coordinator), side="coordinator")
        _tell(row, event, "representation_confirmed", representatives(row.authority), side="authority")
        _tell_with_link(row, event)

    changes = {"scopes": [str(scope) for scope in row.BY_COORDINATORS], "start": today()}
    if told and not said.get("note"):
        said = {"note": told, "note_language": by.language}
    return _move(row, row.Status.CONFIRMED, "confirm", by, changes, then, **said)


def _show(row, official_address, by):
    """A represented authority is public; an address that was found is kept, one that is known stays."""
    authority, columns = row.authority, []
    if authority.hidden and not authority.merged_into_id:
        authority.hidden = False
        columns.append("hidden")
    if official_address and not authority.official_address:
        authority.official_address = official_address
        columns.append("official_address")
        history.record(authority, "official_address", by=by, note=official_address, internal=True)
    if columns:
        authority.save(update_fields=columns)


def refuse(row, *, by, **said):
    """The basis does not hold."""

    def then(event):
        _tell(row, event, "representation_refused", representatives(row.coordinator))

    return _move(row, row.Status.ENDED, "refuse", by, _until_today(row), then, **said)


# --- scopes ------------------------------------------------------------------------------------------------------


@transaction.atomic
def ask_for_scopes(row, scopes, *, by):
    """The Euroregion asks the authority whether it may do more."""
    asked = [str(scope) for scope in row.Scope if scope in scopes and scope not in row.scopes]
    people = representatives(row.authority)
    if not asked:
        raise ValidationError(_("Choose at least one scope that you do not have yet."), code="scopes")
    if not people:
        raise ValidationError(
            _("Nobody holds a seat as representative there yet, so nobody could answer."), code="nobody"
        )
    if row.status not in row.IN_FORCE:
        raise LostRace(row, "ask", row.status)
    event = history.record(row, "ask", by=by, changes={"scopes_asked": asked}, while_in=row.status)
    _tell(row, event, "representation_grant_asked", people)
    return event


@transaction.atomic
def set_scopes(row, scopes, *, by, **said):
    """The authority says what may be done for it: more (grant), or less (take_back_scopes). None where nothing changes.

    Nothing at all is a revocation. LostRace where others than `row` holds were given or taken back meanwhile.
    """
    locked = type(row)._base_manager.select_for_update(of=("self",)).get(pk=row.pk)
    if (locked.scopes, locked.scopes_asked) != (row.scopes, row.scopes_asked):
        raise LostRace(locked, "grant", row.Status.GRANTED)
    chosen = [str(scope) for scope in row.Scope if scope in scopes]
    if not chosen:
        raise ValidationError(_("Choose at least one scope, or end the representation."), code="scopes")
    more = set(chosen) - set(row.scopes)
    if not more and set(chosen) == set(row.scopes):
        if row.scopes_asked:
            return history.record(row, "decline_scopes", by=by, changes={"scopes_asked": []}, while_in=row.status)
        return None
    changes = {"scopes": chosen, "scopes_asked": []}
    verb = "grant" if more else "take_back_scopes"
    theirs = set(chosen) & {str(scope) for scope in row.BY_THE_AUTHORITY}
    state = row.Status.GRANTED if more or theirs else row.Status.CONFIRMED

    def then(event):
        _tell_scopes(row, event)

    if row.status == state:  # other scopes, the same state
        if state not in row.IN_FORCE:
            raise LostRace(row, verb, state)
        event = history.record(row, verb, by=by, changes=changes, while_in=state, **said)
        then(event)
        show(row)
        return event
    return _move(row, state, verb, by, changes, then, **said)


def pass_on(row, authority, *, by) -> None:
    """The represented authority became part of another, which never gave what only itself can give: it is told anew."""
    acts = row.status in row.IN_FORCE
    kept = [scope for scope in row.scopes if scope in row.BY_COORDINATORS]
    if acts and not kept:
        end(row, by=by)
        return
    if row.status == row.Status.GRANTED:
        changes = {"scopes": kept, "scopes_asked": []}
        history.move(row, row.Status.CONFIRMED, verb="take_back_scopes", by=by, changes=changes)
    event = history.record(row, "merge", by=by, changes={"authority": authority})
    if acts:
        _tell(row, event, "representation_confirmed", representatives(authority), side="authority")
        _tell_with_link(row, event)


# --- the end -----------------------------------------------------------------------------------------------------


def can_be_objected_to(row) -> bool:
    """While it is in force, and once after its end: what was confirmed for the authority is still read."""
    events = Event.objects.of(row)
    once = row.status in row.IN_FORCE or (row.status == row.Status.ENDED and events.filter(verb="confirm").exists())
    return once and not events.filter(verb="object").exists()


@transaction.atomic
def object(row, *, words="", language="", address="", by=None):
    """The authority objects, from its official mailbox or by its representative; a second click changes nothing.

    It never agreed: what the other organisation confirmed on its behalf is no longer called confirmed by it.
    """

    def then(event):
        row.authority.fiches.objected(row.authority, row.coordinator, by=by)
        data = {"event": event.pk}
        tell("representation_objected", row, representatives(row.coordinator), key=f"event:{event.pk}", **data)
        tell("representation_objected", row, coordinators(), key=f"event:{event.pk}", read_again=True, **data)
        notifications.tell(
            "representation_objection_received",
            row,
            address=address or row.authority.official_address,
            language=row.authority.language_of_contact,
            key=f"event:{event.pk}",
            data=data,
        )

    said = {"note": words, "note_language": language if words else "", "on_behalf_of": row.authority}
    locked = type(row)._base_manager.select_for_update(of=("self",)).get(pk=row.pk)
    if locked.status != row.Status.ENDED:
        return _move(row, row.Status.ENDED, "object", by, _until_today(row), then, **said)
    if not can_be_objected_to(locked):
        raise LostRace(locked, "object", row.Status.ENDED)
    event = history.record(row, "object", by=by, **said)
    then(event)
    return event


def revoke(row, *, by, **said):
    """The authority’s representative ends it."""

    def then(event):
        _tell(row, event, "representation_revoked", representatives(row.coordinator), side="coordinator")
        _tell(row, event, "representation_revoked", representatives(row.authority), side="authority")

    return _move(row, row.Status.ENDED, "revoke", by, _until_today(row), then, **said)


def end(row, *, by, **said):
    """The Euroregion ends it or takes its claim back; coordinators may too."""
    return _move(row, row.Status.ENDED, "end", by, _until_today(row), _tell_ended(row), **said)


def expire(row):
    """Its end date has passed."""
    verb = "expire" if row.status in row.IN_FORCE else "end"
    return _move(row, row.Status.ENDED, verb, None, _until_today(row), _tell_ended(row))


@transaction.atomic
def renew(row, *, by, **facts):
    """The Euroregion shows with a current source that it still represents the authority, which is told again."""
    if row.status not in row.IN_FORCE:
        raise LostRace(row, "renew", row.status)
    event = history.record(row, "renew", by=by, changes=facts, while_in=row.status)
    _tell_with_link(row, event)
    show(row)
    return event


def remind(row) -> None:
    """Once for each end date: it ends soon."""
    people = representatives(row.coordinator)
    tell("representation_expires", row, people, key=f"representation:{row.pk}:{row.end.isoformat()}")


def last_reminder_day():
    return today() + timedelta(days=settings.REPRESENTATION_REMINDER_DAYS)


# --- the link to object ------------------------------------------------------------------------------------------


def objection_token(row) -> str:
    """What only the holder of the official mailbox gets; it stays good whatever address is entered later."""
    return signing.dumps({"representation": row.pk, "address": row.authority.official_address}, salt=SALT)


def read_token(token: str) -> dict:
    """{"representation": pk, "address": …}; empty for a forged one."""
    try:
        return signing.loads(token, salt=SALT)
    except signing.BadSignature:
        return {}


# --- pieces ------------------------------------------------------------------------------------------------------


def show(row) -> None:
    """Public pages of both sides say how it stands now."""
    row.authority.rewrite()
    row.coordinator.rewrite()


def _move(row, to_state, verb, by, changes, then=None, **said):
    def after(event):
        if then:
            then(event)
        show(row)

    origins = verbs.origins(row, verb)
    return history.move(row, to_state, verb=verb, by=by, changes=changes, then=after, origins=origins, **said)


def _until_today(row) -> dict:
    """It ends today, unless its end had come before; a row never ends before it begins."""
    return {"end": max(row.start, min(row.end or today(), today()))}


def _tell(row, event, kind, people, **data):
    tell(kind, row, people, key=f"event:{event.pk}", event=event.pk, **data)


def _tell_ended(row):
    """Both sides learn that it has ended; of a claim that nobody confirmed only who made it."""

    def then(event):
        kind = "representation_ended"
        _tell(row, event, kind, representatives(row.coordinator), side="coordinator")
        if event.from_state in row.IN_FORCE:
            _tell(row, event, kind, representatives(row.authority), side="authority")
            tell_official(kind, row, row.authority, key=f"event:{event.pk}", event=event.pk, side="official")

    return then


def _tell_scopes(row, event):
    kind, chosen = "representation_granted", list(row.scopes)
    _tell(row, event, kind, representatives(row.coordinator), side="coordinator", scopes=chosen)
    _tell(row, event, kind, representatives(row.authority), side="authority", scopes=chosen)


def _tell_with_link(row, event):
    kind, key = "representation_confirmed_official", f"event:{event.pk}"
    tell_official(kind, row, row.authority, key=key, event=event.pk, token=objection_token(row))
