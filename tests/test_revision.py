"""Revisions: a copy that readers do not see, at most one, and what its approval leaves behind."""

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from accounts.history import LostRace
from accounts.models import Event
from fiches import derived, revision
from fiches.models import Fiche
from fiches.texts import section_texts
from tests.browserless import send
from tests.factories import (
    AuthorityFactory,
    CoordinatorFactory,
    FicheFactory,
    MemberFactory,
    ResultFactory,
    UserFactory,
)
from translations.models import Edition
from translations.release import release

pytestmark = pytest.mark.django_db


@pytest.fixture
def fiche():
    return FicheFactory(results=True, sources=True, tags=["evening school"], authority=AuthorityFactory())


@pytest.fixture
def copy(fiche):
    return revision.begin(fiche, by=fiche.submitted_by)[0]


def approved(copy):
    coordinator = CoordinatorFactory()
    copy.submit(by=copy.submitted_by)
    copy.take(by=coordinator)
    return copy.approve(by=coordinator)


def test_a_revision_holds_the_source_text_and_facts_and_has_no_address(fiche, copy):
    assert (copy.revises, copy.reference, copy.slug, copy.status) == (fiche, None, None, "draft")
    assert copy.source("title") == fiche.source("title") and copy.start_year == fiche.start_year
    assert section_texts(copy) == section_texts(fiche)
    assert list(copy.themes.all()) == list(fiche.themes.all()) and list(copy.tags.names()) == ["evening school"]
    assert copy.results.get().value == 9 and copy.sources.count() == 1
    assert not copy.editions.exists()


def test_the_second_is_led_to_the_first(client, fiche, copy):
    colleague = MemberFactory(seat_at=fiche.authority)
    assert revision.begin(fiche, by=colleague) == (copy, False)
    client.force_login(colleague)
    response = client.post(reverse("fiches:revise", args=[fiche.pk]))
    assert response["Location"] == reverse("fiches:edit", args=[copy.pk])
    assert client.get(response["Location"], follow=True).status_code == 200
    with pytest.raises(IntegrityError), transaction.atomic():
        Fiche.objects.create(kind=fiche.kind, source_language="en", revises=fiche)


def test_outsiders_see_no_revision(client, fiche, copy):
    assert copy not in Fiche.objects.visible_to(None)
    for user in (UserFactory(), MemberFactory()):
        assert copy not in Fiche.objects.visible_to(user)
        client.force_login(user)
        assert client.get(reverse("fiches:preview", args=[copy.pk])).status_code == 404
        assert client.post(reverse("fiches:revise", args=[fiche.pk])).status_code == 403


def test_only_source_text_and_facts_are_offered(client, copy):
    client.force_login(copy.submitted_by)
    assert client.get(reverse("fiches:edit", args=[copy.pk, "languages"])).status_code == 404
    page = client.get(reverse("fiches:edit", args=[copy.pk, "basics"]))
    assert not {"authority", "on_behalf_of"} & set(page.context["form"].fields)


def test_approval_changes_the_published_fiche_and_keeps_the_old_state(client, fiche):
    release(fiche, "fr", {key: f"fr {key}" for key in fiche.source_texts()}, method="human")
    problem = fiche.sections.get(name="problem")
    copy, _begun = revision.begin(fiche, by=fiche.submitted_by)
    client.force_login(fiche.submitted_by)
    url = reverse("fiches:edit", args=[copy.pk, "basics"])
    assert send(client, url, "writing", title="A better title", start_year="2018").status_code == 302
    send(client, reverse("fiches:edit", args=[copy.pk, "story"]), "writing", problem="Said better.")
    row = {"results-1-indicator": "Graduates", "results-1-value": "40"}
    assert send(client, reverse("fiches:edit", args=[copy.pk, "results"]), "writing", **row).status_code == 302
    assert Fiche.objects.get(pk=fiche.pk).title_en == fiche.title_en
    before = Fiche.objects.get(pk=fiche.pk)
    approved(Fiche.objects.get(pk=copy.pk))

    now = Fiche.objects.get(pk=fiche.pk)
    assert (now.slug, now.reference, now.published_at) == (before.slug, before.reference, before.published_at)
    assert (now.title_en, now.start_year, now.title_fr) == ("A better title", 2018, "fr title")
    assert now.sections.get(name="problem").pk == problem.pk and section_texts(now)["problem", 1] == "Said better."
    assert [result.value for result in now.results.all()] == [9, 40]
    assert now.results.first().pk == fiche.results.first().pk and now.results.first().indicator_fr
    assert not Fiche.objects.filter(revises=fiche).exists()
    french = now.editions.get(language="fr")
    assert (french.state, french.outdated, french.title) == (Edition.State.OWN, True, "fr title")
    assert now.editions.get(language="en").title == "A better title"

    version = now.versions.get()
    assert version.data["title_en"] == before.title_en and version.data["title_fr"] == "fr title"
    assert {"sections", "results", "sources", "attachments", "themes"} <= set(version.data)
    assert Event.objects.of(now).filter(verb="revise", internal=False).count() == 1
    computed = derived.values(now)
    assert computed["published_at"] == derived.values(before)["published_at"]


