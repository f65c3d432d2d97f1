"""What the pages of both sides and the admin say of one representation."""

from django.contrib.contenttypes.models import ContentType
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext, pgettext_lazy

from accounts.models import Event
from translations.letters import capitalised

from .. import verbs
from ..models import Representation
from . import representing

SHOWN = 30
TONES = {"claimed": "wait", "confirmed": "good", "granted": "good", "ended": ""}
# What Events of other kinds of things are called here; their apps stand above this one.
DONE = {
    "submit": pgettext_lazy("history", "Submitted"),
    "create": pgettext_lazy("history", "Begun"),
    "profile": pgettext_lazy("history", "Profile changed"),
    "report": pgettext_lazy("history", "Report sent"),
}


def scopes_in_words(scopes) -> str:
    labels = dict(Representation.Scope.choices)
    return ", ".join(str(labels[scope]) for scope in scopes)


def next_step(row) -> str:
    """Who must do what."""
    if row.status == row.Status.CLAIMED:
        return _("A coordinator checks the basis.")
    if row.status == row.Status.ENDED or not representing.can_represent(row.coordinator):
        return ""
    if row.end and not row.is_in_force:
        return _("It has ended. Claim it again with a current source.")
    if row.end and row.end <= representing.last_reminder_day():
        return _("Renew it with a current source before it ends.")
    if row.scopes_asked:
        return _("The authority decides on: %(scopes)s.") % {"scopes": scopes_in_words(row.scopes_asked)}
    return _("None. You may act for it.")


def listed(row) -> dict:
    """One line of the Euroregion’s list."""
    return {
        "row": row,
        "name": str(row.authority),
        "country": row.authority.country_name,
        "tone": TONES[row.status],
        "scopes": scopes_in_words(row.scopes) if row.status in row.IN_FORCE else "",
        "next": next_step(row),
    }


def facts(row, *, address=True) -> list[dict]:
    """For components/key_facts; the official address is for coordinators and the authority’s own people."""
    holds = row.status in row.IN_FORCE
    known = row.authority.official_address
    told = _("The authority was told there and may object at any time.") if holds and known else ""
    shown = known or _("not known yet")
    if known and not address:
        shown = _("known")
    return [
        {"label": _("Authority"), "value": str(row.authority), "note": row.authority.country_name},
        {"label": _("Represented by"), "value": str(row.coordinator), "url": row.coordinator.get_absolute_url()},
        {"label": _("Scopes"), "value": capitalised(scopes_in_words(row.scopes)) if holds else ""},
        {"label": _("Scopes asked for"), "value": capitalised(scopes_in_words(row.scopes_asked))},
        {"label": _("Basis"), "value": row.basis, "lang": row.language},
        {"label": _("Source of the list"), "value": row.basis_url, "url": row.basis_url},
        {"label": _("Date of the list"), "value": _day(row.basis_date)},
        {"label": pgettext("period", "From"), "value": _day(row.start) if row.status != row.Status.CLAIMED else ""},
        {"label": _("Until"), "value": _day(row.end)},
        {"label": _("Official e-mail address"), "value": shown, "note": told},
    ]


def _day(day) -> str:
    return date_format(day, "DATE_FORMAT") if day else ""


def entries(row, *, internal: bool) -> list[dict]:
    """What happened to it, newest first (components/history)."""
    events = Event.objects.of(row).select_related("by", "reason", "on_behalf_of").order_by("-at", "-pk")
    return verbs.entries(events, internal=internal)


def objections(row) -> list[Event]:
    """What the authority objected to earlier representations by the same organisation."""
    kind = ContentType.objects.get_for_model(Representation)
    earlier = Representation.objects.filter(coordinator=row.coordinator_id, authority=row.authority_id)
    events = Event.objects.filter(content_type=kind, object_id__in=earlier.exclude(pk=row.pk).values("pk"))
    return list(events.filter(verb="object").select_related("by", "reason", "on_behalf_of").order_by("-at", "-pk"))


def acts(row, user) -> list[dict]:
    """What people of the coordinating authority did on behalf of the other, newest first; names only of what is visible."""
    people = row.coordinator.seats.values("user")
    events = Event.objects.filter(on_behalf_of=row.authority, by__in=people, internal=False)
    events = list(events.select_related("content_type", "by").order_by("-at", "-pk")[:SHOWN])
    seen = _visible(events, user)
    return [
        {
            "at": event.at,
            "text": DONE.get(event.verb) or verbs.label(event),
            "by": event.by,
            "on_behalf_of": row.authority,
            "note": str(found) if (found := seen.get((event.content_type_id, event.object_id))) else "",
        }
        for event in events
    ]


def _visible(events, user) -> dict:
    """(content type, pk) → object, as far as `user` may see it."""
    found = {}
    for number in {event.content_type_id for event in events}:
        model = ContentType.objects.get_for_id(number).model_class()
        pks = [event.object_id for event in events if event.content_type_id == number]
        manager = model._default_manager
        rows = manager.visible_to(user) if hasattr(manager, "visible_to") else manager.none()
        found |= {(number, obj.pk): obj for obj in rows.filter(pk__in=pks)}
    return found
