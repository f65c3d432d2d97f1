"""Mails about memoranda: ready, to sign, signed, in force, review, end."""

# verb → (who, kind of mail): read by docs/states.md and its test
MAILS = {
    "lock": [
        ("representatives of all parties", "memorandum_ready"),
        ("representatives of the party whose turn it is", "memorandum_your_turn"),
    ],
    "sign": [
        ("representatives of all parties", "memorandum_party_signed"),
        ("representatives of the party whose turn it is", "memorandum_your_turn"),
    ],
    "take_back": [("representatives of all parties", "memorandum_text_withdrawn")],
    "take_force": [("representatives of all parties, signatories", "memorandum_in_force")],
    "call_review": [("representatives of all parties", "memorandum_review_due")],
    "expire": [("representatives of the other parties", "memorandum_expired")],
    "terminate": [("representatives of all parties", "memorandum_terminated")],
}
# (occasion, who, kind of mail) without a change of state
OCCASIONS = [
    ("send_link", "the named signatory", "memorandum_sign_link"),
    ("upload a signed copy", "representatives of the party", "memorandum_upload_received"),
    ("refuse a signed copy", "representatives of the party", "memorandum_upload_refused"),
    ("leave", "representatives of all parties", "memorandum_terminated"),
    ("180 days before the end", "representatives of all parties", "memorandum_ends_180"),
    ("90 days before the end, no renewal begun", "representatives of all parties", "memorandum_ends_90"),
    ("30 days before the end, no renewal signed", "representatives of all parties, coordinators", "memorandum_ends_30"),
]
