"""An authority objects: what the Euroregion confirmed for it no longer says so; a revocation changes nothing of the past."""

import json
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts import history, queues
from accounts.models import Event
from fiches import revision, submissions
from fiches.models import Fiche
from fiches.queues import objected
from network.representation import representing
from tests import factories as made
from translations import corpus

pytestmark = pytest.mark.django_db
CLAIM = "Confirmed by the authority"
TRUE = "Submitted by a person, not confirmed by the authority"


@pytest.fixture
def row():
    row = made.RepresentationFactory(authority__official_address="ured@zminj.example")
    made.MembershipFactory(authority=row.coordinator)
    history.record(row, "confirm")
    return row


@pytest.fixture
def elena(row):
    return made.MemberFactory(seat_at=row.coordinator, seat_at__role="representative", name="Elena Euroregion")


@pytest.fixture
def fiche(row, elena):
    return of(row, elena)


def of(row, person, **fields):
    return made.FicheFactory(authority=row.authority, on_behalf_of=row.authority, submitted_by=person, **fields)


def signed_in(user):
    client = Client()
    client.force_login(user)
    return client


def link(row):
    return reverse("network:object", args=[representing.objection_token(row)])


def vouched(fiche):
    return Fiche.objects.get(pk=fiche.pk).vouched


def badge(fiche):
    """What the public page says, to a stranger whose page may be kept."""
    page = Client().get(fiche.get_absolute_url()).content.decode()
    part = page.partition('id="vouched"')[2].partition("</section>")[0]
    assert (CLAIM in part) != (TRUE in part)
    return CLAIM if CLAIM in part else TRUE


# --- objection -------------------------------------------------------------------------------------------------------


def test_the_public_page_changes_at_once(row, fiche, settings):
    settings.CORPUS_VERSION_MAX_AGE = 0
    assert badge(fiche) == CLAIM
    before, changed = corpus.version(), Fiche.objects.get(pk=fiche.pk).changed_at
    Client().post(link(row), {"words": "Nobody asked us."})
    assert vouched(fiche) == "person" and corpus.version() > before
    assert badge(fiche) == TRUE
    event = Event.objects.of(fiche).last()
    assert (event.verb, event.by, event.on_behalf_of, event.internal) == ("object", None, row.authority, False)
    assert Fiche.objects.get(pk=fiche.pk).changed_at == event.at != changed
    page = Client().get(fiche.get_absolute_url()).content.decode()
    assert "No longer confirmed: the authority objected to being represented" in page
    Client().post(link(row))
    assert Event.objects.of(fiche).filter(verb="object").count() == 1  # a second click


def test_exports_and_lists_say_the_same(row, fiche):
    fiche.refresh_from_db()
    address = reverse("fiches:export_one", args=[fiche.pk, fiche.slug, "json"])
    assert json.loads(Client().get(address).content)["vouched"] == "authority"
    row.object()
    assert json.loads(Client().get(address).content)["vouched"] == "person"
    listed = b"".join(Client().get(reverse("fiches:export", args=["json"])).streaming_content).decode()
    assert '"vouched": "authority"' not in listed and fiche.reference in listed


def test_what_the_authority_did_itself_stays_confirmed(row, elena):
    own = made.MemberFactory(seat_at=row.authority)
    both = made.MemberFactory(seat_at=row.coordinator)
    made.SeatFactory(authority=row.authority, user=both, start=timezone.localdate() - timedelta(days=99))
    other = made.RepresentationFactory(authority=row.authority)
    olga = made.MemberFactory(seat_at=other.coordinator)
    confirmed = of(row, elena, vouched="person")
    submissions.confirm(confirmed)  # the link in the mail to its published address
    elsewhere = made.FicheFactory(submitted_by=elena)
    kept = [of(row, own), of(row, both), of(row, olga), confirmed, elsewhere]
    row.object()
    assert [vouched(fiche) for fiche in kept] == ["authority"] * 5
    assert not Event.objects.filter(verb="object").exclude(object_id=row.pk).exists()


def test_what_waits_or_is_archived_changes_too(row, elena):
    fiches = [of(row, elena, status=status) for status in ("submitted", "in_review", "archived", "changes_requested")]
    row.object()
    assert {vouched(fiche) for fiche in fiches} == {"person"}


def revised(fiche, by, coordinator, *, approve=True):
    copy, _new = revision.begin(Fiche.objects.get(pk=fiche.pk), by=by)
    copy.submit(by=by)
    copy.take(by=coordinator)
    return copy.approve(by=coordinator) if approve else copy


