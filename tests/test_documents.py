"""Guidelines, terms, privacy notice, writing guide: versions in nine languages, what changed, drafts, publishing, mails."""

import re
from datetime import timedelta

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import translation

from accounts import mail
from accounts.models import Event, Notification
from accounts.workdays import today
from clavet.management.commands import setup
from fiches.sections import SECTIONS
from fiches.steps import STEPS
from network import acceptances, document_notices, documents
from network.models import Document, DocumentVersion
from tests import factories as made
from tests.document_factories import DocumentFactory, DocumentVersionFactory
from translations import corpus, prose

pytestmark = pytest.mark.django_db
LANGUAGES = settings.LANGUAGE_CODES


@pytest.fixture
def seeded():
    setup.add_documents()


def address(name, *arguments):
    return reverse(name, args=arguments)


# --- texts that come with the portal ---------------------------------------------------------------------------


def test_setup_brings_the_first_versions_once(seeded):
    setup.add_documents()
    rows = list(DocumentVersion.objects.in_force().values_list("document__slug", "number").order_by("document__slug"))
    assert rows == [("guidelines", 1), ("privacy", 1), ("terms", 1), ("writing-guide", 1)]
    assert all(version.missing_languages() == {} for version in DocumentVersion.objects.all())


def test_a_newer_text_becomes_a_draft_and_changes_nothing(seeded):
    texts = {code: (f"Terms {code}", "## New\n\nWords.\n") for code in LANGUAGES}
    before = DocumentVersion.objects.get(document__slug="terms")
    for _time in range(2):
        documents.add(Document, "terms", {}, texts)
    draft = DocumentVersion.objects.get(document__slug="terms", number=2)
    assert draft.published_at is None and draft.in_force_from > today()
    draft.text_en = "## New\n\nBetter words.\n"
    draft.save()
    documents.add(Document, "terms", {}, texts)  # the next upgrade: what a coordinator wrote stays
    draft.refresh_from_db()
    assert "Better" in draft.text_en and DocumentVersion.objects.filter(document__slug="terms").count() == 2
    assert DocumentVersion.objects.get(pk=before.pk).text_en == before.text_en


def test_the_writing_guide_has_a_place_for_each_step_and_section(seeded):
    names = {step.key for steps in STEPS.values() for step in steps}
    names |= {section.name for sections in SECTIONS.values() for section in sections}
    version = DocumentVersion.objects.get(document__slug="writing-guide")
    for code in LANGUAGES:
        found = {row["id"] for row in prose.contents(getattr(version, f"text_{code}"))}
        assert names <= found, code


def test_the_form_leads_to_the_writing_guide(client, seeded):
    author = made.UserFactory()
    client.force_login(author)
    fiche = made.FicheFactory(status="draft", submitted_by=author)
    page = client.get(reverse("fiches:edit", args=[fiche.pk, "story"])).content.decode()
    guide = address("document", "writing-guide")
    assert f'href="{guide}#story"' in page and f'href="{guide}#difficulties"' in page


# --- reading ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_document_reads_in_each_language(client, seeded, language):
    for version in DocumentVersion.objects.select_related("document"):
        with translation.override(language):
            response = client.get(version.document.get_absolute_url())
        page = response.content.decode()
        main = page.split("<main")[1].split("</main")[0]
        assert response.status_code == 200 and not response.cookies
        assert f"<h1>{getattr(version, f'title_{language}')}</h1>" in re.sub(r"<h1\s*>", "<h1>", main)
        assert "{#" not in main and not re.search(r"%[a-zA-Z_]+%", main)
        ids = set(re.findall(r'id="([^"]+)"', main))
        assert set(re.findall(r'href="#([^"]+)"', main)) <= ids
        for link in set(re.findall(r'href="(/[^"#]*)"', main)):
            assert client.get(link).status_code == 200, link


def test_a_stranger_costs_at_most_three_statements(client, seeded, django_assert_max_num_queries):
    for path in ("terms/", "guidelines/versions/", "writing-guide/versions/1/", "privacy/changes/"):
        with django_assert_max_num_queries(3):
            assert client.get(f"/fr/about/{path}").status_code == 200


