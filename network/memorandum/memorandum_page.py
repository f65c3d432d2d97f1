"""What the page of a memorandum shows to its parties and to coordinators, and what they can do. It imports no model."""

from django.urls import reverse
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from .. import verbs
from .memorandum_text import language_names

TONES = {"in_force": "good", "review_due": "wait", "locked": "wait", "signing": "wait"}


def chosen(memorandum, wanted: str):
    """The locked text in the language asked for, else in the reader’s own, else an authentic one; None before."""
    texts = list(memorandum.current_texts()) if memorandum.status not in ("draft", "discarded") else []
    for language in (wanted, get_language(), "en"):
        for text in texts:
            if text.language == language:
                return text
    return texts[0] if texts else None


def context(memorandum, user) -> dict:
    turn = memorandum.whose_turn()
    signed = {row.party_id: row for row in memorandum.counting_signatures()}
    readable = memorandum.status not in ("draft", "discarded")
    parties = list(memorandum.parties.select_related("authority")) if readable or user.is_coordinator else []
    return {
        "turn": turn,
        "mine": bool(turn and turn.can_be_signed_by(user)),
        "signed": len(signed),
        "total": len(parties),
        "parties": [_party(party, signed.get(party.pk), turn, user) for party in parties],
        "texts": memorandum.current_texts() if readable else [],
        "facts": facts(memorandum, user),
        "steps": steps(memorandum, len(signed), len(parties)),
        "files": _files(memorandum, user),
        "entries": entries(memorandum, user),
        "actions": actions(memorandum, parties, turn, user),
        "tone": TONES.get(memorandum.status, ""),
        "missing_pdfs": readable and not memorandum.files_ready(),
    }


def _party(party, signature, turn, user) -> dict:
    """One row: who, in which capacity, signed by whom and how – or whose turn it is."""
    return {
        "party": party,
        "capacity": party.get_capacity_display(),
        "signature": signature,
        "only_day": bool(signature and signature.file_id),
        "turn": turn is not None and turn.pk == party.pk,
        "waiting": party.files.filter(kind="signed", round=party.memorandum.round, check_state="waiting").exists(),
        "left_on": party.left_on,
        # For coordinators only.
        "network_address": signature.network_address if signature and user.is_coordinator else "",
        "confirmed_with": signature.get_confirmed_with_display() if signature and user.is_coordinator else "",
    }


def facts(memorandum, user) -> list[dict]:
    if memorandum.status in ("draft", "discarded") and not user.is_coordinator:
        return []
    courtesy = [code for code in memorandum.languages if code not in memorandum.authentic_languages]
    old = memorandum.replaces
    return [
        {"label": _("In force from"), "value": memorandum.took_force_on or memorandum.in_force_from},
        {"label": _("In force until"), "value": memorandum.in_force_until},
        {"label": _("Date of the review"), "value": memorandum.review_due},
        {"label": _("Notice period in months"), "value": memorandum.notice_months},
        {"label": _("Authentic languages"), "value": language_names(memorandum.authentic_languages)},
        {"label": _("Courtesy translations"), "value": language_names(courtesy)},
        {
            "label": _("Renews") if memorandum.replacing == "renews" else _("Replaces"),
            "value": old.code if old else "",
            "url": old.get_absolute_url() if old and _may_see(old, user) else "",
        },
        {"label": _("Ended on"), "value": memorandum.ended_on},
    ]


def _may_see(memorandum, user) -> bool:
    return type(memorandum).objects.visible_to(user).filter(pk=memorandum.pk).exists()


def steps(memorandum, signed: int, total: int) -> list[dict]:
    """The life of a memorandum as far as it has come."""
    status = memorandum.status
    order = ["draft", "locked", "signing", "in_force", "ended"]
    now = {"review_due": "in_force"}.get(status, status)
    place = order.index(now if now in order else "ended")
    labels = {
        "draft": pgettext("memorandum", "Being prepared"),
        "locked": pgettext("memorandum", "Text locked"),
        "signing": pgettext("memorandum", "Being signed"),
        "in_force": pgettext("memorandum", "In force"),
        "ended": memorandum.get_status_display() if place == 4 else pgettext("memorandum", "Renewed or ended"),
    }
    dates = {
        "locked": memorandum.locked_at if place else None,
        "in_force": memorandum.took_force_on,
        "ended": memorandum.ended_on,
    }
    progress = _("{signed} of {total} have signed").format(signed=signed, total=total)
    notes = {
        "signing": progress if place in (1, 2) else "",
        "in_force": _("Review due") if status == "review_due" else "",
    }
    return [
        {
            "label": labels[name],
            "state": "done" if number < place else "current" if number == place else "todo",
            "date": dates.get(name),
            "note": notes.get(name, ""),
        }
        for number, name in enumerate(order)
    ]


def _files(memorandum, user) -> list:
    """What may be downloaded: the PDFs of this text, signed copies, annexes."""
    seen = memorandum.files.visible_to(user).select_related("party__authority")
    return [file for file in seen if file.kind == "annex" or file.round == memorandum.round]


def entries(memorandum, user) -> list[dict]:
    """The history, newest first; internal notes are for coordinators."""
    events = memorandum.events.select_related("by", "on_behalf_of", "reason").order_by("-at", "-pk")
    return verbs.entries(events, internal=user.is_coordinator)


def actions(memorandum, parties, turn, user) -> list[dict]:
    """What this person can do now, the most likely first."""

    def to(name, label, kind="secondary"):
        return {"url": reverse(f"network:{name}", args=[memorandum.code]), "label": label, "kind": kind}

    found = []
    if turn and turn.can_be_signed_by(user):
        found += [
            to("sign", _("Read and sign"), "primary"),
            to("send_link", _("Send a link to the person who signs")),
            to("upload_copy", _("Upload a signed PDF")),
        ]
    if memorandum.can_be_reviewed_by(user):
        due = memorandum.status == "review_due"
        found.append(to("review", _("Note the result of the review"), "primary" if due else "quiet"))
    if memorandum.can_be_renewed_by(user):
        found.append(to("renew", _("Ask for a renewal or a change")))
    if any(party.can_be_left_by(user) or party.notice_can_be_shortened_by(user) for party in parties):
        found.append(to("leave", _("Leave the memorandum"), "quiet"))
    return found
