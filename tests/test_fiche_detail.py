"""The page of a fiche: who may read it, what it hides, in which language it is shown, what stands around it."""

import datetime
import re

import pytest
from django.utils import timezone, translation

from accounts import history
from accounts.models import Event, Reason
from fiches.models import Fiche
from tests.factories import (
    AuthorityFactory,
    CoordinatorFactory,
    FicheFactory,
    MemberFactory,
    RegionFactory,
    UserFactory,
)
from translations import editions

pytestmark = pytest.mark.django_db
LANGUAGES = ["en", "es", "it", "fr", "nl", "el", "ro", "hr", "tr"]


def path(fiche, language="en") -> str:
    with translation.override(language):
        return fiche.get_absolute_url()


def text(response) -> str:
    """The page without the white space that only the template's layout makes."""
    return re.sub(r"(?<=>) | (?=</)", "", re.sub(r"\s+", " ", response.content.decode()))


# --- who may read it -------------------------------------------------------------------------------------------


def test_stranger_reads_a_published_fiche(client):
    fiche = FicheFactory(title="Evening school", results=True, sources=True)
    page = client.get(path(fiche))
    assert page.status_code == 200
    for part in ("Evening school", "Adults finish school", fiche.authority.name, "since 2019", "€50,000 to €250,000"):
        assert part in text(page)
    for part in ("14% → 9%", "What was the problem?", "Annual report", "CC BY 4.0", fiche.reference):
        assert part in text(page)
    assert not page.cookies


def test_wrong_slug_leads_to_the_right_address(client):
    fiche = FicheFactory()
    page = client.get(f"/el/fiches/{fiche.pk}/something-else/?a=1")
    assert page.status_code == 301
    assert page["Location"] == f"{path(fiche, 'el')}?a=1"


@pytest.mark.parametrize("status", ["draft", "submitted", "in_review", "changes_requested", "rejected"])
def test_what_is_not_public_is_404_for_strangers(client, status):
    fiche = FicheFactory(status=status, title="Secret title")
    for user in (None, UserFactory(), MemberFactory()):
        if user:
            client.force_login(user)
        page = client.get(f"/en/fiches/{fiche.pk}/any/")
        assert page.status_code == 404
        assert "Secret" not in page.content.decode()
        assert client.get(f"/en/fiches/{fiche.pk}/contact/").status_code == 404


def test_author_is_led_to_the_preview_of_a_draft(client):
    fiche = FicheFactory(status="draft")
    client.force_login(fiche.submitted_by)
    page = client.get(f"/en/fiches/{fiche.pk}/any/")
    assert page["Location"] == f"/en/fiches/{fiche.pk}/preview/"


def test_embargo(client):
    fiche = FicheFactory(embargo_until=timezone.localdate() + datetime.timedelta(days=1))
    assert client.get(path(fiche)).status_code == 404
    for user in (fiche.submitted_by, MemberFactory(seat_at=fiche.authority), CoordinatorFactory()):
        client.force_login(user)
        assert client.get(path(fiche)).status_code == 200
    client.force_login(MemberFactory())
    assert client.get(path(fiche)).status_code == 404


def test_archived_fiche_is_gone_and_says_why(client):
    fiche = FicheFactory(title="Secret title")
    reason = Reason.objects.create(verb="archive", key="superseded", text_en="A newer fiche replaces it.")
    fiche.archive(by=CoordinatorFactory(), reason=reason, note="Secret note")
    page = client.get(path(fiche))
    assert page.status_code == 410
    assert fiche.reference in text(page)
    assert "A newer fiche replaces it." in text(page)
    assert "Secret" not in text(page)
    fiche.restore(by=CoordinatorFactory())
    assert client.get(path(fiche)).status_code == 200


def test_archived_before_its_embargo_ended_is_404(client):
    fiche = FicheFactory(status="archived", embargo_until=timezone.localdate() + datetime.timedelta(days=9))
    assert client.get(path(fiche)).status_code == 404


def test_revision_has_no_page(client):
    fiche = FicheFactory()
    revision = FicheFactory(status="draft", revises=fiche, title="Secret title", editions=False)
    for user in (None, UserFactory()):
        if user:
            client.force_login(user)
        assert client.get(f"/en/fiches/{revision.pk}/any/").status_code == 404


# --- what an anonymised lesson hides ---------------------------------------------------------------------------


