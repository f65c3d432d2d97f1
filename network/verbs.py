"""The verbs of the network: between which states each moves its object, and what the history says."""

from django.contrib.contenttypes.models import ContentType
from django.utils.translation import pgettext_lazy

from accounts import history

# model → (from, to) → verb, or verbs where several lead there. The models' own verbs read it: it imports none of them.
MOVES = {
    "network.membership": {
        ("applied", "eligible"): "approve",
        ("applied", "declined"): "decline",
        ("applied", "withdrawn"): "cancel",
        ("eligible", "mou_sent"): "send_memorandum",
        ("eligible", "declined"): "decline",
        ("eligible", "withdrawn"): "cancel",
        ("mou_sent", "signed"): "sign",
        ("mou_sent", "eligible"): "take_back_memorandum",
        ("mou_sent", "withdrawn"): "cancel",
        ("signed", "active"): "activate",
        ("applied", "active"): "activate",
        ("eligible", "active"): "activate",
        ("signed", "eligible"): "take_back_memorandum",
        ("signed", "withdrawn"): "cancel",
        ("active", "on_hold"): "hold",
        ("active", "withdrawn"): "withdraw",
        ("active", "expired"): "expire",
        ("on_hold", "active"): "resume",
        ("on_hold", "withdrawn"): "withdraw",
        ("on_hold", "expired"): "expire",
        ("declined", "applied"): "apply",
        ("withdrawn", "applied"): "apply",
        ("expired", "applied"): "apply",
        ("expired", "active"): "activate",
    },
    "network.memorandum": {
        ("draft", "locked"): "lock",
        ("draft", "discarded"): "discard",
        ("locked", "signing"): "sign",
        ("locked", "draft"): "take_back",
        ("signing", "in_force"): "take_force",
        ("signing", "draft"): "take_back",
        ("in_force", "review_due"): "call_review",
        ("in_force", "renewed"): "renew",
        ("in_force", "expired"): "expire",
        ("in_force", "terminated"): "terminate",
        ("review_due", "in_force"): "review",
        ("review_due", "renewed"): "renew",
        ("review_due", "expired"): "expire",
        ("review_due", "terminated"): "terminate",
    },
    "network.representation": {
        ("claimed", "confirmed"): "confirm",
        ("claimed", "ended"): ("refuse", "revoke", "end"),
        ("confirmed", "granted"): "grant",
        ("confirmed", "ended"): ("object", "revoke", "end", "expire"),
        ("granted", "confirmed"): "take_back_scopes",
        ("granted", "ended"): ("object", "revoke", "end", "expire"),
    },
    "network.seatrequest": {
        ("open", "accepted"): "accept",
        ("open", "declined"): "decline",
        ("open", "withdrawn"): "withdraw",
    },
}

