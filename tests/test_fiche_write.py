"""Writing a fiche: begin, fill in, autosave, two tabs, languages, hand in – and everything that must not work."""

import pytest
from django.urls import reverse

from accounts.models import Event
from fiches import completeness, steps
from fiches.models import Fiche
from fiches.vocabularies import Kind
from tests.browserless import fields, send
from tests.factories import (
    AuthorityFactory,
    CoordinatorFactory,
    FicheFactory,
    MemberFactory,
    RegionFactory,
    RepresentationFactory,
    SeatFactory,
    ThemeFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def author(client):
    user = UserFactory()
    client.force_login(user)
    return user


@pytest.fixture
def draft(author):
    return FicheFactory(status="draft", submitted_by=author, authority=None, authority_claimed="Grad Primjer")


def at(fiche, step):
    return reverse("fiches:edit", args=[fiche.pk, step])


def begin(client, kind="practical_example", language="en"):
    url = reverse("fiches:create")
    response = send(client, url, kind=kind, source_language=language)
    assert response.status_code == 302, response.content.decode()
    return Fiche.objects.latest("pk"), response["Location"]


EXAMPLE = {
    "title": "A phone round in August",
    "summary": "Counsellors ring everybody who has not enrolled.",
    "authority": "Grad Primjer",
    "country": "HR",
    "policy_stages": ["implementation"],
    "target_groups": ["young_people"],
    "problem": "Every summer some thirty pupils vanish between two schools.",
    "step_1": "Get the list.",
    "step_2": "Ring everybody.",
    "step_3": "Offer a visit.",
}


def test_anonymous_people_are_asked_to_log_in(client):
    for name in ("fiches:create", "fiches:my"):
        response = client.get(reverse(name))
        assert response.status_code == 302 and reverse("account_login") in response["Location"]


def test_a_practical_example_is_written_and_handed_in(client, author):
    theme = ThemeFactory(slug="early-school-leaving")
    fiche, url = begin(client, language="hr")
    assert (fiche.source_language, fiche.submitted_by) == ("hr", author)
    response = send(client, url, **EXAMPLE, themes=[theme.pk], consent="on", then="submit")
    assert response.status_code == 302, response.content.decode()
    assert response["Location"] == reverse("fiches:submitted", args=[fiche.pk])
    fiche = Fiche.objects.get(pk=fiche.pk)
    assert fiche.status == "submitted" and fiche.reference and fiche.consent_by == author
    assert fiche.title_hr == EXAMPLE["title"] and fiche.source_sections["step", 2] == "Ring everybody."
    assert fiche.authority is None and fiche.authority_claimed == "Grad Primjer"
    assert fiche.reference in client.get(response["Location"]).content.decode()
    assert client.get(reverse("fiches:preview", args=[fiche.pk])).status_code == 200


def test_the_short_form_asks_for_at_most_14_things(client, author):
    """Kind, language, title, summary, authority, country, policy stage, theme, group, problem, three steps, consent."""
    ThemeFactory(slug="early-school-leaving")
    fiche, url = begin(client)
    page = client.get(url)
    asked = {name for name in page.context["form"].fields} | {"consent"}
    create = {"kind", "source_language"}
    assert len(asked) + len(create) <= 14, asked
    needed = {row.key for row in completeness.requirements(fiche) if row.required}
    step = steps.find(fiche, "short")
    assert needed <= set(step.names)


@pytest.mark.parametrize("kind", Kind.values)
def test_every_step_of_every_kind_can_be_opened_and_saved_as_it_is(client, author, kind):
    fiche = FicheFactory(kind=kind, status="draft", submitted_by=author, results=True, sources=True)
    for step in steps.steps_of(fiche):
        url = at(fiche, step.key)
        assert client.get(url).status_code == 200
        response = send(client, url, then="stay")
        assert response.status_code == 302, (step.key, response.context and response.context["form"].errors)