def test_what_is_for_members_is_not_there_for_others(client):
    document = DocumentFactory(slug="guidelines", audience="members")
    for _number in (1, 2):
        DocumentVersionFactory(document=document, text="Only for members.")
    paths = [
        address("document", "guidelines"),
        address("document_versions", "guidelines"),
        address("document_version", "guidelines", 1),
        address("document_changes", "guidelines"),
    ]
    past = made.MemberFactory()
    past.seats.update(start=today() - timedelta(days=9), end=today() - timedelta(days=1))
    for person in (None, made.UserFactory(), past):
        client.logout()
        if person:
            client.force_login(person)
        assert [client.get(path).status_code for path in paths] == [404] * 4
    for person in (made.MemberFactory(), made.CoordinatorFactory()):
        client.force_login(person)
        assert [client.get(path).status_code for path in paths] == [200] * 4


def test_drafts_are_read_by_coordinators_only(client):
    DocumentVersionFactory(draft=True)
    paths = [
        address("document", "terms"),
        address("document_versions", "terms"),
        address("document_version", "terms", 1),
    ]
    client.force_login(made.MemberFactory())
    assert [client.get(path).status_code for path in paths] == [404] * 3
    client.force_login(made.CoordinatorFactory())
    assert [client.get(path).status_code for path in paths] == [404, 404, 200]
    assert "draft" in client.get(paths[2]).content.decode()


def test_a_coming_version_is_announced_and_takes_force_on_its_day(client, monkeypatch):
    DocumentVersionFactory()
    DocumentVersionFactory(in_force_from=today() + timedelta(days=30), text="## Reading {#reading}\n\nAll.")
    page = client.get(address("document", "terms")).content.decode()
    assert (
        "Everybody may read." in page and "A new version takes force on" in page and "Some words are clearer." in page
    )
    day = today() + timedelta(days=30)
    monkeypatch.setattr("network.documents.today", lambda: day)
    page = client.get(address("document", "terms")).content.decode()
    assert "All." in page and "Everybody may read." not in page
    assert "What has changed in this version" in page


def test_what_changed_is_marked_word_by_word(client):
    DocumentVersionFactory(
        text="First words.\n\n## Kept {#kept}\n\nThe same.\n\n## Gone {#gone}\n\nOld.\n\n## Fees {#fees}\n\nIt costs nothing.\n"
    )
    DocumentVersionFactory(
        text="First words.\n\n## Kept {#kept}\n\nThe same.\n\n## Costs {#fees}\n\nIt costs a little.\n\n## Come {#come}\n\nNew.\n"
    )
    path = address("document_changes", "terms")
    page = client.get(path).content.decode()
    assert re.search(r"<del[^>]*>.*?nothing</del>", page) and re.search(r"<ins[^>]*>.*?a little</ins>", page)
    assert "Gone" in page and "Come" in page and "{#" not in page
    assert client.get(f"{path}?from=2&to=1").content.decode().count("<del") == page.count("<del")
    assert "Choose two different versions" in client.get(f"{path}?from=1&to=1").content.decode()
    for wrong in ("9", "x", "1'"):
        assert client.get(f"{path}?from={wrong}&to=2").status_code == 404
    assert client.get(address("document_version", "terms", 1)).status_code == 200
    assert client.get(address("document_version", "terms", 3)).status_code == 404


def test_a_document_says_nothing_that_a_browser_runs(client):
    bad = '<script>alert(1)</script>\n\n[x](javascript:alert(1))\n\n![p](https://x.example/p.png)\n\n## "A" {#a"onx}\n'
    DocumentVersionFactory(text=bad, title="<b>T</b>")
    page = client.get(address("document", "terms")).content.decode().split("<main")[1]
    assert "<script>alert" not in page and 'href="javascript' not in page and "<img" not in page and "<b>T" not in page


# --- publishing ------------------------------------------------------------------------------------------------


