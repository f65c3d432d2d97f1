"""Members over the years: reports with frozen figures, on hold and active again, leaving with notice."""

import datetime
import re

import pytest
import time_machine
from django.urls import reverse

from accounts.models import Event, Notification
from network.emails import membership as mails
from network.membership import leaving, reporting
from network.models import Authority, Membership, MembershipReport
from network.tasks import memberships_day_by_day, memoranda_day_by_day

from .factories import (
    CoordinatorFactory,
    FicheFactory,
    MemberFactory,
    MembershipFactory,
    RepresentationFactory,
    SeatFactory,
    UserFactory,
)
from .memoranda import locked

pytestmark = pytest.mark.django_db

DAY = datetime.date(2026, 11, 22)


@pytest.fixture(autouse=True)
def that_day(settings):
    settings.COUNTERSIGNING_PARTY = "Secretariat of the Sample Network"
    with time_machine.travel(datetime.datetime(2026, 11, 22, 9, tzinfo=datetime.UTC), tick=False):
        yield


@pytest.fixture
def member():
    """A representative of a member whose report is due in thirty days."""
    user = MemberFactory(seat_at__role="representative")
    change(user, since=datetime.date(2024, 12, 22), report_due=datetime.date(2026, 12, 22))
    return user


def authority_of(user):
    return user.seats.get().authority


def change(user, **fields):
    Membership.objects.filter(authority=authority_of(user)).update(**fields)


def membership_of(user):
    return Membership.objects.select_related("authority").get(authority=authority_of(user))


def address(user, name="report"):
    return reverse(f"network:{name}", args=[authority_of(user).slug])


def filled(user, **fields):
    return {"on_behalf_of": authority_of(user).pk, "text": "Abbiamo imparato molto.", "answers": "3", **fields}


def flat(response) -> str:
    return " ".join(response.content.decode().split())


def kinds():
    return list(Notification.objects.values_list("kind", flat=True))


def test_the_report_comes_with_what_the_portal_knows(client, member):
    authority = authority_of(member)
    FicheFactory(authority=authority, published_at=datetime.datetime(2025, 5, 1, tzinfo=datetime.UTC))
    FicheFactory(authority=authority, published_at=datetime.datetime(2024, 5, 1, tzinfo=datetime.UTC))
    FicheFactory(authority=authority, status="draft", published_at=None)
    client.force_login(member)
    assert client.get(address(member)).context["facts"][0]["value"] == "1"
    assert client.post(address(member), filled(member)).status_code == 302
    report = MembershipReport.objects.get()
    assert report.figures == {"fiches_published": 1, "fiches_revised": 0, "stated": {"answers": 3}}
    assert (report.period_from, report.period_until) == (datetime.date(2024, 12, 22), DAY)
    assert membership_of(member).report_due == datetime.date(2028, 12, 22)
    event = Event.objects.of(report.membership).get()
    assert (event.verb, event.by, event.on_behalf_of) == ("report", member, authority)
    FicheFactory(authority=authority)
    assert b"Abbiamo imparato molto." in client.get(address(member)).content
    report.refresh_from_db()
    assert report.figures["fiches_published"] == 1


def test_a_report_is_sent_once(client, member):
    client.force_login(member)
    client.post(address(member), filled(member))
    assert client.post(address(member), filled(member)).status_code == 403
    assert MembershipReport.objects.count() == 1


def test_what_is_wrong_is_said_and_what_was_typed_stays(client, member):
    client.force_login(member)
    response = client.post(address(member), filled(member, text="", answers="-1", adoptions="7"))
    assert {"text", "answers"} == set(response.context["form"].errors)
    assert b'value="7"' in response.content and not MembershipReport.objects.exists()


def test_before_the_time_there_is_nothing_to_submit(client, member):
    change(member, report_due=datetime.date(2027, 6, 1))
    client.force_login(member)
    assert client.get(address(member)).context["form"] is None
    assert client.post(address(member), filled(member)).status_code == 403


