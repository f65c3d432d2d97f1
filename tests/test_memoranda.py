"""Memoranda are made: filled in nine languages, locked only when complete, taken back, discarded."""

import hashlib
import re

import pytest
from django.conf import settings as configured
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.utils import translation

from accounts.history import LostRace
from accounts.mail import compose
from accounts.models import Event, Notification
from network.memorandum import locked_text
from network.memorandum.memorandum_text import BLOCKS, INLINE, VARIABLES, check, escape, escape_line, language_names
from network.models import MemorandumTemplate, Party, Signature, SigningLink
from tests import memoranda as made
from tests.factories import CoordinatorFactory, SeatFactory, UserFactory
from tests.jobs import waiting

pytestmark = pytest.mark.django_db
HOSTILE = "# *a* _b_ [c](http://d.example) <b>e</b> `f` | g \\ &amp; {{code}} ~~h~~ ![i](j)"


@pytest.fixture(autouse=True)
def countersigning(settings):
    settings.COUNTERSIGNING_PARTY, settings.COUNTERSIGNING_COUNTRY = made.PARTY, "BE"


# --- the template ----------------------------------------------------------------------------------------------


def test_the_nine_texts_use_the_closed_list():
    shapes = set()
    for code in configured.LANGUAGE_CODES:
        text = (made.SEEDS / f"{code}.md").read_text()
        assert check(text) == ([], [])
        assert all(re.search(rf"^\{{\{{{name}\}}\}}$", text, re.MULTILINE) for name in BLOCKS)  # alone in a paragraph
        kinds = [(block[0], block[1] if block[0] == "h" else 0) for block in locked_text.blocks(text)]
        shapes.add(str(kinds))
    assert len(shapes) == 1  # the same headings, paragraphs, lists and tables in each language
    assert set(VARIABLES) == {*INLINE, *BLOCKS}


def test_a_template_with_other_variables_is_refused():
    template = made.template()
    template.full_clean()
    template.text_el = template.text_el.replace("{{parties}}", "{{partys}}")
    template.text_tr = template.text_tr.replace("{{code}}", "")
    with pytest.raises(ValidationError) as refused:
        template.full_clean()
    assert set(refused.value.message_dict) == {"text_el", "text_tr"}
    assert "partys" in refused.value.message_dict["text_el"][0]
    assert "parties" in refused.value.message_dict["text_el"][1]
    assert "code" in refused.value.message_dict["text_tr"][0]


def test_setup_adds_the_first_version_and_never_changes_it():
    call_command("setup", verbosity=0)
    MemorandumTemplate.objects.filter(number=1).update(text_en="Changed")
    call_command("setup", verbosity=0)
    assert MemorandumTemplate.objects.get().text_en == "Changed"
    assert MemorandumTemplate.objects.get().reviewed_on is None


# --- the text --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", configured.LANGUAGE_CODES)
def test_every_value_in_each_language(language):
    authority = made.joining(official_name="Općina Primjer", official_language="hr", name_el="Δήμος")
    setattr(authority, f"name_{language}", f"Name in {language}")
    authority.save()
    memorandum = made.draft([authority], languages=configured.LANGUAGE_CODES, authentic=("en", "hr"))
    made.themes(memorandum, "adult-learning")
    made.organisations(memorandum.parties.first(), "Srednja škola")
    setattr(memorandum, f"purpose_{language}", f"Aim in {language}")
    memorandum.save()
    with translation.override("nl"):  # whatever language the coordinator works in
        text, data = memorandum.filled(language)
    assert "{{" not in text
    for words in (memorandum.code, "Općina Primjer", f"Name in {language}", "Srednja škola", f"Aim in {language}"):
        assert words in text
    assert memorandum.verification_code in text.replace("\\", "")
    assert "2027" in text
    assert "January" not in text or language == "en"
    assert data["parties"][0]["facts"][0][1] == "Općina Primjer"
    assert memorandum.filled(language).text == text  # again the same


def test_dates_and_languages_are_written_out():
    memorandum = made.draft(languages=["en", "el", "hr"], authentic=["en", "hr"])
    english, greek, croatian = (memorandum.filled(code).text for code in ("en", "el", "hr"))
    assert "January 1, 2027" in english or "1 January 2027" in english
    assert "1 Ιανουαρίου 2027" in greek
    assert "Αγγλικά, Κροατικά" in greek
    assert "1. siječnja 2027." in croatian
    assert "| Engleski, hrvatski |" in croatian
    assert "| Authentic languages | English, Croatian |" in english
    assert "| Courtesy translations | Greek |" in english


