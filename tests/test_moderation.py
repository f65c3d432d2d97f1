"""Coordinators moderate in the admin: queues, reading, verbs with reasons, never one's own, one outcome."""

import datetime
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts import mail
from accounts.history import LostRace
from accounts.models import Event, Notification, Reason
from fiches import revision, submissions
from fiches.models import Fiche, Opinion
from tests import factories as made
from translations.comparison import marked

pytestmark = pytest.mark.django_db


@pytest.fixture
def coordinator(client):
    person = made.CoordinatorFactory(name="Ana Horvat")
    client.force_login(person)
    return person


@pytest.fixture
def reason():
    fields = {f"text_{code}": f"Reason in {code}." for code in ["en", "es", "it", "fr", "nl", "el", "ro", "hr", "tr"]}
    return Reason.objects.create(verb="request_changes", key="unclear", **fields)


def url(verb, fiche):
    return reverse(f"admin:fiches_fiche_{verb}", args=[fiche.pk])


def reading(coordinator, **fields):
    """A submission that this coordinator reads."""
    return made.FicheFactory(status="in_review", read_by=coordinator, read_since=timezone.now(), **fields)


def status(fiche):
    return Fiche.objects.get(pk=fiche.pk).status


def mails_to(address):
    """What is composed for one address, in order."""
    rows = Notification.objects.filter(address=address).order_by("pk")
    return [(row.kind, mail.compose(row)) for row in rows]


# --- who may ---------------------------------------------------------------------------------------------------

MOVES = {
    "take": ("submitted", {}, "in_review"),
    "approve": ("in_review", {}, "published"),
    "request_changes": (
        "in_review",
        {"request_changes-note": "More.", "request_changes-note_language": "en"},
        "changes_requested",
    ),
    "reject": ("in_review", {"reject-note": "Not here.", "reject-note_language": "en"}, "rejected"),
    "archive": ("published", {"archive-note": "Outdated.", "archive-note_language": "en"}, "archived"),
    "restore": ("archived", {}, "published"),
}


def in_state(state, coordinator, **fields):
    return reading(coordinator, **fields) if state == "in_review" else made.FicheFactory(status=state, **fields)


@pytest.mark.parametrize("verb", MOVES)
def test_a_coordinator_moves_a_fiche(verb, coordinator, client):
    before, data, after = MOVES[verb]
    fiche = in_state(before, coordinator)
    assert client.post(url(verb, fiche), data).status_code == 302
    assert status(fiche) == after
    event = Event.objects.of(fiche).last()
    assert (event.verb, event.by, event.to_state) == (verb, coordinator, after)


@pytest.mark.parametrize("verb", MOVES)
def test_never_ones_own(verb, coordinator, client):
    before, data, _after = MOVES[verb]
    own = in_state(before, coordinator, submitted_by=coordinator)
    seat = made.SeatFactory(user=coordinator)
    ours = in_state(before, coordinator, authority=seat.authority)
    for fiche in (own, ours):
        assert client.post(url(verb, fiche), data).status_code == 403
        assert status(fiche) == before


@pytest.mark.parametrize("days", [0, 89, 90, 91])
def test_what_was_theirs_until_lately_is_not_for_them_to_judge(days, coordinator, client):
    ended = timezone.localdate() - datetime.timedelta(days=days)
    start = ended - datetime.timedelta(days=365)
    seat = made.SeatFactory(user=coordinator, start=start, end=ended)
    fiche = in_state("in_review", coordinator, authority=seat.authority)
    revision = in_state("in_review", coordinator, revises=made.FicheFactory(authority=seat.authority))
    for row in (fiche, revision):
        assert client.post(url("approve", row), {}).status_code == (403 if days <= 90 else 302)


@pytest.mark.parametrize("verb", MOVES)
def test_a_member_has_no_admin(verb, client):
    before, data, _after = MOVES[verb]
    fiche = in_state(before, made.CoordinatorFactory())
    client.force_login(made.MemberFactory())
    assert client.post(url(verb, fiche), data).status_code in (302, 403, 404)
    assert client.get(url("change", fiche)).status_code in (302, 403, 404)
    assert status(fiche) == before


def test_staff_without_the_role_sees_no_fiche(client):
    client.force_login(made.UserFactory(is_staff=True))
    fiche = made.FicheFactory(status="submitted")
    assert client.get(url("change", fiche)).status_code == 403
    assert client.get(reverse("admin:fiches_fiche_changelist")).status_code == 403


