"""How coordinators narrow the list of fiches in the admin."""

from datetime import timedelta

from django.conf import settings
from django.contrib.admin import SimpleListFilter
from django.db.models import Count
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from . import queues
from .vocabularies import Status


class Work(SimpleListFilter):
    """What is to be done: the queues of the first page, or everything."""

    title = _("work to do")
    parameter_name = "work"
    CHOICES = {
        "new": (_("Fiches to read"), queues.new_fiches),
        "revision": (_("Revisions to read"), queues.revisions),
        "opinion": (
            _("Waiting for an opinion"),
            lambda user: queues.to_read(user).filter(opinions__answered_at=None, opinions__isnull=False),
        ),
        "authority": (_("Authorities to link"), queues.authorities_to_link),
        "objected": (queues.OBJECTED, queues.objected),
    }

    def lookups(self, request, model_admin):
        return [(key, label) for key, (label, _rows) in self.CHOICES.items()]

    def choices(self, changelist):
        everything, *others = super().choices(changelist)
        chosen = self.value()
        yield {"selected": chosen is None, "query_string": everything["query_string"], "display": _("All to read")}
        yield from others
        yield {
            "selected": chosen == "all",
            "query_string": changelist.get_query_string({self.parameter_name: "all"}),
            "display": _("All fiches"),
        }

    def queryset(self, request, queryset):
        if self.value() in self.CHOICES:
            return queryset.filter(pk__in=self.CHOICES[self.value()][1](request.user).values("pk"))
        if self.value() == "all" or "status" in request.GET:
            return queryset
        return queryset.filter(status__in=queues.TO_READ)

    def get_facet_counts(self, pk_attname, filtered_qs):
        return {}


class StatusFilter(SimpleListFilter):
    title = _("status")
    parameter_name = "status"

    def lookups(self, request, model_admin):
        return Status.choices

    def queryset(self, request, queryset):
        return queryset.filter(status=self.value()) if self.value() in Status.values else queryset


class Age(SimpleListFilter):
    """How long it has waited, in calendar days: working days depend on the country."""

    title = _("waiting")
    parameter_name = "age"

    def lookups(self, request, model_admin):
        weeks = settings.REVIEW_WORKING_DAYS // 5
        return [
            ("week", _("up to a week")),
            ("due", _("up to %(weeks)s weeks") % {"weeks": weeks}),
            ("over", _("longer")),
        ]

    def queryset(self, request, queryset):
        week = timezone.now() - timedelta(days=7)
        due = timezone.now() - timedelta(days=settings.REVIEW_WORKING_DAYS // 5 * 7)
        ranges = {
            "week": {"submitted_at__gte": week},
            "due": {"submitted_at__gte": due},
            "over": {"submitted_at__lt": due},
        }
        return queryset.filter(**ranges.get(self.value(), {}))


class Completeness(SimpleListFilter):
    title = _("completeness")
    parameter_name = "complete"

    def lookups(self, request, model_admin):
        return [("full", _("complete")), ("most", _("three quarters or more")), ("less", _("less"))]

    def queryset(self, request, queryset):
        ranges = {
            "full": {"completeness": 100},
            "most": {"completeness__gte": 75, "completeness__lt": 100},
            "less": {"completeness__lt": 75},
        }
        return queryset.filter(**ranges.get(self.value(), {}))


class AuthorityFilter(SimpleListFilter):
    """The authorities of the fiches in the list, most fiches first."""

    title = _("authority")
    parameter_name = "authority"

    def lookups(self, request, model_admin):
        rows = model_admin.get_queryset(request).exclude(authority=None).order_by()
        counted = rows.values("authority").annotate(number=Count("pk")).order_by("-number")[:30]
        authorities = model_admin.model._meta.get_field("authority").related_model.objects.in_bulk(
            [row["authority"] for row in counted]
        )
        return [(str(pk), str(authorities[pk])) for pk in authorities]

    def queryset(self, request, queryset):
        value = self.value() or ""
        return queryset.filter(authority=int(value)) if value.isdecimal() and len(value) < 10 else queryset
