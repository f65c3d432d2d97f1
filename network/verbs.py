"""The verbs of the network: between which states each moves its object, and what the history says."""

from django.utils.translation import pgettext_lazy

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

# What Events of the network are called in a history, without and with a change of state.
LABELS = {
    "apply": pgettext_lazy("history", "Applied"),
    "approve": pgettext_lazy("history", "Application approved"),
    "decline": pgettext_lazy("history", "Declined"),
    "withdraw": pgettext_lazy("history", "Withdrawn"),
    "cancel": pgettext_lazy("history", "Application withdrawn"),
    "send_memorandum": pgettext_lazy("history", "Memorandum sent"),
    "take_back_memorandum": pgettext_lazy("history", "Text of the memorandum taken back"),
    "sign": pgettext_lazy("history", "Signed"),
    "activate": pgettext_lazy("history", "Membership active"),
    "hold": pgettext_lazy("history", "On hold"),
    "resume": pgettext_lazy("history", "Active again"),
    "expire": pgettext_lazy("history", "Expired"),
    "lock": pgettext_lazy("history", "Text locked"),
    "discard": pgettext_lazy("history", "Discarded"),
    "take_back": pgettext_lazy("history", "Text taken back"),
    "take_force": pgettext_lazy("history", "In force"),
    "call_review": pgettext_lazy("history", "Review due"),
    "review": pgettext_lazy("history", "Review noted"),
    "renew": pgettext_lazy("history", "Renewed"),
    "terminate": pgettext_lazy("history", "Terminated"),
    "send_link": pgettext_lazy("history", "Link to sign sent"),
    "withdraw_link": pgettext_lazy("history", "Link to sign withdrawn"),
    "upload_copy": pgettext_lazy("history", "Signed PDF uploaded"),
    "refuse_copy": pgettext_lazy("history", "Signed PDF not accepted"),
    "leave": pgettext_lazy("history", "A party leaves"),
    "ask_renewal": pgettext_lazy("history", "Renewal asked for"),
    "create": pgettext_lazy("history", "Begun"),
    "claim": pgettext_lazy("history", "Claimed by the Euroregion"),
    "ask": pgettext_lazy("history", "More scopes asked for"),
    "give_address": pgettext_lazy("history", "Official address given"),
    "decline_scopes": pgettext_lazy("history", "No further scopes given"),
    "confirm": pgettext_lazy("history", "Confirmed"),
    "refuse": pgettext_lazy("history", "Not confirmed"),
    "grant": pgettext_lazy("history", "Granted by the authority"),
    "take_back_scopes": pgettext_lazy("history", "Scopes taken back"),
    "object": pgettext_lazy("history", "The authority objected"),
    "revoke": pgettext_lazy("history", "Revoked by the authority"),
    "end": pgettext_lazy("history", "Ended"),
    "accept": pgettext_lazy("history", "Accepted"),
    "profile": pgettext_lazy("history", "Profile changed"),
    "official_address": pgettext_lazy("history", "Official address changed"),
    "publish": pgettext_lazy("history", "Published"),
}


def origins(obj, verb: str) -> list[str]:
    """The states from which `verb` moves this kind of object."""
    table = MOVES[obj._meta.label_lower]
    return [
        before for (before, _after), verbs in table.items() if verb in ([verbs] if isinstance(verbs, str) else verbs)
    ]
