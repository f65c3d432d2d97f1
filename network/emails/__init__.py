"""The mails of the network, one module a subject: importing them registers their kinds (accounts.mail)."""

from . import documents, membership, memorandum, profile, relay, representation, seats

__all__ = ["MAILS", "OCCASIONS", "documents", "membership", "memorandum", "profile", "relay", "representation", "seats"]

# Read by docs/states.md and its test: model → verb → (who, kind of mail), and (occasion, who, kind) without a move.
MAILS = {
    "network.membership": membership.MAILS,
    "network.memorandum": memorandum.MAILS,
    "network.representation": representation.MAILS,
    "network.seatrequest": seats.MAILS,
}
OCCASIONS = {
    "network.membership": membership.OCCASIONS,
    "network.memorandum": memorandum.OCCASIONS,
    "network.representation": representation.OCCASIONS,
    "network.seatrequest": seats.OCCASIONS + profile.OCCASIONS,
    "network.documentversion": documents.OCCASIONS,
}
