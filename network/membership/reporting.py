"""What a member reports every REPORT_MONTHS: figures that the portal knows, and what the authority adds.

Each app lists what it counts in `figures.FIGURES`; the figures are frozen with the report.
"""

import datetime
from collections.abc import Callable
from importlib import import_module
from typing import NamedTuple

from django.apps import apps
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils.functional import Promise
from django.utils.module_loading import module_has_submodule
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import history
from accounts.workdays import months_after, today

from ..models import Authority, Membership, MembershipReport, Seat
from ..seats import represented_by, still_acts_for

ONE_DAY = datetime.timedelta(days=1)


class Figure(NamedTuple):
    """One number of a report: its name, what it is called, and how it is counted."""

    name: str
    label: Promise
    count: Callable  # (authority, first day, last day) → number


# What no part of the portal records yet: the authority states it, and the report says so.
STATED = {
    "answers": gettext_lazy("Answers given to questions of other authorities"),
    "adoptions": gettext_lazy("Practices of other authorities tried out or adopted"),
    "resources": gettext_lazy("Open educational resources shared"),
}


def known() -> list[Figure]:
    """The figures of all apps, in the order of INSTALLED_APPS."""
    modules = [config.module for config in apps.get_app_configs() if module_has_submodule(config.module, "figures")]
    return [figure for module in modules for figure in import_module(f"{module.__name__}.figures").FIGURES]


def period(membership) -> tuple[datetime.date, datetime.date]:
    """The days that the next report covers: from the end of the last one, or from joining, until today."""
    last = membership.reports.order_by("-period_until").first()
    begun = [last.period_until + ONE_DAY if last else None, membership.since]  # who came back reports from then on
    start = max(filter(None, begun), default=months_after(today(), -settings.REPORT_MONTHS))
    return min(start, today()), today()


def counted(membership) -> dict[str, int]:
    """Name → number of everything that the portal knows about the period of the next report."""
    start, until = period(membership)
    return {figure.name: figure.count(membership.authority, start, until) for figure in known()}


def labels() -> dict[str, str]:
    return {figure.name: str(figure.label) for figure in known()} | {name: str(text) for name, text in STATED.items()}


def rows(figures: dict) -> list[dict]:
    """A report's figures as facts for components/key_facts; what the authority stated is marked as that."""
    named, stated = labels(), figures.get("stated", {})
    found = [
        {"label": named.get(name, name), "value": str(value)} for name, value in figures.items() if name != "stated"
    ]
    note = _("stated by the authority")
    return found + [{"label": named.get(name, name), "value": str(stated[name]), "note": note} for name in stated]


def opens(membership) -> datetime.date | None:
    """The first day on which the next report can be submitted."""
    return membership.report_due and membership.report_due - datetime.timedelta(days=settings.REPORT_OPENS_DAYS)


def is_open(membership) -> bool:
    first = opens(membership)
    return membership.status in Membership.IN_THE_NETWORK and first is not None and first <= today()


def due_for(user) -> list[Membership]:
    """Members whose report is open and that `user` may write, soonest due first."""
    theirs = Authority.objects.filter(pk__in=Seat.objects.of_representatives().filter(user=user).values("authority"))
    behalf = represented_by(user, "reports")
    rows = Membership.objects.filter(status__in=Membership.IN_THE_NETWORK, report_due__isnull=False)
    rows = rows.filter(Q(authority__in=theirs) | Q(authority__in=behalf)).select_related("authority")
    return [row for row in rows.order_by("report_due") if is_open(row)]


def can_be_written_by(membership, user) -> bool:
    """Its representatives and deputies, and a Euroregion to which the authority gave the scope `reports`."""
    if membership.status not in Membership.IN_THE_NETWORK:
        return False
    own = membership.authority.seats.of_representatives().filter(user=user)
    return own.exists() or still_acts_for(user, membership.authority, "reports")


def can_be_read_by(membership, user) -> bool:
    """Everybody with a seat there, whoever may write it, and coordinators."""
    own = membership.authority.seats.current().filter(user=user)
    return user.is_coordinator or own.exists() or can_be_written_by(membership, user)


@transaction.atomic
def submit(membership, *, by, text: str, language: str, stated: dict[str, int]) -> MembershipReport:
    """Keep the report with its figures, set the day of the next one; a membership on hold is active again.

    Raises ValidationError where no report is open (somebody else was faster), LostRace where the membership has ended.
    """
    membership = Membership.objects.select_for_update(of=("self",)).select_related("authority").get(pk=membership.pk)
    if not is_open(membership) or not can_be_written_by(membership, by):
        raise ValidationError(_("This report was submitted meanwhile, or you may no longer submit it."), code="closed")
    start, until = period(membership)
    report = MembershipReport.objects.create(
        membership=membership,
        period_from=start,
        period_until=until,
        figures=counted(membership) | {"stated": stated},
        text=text,
        language=language,
        submitted_by=by,
        on_behalf_of=membership.authority,
    )
    due = months_after(max(membership.report_due, today()), settings.REPORT_MONTHS)
    if membership.status == Membership.Status.ON_HOLD:
        membership.resume(by=by, report_due=due, on_behalf_of=membership.authority)
    else:
        changes = {"report_due": due}
        history.record(membership, "report", by=by, on_behalf_of=membership.authority, changes=changes)
    return report
