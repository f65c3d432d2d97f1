"""What waits for coordinators: each app lists its queues in `queues.QUEUES`, the admin's first page shows them all."""

import datetime
from collections.abc import Callable
from importlib import import_module
from typing import NamedTuple

from django.apps import apps
from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.module_loading import module_has_submodule
from django.utils.translation import gettext_lazy as _

from .models import ProblemReport
from .workdays import working_days


class Queue(NamedTuple):
    """One kind of work: its rows for a coordinator, since when each waits, and where it is done."""

    name: str
    label: Promise
    rows: Callable  # user → QuerySet
    since: str  # the column with the time since which a row waits
    url: str  # name of the list
    query: str = ""  # what chooses the queue there, such as "?work=new"
    country: str = ""  # the column whose country gives the public holidays; otherwise Monday to Friday


class Waiting(NamedTuple):
    """What one coordinator is shown of a queue: ages in working days."""

    queue: Queue
    number: int
    oldest: int
    overdue: int
    url: str


def registered() -> list[Queue]:
    """The queues of all apps, in the order of INSTALLED_APPS."""
    modules = [config.module for config in apps.get_app_configs()]
    return [
        queue
        for module in modules
        if module_has_submodule(module, "queues")
        for queue in import_module(f"{module.__name__}.queues").QUEUES
    ]


def waiting(queue: Queue, user, today: datetime.date) -> Waiting:
    """Number, oldest age and how many wait longer than REVIEW_WORKING_DAYS."""
    rows = queue.rows(user).values_list(queue.since, *([queue.country] if queue.country else []))
    ages = [working_days(timezone.localdate(at), today, *country) for at, *country in rows if at]
    overdue = sum(age > settings.REVIEW_WORKING_DAYS for age in ages)
    return Waiting(queue, len(ages), max(ages, default=0), overdue, reverse(queue.url) + queue.query)


def waiting_for(user) -> list[Waiting]:
    """Every queue as `user` is shown it today."""
    today = timezone.localdate()
    return [waiting(queue, user, today) for queue in registered()]


QUEUES = [
    Queue(
        "problem_reports",
        _("Problems that readers report"),
        lambda user: ProblemReport.objects.filter(status=ProblemReport.Status.OPEN),
        "created_at",
        "admin:accounts_problemreport_changelist",
        "?status__exact=open",
    )
]