@pytest.fixture
def hidden():
    """An anonymised lesson with a marker in everything that it hides."""
    authority = AuthorityFactory(
        name="MARKNAME", official_name="MARKOFFICIAL", town="MARKTOWN", official_address="mark@mark.example"
    )
    return FicheFactory(
        kind="lesson_learned",
        disclosure="anonymised",
        authority=authority,
        submitted_by=UserFactory(name="MARKPERSON", email="markperson@people.example"),
        region=RegionFactory(code="HR036", name="MARKREGION"),
        place="MARKPLACE",
        tags=["marktag"],
        population_band="over_1m",
        sources=[{"title": "MARKSOURCE", "url": "https://marksource.example/"}],
        results=[{"source_url": "https://marksource.example/figures"}],
    )


def marks(page) -> set[str]:
    return {
        found.lower()
        for found in re.findall(r"mark(?:name|official|town|person|region|place|tag|source|@mark)", page, re.I)
    }


def test_anonymised_lesson_hides_its_origin(client, hidden):
    for user in (None, UserFactory(), MemberFactory()):
        if user:
            client.force_login(user)
        for language in LANGUAGES:
            for url in (
                path(hidden, language),
                f"/{language}/fiches/",
                f"/{language}/",
                f"/{language}/fiches/{hidden.pk}/contact/",
            ):
                page = client.get(url)
                assert page.status_code == 200
                assert marks(page.content.decode()) == set(), url
    assert "inhabitants" not in text(client.get(path(hidden)))
    for edition in hidden.editions.all():
        for stored in (edition.card_html, edition.body_html, edition.plain, edition.names):
            assert marks(stored) == set()


def test_hidden_names_find_nothing(client, hidden):
    for word in ("MARKNAME", "MARKOFFICIAL", "MARKREGION", "MARKPLACE", "marktag", "MARKSOURCE", "MARKPERSON"):
        assert hidden.get_absolute_url() not in client.get(f"/en/fiches/?q={word}").content.decode()
        assert client.get(f"/en/fiches/suggestions/?q={word}").content.decode().strip() == ""


def test_author_may_show_details_nevertheless(client, hidden):
    hidden.disclosed = ["region", "tags", "sources"]
    hidden.save()
    editions.write(hidden)
    assert marks(client.get(path(hidden)).content.decode()) == {"markregion", "marktag", "marksource"}


def test_population_is_shown_where_five_authorities_share_it(client, hidden):
    for number in range(5):
        AuthorityFactory(population=2_000_000 + number)
    editions.write(hidden)
    assert "Inhabitants: more than 1 million" in text(client.get(path(hidden)))


# --- languages -------------------------------------------------------------------------------------------------


def test_original_has_no_notice(client):
    fiche = FicheFactory()
    assert "language-notice" not in text(client.get(path(fiche)))


def test_fallback_says_so_and_leads_to_the_original(client):
    fiche = FicheFactory(source_language="nl", title="Avondschool", summary="Volwassenen")
    page = text(client.get(path(fiche, "el")))
    assert "language-notice" in page
    assert f'href="{path(fiche, "nl")}" hreflang="nl"' in page
    assert '<h1 lang="nl">Avondschool</h1>' in page
    assert '<div class="prose" lang="nl">' in page
    canonical = re.search(r'<link rel="canonical" href="([^"]*)">', page)[1]
    assert canonical.endswith(path(fiche, "nl"))
    assert re.findall(r'rel="alternate" hreflang="([^"]*)"', page) == ["nl", "x-default"]


@pytest.mark.parametrize(
    ("made", "words"),
    [
        ({"status": "machine_draft", "method": "machine"}, "machine translation that no one has reviewed"),
        ({"status": "draft", "method": "human"}, "written by a person and not reviewed"),
        ({"status": "reviewed", "method": "human"}, "Translated from"),
    ],
)
def test_translation_says_how_it_was_made(client, made, words):
    own = {"title": "Evening school", "summary": "Adults", "problem": "The problem was this.", **made}
    fiche = FicheFactory(source_language="nl", title="Avondschool", translations={"en": own})
    page = text(client.get(path(fiche)))
    assert re.search(r"<h1\s*>Evening school</h1>", page)
    assert "The problem was this." in page
    assert '<div class="prose" lang="nl">' in page  # a section that nobody translated
    assert words in page
    assert re.findall(r'rel="alternate" hreflang="([^"]*)"', page) == ["en", "nl", "x-default"]