def test_nothing_is_saved_through_a_change_form(coordinator, client):
    fiche = made.FicheFactory(status="submitted")
    assert client.post(url("change", fiche), {"title_en": "Other"}).status_code == 405
    assert client.get(reverse("admin:fiches_fiche_add")).status_code == 403
    assert client.get(reverse("admin:fiches_fiche_delete", args=[fiche.pk])).status_code == 403


def test_drafts_of_others_are_not_there(coordinator, client):
    draft = made.FicheFactory(status="draft", title="Marker of a draft")
    assert client.get(url("change", draft)).status_code == 404
    assert client.post(url("take", draft)).status_code == 404
    page = client.get(reverse("admin:fiches_fiche_changelist") + "?work=all&q=Marker").content.decode()
    assert "Marker of a draft" not in page


# --- reading ---------------------------------------------------------------------------------------------------


def test_the_page_shows_the_fiche_as_it_will_look(coordinator, client):
    fiche = reading(coordinator, results=True, tags=["evening"])
    page = client.get(url("change", fiche)).content.decode()
    for text in (
        fiche.title,
        fiche.summary,
        "Text of the section problem.",
        "Share of early leavers",
        "Approve and publish",
    ):
        assert text in page


def test_others_see_by_whom_it_is_read(coordinator, client):
    other = made.CoordinatorFactory(name="Bruno Ricci")
    fiche = reading(other)
    page = client.get(url("change", fiche)).content.decode()
    assert "Being read by Bruno Ricci" in page and "Approve and publish" not in page
    assert client.post(url("approve", fiche)).status_code == 409
    Fiche.objects.update(read_since=timezone.now() - datetime.timedelta(hours=3))
    assert client.post(url("take", fiche)).status_code == 302
    assert Fiche.objects.get(pk=fiche.pk).read_by == coordinator


def test_where_nobody_else_may_decide_it_says_so_and_invites(coordinator, client):
    fiche = made.FicheFactory(status="submitted", submitted_by=coordinator)
    page = client.get(url("change", fiche)).content.decode()
    assert "You wrote it." in page and "Nobody else can decide now" in page
    client.post(url("invite_coordinator", fiche), {"email": "new@people.example", "language": "it"})
    ((kind, content),) = mails_to("new@people.example")
    assert kind == "coordinator_invitation" and fiche.title not in repr(content)
    made.CoordinatorFactory(name="Carla Dumont")
    page = client.get(url("change", fiche)).content.decode()
    assert "Carla Dumont" in page and "Nobody else can decide now" not in page
    late = {"email": "late@people.example", "language": "it"}
    assert client.post(url("invite_coordinator", fiche), late).status_code == 403


def test_internal_notes_are_for_other_coordinators(coordinator, client):
    fiche = made.FicheFactory(status="submitted")
    client.post(url("add_note", fiche), {"note": "Ask Turin about the figures."})
    assert "Ask Turin about the figures." in client.get(url("change", fiche)).content.decode()
    Fiche.objects.update(submitted_by=coordinator)
    assert "Ask Turin about the figures." not in client.get(url("change", fiche)).content.decode()


def test_an_author_reads_the_decision_never_the_note_after_it(coordinator, client):
    author = made.UserFactory()
    fiche = reading(coordinator, submitted_by=author)
    fiche.request_changes(by=coordinator, note="Add the figures of 2023.", note_language="en")
    client.post(url("add_note", fiche), {"note": "I do not trust these figures."})
    client.force_login(author)
    page = client.get(reverse("fiches:my")).content.decode()
    assert "Add the figures of 2023." in page and "I do not trust" not in page


# --- deciding --------------------------------------------------------------------------------------------------


def test_a_reason_reaches_the_author_in_their_language(coordinator, client, reason):
    author = made.UserFactory(language="el")
    fiche = reading(coordinator, submitted_by=author)
    data = {"reason": reason.pk, "note": "Posso avere i dati del 2023?", "note_language": "it"}
    client.post(url("request_changes", fiche), {f"request_changes-{key}": value for key, value in data.items()})
    ((kind, content),) = mails_to(author.email)
    assert kind == "fiche_changes_requested"
    quotes = {part.text: part.language for part in content.paragraphs if hasattr(part, "quoted")}
    assert quotes.get("Posso avere i dati del 2023?") == "it"
    assert "Reason in el." in repr(content) and "Reason in en." not in repr(content)


@pytest.mark.parametrize("verb", ["request_changes", "reject"])
def test_a_decision_says_why(verb, coordinator, client):
    fiche = reading(coordinator)
    answer = client.post(url(verb, fiche), {f"{verb}-note": " ", f"{verb}-note_language": "en"})
    assert answer.status_code == 200 and "Choose a reason or say in your own words" in answer.content.decode()
    assert status(fiche) == "in_review"


