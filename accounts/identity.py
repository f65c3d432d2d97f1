"""Who is there, asked once more right before something that cannot be undone."""

import time

from allauth.account import app_settings
from allauth.account.internal.flows import reauthentication
from allauth.account.internal.flows.login import get_authentication_records
from django.urls import reverse

PAGES = {"mfa": "mfa_reauthenticate", "password": "account_reauthenticate"}


def way(user) -> str:
    """How this person proves who they are: mfa where it is set up, else password; provider where there is neither."""
    flows = {flow["id"] for flow in reauthentication.get_reauthentication_flows(user)}
    return "mfa" if "mfa_reauthenticate" in flows else "password" if flows else "provider"


def proof(request) -> str:
    """The way in which this person has proved it within the last minutes; empty if they have not."""
    wanted = way(request.user)
    if wanted == "provider":
        return wanted  # the only proof was the sign-in itself
    records = get_authentication_records(request, request.user)
    given = [row for row in records if row.get("reauthenticated") and row.get("method") == wanted]
    fresh = given and time.time() - given[-1]["at"] < app_settings.REAUTHENTICATION_TIMEOUT
    return wanted if fresh else ""


def ask(request):
    """Lead to the page that asks; what was sent is carried out afterwards."""
    request.META["QUERY_STRING"] = ""  # allauth carries out only what was sent to an address without a query
    return reauthentication.suspend_request(request, reverse(PAGES[way(request.user)]))