def test_the_history_of_the_copy_is_kept_for_coordinators(fiche, copy):
    approved(copy)
    kept = Event.objects.of(fiche).filter(verb__startswith="revision_")
    assert {event.verb for event in kept} == {"revision_create", "revision_submit", "revision_take"}
    assert all(event.internal and not event.to_state for event in kept)


def test_a_section_taken_out_and_a_file_shared(fiche):
    copy, _begun = revision.begin(fiche, by=fiche.submitted_by)
    copy.results.all().delete()
    approved(copy)
    assert not fiche.results.exists() and fiche.sources.count() == 1


def test_the_authority_does_not_confirm_a_text_that_it_has_not_seen(fiche, copy):
    Fiche.objects.filter(pk=fiche.pk).update(vouched="authority")
    approved(copy)
    assert Fiche.objects.get(pk=fiche.pk).vouched == "person"


def test_rows_that_are_alike_are_neither_lost_nor_doubled():
    fiche = FicheFactory(results=True)
    ResultFactory(fiche=fiche, position=fiche.results.get().position, value=77)
    copy, _begun = revision.begin(fiche, by=fiche.submitted_by)
    copy.results.get(value=77).delete()
    approved(copy)
    assert [row.value for row in fiche.results.all()] == [9]


@pytest.mark.parametrize("emptied", ["", "  \n"])
def test_a_text_that_was_emptied_is_shown_in_no_language(client, emptied):
    fiche = FicheFactory(sections={"problem": "A problem.", "context": "Names Ada."}, results=[{"note": "Says Ada."}])
    fiche.budget_note_en = "Paid by Ada."
    fiche.save()
    french = {key: f"français Ada {key}" for key in fiche.for_editions().source_texts()}
    release(fiche, "fr", french, method="human")
    copy, _begun = revision.begin(Fiche.objects.get(pk=fiche.pk), by=fiche.submitted_by)
    copy.sections.filter(name="context").update(text_en=emptied)
    copy.results.update(note_en=emptied)
    Fiche._base_manager.filter(pk=copy.pk).update(budget_note_en=emptied)
    approved(Fiche.objects.get(pk=copy.pk))
    fiche = Fiche.objects.get(pk=fiche.pk)
    assert not fiche.sections.get(name="context").text_fr and not fiche.results.get().note_fr
    assert not fiche.budget_note_fr and fiche.sections.get(name="problem").text_fr
    shown = fiche.editions.get(language="fr")
    for key in french:
        gone = not fiche.source_texts().get(key, "").strip()
        assert (french[key] in shown.body_html + shown.plain + shown.title + shown.summary) != gone, key


def test_approved_twice_is_a_lost_race(copy):
    same = Fiche.objects.get(pk=copy.pk)
    approved(copy)
    with pytest.raises(LostRace):
        same.approve(by=CoordinatorFactory())


def test_nobody_moderates_the_revision_of_their_own_fiche(fiche, copy):
    author_too = CoordinatorFactory()
    fiche.submitted_by = author_too
    fiche.save()
    copy.submit(by=copy.submitted_by)
    assert not Fiche.objects.get(pk=copy.pk).can_be_moderated_by(author_too)


def test_a_revision_thrown_away_leaves_the_fiche(client, fiche, copy):
    client.force_login(copy.submitted_by)
    response = client.post(reverse("fiches:delete", args=[copy.pk]))
    assert response["Location"] == fiche.get_absolute_url()
    assert Fiche.objects.get(pk=fiche.pk).status == "published" and not fiche.revisions.exists()
