"""Mails about representation: claimed, confirmed, granted, objected to, ended."""

# verb → (who, kind of mail): read by docs/states.md and its test
MAILS = {
    "confirm": [
        ("representatives of the Euroregion", "representation_confirmed"),
        ("official address of the authority", "representation_confirmed_official"),
    ],
    "refuse": [("representatives of the Euroregion", "representation_refused")],
    "grant": [("representatives of the Euroregion and of the authority", "representation_granted")],
    "take_back_scopes": [("representatives of the Euroregion and of the authority", "representation_granted")],
    "object": [
        ("representatives of the Euroregion, coordinators", "representation_objected"),
        ("official address of the authority", "representation_objection_received"),
    ],
    "revoke": [("representatives of the Euroregion and of the authority", "representation_revoked")],
}
# (occasion, who, kind of mail) without a change of state
OCCASIONS = [
    ("claim", "representatives of the Euroregion", "representation_claimed"),
    ("ask for more scopes", "representatives of the authority", "representation_grant_asked"),
    ("30 days before its end", "representatives of the Euroregion", "representation_expires"),
]
