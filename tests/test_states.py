"""docs/states.md says what the code does: every transition, its verb, and the mails that follow."""

import pytest
from django.core.management import call_command
from django.utils import timezone

from accounts.history import LostRace
from accounts.models import Event, Notification, ProblemReport
from clavet import states
from fiches.models import Fiche
from tests import factories as made

pytestmark = pytest.mark.django_db
FICHE = states.VERBS["fiches.fiche"]


def test_the_document_is_current():
    call_command("states", "--check")


def test_every_transition_of_a_fiche_has_a_verb():
    assert set(FICHE) == {(before, after) for before, after, _verb in states.moves(Fiche)}


def test_every_mail_named_is_written():
    assert not states.unknown_kinds()


def do(fiche, verb):
    author = verb in ("submit", "withdraw", "reopen")
    return getattr(fiche, verb)(by=fiche.submitted_by if author else made.CoordinatorFactory())


@pytest.mark.parametrize(("before", "after"), FICHE)
def test_a_verb_makes_its_move_and_tells_whom_the_table_names(before, after):
    fiche = made.FicheFactory(status=before)
    made.SeatFactory(authority=fiche.authority, role="representative")
    if before == "in_review":
        Fiche.objects.filter(pk=fiche.pk).update(read_by=made.CoordinatorFactory(), read_since=timezone.now())
    do(Fiche.objects.get(pk=fiche.pk), FICHE[before, after])
    event = Event.objects.of(fiche).last()
    assert (event.verb, event.from_state, event.to_state) == (FICHE[before, after], before, after)
    kinds = set(Notification.objects.values_list("kind", flat=True))
    assert kinds == {kind for _who, kind in states.TOLD["fiches.fiche"].get(event.verb, [])}


@pytest.mark.parametrize("status", Fiche.Status.values)
def test_no_verb_leads_where_the_table_does_not(status):
    for verb in set(FICHE.values()):
        targets = {after for (before, after), name in FICHE.items() if name == verb and before == status}
        fiche = made.FicheFactory(status=status)
        if targets or (verb == "take" and status == "in_review"):  # taking over is no move
            continue
        with pytest.raises(LostRace):
            do(Fiche.objects.get(pk=fiche.pk), verb)
        assert Fiche.objects.get(pk=fiche.pk).status == status


@pytest.mark.parametrize(("before", "after"), states.VERBS["accounts.problemreport"])
def test_a_report_is_closed_once(before, after):
    report = ProblemReport.objects.create(
        path="/en/", kind="content", text="Wrong.", email="x@people.example", language="it"
    )
    stale = ProblemReport.objects.get(pk=report.pk)
    report.close(after, by=made.CoordinatorFactory(), answer="Corretto.", answer_language="it")
    assert Event.objects.of(report).get().verb == states.VERBS["accounts.problemreport"][before, after]
    with pytest.raises(LostRace):
        stale.close("dismissed", by=made.CoordinatorFactory())
    assert Notification.objects.get(address="x@people.example").kind == "report_resolved"
