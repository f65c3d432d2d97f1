"""On whose behalf: who may choose whom on a form today, scope by scope; what ended counts at once, also for open pages."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import Event
from accounts.workdays import today
from fiches.models import Fiche
from network.forms.on_behalf import OnBehalfField
from network.models import Representation
from network.representation import representing
from network.seats import represented_by, still_acts_for
from tests.browserless import EXAMPLE, at, begin, fields
from tests.factories import (
    AuthorityFactory,
    CoordinatorFactory,
    FicheFactory,
    MemberFactory,
    MembershipFactory,
    RepresentationFactory,
    SeatFactory,
    ThemeFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def row():
    row = RepresentationFactory()
    MembershipFactory(authority=row.coordinator)
    return row


@pytest.fixture
def elena(row, client):
    user = MemberFactory(seat_at=row.coordinator, seat_at__role="representative")
    client.force_login(user)
    return user


def end_by(row, how):
    row = Representation.objects.get(pk=row.pk)
    {
        "object": lambda: row.object(words="", language="en"),
        "revoke": lambda: row.revoke(by=UserFactory()),
        "end": lambda: row.end_it(by=UserFactory()),
        "take_back": lambda: row.set_scopes(["profile"], by=UserFactory()),
        "time": lambda: Representation.objects.filter(pk=row.pk).update(
            start=today() - timedelta(days=9), end=today() - timedelta(days=1)
        ),
    }[how]()


ENDS = ["object", "revoke", "end", "take_back", "time"]


@pytest.mark.parametrize("scope", Representation.Scope.values)
def test_scope_by_scope(row, elena, scope):
    Representation.objects.update(scopes=[scope])
    for asked in Representation.Scope.values:
        assert represented_by(elena, asked).exists() is (asked == scope)
        assert still_acts_for(elena, row.authority, asked) is (asked == scope)


@pytest.mark.parametrize("status", ["claimed", "ended"])
def test_a_claim_is_no_right(row, elena, status):
    Representation.objects.update(status=status)
    assert not represented_by(elena, "fiches").exists()


@pytest.mark.parametrize(("status", "may"), [("on_hold", True), ("withdrawn", False), ("expired", False)])
def test_a_euroregion_that_left_the_network_acts_for_nobody(row, elena, status, may):
    row.coordinator.membership.status = status
    row.coordinator.membership.save()
    assert represented_by(elena, "profile").exists() == row.authority.can_be_edited_by(elena) == may
    assert still_acts_for(elena, row.authority, "profile") == may


def test_strangers_and_the_other_side_choose_nobody(row, elena):
    for user in (UserFactory(), MemberFactory(), CoordinatorFactory(), SeatFactory(authority=row.authority).user):
        assert not OnBehalfField(user, "fiches").queryset.exists()
    assert list(OnBehalfField(elena, "fiches").queryset) == [row.authority]


@pytest.mark.parametrize("how", ENDS)
def test_a_form_that_is_open_when_it_ends_says_so_and_keeps_what_was_typed(client, row, elena, how):
    ThemeFactory(slug="early-school-leaving")
    fiche, url = begin(client)
    opened = fields(client.get(url), "writing")
    end_by(row, how)
    typed = EXAMPLE | {"on_behalf_of": row.authority.pk, "consent": "on", "then": "submit"}
    answer = client.post(url, opened | typed)
    assert answer.status_code == 422 and answer.context["form"].errors["on_behalf_of"]
    assert EXAMPLE["problem"] in answer.content.decode()
    fiche.refresh_from_db()
    assert (fiche.status, fiche.on_behalf_of) == ("draft", None)


@pytest.mark.parametrize("how", ENDS)
def test_a_draft_on_behalf_can_no_longer_be_submitted(client, row, elena, how):
    fiche = FicheFactory(status="draft", submitted_by=elena, authority=row.authority, on_behalf_of=row.authority)
    url = at(fiche, "check")
    sent = fields(client.get(url), "writing") | {"consent": "on", "then": "submit"}
    end_by(row, how)
    answer = client.post(url, sent)
    assert answer.status_code == 422 and "no longer act" in answer.content.decode()
    assert Fiche.objects.get(pk=fiche.pk).status == "draft"


def test_a_draft_on_behalf_is_submitted_while_it_holds(client, row, elena):
    fiche = FicheFactory(status="draft", submitted_by=elena, authority=row.authority, on_behalf_of=row.authority)
    url = at(fiche, "check")
    client.post(url, fields(client.get(url), "writing") | {"consent": "on", "then": "submit"})
    assert Event.objects.of(fiche).get(verb="submit").on_behalf_of == row.authority
    acts = reverse("network:representation", args=[row.authority.slug])
    client.force_login(SeatFactory(authority=row.authority).user)
    page = client.get(acts).content.decode()
    assert elena.name in page and fiche.title not in page  # a submission is not theirs to read yet


@pytest.mark.parametrize("how", ENDS)
def test_a_published_fiche_is_no_longer_revised_by_whom_it_was_written(row, elena, how):
    fiche = FicheFactory(submitted_by=elena, authority=row.authority, on_behalf_of=row.authority)
    assert fiche.can_be_revised_by(elena)
    end_by(row, how)
    assert not Fiche.objects.get(pk=fiche.pk).can_be_revised_by(elena)
    assert fiche.can_be_revised_by(SeatFactory(authority=row.authority).user)


def test_whoever_then_gets_a_seat_there_goes_on(client, row, elena):
    fiche = FicheFactory(status="draft", submitted_by=elena, authority=row.authority, on_behalf_of=row.authority)
    representing.end(row, by=elena)
    SeatFactory(authority=row.authority, user=elena)
    assert not Fiche.objects.get(pk=fiche.pk).has_lost_scope(elena)


def test_what_was_done_is_told_to_the_authority_only_as_far_as_it_is_visible(client, row, elena):
    fiche = FicheFactory(authority=row.authority, submitted_by=elena, on_behalf_of=row.authority, title="An open one")
    other = AuthorityFactory()
    for obj, authority in ((fiche, row.authority), (FicheFactory(title="Elsewhere"), other)):
        Event.objects.create(object=obj, verb="submit", by=elena, on_behalf_of=authority, at=timezone.now())
    client.force_login(SeatFactory(authority=row.authority).user)
    page = client.get(reverse("network:representation", args=[row.authority.slug])).content.decode()
    assert "An open one" in page and "Elsewhere" not in page


@pytest.mark.parametrize("language", ["en", "el"])
def test_the_public_page_says_who_submitted_on_behalf_of_whom(client, row, elena, language):
    fiche = FicheFactory(authority=row.authority, submitted_by=elena, on_behalf_of=row.authority)
    plain = FicheFactory(authority=row.authority, submitted_by=elena)
    client.logout()
    page = client.get(f"/{language}/fiches/{fiche.pk}-{fiche.slug}/")
    page = client.get(page.get("Location", f"/{language}{fiche.get_absolute_url()[3:]}"))
    assert str(row.coordinator) in page.content.decode()
    assert str(row.coordinator) not in client.get(plain.get_absolute_url()).content.decode()