def test_a_revision_by_the_euroregion_of_what_the_authority_confirmed(row, elena):
    coordinator = made.CoordinatorFactory()
    fiche = of(row, made.MemberFactory(seat_at=row.authority))
    revised(fiche, elena, coordinator)
    assert vouched(fiche) == "authority"
    row.object()
    assert vouched(fiche) == "person" and fiche.versions.get().data["vouched"] == "authority"


def test_a_revision_by_the_authority_of_what_the_euroregion_confirmed(row, elena):
    fiche = of(row, elena)
    revised(fiche, made.MemberFactory(seat_at=row.authority), made.CoordinatorFactory())
    row.object()
    assert vouched(fiche) == "authority" and fiche.versions.get().data["vouched"] == "person"


def test_a_revision_that_waits_is_not_confirmed_when_it_is_approved(row, elena):
    coordinator = made.CoordinatorFactory()
    fiche = of(row, made.MemberFactory(seat_at=row.authority))
    copy = revised(fiche, elena, coordinator, approve=False)
    row.object()
    assert (vouched(fiche), vouched(copy)) == ("authority", "person")
    Fiche.objects.get(pk=copy.pk).approve(by=coordinator)
    assert vouched(fiche) == "person"


def test_coordinators_read_them_again(row, fiche):
    coordinator = made.CoordinatorFactory()
    client = signed_in(coordinator)

    def waiting():
        return next(w for w in queues.waiting_for(coordinator) if w.queue.name == "objected")

    review = reverse("admin:fiches_fiche_change", args=[fiche.pk])
    assert waiting().number == 0 and "objected to being represented" not in client.get(review).content.decode()
    row.object()
    assert waiting().number == 1
    assert fiche.reference in client.get(waiting().url).content.decode()
    assert "Read this fiche again" in client.get(review).content.decode()
    submissions.ask_confirmation(Fiche.objects.get(pk=fiche.pk), by=coordinator)
    assert waiting().number == 0  # the authority is asked; it may confirm it by the link
    submissions.confirm(Fiche.objects.get(pk=fiche.pk))
    assert vouched(fiche) == "authority"


def test_a_note_settles_it(row, fiche):
    coordinator = made.CoordinatorFactory()
    row.object()
    signed_in(coordinator).post(reverse("admin:fiches_fiche_add_note", args=[fiche.pk]), {"note": "It stays."})
    assert Event.objects.of(fiche).last().verb == "note" and not objected(coordinator).exists()


def test_it_may_object_after_the_end_too(row, fiche, elena):
    row.end_it(by=elena)
    assert vouched(fiche) == "authority"  # the Euroregion left, the authority has said nothing
    page = Client().get(link(row))
    assert page.status_code == 200 and b'name="words"' in page.content
    Client().post(link(row), {"words": "We never agreed."})
    assert vouched(fiche) == "person"
    assert Event.objects.of(row).last().note == "We never agreed."
    assert b'name="words"' not in Client().get(link(row)).content
    Client().post(link(row), {"words": "Again."})
    assert Event.objects.of(row).filter(verb="object").count() == 1


def test_a_claim_that_was_refused_needs_no_objection():
    row = made.RepresentationFactory(status="claimed")
    row.refuse(by=made.CoordinatorFactory())
    assert not representing.can_be_objected_to(row)


# --- revocation ------------------------------------------------------------------------------------------------------


def test_a_revocation_changes_nothing_of_what_was_confirmed(row, fiche):
    rita = made.MemberFactory(seat_at=row.authority, seat_at__role="representative")
    here = reverse("network:representation", args=[row.authority.slug])
    signed_in(rita).post(here, {"representation": row.pk, "then": "revoke", "words": "Thank you."})
    row.refresh_from_db()
    assert row.status == "ended" and vouched(fiche) == "authority" and badge(fiche) == CLAIM
    assert not Event.objects.of(fiche).filter(verb="object").exists()


def test_a_representative_objects_on_the_page(row, fiche, elena):
    rita = made.MemberFactory(seat_at=row.authority, seat_at__role="representative")
    writer = made.MemberFactory(seat_at=row.authority)
    here, data = (
        reverse("network:representation", args=[row.authority.slug]),
        {"representation": row.pk, "then": "object"},
    )
    assert signed_in(writer).post(here, data).status_code == 403
    assert signed_in(elena).post(here, data).status_code == 403
    assert b'value="object"' not in signed_in(writer).get(here).content
    assert b'value="object"' in signed_in(rita).get(here).content
    assert vouched(fiche) == "authority"
    assert signed_in(rita).post(here, data).status_code == 302
    row.refresh_from_db()
    assert row.status == "ended" and vouched(fiche) == "person"
    assert {event.by for event in Event.objects.filter(verb="object")} == {rita}
