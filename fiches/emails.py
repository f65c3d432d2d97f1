"""Who is told what after each move of a fiche, and the mails themselves."""

from accounts import notifications

# verb → (who, kind of mail): read by docs/states.md and its test
MAILS = {
    "submit": [("author", "fiche_received")],
    "approve": [("author", "fiche_published"), ("authority", "fiche_published_of_authority")],
    "request_changes": [("author", "fiche_changes_requested")],
    "reject": [("author", "fiche_rejected")],
    "archive": [("author", "fiche_archived"), ("authority", "fiche_archived_of_authority")],
}


def after(event, fiche) -> None:
    """Queue the mails of a move, in its transaction."""
    for who, kind in MAILS.get(event.verb, ()):
        for recipient in RECIPIENTS[who](fiche):
            notifications.tell(kind, fiche, recipient=recipient, key=f"event:{event.pk}", data={"event": event.pk})


def author(fiche):
    return [fiche.submitted_by] if fiche.submitted_by else []


def authority(fiche):
    """The representatives of its authority, other than the author."""
    if not fiche.authority_id:
        return []
    seats = fiche.authority.seats.current().filter(role__in=["representative", "deputy"]).select_related("user")
    return [seat.user for seat in seats if seat.user_id != fiche.submitted_by_id]


RECIPIENTS = {"author": author, "authority": authority}
