"""Earlier versions of a fiche and what changed between them: complete, readable, and never more than is shown today."""

import re
import time

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse
from django.utils import translation

from accounts.models import Event
from fiches import revision, versions
from fiches.models import Attachment, Fiche
from tests.factories import (
    AuthorityFactory,
    CoordinatorFactory,
    FicheFactory,
    MemberFactory,
    RegionFactory,
    SourceFactory,
    UserFactory,
)
from translations import editions
from translations.comparison import blocks
from translations.release import release

pytestmark = pytest.mark.django_db


def address(name, fiche, *more, **query):
    url = reverse(f"fiches:{name}", args=[fiche.pk, fiche.slug, *more])
    return f"{url}?{'&'.join(f'{key}={value}' for key, value in query.items())}" if query else url


def revise(fiche, sections=None, **columns):
    """Revise as its author, approve as a coordinator; returns the published fiche anew."""
    copy, _begun = revision.begin(Fiche.objects.get(pk=fiche.pk), by=fiche.submitted_by)
    Fiche._base_manager.filter(pk=copy.pk).update(**columns)
    for (name, position), text in (sections or {}).items():
        column = {f"text_{fiche.source_language}": text}
        copy.sections.update_or_create(name=name, position=position, defaults=column)
    copy.submit(by=fiche.submitted_by)
    coordinator = CoordinatorFactory()
    copy = Fiche.objects.get(pk=copy.pk)
    copy.take(by=coordinator)
    copy.approve(by=coordinator)
    return Fiche.objects.get(pk=fiche.pk)


@pytest.fixture
def fiche():
    """Revised once: title, one section, one fact; with a French translation of the first state."""
    first = FicheFactory(
        title="Evening school",
        sections={"problem": "Adults left early.\n\nNobody called them.", "actions": "We **asked** them."},
        authority=AuthorityFactory(name="Municipality of Sample"),
        results=True,
        sources=True,
        tags=["night classes"],
    )
    french = {key: f"français {key}" for key in first.source_texts()}
    release(first, "fr", french | {"title": "École du soir"}, method="machine", engine="Motor")
    changed = {("problem", 1): "Adults left too early.\n\nNobody called them.", ("context", 1): "A small town."}
    return revise(first, changed, title_en="Evening college", start_year=2018)


def test_the_list_tells_when_what_and_who_vouched_and_names_nobody(client, fiche):
    page = client.get(address("versions", fiche)).content.decode()
    assert "Version 1" in page and "Version 2" in page and "Current text" in page
    assert "title or summary, 2 sections, 1 fact" in page
    assert "Confirmed by the authority" in page
    assert fiche.submitted_by.name not in page and "coordinator" not in page.split("<main")[1].split("</main")[0]
    assert "noindex" in page


def test_an_old_version_reads_as_it_was_and_says_so(client, fiche):
    page = client.get(address("version", fiche, 1)).content.decode()
    assert "This is version 1, replaced on" in page and fiche.get_absolute_url() in page
    assert "<h1 >Evening school</h1>" in page and "Adults left early." in page and "too early" not in page
    assert "We <strong>asked</strong> them." in page and "since 2019" in page
    assert "Municipality of Sample" in page and "night classes" in page and "Annual report" in page
    assert "14% → 9%" in page and "Adult learning" in page
    assert 'name="robots" content="noindex"' in page
    assert f'rel="canonical" href="http://testserver{fiche.get_absolute_url()}"' in page


def test_an_old_version_in_another_language_says_how_it_was_translated(client, fiche):
    with translation.override("fr"):
        page = client.get(address("version", fiche, 1)).content.decode()
    assert "École du soir" in page and "Motor" in page and "français section" in page
    with translation.override("el"):
        page = client.get(address("version", fiche, 1)).content.decode()
    assert '<h1 lang="en">Evening school</h1>' in page and 'class="language-notice"' in page


def test_a_version_kept_before_provenance_was_kept_is_still_readable(client, fiche):
    row = fiche.versions.get()
    del row.data["translations"]
    for section in row.data["sections"]:
        texts = [key for key in section if key.startswith("text_")]
        section |= {"text": section["text_en"]}
        for key in texts:
            del section[key]
    row.save()
    assert "Adults left early." in client.get(address("version", fiche, 1)).content.decode()
    with translation.override("fr"):
        assert "École du soir" in client.get(address("version", fiche, 1)).content.decode()


def test_a_version_is_made_anew_without_loss(fiche):
    old = versions.of(fiche, None)[1].fiche
    assert old.title_fr == "École du soir" and not old.budget_note_en and old.staff_fte == 2
    assert old.sections.get_queryset()._result_cache is not None
    assert {row.text_fr for row in old.sections.all()} == {
        f"français section:{row.pk}:text" for row in old.sections.all()
    }
    assert [row.value for row in old.results.all()] == [9] and old.results.all()[0].indicator_fr
    assert old.start_year == 2019 and old.target_groups == ["adults"]