@pytest.mark.parametrize(
    "who", ["contributor", "coordinator", "euroregion", "wrong scope", "stranger", "another member"]
)
def test_who_may_read_and_write_a_report(client, member, who):
    authority = authority_of(member)
    user = CoordinatorFactory() if who == "coordinator" else UserFactory()
    if who == "contributor":
        SeatFactory(authority=authority, user=user)
    if who in ("euroregion", "wrong scope"):
        scopes = ["reports"] if who == "euroregion" else ["profile", "fiches"]
        row = RepresentationFactory(authority=authority, status="granted", scopes=scopes)
        MembershipFactory(authority=row.coordinator)
        SeatFactory(authority=row.coordinator, user=user)
    if who == "another member":
        user = MemberFactory(seat_at__role="representative")
    client.force_login(user)
    reads = who in ("contributor", "coordinator", "euroregion")
    assert client.get(address(member)).status_code == (200 if reads else 403)
    sent = client.post(address(member), filled(member))
    assert sent.status_code == (302 if who == "euroregion" else 403)
    assert MembershipReport.objects.count() == (who == "euroregion")


def test_a_representation_that_ended_meanwhile_is_no_ground(member):
    row = RepresentationFactory(authority=authority_of(member), status="granted", scopes=["reports"])
    MembershipFactory(authority=row.coordinator)
    user = SeatFactory(authority=row.coordinator).user
    assert reporting.can_be_written_by(membership_of(member), user)
    row.revoke(by=member)
    assert not reporting.can_be_written_by(membership_of(member), user)


def test_late_means_on_hold_and_the_report_makes_it_active_again(client, member):
    change(member, report_due=datetime.date(2026, 11, 21))
    memberships_day_by_day(0)
    memberships_day_by_day(0)
    assert membership_of(member).status == "on_hold"
    assert kinds() == ["membership_on_hold"]
    client.force_login(member)
    assert client.post(address(member), filled(member)).status_code == 302
    assert membership_of(member).status == "active"
    assert membership_of(member).report_due == datetime.date(2028, 11, 22)
    assert kinds() == ["membership_on_hold", "membership_active_again"]


def test_reminders_60_and_14_days_before(member):
    for days in (61, 60, 30, 14, 3):
        with time_machine.travel(datetime.datetime(2026, 12, 22, 9, tzinfo=datetime.UTC) - datetime.timedelta(days)):
            memberships_day_by_day(0)
            memberships_day_by_day(0)
    assert kinds() == ["report_due", "report_due"]


def test_leaving_takes_the_notice_of_the_memorandum(client, member):
    memorandum = in_force(authority_of(member))
    client.force_login(member)
    assert b"22 February 2027" in client.get(address(member, "membership_leave")).content
    refused = client.post(address(member, "membership_leave"), {"note": "We merge."})
    assert "sure" in refused.context["form"].errors and membership_of(member).ends is None
    answer = client.post(address(member, "membership_leave"), {"note": "We merge.", "sure": "on"}, follow=True)
    (said,) = answer.context["messages"]
    assert "22 February 2027" in str(said) and "told by mail" in str(said)
    assert "Leaves the network. Last day: 22 February 2027" in flat(client.get(reverse("my")))
    assert membership_of(member).ends == datetime.date(2027, 2, 22)
    assert membership_of(member).status == "active"
    assert memorandum.parties.get(authority=authority_of(member)).left_on == datetime.date(2027, 2, 22)
    assert client.get(address(member, "membership_leave")).status_code == 403
    with time_machine.travel(datetime.datetime(2027, 2, 23, 9, tzinfo=datetime.UTC)):
        memberships_day_by_day(0)
        memoranda_day_by_day(0)
    memorandum.refresh_from_db()
    assert (membership_of(member).status, memorandum.status) == ("withdrawn", "terminated")
    assert membership_of(member).ends == datetime.date(2027, 2, 22)
    assert Authority.objects.visible_to(None).filter(pk=authority_of(member).pk).exists()


