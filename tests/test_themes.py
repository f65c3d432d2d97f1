"""Theme pages: a theme whole, for each reader what they may see, in few statements however much there is."""

import datetime
import re
from io import BytesIO

import pytest
from django.conf import settings
from django.utils import timezone
from pypdf import PdfReader

from clavet import theme_page
from clavet.management.commands.setup import add_themes, seed
from network.models import Expertise, Theme
from tests.factories import (
    AuthorityFactory,
    CoordinatorFactory,
    FicheFactory,
    MemberFactory,
    MembershipFactory,
    ThemeFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db
PAGE = "/en/themes/adult-learning/"
UPPER = "/en/themes/adult-learning-guidance/"


def text(client, path=PAGE) -> str:
    """The page as one line of text with tags, entities as they stand."""
    response = client.get(path)
    assert response.status_code == 200
    return re.sub(r"\s+", " ", response.content.decode())


def words(page) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


def part(page, key) -> str:
    """What stands between the heading with this id and the next h2."""
    return page.split(f'<h2 id="{key}"', 1)[1].split("<h2 ", 1)[0]


# --- content ---------------------------------------------------------------------------------------------------


def test_all_themes_are_listed_with_their_numbers(client):
    FicheFactory(themes=["adult-learning", "digital-skills"])
    ThemeFactory(slug="inclusion", parent=None)
    page = words(text(client, "/en/themes/"))
    assert "Adult learning guidance 1 fiche" in page
    assert "Adult learning 1 fiche" in page
    assert "Inclusion No fiche yet" in page


def test_a_theme_is_shown_whole(client):
    theme = ThemeFactory(slug="adult-learning")
    Theme.objects.filter(pk=theme.pk).update(description_en="Learning after school. A council pays for courses.")
    FicheFactory(title="Practice", policy_stages=["formulation", "monitoring"], results=True)
    FicheFactory(
        title="Warning",
        kind="lesson_learned",
        sections={"happened": "Nobody **came**.", "warning_signs": "Few asked.", "problem": "x"},
    )
    FicheFactory(title="Copy me", kind="practical_example", sections={"tools": "A checklist.", "problem": "x"})
    page = text(client)
    assert "Learning after school. A council pays for courses." in page
    assert "Practice" in part(page, "stages")
    assert words(part(page, "lessons")).count("Nobody came.") == 1
    assert "Few asked." in part(page, "lessons")
    results = words(part(page, "results"))
    for said in ("Share of early leavers", "14%", "9%", "2023", "Own monitoring", "Practice"):
        assert said in results
    assert "A checklist." in part(page, "examples")
    assert "Croatia: 3 fiches" in part(page, "where")
    assert 'href="/en/fiches/?theme=adult-learning&amp;language=en"' in part(page, "where")
    assert "Adult learning guidance" in part(page, "near")


def test_a_fiche_of_several_stages_is_counted_once(client):
    FicheFactory(title="Everywhere", policy_stages=["formulation", "implementation", "monitoring"])
    page = text(client)
    assert part(page, "stages").count("Everywhere") == 3
    assert "One fiche in all" in part(page, "stages")
    assert re.search(r"Fiches </th> <td > <a [^>]*>1</a>|>1</a>", page.split("theme-body")[0])


def test_an_upper_theme_has_everything_of_its_parts_once(client):
    ThemeFactory(slug="guidance", parent=ThemeFactory(slug="adult-learning-guidance", parent=None))
    FicheFactory(title="Of both", themes=["adult-learning", "guidance"])
    FicheFactory(title="Of one", themes=["guidance"])
    page = text(client, UPPER)
    assert "2 fiches in all" in part(page, "stages")
    assert part(page, "stages").count("Of both") == 1
    parts = words(part(page, "parts"))
    assert "Adult learning 1 fiche" in parts
    assert "Guidance 2 fiches" in parts


def test_themes_that_share_fiches_are_near(client):
    ThemeFactory(slug="guidance", parent=ThemeFactory(slug="adult-learning-guidance", parent=None))
    for _number in range(2):
        FicheFactory(themes=["adult-learning", "digital-skills"])
    FicheFactory(themes=["adult-learning", "guidance"])
    near = part(text(client), "near")
    assert near.index("Digital skills") < near.index("Guidance")
    assert "Adult learning</a>" not in near


def test_an_empty_theme_says_what_to_do_next(client):
    ThemeFactory(slug="adult-learning")
    page = text(client)
    assert "No fiche on this theme yet" in page
    assert 'href="/en/fiches/new/"' in page
    assert 'id="stages"' not in page


def test_an_unknown_theme_is_not_found(client):
    assert client.get("/en/themes/no-such-theme/").status_code == 404


def test_long_parts_are_cut_and_say_so(client, monkeypatch):
    monkeypatch.setattr(theme_page, "EACH_STAGE", 2)
    monkeypatch.setattr(theme_page, "RESULTS", 1)
    for number in range(3):
        FicheFactory(title=f"Practice {number}", evidence_strength=number + 1, results=True)
    page = text(client)
    stages = part(page, "stages")
    assert stages.index("Practice 2") < stages.index("Practice 1")
    assert "Practice 0" not in stages
    assert "All 3 fiches" in stages
    assert 'href="/en/fiches/?theme=adult-learning&amp;policy_stage=implementation"' in stages
    assert part(page, "results").count("Share of early leavers") == 1
    assert "One figure, from the fiche with the strongest evidence." in words(part(page, "results"))


def test_strangers_and_members_read_the_same_order(client):
    """The index answers strangers, the database the others."""
    for number, strength in enumerate([2, None, 5, 2, None, 4]):
        stages = ["monitoring", "formulation"] if number % 2 else ["implementation", "monitoring"]
        kind = ["lesson_learned", "practical_example", "best_practice"][number % 3]
        FicheFactory(title=f"No {number}", kind=kind, evidence_strength=strength, policy_stages=stages)

    def order():
        return re.findall(r"No \d", text(client).split('id="where"')[0])

    strangers = order()
    assert len(strangers) == 6 * 2 + 4
    client.force_login(UserFactory())
    assert order() == strangers


# --- languages -------------------------------------------------------------------------------------------------


def test_texts_are_shown_as_on_the_page_of_their_fiche(client):
    fiche = FicheFactory(
        title="Practice",
        results=True,
        translations={"el": {"title": "Πρακτική", "summary": "Περίληψη", "problem": "Το πρόβλημα"}},
    )
    own = text(client, "/el/themes/adult-learning/")
    assert ">Πρακτική</a>" in own
    assert '<span lang="en">Share of early leavers</span>' in own  # the figure is not translated: the original
    fiche.results.update(indicator_el="Ποσοστό")
    assert "<span >Ποσοστό</span>" in text(client, "/el/themes/adult-learning/")
    other = text(client, "/tr/themes/adult-learning/")
    assert '<p class="theme-title" lang="en"> <a' in other
    assert '<span lang="en">Share of early leavers</span>' in other


def test_what_a_theme_means_is_marked_where_it_is_english(client):
    theme = ThemeFactory(slug="adult-learning")
    Theme.objects.filter(pk=theme.pk).update(description_en="In English.", name_el="Μάθηση")
    page = text(client, "/el/themes/adult-learning/")
    assert "<h1 >Μάθηση</h1>" in page
    assert re.search(r'<p class="lead narrow" lang="en" ?>\s*In English\.', page)


# --- who may see what ------------------------------------------------------------------------------------------


def test_what_is_not_public_is_on_the_page_of_those_who_may_read_it(client):
    FicheFactory(title="Public")
    tomorrow = timezone.localdate() + datetime.timedelta(days=1)
    later = FicheFactory(title="Embargoed", embargo_until=tomorrow, results=[{"indicator": "Secret figure"}])
    FicheFactory(title="In review", status="in_review")
    for user in (None, UserFactory(), MemberFactory()):
        if user:
            client.force_login(user)
        page = text(client)
        assert "Embargoed" not in page
        assert "Secret figure" not in page
        assert later.authority.name not in page
        assert "One fiche in all" in page
    for user in (later.submitted_by, MemberFactory(seat_at=later.authority), CoordinatorFactory()):
        client.force_login(user)
        page = text(client)
        assert "Embargoed" in page
        assert "Secret figure" in page
        assert "2 fiches in all" in page
        assert "In review" not in page


def test_an_anonymised_lesson_names_nobody(client):
    lesson = FicheFactory(title="Quiet", kind="lesson_learned", disclosure="anonymised", results=True)
    for user in (None, UserFactory(), CoordinatorFactory()):
        if user:
            client.force_login(user)
        page = text(client)
        assert "Quiet" in page
        assert lesson.authority.name not in page
        assert lesson.authority.official_name not in page
        assert 'id="authorities"' not in page
        assert "Authority not named" in page


# --- who knows about it ----------------------------------------------------------------------------------------


def rate(authority, expertise, theme="adult-learning", **fields):
    return Expertise.objects.create(authority=authority, theme=ThemeFactory(slug=theme), expertise=expertise, **fields)


def test_members_rate_themselves_and_others_have_published(client):
    member, other = AuthorityFactory(name="Member town", demonstration=True), AuthorityFactory(name="Other town")
    MembershipFactory(authority=member, status="on_hold")
    rate(member, 4)
    FicheFactory(authority=member)
    FicheFactory(authority=member)
    FicheFactory(authority=other)
    rate(other, 5)  # not a member: its row does not count
    page = words(part(text(client), "authorities"))
    rated, published = page.split("Other authorities with published fiches")
    assert "Member town Croatia 2 fiches Demonstration 4 – can advise others" in rated
    assert "Member town" not in published
    assert "Other town Croatia 1 fiche" in published
    assert "can advise" not in published.split("Other town")[1]


def test_an_upper_theme_knows_the_experts_on_its_parts(client):
    member = AuthorityFactory(name="Member town")
    MembershipFactory(authority=member)
    rate(member, 2)
    rate(member, 5, theme="adult-learning-guidance")
    rate(member, None, theme="digital-skills", need=5)
    assert "5 – others learn from it" in part(text(client, UPPER), "authorities")
    assert "2 – some practice" in part(text(client), "authorities")
    assert 'id="authorities"' not in text(client, "/en/themes/digital-skills/")


def test_hidden_authorities_are_not_named(client):
    member = AuthorityFactory(name="Hidden town", hidden=True)
    MembershipFactory(authority=member)
    rate(member, 5)
    assert "Hidden town" not in text(client)


def test_coordinators_rate_authorities_in_the_admin(client):
    authority = AuthorityFactory()
    rate(authority, 3)
    client.force_login(UserFactory(is_staff=True))
    assert client.get(f"/admin/network/authority/{authority.pk}/change/").status_code in (302, 403)
    client.force_login(CoordinatorFactory())
    page = client.get(f"/admin/network/authority/{authority.pk}/change/", follow=True).content.decode()
    assert "expertise-0-expertise" in page
    theme = Theme.objects.get(slug="adult-learning")
    page = client.get(f"/admin/network/theme/{theme.pk}/change/", follow=True).content.decode()
    assert "description_tr" in page


# --- cost ------------------------------------------------------------------------------------------------------


def test_seven_statements_are_enough(client, django_assert_max_num_queries):
    member = AuthorityFactory()
    MembershipFactory(authority=member)
    rate(member, 4)
    for kind in ("best_practice", "lesson_learned", "practical_example"):
        FicheFactory(kind=kind, results=True, themes=["adult-learning", "digital-skills"])
    with django_assert_max_num_queries(7):
        text(client)
    for number in range(8):
        FicheFactory(kind="lesson_learned", results=True, policy_stages=["monitoring"], editions=number > -1)
    with django_assert_max_num_queries(7):
        text(client)
    with django_assert_max_num_queries(7):
        text(client, UPPER)
    with django_assert_max_num_queries(2):
        text(client, "/en/themes/")


# --- what each theme means -------------------------------------------------------------------------------------


def entries():
    return [entry for upper in seed("themes") for entry in (upper, *upper["child"])]


def test_each_theme_is_described_in_nine_languages():
    wrong = []
    for entry in entries():
        for code, text in zip(settings.LANGUAGE_CODES, entry["descriptions"], strict=True):
            wrong += [(entry["slug"], code)] if not 30 <= len(text.split()) <= 70 or len(text) > 600 else []
        wrong += [entry["slug"]] if len({*entry["descriptions"]}) < len(settings.LANGUAGE_CODES) else []
    assert not wrong


def test_no_description_claims_a_figure():
    assert not [entry["slug"] for entry in entries() if re.search(r"\d", "".join(entry["descriptions"]))]


def test_setup_fills_only_what_is_missing(client):
    theme = ThemeFactory(slug="adult-learning")
    Theme.objects.filter(pk=theme.pk).update(description_en="In our own words.", name_tr="Kendi adımız")
    add_themes()
    add_themes()
    theme = Theme.objects.get(pk=theme.pk)
    assert theme.description_en == "In our own words."
    assert theme.name_tr == "Kendi adımız"
    assert theme.description_tr.startswith("Yetişkinlerin")
    page = text(client, "/nl/themes/")
    assert "Wie beslist waarover in onderwijs en opleiding, met wie, en hoe weet men of het werkt?</p>" in page.replace(
        " </p>", "</p>"
    )


# --- the brief -------------------------------------------------------------------------------------------------


def paper(client, path) -> str:
    """The text of a PDF, with its lines as one."""
    response = client.get(path)
    assert response.status_code == 200
    assert response["Content-Type"] == "application/pdf"
    reader = PdfReader(BytesIO(response.content))
    return re.sub(r"\s+", " ", " ".join(page.extract_text() for page in reader.pages))


def test_a_brief_says_the_best_of_the_page(client):
    theme = ThemeFactory(slug="adult-learning")
    Theme.objects.filter(pk=theme.pk).update(description_el="Ό,τι μαθαίνουν οι ενήλικες. Ο δήμος αποφασίζει.")
    FicheFactory(title="Practice", results=True, authority=AuthorityFactory(name="Sample town"))
    tomorrow = timezone.localdate() + datetime.timedelta(days=1)
    FicheFactory(title="Embargoed", embargo_until=tomorrow)
    quiet = FicheFactory(
        title="Quiet", kind="lesson_learned", disclosure="anonymised", sections={"happened": "Nobody."}
    )
    said = paper(client, "/el/themes/adult-learning/theme.pdf")
    for words_ in ("Ό,τι μαθαίνουν οι ενήλικες.", "Practice", "Share of early leavers", "9%", "Sample town", "Nobody."):
        assert words_ in said, words_
    assert "\ufffd" not in said
    assert "Embargoed" not in said
    assert quiet.authority.name not in said


def test_the_brief_of_an_empty_theme_says_what_to_do(client):
    ThemeFactory(slug="adult-learning")
    assert "No fiche on this theme yet" in paper(client, f"{PAGE}theme.pdf")
    assert client.get("/en/themes/no-such-theme/theme.pdf").status_code == 404


def test_markup_in_a_title_is_text_in_the_brief(client):
    FicheFactory(title='#read("/etc/passwd") *bold*', results=[{"indicator": "$x^2$ #panic()"}])
    said = paper(client, f"{PAGE}theme.pdf")
    assert '#read("/etc/passwd") *bold*' in said
    assert "$x^2$ #panic()" in said


def test_asking_for_the_head_of_a_brief_leaves_the_next_reader_its_body(client, settings):
    settings.PAGE_CACHE_BYTES = 2**20 * 32
    ThemeFactory(slug="adult-learning")
    client.head(f"{PAGE}theme.pdf")
    assert client.get(f"{PAGE}theme.pdf").content.startswith(b"%PDF")
