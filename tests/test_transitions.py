"""Random walks through the life of a fiche: no way to publication without a coordinator, an Event for every change."""

from itertools import pairwise

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.history import LostRace
from accounts.models import Event
from fiches.models import Fiche
from tests.browserless import fields
from tests.factories import CoordinatorFactory, FicheFactory, MemberFactory

VERBS = ("submit", "withdraw", "reopen", "take", "approve", "request_changes", "reject", "archive", "restore")
PAGES = ("withdraw", "reopen", "delete", "revise")
WALK = {"max_examples": 25, "deadline": None, "suppress_health_check": [HealthCheck.function_scoped_fixture]}


@pytest.mark.django_db(transaction=False)
@settings(**WALK)
@given(steps=st.lists(st.sampled_from(VERBS), max_size=12))
def test_verbs_follow_the_table_and_leave_events(db, steps):
    fiche = FicheFactory(status="draft", editions=False)
    people = {"author": fiche.submitted_by, "coordinator": CoordinatorFactory()}
    states = ["draft"]
    for verb in steps:
        by = people["author" if verb in ("submit", "withdraw", "reopen") else "coordinator"]
        before = Fiche.objects.get(pk=fiche.pk)
        try:
            getattr(before, verb)(by=by)
        except LostRace:
            assert Fiche.objects.get(pk=fiche.pk).status == states[-1]
            continue
        after = Fiche.objects.get(pk=fiche.pk).status
        if after != states[-1]:
            assert after in Fiche.TRANSITIONS[states[-1]]
            states.append(after)
    moves = [(event.from_state, event.to_state) for event in Event.objects.of(fiche) if event.to_state]
    assert moves == list(pairwise(states))
    if "published" in states:
        assert Event.objects.of(fiche).filter(verb="approve", by=people["coordinator"]).exists()


def _click(client, fiche, action):
    """What a person can do with the pages of a fiche; whatever is not allowed answers 403, 404 or 409, never 500."""
    if action in PAGES:
        return client.post(reverse(f"fiches:{action}", args=[fiche.pk]))
    url = reverse("fiches:edit", args=[fiche.pk, "check"])
    page = client.get(url)
    typed = {"consent": "on", "then": "submit", "status": "published", "licence": "cc_by_4"}
    return client.post(url, (fields(page, "writing") if page.status_code == 200 else {}) | typed)


@pytest.mark.django_db(transaction=False)
@settings(**WALK | {"max_examples": 12})
@given(
    start=st.sampled_from(["draft", "submitted", "changes_requested", "rejected"]),
    clicks=st.lists(
        st.tuples(st.sampled_from(["author", "colleague", "stranger"]), st.sampled_from(("submit", *PAGES))), max_size=6
    ),
)
def test_no_click_of_authors_and_strangers_publishes(db, start, clicks):
    fiche = FicheFactory(status=start, editions=False)
    clients = {"author": Client(), "colleague": Client(), "stranger": Client()}
    clients["author"].force_login(fiche.submitted_by)
    clients["colleague"].force_login(MemberFactory(seat_at=fiche.authority))
    clients["stranger"].force_login(MemberFactory())
    for who, action in clicks:
        before = Fiche.objects.filter(pk=fiche.pk).values_list("status", flat=True).first()
        response = _click(clients[who], fiche, action)
        assert response.status_code < 500
        now = Fiche.objects.filter(pk=fiche.pk).values_list("status", flat=True).first()
        assert now not in ("published", "in_review", "archived")
        if who != "author":
            assert now == before and response.status_code in (403, 404)
        if now is None:
            return
        if now != before:
            event = Event.objects.of(fiche).last()
            assert (event.from_state, event.to_state, event.by) == (before, now, fiche.submitted_by)
