"""Reports of members in the admin: read, search, download; they are never changed."""

from django.contrib import admin
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import decisions
from accounts.coordinators import coordinators_may
from translations.exports import table
from translations.exports.table import Column

from ..membership import reporting
from ..models import MembershipReport

COLUMNS = [
    Column("authority", gettext_lazy("authority"), table.plain("membership__authority__official_name")),
    Column("period_from", gettext_lazy("period from"), table.plain("period_from")),
    Column("period_until", gettext_lazy("period until"), table.plain("period_until")),
    Column("figures", gettext_lazy("figures"), lambda record: ", ".join(_flat(record["figures"]))),
    Column("text", gettext_lazy("what the authority adds"), table.plain("text")),
    Column("language", gettext_lazy("language"), table.plain("language")),
    Column("submitted_at", gettext_lazy("submitted"), table.plain("submitted_at")),
]


def _flat(figures: dict) -> list[str]:
    named = reporting.labels()
    return [
        f"{named.get(name, name)}: {value}"
        for name, value in ({**figures} | figures.get("stated", {})).items()
        if name != "stated"
    ]


@admin.action(description=gettext_lazy("Download as CSV"))
def export_csv(_model_admin, _request, queryset):
    """The reports that were ticked, for coordinators."""
    separator = table.SEPARATORS["comma"]
    lines = [table.head(COLUMNS, codes=False, separator=separator)]
    values = queryset.values("membership__authority__official_name", *(column.name for column in COLUMNS[1:]))
    lines += [table.entry(COLUMNS, record, separator) for record in values]
    name = f"reports-{timezone.localdate().isoformat()}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "private, no-store"}
    return HttpResponse("".join(lines), content_type="text/csv; charset=utf-8", headers=headers)


@admin.register(MembershipReport)
@coordinators_may()
class MembershipReportAdmin(admin.ModelAdmin):
    list_display = ["authority", "period_from", "period_until", "submitted_at", "submitted_by"]
    list_display_links = ["authority"]
    list_select_related = ["membership__authority", "submitted_by"]
    list_filter = ["language", "submitted_at"]
    search_fields = ["membership__authority__official_name", "membership__authority__slug", "text"]
    date_hierarchy = "period_until"
    actions = [export_csv]
    empty_value_display = "–"

    def get_urls(self):
        return decisions.urls(self, [], about) + super().get_urls()

    @admin.display(description=gettext_lazy("authority"), ordering="membership__authority__official_name")
    def authority(self, report):
        return report.membership.authority


def about(_request, report) -> dict:
    """What the page of one report shows (accounts.decisions)."""
    return {
        "title": report.membership.authority.official_name,
        "lang": report.membership.authority.official_language,
        "subtitle": f"{report.period_from} – {report.period_until}",
        "facts": [
            *reporting.rows(report.figures),
            {"label": _("what the authority adds"), "value": report.text, "lang": report.language},
            {"label": _("submitted"), "value": report.submitted_at},
        ],
        "entries": [],
    }