@pytest.mark.parametrize(("number", "status"), [(0, 404), (2, 302), (3, 404), (10**30, 404)])
def test_other_numbers(client, fiche, number, status):
    assert client.get(address("version", fiche, number)).status_code == status


def test_another_slug_leads_to_the_right_one(client, fiche):
    url = reverse("fiches:changes", args=[fiche.pk, "old-slug"])
    assert client.get(f"{url}?from=1&to=2")["Location"] == address("changes", fiche, **{"from": 1, "to": 2})


def test_what_changed_is_marked_word_by_word_and_the_rest_folded(client, fiche):
    page = client.get(address("changes", fiche)).content.decode()
    assert "school</del>" in page and "college</ins>" in page and "too</ins>" in page
    assert "1 paragraph unchanged" in page and "parts unchanged" in page
    assert "2019</del>" in page and "2018</ins>" in page and ">Start" in page.replace("\n", "").replace("  ", "")
    assert "removed: </span>" in page and "added: </span>" in page
    swapped = client.get(address("changes", fiche, **{"from": 2, "to": 1})).content.decode()
    assert "college</ins>" in swapped


def test_in_a_language_that_both_have(client, fiche):
    release(fiche, "fr", {"title": "Collège du soir"}, method="human")
    page = client.get(address("changes", fiche, language="fr")).content.decode()
    assert "École</del>" in page and "Collège</ins>" in page and 'lang="fr"' in page
    page = client.get(address("changes", fiche, language="tr")).content.decode()
    assert "Not both versions have a text in Turkish" in page and "college</ins>" in page


@pytest.mark.parametrize(
    "query", [{"from": "x"}, {"from": 1, "to": 99}, {"from": 1, "to": 1}, {"to": -1}, {"from": 10**30}, {"from": "%00"}]
)
def test_versions_that_do_not_exist_are_told(client, fiche, query):
    response = client.get(address("changes", fiche, **query))
    page = response.content.decode()
    assert response.status_code == 404 and "notice-problem" in page and '<select id="from"' in page


def test_a_fiche_of_one_version(client):
    fiche = FicheFactory()
    assert "only one version" in client.get(address("changes", fiche)).content.decode()
    assert client.get(address("versions", fiche)).status_code == 200
    assert "Versions and changes" not in client.get(fiche.get_absolute_url()).content.decode()


def test_the_page_links_to_its_versions_when_there_are_two(client, fiche):
    assert address("versions", fiche) in client.get(fiche.get_absolute_url()).content.decode()


def test_rows_that_came_went_and_moved():
    fiche = FicheFactory(kind="practical_example", sources=True)
    steps = {("step", 1): "Get the list.", ("step", 2): "Ring.", ("step", 3): "Visit."}
    fiche = revise(fiche, steps)
    copy, _begun = revision.begin(fiche, by=fiche.submitted_by)
    copy.sources.all().delete()
    fiche = revise(fiche, {("step", 1): "Visit.", ("step", 2): "Get the list.", ("step", 3): "Write."})
    now, before, _first = versions.of(fiche, None)
    found = {row["label"]: row for row in versions.differences(before.fiche, now.fiche, "en")["changed"]}
    assert found["Three steps (1)"]["moved"] == "before: Three steps (3)" and found["Three steps (1)"]["how"] == "moved"
    assert found["Three steps (2)"]["how"] == "moved"
    assert "Ring" in found["Three steps (3)"]["blocks"][0]["left"] and found["Three steps (3)"]["how"] == "changed"
    assert found["Sources"]["how"] == "removed"
    assert now.changes == "sources, 3 sections"


def test_long_texts_are_compared_in_time():
    words = [f"word{n % 700}" for n in range(8000)]
    changed = [word if n % 40 else "new" for n, word in enumerate(words)]
    lines = "\n".join(words), "\n".join(changed)
    start = time.process_time()
    blocks(" ".join(words), " ".join(changed))
    blocks(*lines)
    blocks("a " * 25_000, "b " + "a " * 25_000)
    assert time.process_time() - start < 3


def test_the_number_of_statements_does_not_grow(client, fiche, django_assert_max_num_queries):
    fiche = revise(fiche, {("problem", 1): "Once more."}, region=RegionFactory())
    fiche = revise(fiche, {("problem", 1): "And again."})
    client.get(address("changes", fiche))
    for url in (address("versions", fiche), address("version", fiche, 2), address("changes", fiche)):
        with django_assert_max_num_queries(15):
            assert client.get(url).status_code == 200


