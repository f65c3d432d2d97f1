"""Released translations: columns, row, Editions, and what a fiche derives from them."""

import pytest

from fiches import derived
from fiches.models import Fiche
from tests.factories import CoordinatorFactory, FicheFactory, UserFactory
from translations.models import Edition, Translation
from translations.release import release

pytestmark = pytest.mark.django_db


def texts_of(fiche, word):
    return {key: f"{word} {key}" for key, text in fiche.source_texts().items() if text}


def test_a_machine_draft_is_shown_and_marked():
    fiche = FicheFactory(results=True)
    release(fiche, "fr", texts_of(fiche, "traduit"), method=Translation.Method.MACHINE, engine="an engine")
    edition = fiche.editions.get(language="fr")
    assert (edition.state, edition.shown_language) == (Edition.State.MACHINE, "fr")
    assert edition.title == "traduit title"
    assert fiche.translations.get().engine == "an engine"
    assert Fiche.objects.get(pk=fiche.pk).available_languages == ["en", "fr"]
    assert fiche.results.get().indicator_fr.startswith("traduit result:")


def test_what_a_person_wrote_is_never_called_a_machine_draft():
    fiche, author = FicheFactory(), UserFactory()
    release(fiche, "el", texts_of(fiche, "κείμενο"), method=Translation.Method.HUMAN, translator=author)
    assert fiche.editions.get(language="el").state == Edition.State.OWN
    assert fiche.translations.get().status == Translation.Status.DRAFT


def test_title_and_summary_alone_do_not_count_as_a_language():
    fiche = FicheFactory()
    release(fiche, "tr", {"title": "Başlık", "summary": "Özet"}, method=Translation.Method.HUMAN)
    assert fiche.editions.get(language="tr").state == Edition.State.PARTIAL
    assert Fiche.objects.get(pk=fiche.pk).available_languages == ["en"]


def test_a_key_not_given_stays_and_a_blank_text_is_taken_back():
    fiche = FicheFactory()
    release(fiche, "it", texts_of(fiche, "testo"), method=Translation.Method.HUMAN)
    release(fiche, "it", {"title": "Titolo nuovo", "summary": ""}, method=Translation.Method.HUMAN)
    row, fresh = fiche.translations.get(), Fiche.objects.get(pk=fiche.pk)
    assert (fresh.title_it, fresh.summary_it) == ("Titolo nuovo", "")
    assert "summary" not in row.fingerprints and len(row.fingerprints) == len(texts_of(fiche, "")) - 1


def test_a_key_of_another_fiche_changes_nothing():
    fiche, other = FicheFactory(), FicheFactory()
    foreign = other.sections.first()
    release(fiche, "it", {f"section:{foreign.pk}:text": "rubato"}, method=Translation.Method.HUMAN)
    foreign.refresh_from_db()
    assert not foreign.text_it


def test_the_original_is_not_a_translation():
    with pytest.raises(ValueError, match="original"):
        release(FicheFactory(), "en", {"title": "x"}, method=Translation.Method.HUMAN)


def test_stored_values_equal_what_they_follow_from():
    fiche = FicheFactory(status="draft", results=True)
    fiche.submit(by=fiche.submitted_by)
    coordinator = CoordinatorFactory()
    fiche.take(by=coordinator)
    fiche.approve(by=coordinator)
    release(fiche, "fr", texts_of(fiche, "texte"), method=Translation.Method.MACHINE)
    stored = Fiche.objects.get(pk=fiche.pk)
    computed = derived.values(stored)
    assert {name: getattr(stored, name) for name in computed} == computed
    assert stored.published_at and stored.completeness > 50
