"""Two at once, with real transactions: one outcome, the other is told."""

import threading

import pytest
from django.db import connection

from network.memorandum import signing
from network.memorandum.signing import Superseded
from network.models import Memorandum, MemorandumFile, Party, Signature
from tests import memoranda as made
from tests.factories import CoordinatorFactory, SeatFactory
from tests.jobs import forget
from tests.signatures import keep, person, ready, seen

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def countersigning(settings):
    settings.COUNTERSIGNING_PARTY, settings.COUNTERSIGNING_COUNTRY = made.PARTY, "BE"
    yield
    forget()


def at_once(*calls):
    """Do all of them in threads of their own, starting together; what each gave back or raised."""
    start, results = threading.Barrier(len(calls)), [None] * len(calls)

    def run(number, call):
        try:
            start.wait(timeout=10)
            results[number] = call()
        except Exception as error:
            results[number] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(calls)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    return results


def signs(party, user, saw, **more):
    more = {"name": user.name, "title": "Mayor", "method": "portal", "by": user, **saw, **more}
    return lambda: signing.sign(Party.objects.select_related("memorandum", "authority").get(pk=party.pk), **more)


def split(results):
    lost = [row for row in results if isinstance(row, Exception)]
    return [row for row in results if not isinstance(row, Exception)], lost


@pytest.mark.parametrize("_time", range(3))
def test_representative_and_deputy_sign_at_once(_time):
    memorandum = ready()
    first = memorandum.parties.first()
    deputy = SeatFactory(authority=first.authority, role="deputy").user
    saw = seen(memorandum)
    won, lost = split(at_once(signs(first, person(first), saw), signs(first, deputy, saw)))
    assert len(won) == 1 and [type(row) for row in lost] == [Superseded] and lost[0].why == "signed"
    assert Signature.objects.filter(party=first).count() == 1
    assert Memorandum.objects.get(pk=memorandum.pk).status == "signing"


@pytest.mark.parametrize("_time", range(3))
def test_a_signature_while_the_text_is_taken_back(_time):
    memorandum = ready()
    first = memorandum.parties.first()
    coordinator, saw = CoordinatorFactory(), seen(memorandum)
    results = at_once(
        signs(first, person(first), saw),
        lambda: Memorandum.objects.get(pk=memorandum.pk).take_back(by=coordinator),
    )
    after = Memorandum.objects.get(pk=memorandum.pk)
    assert after.status == "draft" and after.counting_signatures() == []
    signature, taken = results
    assert not isinstance(taken, Exception)
    # Either the signature came first, and was withdrawn with its text, or its signatory was told.
    if isinstance(signature, Exception):
        assert isinstance(signature, Superseded) and signature.why == "taken_back"
    after.parties.first().authority.membership.refresh_from_db()
    assert after.parties.first().authority.membership.status == "eligible"


def test_a_link_is_used_twice_at_once():
    memorandum = ready()
    first = memorandum.parties.first()
    said = {"name": "Ivo", "title": "Mayor", "email": "ivo@town.example", "language": "en"}
    link, saw = signing.send_link(first, by=person(first), **said), seen(memorandum)
    more = {"link": link, "by": None, "method": "link"}
    one, two = (signs(first, person(first), saw, **more) for _n in range(2))
    won, lost = split(at_once(one, two))
    assert len(won) == 1 and isinstance(lost[0], Superseded)
    link.refresh_from_db()
    assert link.used_at


def test_a_copy_is_accepted_while_the_party_signs_on_the_portal():
    memorandum = ready()
    first = memorandum.parties.first()
    said = {"signatory_name": "Ana", "signatory_title": "Mayor", "signed_on": memorandum.locked_at.date()}
    copy = keep(memorandum, "signed", b"%PDF scan", party=first, check_state="waiting", **said)
    coordinator, saw = CoordinatorFactory(), seen(memorandum)
    won, lost = split(
        at_once(
            signs(first, person(first), saw),
            lambda: MemorandumFile.objects.get(pk=copy.pk).accept_copy(by=coordinator),
        )
    )
    assert len(won) == 1 and isinstance(lost[0], Superseded)
    assert Signature.objects.filter(party=first).count() == 1
    copy.refresh_from_db()
    assert copy.check_state == ("accepted" if won[0].file_id else "refused")


def test_two_coordinators_decide_about_a_copy_at_once():
    memorandum = ready()
    first = memorandum.parties.first()
    said = {"signatory_name": "Ana", "signatory_title": "Mayor", "signed_on": memorandum.locked_at.date()}
    copy = keep(memorandum, "signed", b"%PDF scan", party=first, check_state="waiting", **said)
    one, two = CoordinatorFactory(), CoordinatorFactory()
    won, lost = split(
        at_once(
            lambda: MemorandumFile.objects.get(pk=copy.pk).accept_copy(by=one),
            lambda: MemorandumFile.objects.get(pk=copy.pk).refuse_copy(by=two, note="No", note_language="en"),
        )
    )
    assert len(won) == 1 and isinstance(lost[0], Superseded)


def test_two_representatives_ask_for_a_renewal_at_once():
    memorandum = ready()
    for party in memorandum.parties.all():
        signs(party, person(party), seen(memorandum))()
    user = person(memorandum.parties.first())
    ask = lambda: Memorandum.objects.get(pk=memorandum.pk).ask_renewal(by=user, replacing="renews")  # noqa: E731
    won, lost = split(at_once(ask, ask))
    assert len(won) == 1 and len(lost) == 1
    assert Memorandum.objects.filter(replaces=memorandum).count() == 1