def test_what_people_write_is_text():
    authority = made.joining(official_name=HOSTILE, website="https://a_b.example/?x=1&y=2")
    memorandum = made.draft([authority])
    party = memorandum.parties.first()
    Party.objects.filter(pk=party.pk).update(
        commitments_en=f"{HOSTILE}\n1. one\n- two\n\n---\n\n    code\n> quote", signatory_name="---"
    )
    memorandum.purpose_en = HOSTILE
    text = memorandum.filled("en").text
    shown = locked_text.html(text)
    assert "<b>e" not in shown
    assert "<a " not in shown
    assert "<img" not in shown
    assert "<blockquote" not in shown
    words = [str(block) for block in locked_text.blocks(text)]
    assert any(HOSTILE in row.replace("\\\\", "\\") for row in words if "'table'" in row)
    said = [locked_text.plain(block[1]) for block in locked_text.blocks(text) if block[0] == "p"]
    assert HOSTILE in said
    assert f"{HOSTILE} 1. one - two" in said
    assert {"---", "code > quote"} <= set(said)


@pytest.mark.parametrize(
    "value", ["1. one", "2) two", "- three", "+ four", "= five", "a\nb", "x\u202ey", "|", "\\|", "\\", "###"]
)
def test_a_value_comes_back_from_a_cell_and_a_paragraph(value):
    plain = " ".join(value.replace("\u202e", " ").split())
    cell = locked_text.blocks(f"| a | b |\n| --- | --- |\n| {escape(value)} | c |")[0]
    assert locked_text.plain(cell[2][0][0]) == plain
    paragraph = locked_text.blocks(escape_line(value))
    assert [paragraph[0][0], locked_text.plain(paragraph[0][1])] == ["p", plain]


# --- locking ---------------------------------------------------------------------------------------------------


def test_locking_fixes_text_hash_and_turn():
    authority = made.joining()
    memorandum = made.draft([authority])
    coordinator = CoordinatorFactory()
    event = memorandum.lock(by=coordinator)
    assert (event.verb, event.from_state, event.to_state, event.by) == ("lock", "draft", "locked", coordinator)
    memorandum.refresh_from_db()
    assert (memorandum.status, memorandum.round) == ("locked", 1)
    texts = {row.language: row for row in memorandum.current_texts()}
    assert set(texts) == {"en", "el"}
    for row in texts.values():
        assert row.sha256 == hashlib.sha256(row.text.encode("utf-8")).hexdigest()
    assert (texts["en"].authentic, texts["el"].authentic) == (True, False)
    authority.membership.refresh_from_db()
    assert authority.membership.status == "mou_sent"
    kinds = sorted(Notification.objects.filter(recipient=authority.seats.get().user).values_list("kind", flat=True))
    assert [kind for kind in kinds if kind.startswith("memorandum")] == ["memorandum_ready", "memorandum_your_turn"]
    assert waiting("network.make_memorandum_files")
    assert not memorandum.files_ready()


def test_what_is_missing_is_named():
    memorandum = made.draft(languages=["el", "hr"], authentic=["tr"])
    memorandum.purpose_el = "Σκοπός"
    memorandum.save()
    memorandum.parties.filter(capacity="countersigning").delete()
    memorandum.parties.update(decision_reference="")
    MemorandumTemplate.objects.update(reviewed_on=None)
    with pytest.raises(ValidationError) as refused:
        memorandum.lock(by=CoordinatorFactory())
    said = " ".join(refused.value.messages)
    for words in ("countersigning party", "English", "among the languages", "reference", "HR", "lawyer"):
        assert words in said
    memorandum.refresh_from_db()
    assert (memorandum.status, memorandum.round, memorandum.texts.count()) == ("draft", 0, 0)
    assert not Event.objects.of(memorandum).exists()


def test_in_the_demonstration_no_lawyer_is_asked(settings):
    memorandum = made.draft()
    MemorandumTemplate.objects.update(reviewed_on=None)
    memorandum.refresh_from_db()
    assert len(memorandum.missing()) == 1
    settings.DEMO = True
    assert memorandum.missing() == []
    settings.COUNTERSIGNING_PARTY = ""
    assert "CLAVET_COUNTERSIGNING_PARTY" in memorandum.missing()[0]


def test_only_approved_applications_and_members_are_parties():
    for status in ("applied", "mou_sent", "declined", "expired"):
        assert made.draft(status=status).missing()
    for status in ("eligible", "active", "on_hold"):
        assert made.draft(status=status).missing() == []


