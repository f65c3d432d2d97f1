"""Where an application stands, for the authority and for coordinators: its steps, what is next, its history."""

from itertools import pairwise

from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from accounts.models import Event

from .. import verbs
from ..countries import country_name
from ..models import Membership

STATUS = Membership.Status
ORDER = [STATUS.APPLIED, STATUS.ELIGIBLE, STATUS.MOU_SENT, STATUS.SIGNED, STATUS.ACTIVE]


def history_of(membership) -> list[Event]:
    return list(Event.objects.of(membership).select_related("by", "reason", "on_behalf_of"))


def steps(membership) -> list[dict]:
    """Applied → approved → memorandum → signed → active (components/timeline); one that ended says where."""
    labels = {
        STATUS.APPLIED: _("The application has arrived"),
        STATUS.ELIGIBLE: _("A coordinator approves it"),
        STATUS.MOU_SENT: _("The memorandum is ready to sign"),
        STATUS.SIGNED: _("Your authority has signed"),
        STATUS.ACTIVE: _("All have signed: the membership is active"),
    }
    dates, reached = _reached(membership)
    status, found = _shown(membership), []
    for number, step in enumerate(ORDER):
        done = number < reached or step == status == STATUS.ACTIVE
        # What has arrived is done; what one waits for is the step after it.
        state = "done" if done or number == reached else "todo"
        if state == "todo" and number == reached + 1 and status in ORDER:
            state = "current"
        found.append({"label": labels[step], "state": state, "date": dates.get(step) if state == "done" else None})
    if status not in ORDER:
        found = [row for row in found if row["state"] == "done"]
        found.append({"label": membership.get_status_display(), "state": "current", "date": dates.get(status)})
    return found


def _shown(membership) -> str:
    """One on hold has come as far as an active one."""
    return STATUS.ACTIVE if membership.status == STATUS.ON_HOLD else membership.status


def _reached(membership) -> tuple[dict, int]:
    """The day of each state in this round, and how far it came: an earlier round does not count."""
    dates, reached = {}, 0
    for event in history_of(membership):
        if event.to_state == STATUS.APPLIED:
            dates, reached = {}, 0
        if event.to_state == STATUS.ELIGIBLE:  # also when a memorandum was taken back
            reached = 0
        if event.to_state:
            dates[event.to_state] = timezone.localdate(event.at)
        if event.to_state in ORDER:
            reached = max(reached, ORDER.index(event.to_state))
    status = _shown(membership)
    return dates, ORDER.index(status) if status in ORDER else reached


def next_step(membership) -> str:
    """What happens next, and who does it."""
    return {
        STATUS.APPLIED: _("A coordinator reads the application and checks the decision. You need not do anything."),
        STATUS.ELIGIBLE: _(
            "The coordinators prepare the memorandum of understanding. Find out who signs for your authority, and with"
            " which title."
        ),
        STATUS.MOU_SENT: _(
            "Your representatives sign the memorandum: on the portal, by a link for the person who signs, or with a"
            " signed PDF."
        ),
        STATUS.SIGNED: _("The other parties sign. When all have signed, the membership is active."),
        STATUS.ACTIVE: _("Complete the profile, rate what you know and what you need, and invite your colleagues."),
        STATUS.ON_HOLD: _("Your representatives submit the report. Then the membership is active again."),
        STATUS.DECLINED: _("Read the reason below. You can correct the application and apply again."),
        STATUS.WITHDRAWN: _("Nothing more happens. You can apply again at any time."),
        STATUS.EXPIRED: _("The membership has ended. You can apply again at any time."),
    }[membership.status]


def shows_address(membership, user) -> bool:
    """Whether `user` may read the official address: coordinators, its own people, and who entered it with a new authority."""
    authority = membership.authority
    return user.is_coordinator or authority.hidden or authority.seats.current().filter(user=user).exists()


def facts(membership, user) -> list[dict]:
    """What was handed in (components/key_facts)."""
    authority, applicant = membership.authority, membership.applied_by
    official_address = authority.official_address if shows_address(membership, user) else ""
    file = reverse("network:decision_file", args=[membership.pk]) if membership.decision_file else ""
    return [
        {"label": _("Authority"), "value": authority.official_name, "lang": authority.official_language},
        {"label": _("Kind"), "value": authority.get_kind_display()},
        {"label": _("Country"), "value": country_name(authority.country), "note": authority.town},
        {"label": _("Official e-mail address"), "value": official_address},
        {"label": _("Website"), "value": authority.website, "url": authority.website},
        {"label": _("How it takes part"), "value": membership.get_membership_class_display()},
        {"label": _("Decision of"), "value": membership.decision_body},
        {"label": _("Date of the decision"), "value": membership.decision_date},
        {"label": pgettext("decision", "Reference"), "value": membership.decision_reference},
        {"label": _("Text of the decision"), "value": membership.decision_filename, "url": file},
        _person(_("Representative"), membership.representative_name, membership.representative_email),
        _person(_("Deputy representative"), membership.deputy_name, membership.deputy_email),
        {"label": _("Applied for by"), "value": applicant.name or applicant.email if applicant else ""},
        {"label": _("Reasons"), "value": membership.motivation, "lang": membership.language},
    ]


def _person(label, name, email) -> dict:
    return {"label": label, "value": name, "note": email}


def _since_the_applicant_came(events: list[Event]) -> list[Event]:
    """Without the rounds in which somebody else applied: what was said then was said to them."""
    applied = [number for number, event in enumerate(events) if event.verb == "apply"]
    changed = [later for earlier, later in pairwise(applied) if events[earlier].by_id != events[later].by_id]
    return events[changed[-1] :] if changed else events


def entries(membership, *, internal: bool = False) -> list[dict]:
    """The history, newest first (components/history); `internal`: all of it, for who moderates."""
    events = history_of(membership)
    shown = events if internal else _since_the_applicant_came(events)
    return verbs.entries(reversed(shown), internal=internal)


def memorandum_of(membership, user) -> dict | None:
    """The memorandum that waits or is in force, with its address, once its text is locked."""
    if membership.status not in (STATUS.MOU_SENT, STATUS.SIGNED, *Membership.IN_THE_NETWORK):
        return None
    parties = membership.authority.parties.exclude(memorandum__status__in=["draft", "discarded"])
    party = parties.select_related("memorandum").order_by("-memorandum__pk").first()
    if party is None:
        return None
    try:
        return {"code": party.memorandum.code, "url": reverse("network:memorandum", args=[party.memorandum.code])}
    except NoReverseMatch:  # a portal without these pages
        return None