# --- who may see what ------------------------------------------------------------------------------------------


def test_with_the_fiche_its_versions_are_gone(client, fiche):
    stranger = [address("versions", fiche), address("version", fiche, 1), address("changes", fiche)]
    fiche.archive(by=CoordinatorFactory())
    assert {client.get(url).status_code for url in stranger} == {410}
    Fiche.objects.filter(pk=fiche.pk).update(status="submitted")
    assert {client.get(url).status_code for url in stranger} == {404}


SECRETS = ["Hidden Town", "HR-hidden", "secret tag", "secret source", "secret.pdf", "Municipality of Secrets", "Ring."]


@pytest.fixture
def hidden_later():
    """A lesson that named everything, and was anonymised by a revision."""
    authority = AuthorityFactory(name="Municipality of Secrets", official_name="Municipality of Secrets")
    lesson = FicheFactory(
        kind="lesson_learned",
        authority=authority,
        region=RegionFactory(code="HR01", name="HR-hidden"),
        place="Hidden Town",
        tags=["secret tag"],
        sections={"problem": "In Hidden Town it rained. Ring.", "happened": "It rained."},
    )
    SourceFactory(fiche=lesson, title="secret source", url="https://secret source.example/")
    file = ContentFile(b"x", "secret.pdf")
    Attachment.objects.create(
        fiche=lesson, file=file, filename="secret.pdf", title_en="x", language="en", size=1, media_type="x", sha256="ab"
    )
    lesson = revise(lesson, {("problem", 1): "It rained."}, disclosure="anonymised")
    return revise(lesson, {("happened", 1): "It rained a lot."})


def pages(client, fiche):
    for name, more, query in (
        ("versions", (), {}),
        ("version", (1,), {}),
        ("version", (2,), {}),
        ("changes", (), {}),
        ("changes", (), {"from": 1, "to": 3}),
        ("changes", (), {"from": 1, "to": 2}),
        ("changes", (), {"from": 2, "to": 3}),
    ):
        yield client.get(address(name, fiche, *more, **query))


@pytest.mark.parametrize("role", ["visitor", "registered", "member"])
def test_what_was_hidden_later_is_hidden_in_every_earlier_version(client, hidden_later, role):
    if role != "visitor":
        client.force_login(UserFactory() if role == "registered" else MemberFactory())
    found = list(pages(client, hidden_later))
    assert [response.status_code for response in found] == [200, 404, 200, 200, 404, 404, 200]
    told = [
        (n, secret) for n, response in enumerate(found) for secret in SECRETS if secret in response.content.decode()
    ]
    assert not told
    assert "not shown any more" in found[0].content.decode()
    assert "It rained." in found[2].content.decode() and "a lot</ins>" in found[3].content.decode()


@pytest.mark.parametrize("role", ["author", "colleague", "coordinator"])
def test_those_who_read_the_lesson_whole_read_its_versions_whole(client, hidden_later, role):
    people = {
        "author": lambda: hidden_later.submitted_by,
        "colleague": lambda: MemberFactory(seat_at=hidden_later.authority),
        "coordinator": CoordinatorFactory,
    }
    client.force_login(people[role]())
    found = list(pages(client, hidden_later))
    assert {response.status_code for response in found} == {200}
    assert "Hidden Town" in found[1].content.decode()
    assert found[1]["Cache-Control"] == "private, no-store"


def test_a_detail_unticked_later_takes_the_version_with_it(client):
    lesson = FicheFactory(kind="lesson_learned", disclosure="anonymised", disclosed=["place"], place="Hidden Town")
    lesson = revise(lesson, {("problem", 1): "New."}, disclosed=[])
    assert client.get(address("version", lesson, 1)).status_code == 404
    assert "Hidden Town" not in client.get(address("changes", lesson)).content.decode()


def test_what_an_earlier_version_hid_stays_hidden_when_the_lesson_is_opened(client):
    lesson = FicheFactory(kind="lesson_learned", disclosure="anonymised", place="Hidden Town", tags=["secret tag"])
    lesson = revise(lesson, {("problem", 1): "New."}, disclosure="open", place="Another Town")
    for url in (address("version", lesson, 1), address("changes", lesson)):
        page = client.get(url).content.decode()
        assert client.get(url).status_code == 200 and "Hidden Town" not in page and "secret tag" not in page


def test_files_of_an_earlier_version_are_named_and_not_given(client):
    fiche = FicheFactory()
    file = ContentFile(b"x", "plan.pdf")
    row = Attachment.objects.create(
        fiche=fiche,
        file=file,
        filename="plan.pdf",
        title_en="Plan",
        language="en",
        size=1,
        media_type="x",
        sha256="ab" * 32,
    )
    fiche = revise(fiche, {("problem", 1): "New."})
    page = client.get(address("version", fiche, 1)).content.decode()
    assert "plan.pdf" in page and "ab" * 32 in page and reverse("fiches:attachment", args=[row.pk]) not in page