def test_a_member_that_renews_stays_a_member():
    authority = made.joining(status="active")
    made.locked([authority])
    authority.membership.refresh_from_db()
    assert authority.membership.status == "active"


def test_the_second_who_locks_is_told():
    memorandum = made.draft()
    other = type(memorandum).objects.get(pk=memorandum.pk)
    memorandum.lock(by=CoordinatorFactory())
    with pytest.raises(LostRace):
        other.lock(by=CoordinatorFactory())
    with pytest.raises(LostRace):
        other.discard(by=CoordinatorFactory())
    assert memorandum.texts.count() == 2


def test_taken_back_nothing_counts_any_more():
    authority = made.joining()
    memorandum = made.locked([authority])
    party = memorandum.parties.first()
    text = memorandum.current_texts().first()
    link = SigningLink.objects.create(
        party=party, round=1, name="A", title="B", email="a@b.example", language="en", expires_at=memorandum.locked_at
    )
    stored = {"file": "x.pdf", "filename": "x.pdf", "size": 1, "sha256": "0" * 64}
    copy = memorandum.files.create(round=1, kind="signed", party=party, check_state="waiting", **stored)
    Signature.objects.create(
        party=party,
        round=1,
        method="portal",
        name="A",
        title="B",
        signed_at=memorandum.locked_at,
        language="en",
        text_sha256=text.sha256,
    )
    assert Signature.objects.counting().count() == 1
    memorandum.take_back(by=CoordinatorFactory(), note="A name is wrong.", note_language="en")
    assert Signature.objects.counting().count() == 0
    link.refresh_from_db()
    copy.refresh_from_db()
    authority.membership.refresh_from_db()
    assert link.withdrawn_at is not None
    assert copy.check_state == "refused"
    assert authority.membership.status == "eligible"
    assert Notification.objects.filter(kind="memorandum_text_withdrawn").count() == 1
    memorandum.lock(by=CoordinatorFactory())
    assert memorandum.round == 2
    assert memorandum.texts.count() == 4
    assert Signature.objects.counting().count() == 0
    assert Notification.objects.filter(kind="memorandum_your_turn", recipient=authority.seats.get().user).count() == 2


def test_a_discarded_draft_is_gone_for_good():
    memorandum = made.draft()
    memorandum.discard(by=CoordinatorFactory())
    assert memorandum.status == "discarded"
    with pytest.raises(LostRace):
        memorandum.lock(by=CoordinatorFactory())


def test_who_may():
    authority = made.joining()
    memorandum = made.draft([authority])
    coordinator, partial, representative = CoordinatorFactory(), CoordinatorFactory(), authority.seats.get().user
    SeatFactory(user=partial, authority=authority)
    verbs = ("made", "edited", "locked", "discarded")
    assert [getattr(memorandum, f"can_be_{verb}_by")(coordinator) for verb in verbs] == [True] * 4
    for user in (partial, representative, UserFactory()):
        assert not any(getattr(memorandum, f"can_be_{verb}_by")(user) for verb in verbs)
    memorandum.lock(by=coordinator)
    assert not memorandum.can_be_edited_by(coordinator)
    assert memorandum.can_be_taken_back_by(coordinator)
    assert not memorandum.can_be_taken_back_by(partial)


# --- mails -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", configured.LANGUAGE_CODES)
def test_mails_of_locking_and_taking_back(language):
    authority = made.joining()
    person = authority.seats.get().user
    person.language = language
    person.save()
    memorandum = made.locked([authority], authentic=("en", "el"))
    ready, turn = (compose(row) for row in told(person, "memorandum_ready", "memorandum_your_turn"))
    assert memorandum.code in ready.subject
    assert "{" not in str([ready, turn])
    with translation.override(language):
        assert turn.button[1] == memorandum.get_absolute_url()
        assert language_names(["en", "el"]) in " ".join(ready.paragraphs)
    if language == "en":
        assert turn.subject == f"Your turn to sign: memorandum {memorandum.code}"
        assert turn.paragraphs[0].endswith(f"of this party: {authority.name_en}.")
        assert turn.paragraphs[2] == "Parties that have signed: 0 of 2."
        assert "English, Greek" in ready.paragraphs[1]
    memorandum.take_back(by=CoordinatorFactory(), note="A name is wrong.", note_language="en")
    assert [compose(row) for row in told(person, "memorandum_ready", "memorandum_your_turn")] == [None, None]
    (withdrawn,) = (compose(row) for row in told(person, "memorandum_text_withdrawn"))
    assert "A name is wrong." in str(withdrawn.after)


def told(person, *kinds):
    return [Notification.objects.get(recipient=person, kind=kind) for kind in kinds]
