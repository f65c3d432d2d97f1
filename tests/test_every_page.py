"""Every type of page in a browser: in its language, nothing sideways, no console error, axe finds nothing.

At 320 px in dark colours, at 1280 px in light ones; in Greek and one other language, or in all nine (make test-all).
"""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import translation

from accounts.workdays import today
from clavet.management.commands import setup
from fiches import revision
from network import acceptances
from network.models import Document, DocumentVersion, Expertise, Membership
from tests import applications, represented, seated
from tests import factories as made
from tests.document_factories import DocumentVersionFactory

pytestmark = pytest.mark.django_db(transaction=True)

WRITTEN = {"title": "Σχολείο δεύτερης ευκαιρίας", "summary": "Ενήλικες τελειώνουν το σχολείο."}
TURKISH = {"title": "İkinci şans okulu", "summary": "Yetişkinler okulu bitiriyor.", "method": "machine"}
FEATURES = {"results": True, "sources": True, "tags": ["evening school"]}


@pytest.fixture
def fiches():
    """One of each kind: with a reviewed and a machine translation, anonymised, and short."""
    region = made.RegionFactory(code="HR036", name="Istarska županija")
    practice = made.FicheFactory(
        region=region,
        translations={
            "el": WRITTEN | {"problem": "Πολλοί ενήλικες δεν τελείωσαν το σχολείο.", "status": "reviewed"},
            "tr": TURKISH | {"problem": "Birçok yetişkin okulu bitirmedi.", "status": "machine_draft"},
            "hr": {"title": "Večernja škola", "summary": "Odrasli završavaju školu.", "status": "machine_draft"},
        },
        **FEATURES,
    )
    lesson = made.FicheFactory(kind="lesson_learned", disclosure="anonymised", themes=["early-school-leaving"])
    example = made.FicheFactory(kind="practical_example", origin="compiled", vouched="compiled", submitted_by=None)
    return practice, lesson, example


def public_pages(fiches):
    """(path, status) for everybody."""
    for fiche in fiches:
        yield reverse("fiches:detail", args=[fiche.pk, fiche.slug]), 200
    yield reverse("home"), 200
    yield reverse("fiches:list"), 200
    yield f"{reverse('fiches:list')}?kind=best_practice&country=HR&theme=adult-learning&q=evening", 200
    yield f"{reverse('fiches:list')}?kind=best_practice&country=TR", 200
    yield f"{reverse('search')}?q=schools", 200
    yield from chosen_pages(fiches)
    yield from version_pages(fiches[0])
    yield reverse("fiches:contact", args=[fiches[0].pk]), 200
    yield from network_pages(fiches[0])
    yield reverse("themes"), 200
    for slug in ("adult-learning", "adult-learning-guidance", made.ThemeFactory(slug="green-skills").slug):
        yield reverse("theme", args=[slug]), 200
    for name in ("about", "partners", "contact", "accessibility", "report_problem", "verify"):
        yield reverse(name), 200
    yield from document_pages()
    for name in ("account_login", "account_signup", "account_reset_password"):
        yield reverse(name), 200
    yield f"{reverse('home')}no-such-page/", 404
    yield f"{reverse('fiches:export', args=['csv'])}?country=XX", 400
    gone = made.FicheFactory(status="archived")
    yield reverse("fiches:detail", args=[gone.pk, gone.slug]), 410


def chosen_pages(fiches):
    """Ticked, too many to compare, side by side, nothing chosen."""
    ids = [f"fiche={fiche.pk}" for fiche in fiches]
    yield f"{reverse('fiches:list')}?{'&'.join(ids).replace('fiche', 'tick')}", 200
    yield f"{reverse('fiches:selection')}?{'&'.join([*ids, 'fiche=999999', 'fiche=x'])}", 200
    yield f"{reverse('fiches:selection')}", 200
    yield f"{reverse('fiches:compare')}?{'&'.join(ids)}", 200
    yield f"{reverse('fiches:compare')}?{ids[0]}", 200


def network_pages(fiche):
    """A member that is represented, the Euroregion that represents it, writing to it, a file that was refused."""
    made.MembershipFactory(authority=fiche.authority, decision_body="City council", since="2025-03-01")
    Expertise.objects.create(authority=fiche.authority, theme=made.ThemeFactory(slug="adult-learning"), expertise=4)
    euroregion = made.RepresentationFactory(authority=fiche.authority, basis="Named in the list").coordinator
    for query in ("", "?standing=on_hold&country=AL", "?q=sample", "?q=zeppelin&language=xx&kind=none"):
        yield f"{reverse('network:list')}{query}", 200
    for authority in (fiche.authority, euroregion):
        authority.rewrite()
        yield reverse("network:detail", args=[authority.slug]), 200
    yield reverse("network:contact", args=[euroregion.slug]), 200
    yield f"{reverse('network:export', args=['csv'])}?country=XX", 400