def test_publishing_needs_nine_languages_a_day_and_a_note():
    DocumentVersionFactory()
    draft = DocumentVersionFactory(draft=True, in_force_from=today(), change_note="")
    with pytest.raises(ValidationError, match="languages"):
        draft.publish()
    for code in LANGUAGES:
        setattr(draft, f"change_note_{code}", "Clearer.")
    draft.text_el = " "
    draft.save()
    with pytest.raises(ValidationError, match="ελληνικά"):
        draft.publish()
    draft.text_el, draft.in_force_from = "Κείμενο", today() - timedelta(days=1)
    draft.save()
    with pytest.raises(ValidationError, match="passed"):
        draft.publish()
    draft.in_force_from, draft.correction = today(), True
    draft.save()
    version = corpus.version()
    draft.publish()
    assert corpus.version() > version and draft.is_in_force and Event.objects.of(draft).get().verb == "publish"
    with pytest.raises(ValidationError, match="published already"):
        draft.publish()


def test_what_is_not_written_is_named():
    DocumentVersionFactory()
    draft = DocumentVersionFactory(draft=True, change_note="", in_force_from=today() + timedelta(days=90))
    assert draft.missing_languages() == {"change_note": LANGUAGES}
    (sentence,) = draft.obstacles()
    assert sentence.startswith("“What has changed”") and "Türkçe" in sentence
    draft.title_el = ""
    assert list(draft.missing_languages()) == ["title", "change_note"]


def test_members_are_told_in_time_before_a_new_version_takes_force():
    first = DocumentVersionFactory(draft=True, in_force_from=today())
    first.publish()
    draft = DocumentVersionFactory(draft=True, in_force_from=today() + timedelta(settings.DOCUMENT_NOTICE_LEAST - 1))
    with pytest.raises(ValidationError, match="announced 14 days before"):
        draft.publish()
    draft.correction = True
    assert draft.obstacles() == []
    draft.correction, draft.in_force_from = False, draft.first_day()
    draft.save()
    draft.publish()
    assert not draft.is_in_force


def test_an_older_draft_is_not_published_after_a_newer_one():
    older = DocumentVersionFactory(draft=True, in_force_from=today())
    DocumentVersionFactory()
    with pytest.raises(ValidationError, match="later version"):
        older.publish()


def test_a_version_that_takes_force_before_an_earlier_one_would_leave_that_one_waiting_for_ever():
    DocumentVersionFactory()
    DocumentVersionFactory(in_force_from=today() + timedelta(days=60))
    draft = DocumentVersionFactory(draft=True, in_force_from=today() + timedelta(days=30))
    with pytest.raises(ValidationError, match="later day"):
        draft.publish()
    draft.in_force_from = today() + timedelta(days=60)
    draft.save()
    draft.publish()


