"""What was done: every change of state goes through `move`, everything else worth keeping through `record`."""

from django.db import transaction

from .models import Event


class LostRace(Exception):
    """The object is no longer in a state from which this move exists: somebody else was faster."""

    def __init__(self, obj, verb: str, to_state: str):
        self.object, self.verb, self.to_state = obj, verb, to_state
        super().__init__(f"{verb}: no way from {obj.status} to {to_state}")


@transaction.atomic
def record(obj, verb: str, *, by=None, changes: dict | None = None, while_in="", **fields) -> Event:
    """Write the Event `verb` about `obj`, whose state stays; `fields` are those of Event (on_behalf_of, note …).

    With `while_in` its row is locked, and LostRace raised if it has left that state meanwhile.
    """
    if while_in and (locked := _locked(obj)).status != while_in:
        raise LostRace(locked, verb, while_in)
    _save(obj, changes or {})
    return Event.objects.create(object=obj, verb=verb, by=by, **fields)


def _locked(obj):
    return type(obj)._base_manager.select_for_update(of=("self",)).get(pk=obj.pk)


def _save(obj, changes: dict) -> None:
    for name, value in changes.items():
        setattr(obj, name, value)
    if changes:
        obj.save(update_fields=list(changes))


def entries(events, label) -> list[dict]:
    """Events as components/history shows them; `label(event)` says what happened."""
    return [
        {
            "at": event.at,
            "text": label(event),
            "by": event.by,
            "on_behalf_of": event.on_behalf_of,
            "reason": event.reason,
            "note": event.note,
            "lang": event.note_language,
        }
        for event in events
    ]


def move(obj, to_state: str, *, verb: str, by=None, changes=None, then=None, origins=(), **fields) -> Event:
    """Move `obj` to `to_state`: lock its row, check TRANSITIONS, save, write the Event, run `then(event)`.

    `changes` are further columns to set; `then` queues mail and jobs; `origins` are the states from which this verb
    leads there, where another verb leads there too. Everything happens in one transaction.
    Raises LostRace when the locked row is in a state from which TRANSITIONS knows no such move.
    """
    with transaction.atomic():
        locked = _locked(obj)
        if to_state not in obj.TRANSITIONS.get(locked.status, ()) or (origins and locked.status not in origins):
            raise LostRace(locked, verb, to_state)
        from_state = locked.status
        _save(obj, {**(changes or {}), "status": to_state})
        event = record(obj, verb, by=by, from_state=from_state, to_state=to_state, **fields)
        if then:
            then(event)
    return event