def version_pages(fiche):
    """A fiche that was revised: its versions, the first one, what changed, and a version that never was."""
    copy, _begun = revision.begin(fiche, by=fiche.submitted_by)
    copy.sections.filter(name="problem").update(text_en="Many adults never finished school.")
    copy.submit(by=fiche.submitted_by)
    copy.take(by=made.CoordinatorFactory())
    copy.approve(by=copy.read_by)
    place = [fiche.pk, fiche.slug]
    yield reverse("fiches:versions", args=place), 200
    yield reverse("fiches:version", args=[*place, 1]), 200
    yield reverse("fiches:changes", args=place), 200
    yield f"{reverse('fiches:changes', args=place)}?from=1&to=7", 404


def document_pages():
    """Those that come with the portal; the terms have a second version in force and a coming one."""
    setup.add_documents()
    terms = Document.objects.get(slug="terms")
    DocumentVersionFactory(document=terms)
    DocumentVersionFactory(document=terms, in_force_from=today() + timedelta(days=9), text="## More\n\nMore words.\n")
    for name in ("privacy", "terms"):
        yield reverse(name), 200
    for slug in ("guidelines", "writing-guide"):
        yield reverse("document", args=[slug]), 200
    yield reverse("document_versions", args=["terms"]), 200
    for number, status in ((1, 200), (2, 200), (3, 200), (4, 404)):
        yield reverse("document_version", args=["terms", number]), status
    yield f"{reverse('document_changes', args=['terms'])}?from=1&to=3", 200
    yield reverse("document_changes", args=["privacy"]), 200


def personal_pages(person):
    """(path, status) for a member who has one fiche in each state."""
    mine = {
        state: made.FicheFactory(status=state, submitted_by=person, **FEATURES)
        for state in ("draft", "submitted", "changes_requested", "rejected", "published")
    }
    yield reverse("network:memoranda"), 200  # their other pages: test_memorandum_pages
    for name in ("my", "fiches:my", "fiches:create", "accounts:settings", "accounts:notifications"):
        yield reverse(name), 200
    list(document_pages())
    acceptances.accept(DocumentVersion.objects.get(document__slug="terms", number=2), person)
    yield reverse("accept_documents"), 200
    own = person.seats.order_by("pk").first().authority
    person.seats.update(role="representative")
    yield from applications.pages(person)
    yield from represented.pages(person)
    yield from seated.pages(person, own)
    Membership.objects.filter(authority=own).update(report_due=today(), since=today())
    for name in ("profile", "report", "membership_leave"):
        yield reverse(f"network:{name}", args=[own.slug]), 200
    yield reverse("network:detail", args=[own.slug]), 200
    for name in ("account_email", "account_change_password", "mfa_index", "usersessions_list"):
        yield reverse(name), 200
    for step in ("basics", "story", "results", "cost", "classification", "files", "languages", "check"):
        yield reverse("fiches:edit", args=[mine["draft"].pk, step]), 200
    short = made.FicheFactory(kind="practical_example", status="draft", submitted_by=person)
    yield reverse("fiches:edit", args=[short.pk, "short"]), 200
    yield reverse("fiches:preview", args=[mine["draft"].pk]), 200
    yield reverse("fiches:submitted", args=[mine["submitted"].pk]), 200


def look_at(pages, live, axe, no_sideways_scrolling, language):
    """Open each page and collect what is wrong with any of them."""
    faults = []
    for path, status in pages:
        live.expected = [] if status == 200 else [str(status)]
        answer = live.goto(path)
        try:
            assert answer.status == status, f"{path}: {answer.status}"
            assert live.page.locator("html").get_attribute("lang") == language
            no_sideways_scrolling(live.page)
            axe(live.page)
            assert not live.unexpected(), f"{path}: {live.unexpected()}"
        except AssertionError as fault:
            faults.append(str(fault))
        live.problems.clear()
    assert not faults, "\n\n".join(faults)


@pytest.fixture
def colours(live, page_width):
    live.page.emulate_media(color_scheme="dark" if page_width == 320 else "light")


def test_every_public_page(live, axe, no_sideways_scrolling, colours, page_language, page_width, fiches):
    with translation.override(page_language):
        pages = list(public_pages(fiches))
    look_at(pages, live, axe, no_sideways_scrolling, page_language)


def test_every_personal_page(live, axe, no_sideways_scrolling, colours, page_language, page_width, fiches):
    person = made.MemberFactory(language=page_language)
    live.log_in(person)
    with translation.override(page_language):
        pages = list(personal_pages(person))
    look_at(pages, live, axe, no_sideways_scrolling, page_language)
