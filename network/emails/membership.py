"""Mails about applications, membership and reports."""

# verb → (who, kind of mail): read by docs/states.md and its test
MAILS = {
    "apply": [("applicant, and whom the application names", "membership_received")],
    "approve": [("applicant, and whom the application names", "membership_eligible")],
    "decline": [("applicant, and whom the application names", "membership_declined")],
    "activate": [("representatives and applicant", "membership_active")],
    "hold": [("representatives, and the Euroregion with the scope “reports”", "membership_on_hold")],
    "resume": [("representatives", "membership_active_again")],
    "withdraw": [("everybody with a seat, other parties", "membership_withdrawn")],
    "expire": [("representatives, official address", "membership_expired")],
}
# (occasion, who, kind of mail) without a change of state
OCCASIONS = [
    (
        "60 and 14 days before a report is due",
        "representatives, and the Euroregion with the scope “reports”",
        "report_due",
    )
]