# What Events of the network are called in a history.
LABELS = {
    "apply": pgettext_lazy("history", "Applied"),
    "approve": pgettext_lazy("history", "Application approved"),
    "cancel": pgettext_lazy("history", "Application withdrawn"),
    "send_memorandum": pgettext_lazy("history", "Memorandum sent"),
    "take_back_memorandum": pgettext_lazy("history", "Text of the memorandum taken back"),
    "activate": pgettext_lazy("history", "Membership active"),
    "report": pgettext_lazy("history", "Report submitted"),
    "announce_withdrawal": pgettext_lazy("history", "Withdrawal announced"),
    "resume": pgettext_lazy("history", "Active again"),
    "lock": pgettext_lazy("history", "Text locked"),
    "take_back": pgettext_lazy("history", "Text taken back"),
    "take_force": pgettext_lazy("history", "In force"),
    "call_review": pgettext_lazy("history", "Review due"),
    "review": pgettext_lazy("history", "Review noted"),
    "send_link": pgettext_lazy("history", "Link to sign sent"),
    "withdraw_link": pgettext_lazy("history", "Link to sign withdrawn"),
    "upload_copy": pgettext_lazy("history", "Signed PDF uploaded"),
    "refuse_copy": pgettext_lazy("history", "Signed PDF not accepted"),
    "leave": pgettext_lazy("history", "A party leaves"),
    "ask_renewal": pgettext_lazy("history", "Renewal asked for"),
    "record_review": pgettext_lazy("history", "Reviewed by a lawyer"),
    "claim": pgettext_lazy("history", "Claimed by the Euroregion"),
    "ask": pgettext_lazy("history", "More scopes asked for"),
    "give_address": pgettext_lazy("history", "Official address given"),
    "check_address": pgettext_lazy("history", "Official address checked"),
    "decline_scopes": pgettext_lazy("history", "No further scopes given"),
    "grant": pgettext_lazy("history", "Granted by the authority"),
    "take_back_scopes": pgettext_lazy("history", "Scopes taken back"),
    "object": pgettext_lazy("history", "The authority objected"),
    "revoke": pgettext_lazy("history", "Revoked by the authority"),
    "invite": pgettext_lazy("history", "Invited"),
    "take_seat": pgettext_lazy("history", "Seat taken"),
    "change_role": pgettext_lazy("history", "Role changed"),
    "confirm_seat": pgettext_lazy("history", "Seat confirmed"),
    "hand_over": pgettext_lazy("history", "Handed over"),
    "end_seat": pgettext_lazy("history", "Seat ended"),
    "ask_for_seat": pgettext_lazy("history", "Asked for a seat"),
    "pass_on_to_euroregion": pgettext_lazy("history", "Passed on to the Euroregion"),
    "pass_on_to_coordinators": pgettext_lazy("history", "Passed on to the coordinators"),
    "record_control": pgettext_lazy("history", "Message from the official address recorded"),
    "merge": pgettext_lazy("history", "Authorities merged"),
    "take_over": pgettext_lazy("history", "Authorities merged"),
    "profile": pgettext_lazy("history", "Profile changed"),
    "official_address": pgettext_lazy("history", "Official address changed"),
}

# In many languages “withdrawn” has the gender of what was withdrawn: such words are said for each kind of object.
LABELS_OF = {
    "network.membership": {
        "decline": pgettext_lazy("membership history", "Declined"),
        "withdraw": pgettext_lazy("membership history", "Withdrawn"),
        "sign": pgettext_lazy("membership history", "Signed"),
        "hold": pgettext_lazy("membership history", "On hold"),
        "expire": pgettext_lazy("membership history", "Expired"),
    },
    "network.memorandum": {
        "create": pgettext_lazy("memorandum history", "Begun"),
        "discard": pgettext_lazy("memorandum history", "Discarded"),
        "sign": pgettext_lazy("memorandum history", "Signed"),
        "renew": pgettext_lazy("memorandum history", "Renewed"),
        "expire": pgettext_lazy("memorandum history", "Expired"),
        "terminate": pgettext_lazy("memorandum history", "Terminated"),
    },
    "network.memorandumtemplate": {"create": pgettext_lazy("history", "Begun")},
    "network.representation": {
        "confirm": pgettext_lazy("representation history", "Confirmed"),
        "refuse": pgettext_lazy("representation history", "Not confirmed"),
        "expire": pgettext_lazy("representation history", "Expired"),
        "end": pgettext_lazy("representation history", "Ended"),
        "renew": pgettext_lazy("representation history", "Renewed"),
    },
    "network.seatinvitation": {"withdraw": pgettext_lazy("invitation history", "Withdrawn")},
    "network.seatrequest": {
        "accept": pgettext_lazy("seat request history", "Accepted"),
        "decline": pgettext_lazy("seat request history", "Declined"),
        "withdraw": pgettext_lazy("seat request history", "Withdrawn"),
    },
    "network.documentversion": {"publish": pgettext_lazy("document history", "Published")},
}


def label(event) -> str:
    """What happened, in words."""
    kind = ContentType.objects.get_for_id(event.content_type_id)
    own = LABELS_OF.get(f"{kind.app_label}.{kind.model}", {})
    return own.get(event.verb) or LABELS.get(event.verb) or event.verb.replace("_", " ").capitalize()


def entries(events, *, internal: bool = True) -> list[dict]:
    """Events for components/history, without or with those for coordinators only."""
    return history.entries((event for event in events if internal or not event.internal), label)


def origins(obj, verb: str) -> list[str]:
    """The states from which `verb` moves this kind of object."""
    table = MOVES[obj._meta.label_lower]
    return [
        before for (before, _after), verbs in table.items() if verb in ([verbs] if isinstance(verbs, str) else verbs)
    ]