def in_force(authority):
    """Its text locked in the past and signed by all, as far as the rows say."""
    memorandum = locked([authority], status="active")
    fields = {"status": "in_force", "in_force_from": datetime.date(2026, 1, 1), "took_force_on": DAY}
    type(memorandum).objects.filter(pk=memorandum.pk).update(**fields)
    return memorandum


def test_leaving_without_a_memorandum_is_at_once(member):
    leaving.announce(membership_of(member), by=member)
    assert (membership_of(member).status, membership_of(member).ends) == ("withdrawn", DAY)
    assert kinds() == ["membership_withdrawn"]


@pytest.mark.parametrize(
    ("status", "due", "said", "tone"),
    [
        ("active", datetime.date(2026, 12, 22), "Due on 22 December 2026", "wait"),
        ("active", datetime.date(2026, 11, 22), "Due on 22 November 2026", "wait"),
        ("active", datetime.date(2026, 11, 21), "Overdue since 21 November 2026", "bad"),
        ("on_hold", datetime.date(2026, 8, 1), "On hold: report overdue since 1 August 2026", "bad"),
    ],
)
def test_ones_own_page_says_how_late_a_report_is(client, member, status, due, said, tone):
    change(member, status=status, report_due=due)
    client.force_login(member)
    text = flat(client.get(reverse("my")))
    assert re.search(rf'class="badge badge-{tone}"[^>]*>((?!</span>).)*{said}', text)


@pytest.mark.parametrize("who", ["contributor", "coordinator", "stranger"])
def test_nobody_else_says_that_it_leaves(client, member, who):
    user = CoordinatorFactory() if who == "coordinator" else UserFactory()
    if who == "contributor":
        SeatFactory(authority=authority_of(member), user=user)
    client.force_login(user)
    assert client.post(address(member, "membership_leave"), {"sure": "on"}).status_code == 403
    assert membership_of(member).status == "active"


def test_coordinators_read_reports_in_the_admin(client, member):
    reporting.submit(membership_of(member), by=member, text="Tutto bene.", language="it", stated={"answers": 2})
    report, coordinator = MembershipReport.objects.get(), CoordinatorFactory()
    client.force_login(coordinator)
    page = client.get(reverse("admin:network_membershipreport_change", args=[report.pk]))
    assert b"Tutto bene." in page.content and b"stated by the authority" in page.content
    sent = {"action": "export_csv", "_selected_action": report.pk}
    file = client.post(reverse("admin:network_membershipreport_changelist"), sent)
    assert "Tutto bene." in file.content.decode() and "Fiches published: 0" in file.content.decode()


def test_what_is_due_stands_on_ones_page(client, member):
    client.force_login(member)
    assert address(member).encode() in client.get(reverse("my")).content
    stranger = UserFactory()
    client.force_login(stranger)
    assert address(member).encode() not in client.get(reverse("my")).content


def test_who_came_back_reports_from_then_on(member):
    membership = membership_of(member)
    period = {"period_from": datetime.date(2018, 1, 1), "period_until": datetime.date(2020, 1, 1), "language": "en"}
    MembershipReport.objects.create(membership=membership, **period)
    membership.since = datetime.date(2026, 1, 1)
    assert reporting.period(membership)[0] == datetime.date(2026, 1, 1)
    membership.since = datetime.date(2017, 1, 1)
    assert reporting.period(membership)[0] == datetime.date(2020, 1, 2)


def test_a_euroregion_that_has_left_the_network_is_not_reminded(member):
    link = RepresentationFactory(authority=authority_of(member), status="granted", scopes=["reports"])
    elena = MemberFactory(seat_at=link.coordinator, seat_at__role="representative")
    assert elena in mails.with_reporters(membership_of(member))
    link.coordinator.membership.withdraw(by=elena)
    assert elena not in mails.with_reporters(membership_of(member))