def test_a_typed_authority_is_linked_before_publishing(coordinator, client):
    authority = made.AuthorityFactory(country="IT", governance_level="regional", population=120_000)
    representative = made.SeatFactory(authority=authority, role="representative").user
    fiche = reading(coordinator, authority=None, authority_claimed="Regione Campione")
    client.post(url("approve", fiche))
    assert status(fiche) == "in_review"
    client.post(url("link_authority", fiche), {"authority": f"{authority.name} · IT · {authority.slug}"})
    fiche = Fiche.objects.get(pk=fiche.pk)
    assert (fiche.authority, fiche.country, fiche.governance_level) == (authority, "IT", "regional")
    assert fiche.population_band == "100k_250k"
    ((kind, told),) = mails_to(representative.email)
    assert kind == "fiche_linked_to_authority" and fiche.title in told.subject
    client.post(url("approve", fiche))
    assert status(fiche) == "published"


@pytest.mark.parametrize("revised", [False, True])
def test_only_a_typed_authority_is_linked(revised, coordinator, client):
    """A fiche that one authority confirmed is not shown as confirmed by another."""
    other = made.AuthorityFactory()
    fiche = made.FicheFactory(vouched="authority")
    if revised:
        fiche = reading(coordinator, revises=fiche, authority=None, authority_claimed="Somewhere")
    before = fiche.authority
    answer = client.post(url("link_authority", fiche), {"authority": f"{other.name} · {other.country} · {other.slug}"})
    assert answer.status_code == 409 and Fiche.objects.get(pk=fiche.pk).authority == before
    assert not Notification.objects.filter(kind="fiche_linked_to_authority").exists()


def test_what_was_taken_back_is_told_to_nobody(coordinator):
    authority = made.AuthorityFactory(official_address="office@town.example")
    representative = made.SeatFactory(authority=authority, role="representative").user
    fiche = made.FicheFactory(status="submitted", authority=None, authority_claimed="Town")
    submissions.link_authority(fiche, authority, by=coordinator)
    submissions.ask_confirmation(fiche, by=coordinator)
    fiche.withdraw(by=fiche.submitted_by)
    assert [content for _kind, content in mails_to(representative.email)] == [None]
    assert [content for _kind, content in mails_to("office@town.example")] == [None]


def test_an_unknown_authority_keeps_what_was_typed(coordinator, client):
    fiche = reading(coordinator, authority=None, authority_claimed="Regione Campione")
    answer = client.post(url("link_authority", fiche), {"authority": "Somewhere"})
    assert "Choose one of the authorities from the list." in answer.content.decode()
    assert 'value="Somewhere"' in answer.content.decode()


def test_decide_and_open_next(coordinator, client):
    first, second = reading(coordinator), made.FicheFactory(status="submitted")
    made.FicheFactory(status="submitted", submitted_by=coordinator)
    answer = client.post(url("approve", first), {"next": "1"})
    assert answer.url == url("change", second)
    client.post(url("take", second))
    assert client.post(url("approve", second), {"next": "1"}).url == reverse("admin:fiches_fiche_changelist")


def test_a_stale_page_decides_nothing(coordinator, client):
    fiche = reading(coordinator)
    Fiche.objects.update(version=7)
    assert client.post(url("approve", fiche), {"version": "6"}).status_code == 409
    assert status(fiche) == "in_review"


@pytest.mark.django_db(transaction=True)
def test_two_coordinators_at_once_have_one_outcome():
    ana, bruno = made.CoordinatorFactory(), made.CoordinatorFactory()
    fiche = made.FicheFactory(status="in_review", read_by=None)

    def decide(person, verb):
        client = Client()
        client.force_login(person)
        try:
            return client.post(url(verb, fiche), {f"{verb}-note": "No.", f"{verb}-note_language": "en"}).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(decide, [ana, bruno], ["approve", "reject"]))
    assert sorted(answers) == [302, 409]
    moves = Event.objects.of(fiche).filter(from_state="in_review")
    assert moves.count() == 1
    assert moves.get().verb == ("approve" if answers[0] == 302 else "reject")


def test_a_second_decision_is_refused_with_a_clear_page(coordinator, client):
    fiche = reading(coordinator)
    fiche.approve(by=coordinator)
    answer = client.post(url("reject", fiche), {"reject-note": "No.", "reject-note_language": "en"})
    assert answer.status_code == 409 and "Somebody else was faster" in answer.content.decode()
    stale = Fiche(pk=fiche.pk, status="in_review")
    with pytest.raises(LostRace):
        stale.reject(by=coordinator)