def test_title_and_summary_only(client):
    fiche = FicheFactory(translations={"el": {"title": "Βραδινό", "summary": "Περίληψη"}})
    page = text(client.get(path(fiche, "el")))
    assert re.search(r"<h1\s*>Βραδινό</h1>", page)
    assert '<div class="prose" lang="en">' in page
    canonical = re.search(r'<link rel="canonical" href="([^"]*)">', page)[1]
    assert canonical.endswith(path(fiche, "en"))


def test_outdated_translation_says_so(client):
    fiche = FicheFactory(translations={"el": {"title": "Τίτλος", "summary": "Σ", "problem": "Π"}})
    before = text(client.get(path(fiche, "el"))).count("language-notice")
    Fiche.objects.filter(pk=fiche.pk).update(title_en="Another title")
    editions.write(fiche)
    assert text(client.get(path(fiche, "el"))).count("language-notice") == before + 1


# --- what stands on it -----------------------------------------------------------------------------------------


def test_compiled_fiche_names_nobody_as_author(client):
    fiche = FicheFactory(origin="compiled", vouched="compiled", submitted_by=None, not_documented=["success_factors"])
    fiche.sections.filter(name="success_factors").delete()
    editions.write(fiche)
    page = text(client.get(path(fiche)))
    assert f"Compiled by CLAVET from public sources; not submitted or endorsed by {fiche.authority.name}." in page
    assert "Not documented in the sources." in page
    assert "CLAVET (" in page
    assert "Ask about this fiche" in page


def test_doubts_stand_right_after_the_results(client):
    fiche = FicheFactory(
        results=True, sections={"evidence": "It rose.", "caveats": "One source only.", "difficulties": "Many."}
    )
    page = text(client.get(path(fiche)))
    assert page.index("results-caption") < page.index("One source only.") < page.index("Many.")


def test_contact_is_for_members(client):
    fiche = FicheFactory(submitted_by=UserFactory(name="Ana Autor", email="ana@people.example"))
    for user in (None, UserFactory()):
        if user:
            client.force_login(user)
        page = text(client.get(path(fiche)))
        assert "ana@people.example" not in page
        assert fiche.authority.official_address not in page
        assert f"/fiches/{fiche.pk}/contact/" in page
    client.force_login(MemberFactory())
    page = text(client.get(path(fiche)))
    assert "ana@people.example" in page
    assert fiche.authority.official_address in page


def test_history_tells_public_events_without_names(client):
    fiche = FicheFactory()
    history.record(fiche, "note", by=UserFactory(name="Secret Reader"), note="Secret note", internal=True)
    page = text(client.get(path(fiche)))
    assert "Secret" not in page
    assert page.index("Published") < page.index("Submitted")
    assert Event.objects.of(fiche).count() == 4


def test_related_fiches_share_themes(client):
    fiche = FicheFactory(themes=["early-school-leaving", "digital-skills"])
    greek = AuthorityFactory(country="GR")
    FicheFactory(title="Two themes", themes=["early-school-leaving", "digital-skills"], authority=greek)
    FicheFactory(title="One theme", themes=["digital-skills"], authority=greek)
    FicheFactory(title="Same country", themes=["adult-learning"])
    FicheFactory(title="Nothing in common", themes=["adult-learning"], authority=greek)
    FicheFactory(title="Not public", status="in_review", themes=["digital-skills"])
    page = text(client.get(path(fiche))).partition('id="related"')[2]
    order = [page.index(title) for title in ("Two themes", "One theme", "Same country")]
    assert order == sorted(order)
    assert "Nothing in common" not in page
    assert "Not public" not in page


def test_owner_may_revise_a_stranger_may_not(client):
    fiche = FicheFactory()
    assert "Revise" not in text(client.get(path(fiche)))
    client.force_login(fiche.submitted_by)
    assert f'action="/en/fiches/{fiche.pk}/revise/"' in text(client.get(path(fiche)))


def test_queries_of_a_stranger(client, django_assert_max_num_queries):
    fiche = FicheFactory(
        results=True, sources=True, tags=["skills"], translations={"el": {"title": "Τίτλος", "problem": "Π"}}
    )
    for number in range(12):
        FicheFactory(title=f"Other {number}")
    for language in ("en", "el", "tr"):
        with django_assert_max_num_queries(2):
            assert client.get(path(fiche, language)).status_code == 200
