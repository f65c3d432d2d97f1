"""Mails about seats: asked for, offered, given, handed over, confirmed, ended."""

# verb → (who, kind of mail): read by docs/states.md and its test
MAILS = {
    "accept": [("who asked", "seat_given")],
    "decline": [("who asked", "seat_request_declined")],
}
# (occasion, who, kind of mail) without a change of state
OCCASIONS = [
    ("ask", "representatives", "seat_asked"),
    ("ask", "who asked", "seat_request_received"),
    ("five working days without an answer", "seats at the Euroregion", "seat_asked_escalated_euroregion"),
    ("still no answer, or no Euroregion", "coordinators", "seat_asked_escalated_coordinators"),
    ("invite", "the address given", "seat_invitation"),
    ("take a seat", "who took it", "seat_given"),
    ("hand over", "both, and the other representatives", "seat_handed_over"),
    ("once a year, and after 14 days", "everybody with a seat", "seat_reconfirm"),
    ("no confirmation", "other representatives, else coordinators", "seat_unconfirmed"),
    ("end", "the person, the other representatives", "seat_ended"),
    ("the last representative has gone", "official address of the authority", "authority_control_asked"),
    ("control recorded", "official address, the new representative, seats", "authority_control_recorded"),
]