# --- opinions and confirmation ---------------------------------------------------------------------------------


def test_a_named_reader_is_asked_reads_and_answers(coordinator, client):
    reader = made.TranslatorFactory()
    fiche = reading(coordinator, source_language="el", title="Σχολείο δεύτερης ευκαιρίας")
    client.post(url("ask_opinion", fiche), {"reader": reader.pk, "question": "Is it clear?"})
    opinion = Opinion.objects.get()
    ((kind, content),) = mails_to(reader.email)
    page = reverse("fiches:opinion", args=[opinion.pk])
    assert kind == "fiche_opinion_asked" and content.button[1].endswith(f"/fiches/opinions/{opinion.pk}/")
    client.force_login(reader)
    assert "Σχολείο δεύτερης ευκαιρίας" in client.get(page).content.decode()
    assert client.post(page, {"text": "Very clear."}).status_code == 302
    client.post(page, {"text": "Second thoughts."})
    assert Opinion.objects.get().text == "Very clear."
    assert [kind for kind, _content in mails_to(coordinator.email)] == ["fiche_opinion_given"]
    client.force_login(coordinator)
    assert "Very clear." in client.get(url("change", fiche)).content.decode()
    assert client.get(page).status_code == 404


def test_an_opinion_reaches_nobody_who_is_no_coordinator_any_more(coordinator):
    opinion = submissions.ask_opinion(reading(coordinator), made.TranslatorFactory(), "Is it true?", by=coordinator)
    submissions.give_opinion(opinion, "Hardly.")
    coordinator.is_staff = False
    coordinator.save()
    assert [content for kind, content in mails_to(coordinator.email) if kind == "fiche_opinion_given"] == [None]


def test_only_readers_of_the_language_and_coordinators_are_asked(coordinator, client):
    fiche = reading(coordinator, source_language="fr", title="Une fiche")
    outsider = made.TranslatorFactory(translator_languages=["el"])
    for person in (outsider, fiche.submitted_by):
        assert client.post(url("ask_opinion", fiche), {"reader": person.pk}).status_code == 200
    assert not Opinion.objects.exists()


def test_the_authority_confirms_from_its_published_mailbox(coordinator, client):
    fiche = reading(coordinator, vouched="person")
    client.post(url("ask_confirmation", fiche))
    ((kind, content),) = mails_to(fiche.authority.official_address)
    assert kind == "authority_confirm_request"
    page, stranger = content.button[1], Client()
    assert fiche.title in stranger.get(page).content.decode()
    assert stranger.get(page.rstrip("/") + "x/").status_code == 410
    assert stranger.post(page, {"answer": "yes"}).status_code == 200
    assert Fiche.objects.get(pk=fiche.pk).vouched == "authority"
    stranger.post(page, {"answer": "yes"})
    assert Event.objects.of(fiche).filter(verb="confirm").count() == 1
    Fiche.objects.update(authority=made.AuthorityFactory())
    assert stranger.get(page).status_code == 410


def test_the_authority_says_not_ours(coordinator):
    fiche = reading(coordinator, vouched="person")
    page = reverse("fiches:confirm", args=[submissions.confirmation_token(fiche)])
    Client().post(page, {"answer": "no"})
    assert Fiche.objects.get(pk=fiche.pk).vouched == "person"
    assert [kind for kind, _content in mails_to(coordinator.email)] == ["fiche_denied"]


# --- revisions -------------------------------------------------------------------------------------------------


def test_words_are_compared():
    left, right = marked("Adults learn <fast>", "Adults learn slowly")
    assert "&lt;fast&gt;</del>" in left and "removed:" in left and "slowly</ins>" in right and "ins" not in left
    assert marked("same", "same") == ("same", "same")


def test_a_revision_is_read_beside_the_published_fiche_and_merged(coordinator, client):
    fiche = made.FicheFactory(title="Evening school")
    copy, _begun = revision.begin(fiche, by=fiche.submitted_by)
    copy.title_en = "Evening college"
    copy.save()
    copy.submit(by=fiche.submitted_by)
    client.post(url("take", copy))
    page = client.get(url("change", copy)).content.decode()
    assert "college</ins>" in page and "school</del>" in page and "Publish the revision" in page
    assert client.post(url("approve", copy)).url == url("change", fiche)
    assert Fiche.objects.get(pk=fiche.pk).title_en == "Evening college"
    assert client.post(url("approve", copy)).status_code == 404
