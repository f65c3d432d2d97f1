"""The verbs of a fiche: between which states each moves it, and what its history says."""

from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from accounts import history

from .vocabularies import Status

# (from, to) → verb. Two verbs may lead to one state: approving is the only way out of a review to the public.
MOVES = {
    (Status.DRAFT, Status.SUBMITTED): "submit",
    (Status.SUBMITTED, Status.DRAFT): "withdraw",
    (Status.SUBMITTED, Status.IN_REVIEW): "take",
    (Status.IN_REVIEW, Status.PUBLISHED): "approve",
    (Status.IN_REVIEW, Status.CHANGES_REQUESTED): "request_changes",
    (Status.IN_REVIEW, Status.REJECTED): "reject",
    (Status.CHANGES_REQUESTED, Status.SUBMITTED): "submit",
    (Status.REJECTED, Status.DRAFT): "reopen",
    (Status.PUBLISHED, Status.ARCHIVED): "archive",
    (Status.ARCHIVED, Status.PUBLISHED): "restore",
}

LABELS = {
    "hand_over": pgettext_lazy("history", "Handed over to a successor"),
    "create": pgettext_lazy("history", "Begun"),
    "submit": pgettext_lazy("history", "Submitted"),
    "withdraw": pgettext_lazy("history", "Taken back by the author"),
    "take": pgettext_lazy("history", "Reading began"),
    "take_over": pgettext_lazy("history", "Reading taken over"),
    "merge": pgettext_lazy("history", "Authorities merged"),
    "approve": pgettext_lazy("history", "Published"),
    "request_changes": pgettext_lazy("history", "Changes requested"),
    "reject": pgettext_lazy("history", "Rejected"),
    "reopen": pgettext_lazy("history", "Opened again by the author"),
    "archive": pgettext_lazy("history", "Archived"),
    "restore": pgettext_lazy("history", "Shown again"),
    "revise": pgettext_lazy("history", "Revision published"),
    "withhold_version": pgettext_lazy("history", "Version withheld"),
    "show_version": pgettext_lazy("history", "Version shown again"),
    "link_authority": pgettext_lazy("history", "Authority linked"),
    "ask_opinion": pgettext_lazy("history", "Opinion asked for"),
    "give_opinion": pgettext_lazy("history", "Opinion given"),
    "ask_confirmation": pgettext_lazy("history", "Authority asked to confirm"),
    "confirm": pgettext_lazy("history", "Confirmed by the authority"),
    "object": pgettext_lazy("history", "No longer confirmed: the authority objected to being represented"),
    "deny": pgettext_lazy("history", "The authority says: not ours"),
    "invite_coordinator": pgettext_lazy("history", "Another coordinator invited"),
    "note": pgettext_lazy("history", "Internal note"),
}


def origins(verb: str) -> set[str]:
    """The states from which `verb` moves a fiche."""
    return {before for (before, _after), name in MOVES.items() if name == verb}


def entries(fiche, *, internal: bool) -> list[dict]:
    """The history, newest first, with or without what is for coordinators only (components/history.html)."""
    shown = [event for event in reversed(fiche.history) if internal or not event.internal]
    return history.entries(shown, _told)


def _told(event) -> str:
    return _("%(what)s (for coordinators only)") % {"what": label(event)} if event.internal else label(event)


def label(event) -> str:
    """What happened; what happened to a revision stands in the history of the fiche it became part of."""
    verb = event.verb.removeprefix("revision_")
    if verb != event.verb:
        return _("Revision: %(what)s") % {"what": LABELS.get(verb, verb)}
    return LABELS.get(event.verb) or event.verb.replace("_", " ").capitalize()