def test_nothing_in_a_version_becomes_markup(client):
    evil = "<script>alert(1)</script> & <b>bold</b>"
    fiche = FicheFactory(title=evil[:90], sections={"problem": evil})
    editions.write(fiche)
    fiche = revise(fiche, {("problem", 1): f"{evil} more"}, title_en="Other <i>title</i>")
    for url in (address("versions", fiche), address("version", fiche, 1), address("changes", fiche)):
        page = client.get(url).content.decode()
        assert "<script>alert" not in page and "<b>bold" not in page and "<i>title" not in page


def test_a_lesson_anonymised_later_forgets_its_address_and_the_translations_of_what_it_said(client):
    authority = AuthorityFactory(name="Secretville")
    lesson = FicheFactory(kind="lesson_learned", title="What Secretville learned", authority=authority)
    Fiche.objects.filter(pk=lesson.pk).update(slug="what-secretville-learned")
    texts = lesson.source_texts()
    kept = next(key for key in texts if key.startswith("section:") and texts[key])
    release(lesson, "fr", {key: f"Secretville {key}" for key in texts} | {kept: "français"}, method="human")
    lesson = revise(Fiche.objects.get(pk=lesson.pk), title_en="What a town learned", disclosure="anonymised")
    assert lesson.slug == "what-a-town-learned"
    assert client.get(f"/en/fiches/{lesson.pk}/what-secretville-learned/").status_code == 301
    for url in (
        f"/fr/fiches/{lesson.pk}/{lesson.slug}/",
        "/fr/fiches/",
        "/fr/fiches/feed.atom",
        "/fr/fiches/export.json",
    ):
        response = client.get(url)
        told = b"".join(response.streaming_content) if response.streaming else response.content
        assert response.status_code == 200 and b"secretville" not in told.lower(), url
    row = lesson.translations.get(language="fr")
    assert row.released_at is None and row.texts[kept] == "français" and "title" not in row.texts


def test_a_lesson_opened_later_keeps_its_address_and_translations(client):
    lesson = FicheFactory(kind="lesson_learned", title="Evening", disclosure="anonymised")
    release(lesson, "fr", {key: f"français {key}" for key in lesson.source_texts()}, method="human")
    after = revise(Fiche.objects.get(pk=lesson.pk), title_en="Evening school", disclosure="open")
    assert after.slug == lesson.slug and after.translations.get(language="fr").released_at


def test_a_coordinator_withholds_an_old_version_and_shows_it_again(client, fiche, settings):
    settings.PAGE_CACHE_BYTES, settings.CORPUS_VERSION_MAX_AGE = 10_000_000, 0
    pages = [address("version", fiche, 1), address("changes", fiche), address("versions", fiche)]
    assert "Evening school" in client.get(pages[0]).content.decode()
    assert "school</del>" in client.get(pages[1]).content.decode()
    coordinator, reader = Client(), Client()
    coordinator.force_login(CoordinatorFactory())
    url = reverse("admin:fiches_fiche_withhold_version", args=[fiche.pk])
    why = {"withhold_version-number": "1", "withhold_version-note_language": "en"}
    assert "in your own words" in coordinator.post(url, why).content.decode()  # not without a reason
    why["withhold_version-note"] = "It names a pupil."
    reader.force_login(fiche.submitted_by)
    assert reader.post(url, why).status_code in (302, 403)
    assert client.get(pages[0]).status_code == 200
    assert coordinator.post(url, why).status_code == 302
    event = Event.objects.of(fiche).get(verb="withhold_version")
    assert (event.note, event.by.is_coordinator) == ("v1: It names a pupil.", True)
    assert coordinator.post(url, why).status_code == 200  # no longer among the choices
    for one in (client, reader, coordinator):
        assert one.get(pages[0]).status_code == 404
        assert not any(re.search(r"Evening school|school</del>", one.get(page).content.decode()) for page in pages)
    assert "not shown any more" in client.get(pages[2]).content.decode()
    review = reverse("admin:fiches_fiche_change", args=[fiche.pk])
    assert "It names a pupil." in coordinator.get(review).content.decode()
    again = reverse("admin:fiches_fiche_show_version", args=[fiche.pk])
    assert coordinator.post(again, {"number": "1"}).status_code == 302
    assert coordinator.post(again, {"number": "1"}).status_code == 409
    assert client.get(pages[0]).status_code == 200
    assert coordinator.post(url, why).status_code == 302