def test_the_database_keeps_what_is_published():
    version = DocumentVersionFactory()
    for change in (
        lambda: DocumentVersion.objects.filter(pk=version.pk).update(text_en="Other."),
        lambda: version.delete(),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            change()
    draft = DocumentVersionFactory(draft=True)
    draft.delete()


def test_coordinators_publish_in_the_admin(client):
    DocumentVersionFactory()
    draft = DocumentVersionFactory(draft=True, in_force_from=today() + timedelta(days=30))
    change = reverse("admin:network_documentversion_change", args=[draft.pk])
    publish = reverse("admin:network_documentversion_publish", args=[draft.pk])
    client.force_login(made.MemberFactory())
    assert client.get(publish).status_code == 302 and client.post(publish).status_code == 302
    client.force_login(made.CoordinatorFactory())
    page = client.get(change).content.decode()
    assert 'name="text_tr"' in page and publish in page
    assert "Publish this version" in client.get(publish).content.decode()
    draft.refresh_from_db()
    assert draft.published_at is None
    client.post(publish)
    draft.refresh_from_db()
    assert draft.published_at and draft.published_by
    page = client.get(change).content.decode()
    assert 'name="text_tr"' not in page
    assert client.post(change, {"title_en": "x"}).status_code == 403
    missing = client.get(reverse("admin:network_documentversion_missing", args=[draft.pk]))
    assert "@people.example" in missing.content.decode()
    file = client.get(reverse("admin:network_documentversion_missing", args=[draft.pk]) + "?format=csv")
    assert "@people.example" in file.content.decode("utf-8-sig")


def test_a_draft_begins_with_the_newest_text_and_gets_its_number(client):
    version = DocumentVersionFactory()
    client.force_login(made.CoordinatorFactory())
    add = f"{reverse('admin:network_documentversion_add')}?document={version.document_id}"
    page = client.get(add).content.decode()
    assert "Everybody may read." in page
    data = {"document": version.document_id, "in_force_from": "2999-01-01", "title_en": "Half written"}
    answer = client.post(add, data)
    assert answer.status_code == 302, answer.context["errors"]
    draft = DocumentVersion.objects.get(number=2)
    assert draft.published_at is None and draft.title_en == "Half written"


def test_a_new_version_begins_with_the_text_of_its_document_and_in_no_other_way(client):
    version = DocumentVersionFactory()
    client.force_login(made.CoordinatorFactory())
    add, listed = (reverse(f"admin:network_documentversion_{name}") for name in ("add", "changelist"))
    for query in ("", "?document=0", "?document=x"):
        assert client.get(add + query).url == listed
    page = client.get(listed).content.decode()
    assert f'href="{add}?document={version.document_id}"' in page and f'href="{add}"' not in page
    empty = DocumentFactory(slug="new")
    assert client.get(f"{add}?document={empty.pk}").status_code == 200


# --- mails -----------------------------------------------------------------------------------------------------


def told(kind):
    return set(Notification.objects.filter(kind=kind).values_list("recipient__email", flat=True))


def test_who_must_accept_is_told_before_on_the_day_and_once_more(monkeypatch):
    person, member = made.UserFactory(), made.MemberFactory(seat_at__role="deputy")
    version = DocumentVersionFactory(in_force_from=today() + timedelta(days=settings.DOCUMENT_NOTICE_DAYS + 1))
    document_notices.day_by_day()
    assert not told("document_new_version")
    start = today()

    def on_day(number):
        for module in ("network.document_notices", "network.models.document"):
            monkeypatch.setattr(f"{module}.today", lambda: start + timedelta(days=number))
        document_notices.day_by_day()
        document_notices.day_by_day()

    on_day(1)
    assert told("document_new_version") == {person.email, member.email}
    one = mail.compose(Notification.objects.get(kind="document_new_version", recipient=person))
    other = mail.compose(Notification.objects.get(kind="document_new_version", recipient=member))
    assert one.subject == "New version: Terms of use en" and len(one.paragraphs) == 3
    assert "Municipality" in other.paragraphs[3]
    assert not told("document_accept_reminder")
    acceptances.accept(version, person)
    assert mail.compose(Notification.objects.get(kind="document_new_version", recipient=person)) is None
    on_day(settings.DOCUMENT_NOTICE_DAYS + 1)
    assert told("document_accept_reminder") == {member.email}
    reminder = Notification.objects.get(kind="document_accept_reminder")
    assert mail.compose(reminder).button[1] == "/en/my/documents/"
    on_day(settings.DOCUMENT_NOTICE_DAYS + 1 + settings.ACCEPTANCE_REMINDER_DAYS)
    assert Notification.objects.filter(kind="document_accept_reminder").count() == 2


def test_nobody_is_told_of_a_document_that_nobody_accepts():
    made.UserFactory()
    DocumentVersionFactory(document=DocumentFactory(slug="writing-guide", accepted_by=""))
    DocumentVersionFactory(draft=True)
    document_notices.day_by_day()
    assert not Notification.objects.exists()


def test_setup_brings_the_documents():
    call_command("setup", verbosity=0)
    assert DocumentVersion.objects.in_force().count() == len(setup.DOCUMENTS)


# --- in the browser --------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_documents_are_accessible_and_fit(live, axe, no_sideways_scrolling, page_language, page_width):
    setup.add_documents()
    DocumentVersionFactory(document=Document.objects.get(slug="terms"), text="## Reading\n\nOther words.\n", number=2)
    for path in ("terms/", "writing-guide/", "terms/versions/", "terms/versions/1/", "terms/changes/"):
        live.goto(f"/{page_language}/about/{path}")
        axe(live.page)
        no_sideways_scrolling(live.page)
