"""Representations in the admin: the queue of claims, what one weighs, verbs with reasons, many at once, a file of all."""

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts import decisions
from accounts.coordinators import coordinators_may
from accounts.decisions import Decision, ReasonForm, said
from accounts.history import LostRace
from accounts.workdays import working_days
from translations.exports import table
from translations.exports.table import Column, plain

from .. import verbs
from ..countries import country_name
from ..directory import finding
from ..models import Representation
from ..representation import representing
from ..representation.representation_page import entries, facts, objections
from .membership import checks

STATUS = Representation.Status


class SourceForm(forms.Form):
    """Where official addresses that only the Euroregion has named were found."""

    address_source = forms.CharField(
        label=gettext_lazy("Where you found the official address"),
        help_text=gettext_lazy(
            "A page of the authority’s own website or a public register. It is kept in the history."
        ),
        max_length=500,
    )


class ConfirmForm(SourceForm):
    """How the authority learns of it: at its official address, or in a way that is noted here."""

    official_address = forms.EmailField(
        label=gettext_lazy("Official e-mail address"),
        help_text=gettext_lazy("From the authority’s own website, not from the Euroregion’s list alone."),
        required=False,
    )
    told = forms.CharField(
        label=gettext_lazy("How the authority was told"),
        help_text=gettext_lazy("Only without an official address, such as: by letter of 3 March."),
        max_length=500,
        required=False,
    )

    field_order = ["official_address", "address_source", "told"]

    def __init__(self, *args, obj, user, **kwargs):
        super().__init__(*args, **kwargs)
        if obj.authority.official_address:
            del self.fields["official_address"], self.fields["told"]
            if not representing.needs_source(obj):
                del self.fields["address_source"]
        else:
            self.fields["address_source"].required = False  # the verb asks for it along with an address


class RefuseForm(ReasonForm):
    reasons = "refuse_representation"


class EndForm(ReasonForm):
    """Own words: there is no table of reasons for it."""

    reasons = "end_representation"

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if not self.fields["reason"].queryset.exists():
            del self.fields["reason"]


DECISIONS = [
    Decision(
        "confirm",
        gettext_lazy("Confirm"),
        lambda row, user: row.can_be_confirmed_by(user),
        lambda row, user, data: row.confirm(by=user, **data),
        ConfirmForm,
        gettext_lazy(
            "The Euroregion may then keep the profile and submit fiches. The authority is told at its official address"
            " and may object at any time."
        ),
        gettext_lazy("Confirmed. The Euroregion and the authority are told by mail."),
    ),
    Decision(
        "refuse",
        gettext_lazy("Refuse"),
        lambda row, user: row.can_be_confirmed_by(user),
        lambda row, user, data: row.refuse(by=user, **said(data)),
        RefuseForm,
        gettext_lazy("They can claim it again with a better source."),
        gettext_lazy("Refused. The Euroregion is told by mail."),
        True,
    ),
    Decision(
        "end",
        gettext_lazy("End the representation"),
        lambda row, user: row.status in row.IN_FORCE and row.can_be_ended_by(user),
        lambda row, user, data: row.end_it(by=user, **said(data)),
        EndForm,
        gettext_lazy("It counts at once. What was published on behalf of the authority stays."),
        gettext_lazy("The representation has ended."),
        True,
    ),
]

COLUMNS = [
    Column("coordinator", gettext_lazy("represented by"), plain("coordinator__official_name")),
    Column("authority", gettext_lazy("authority"), plain("authority__official_name")),
    Column("country", gettext_lazy("country"), plain("authority__country")),
    Column("official_address", gettext_lazy("official e-mail address"), plain("authority__official_address")),
    Column("status", gettext_lazy("status"), plain("status")),
    Column("scopes", gettext_lazy("scopes"), lambda record: table.BETWEEN.join(record["scopes"])),
    Column("basis", gettext_lazy("basis"), plain("basis")),
    Column("basis_url", gettext_lazy("source of the list"), plain("basis_url")),
    Column("basis_date", gettext_lazy("date of the list"), plain("basis_date")),
    Column("claimed_at", gettext_lazy("claimed"), plain("claimed_at")),
    Column("start", gettext_lazy("from"), plain("start")),
    Column("end", gettext_lazy("until"), plain("end")),
    Column("demonstration", gettext_lazy("demonstration"), table.yes("demonstration")),
]
VALUES = [
    "coordinator__official_name",
    *(f"authority__{name}" for name in ("official_name", "country", "official_address")),
    *("status", "scopes", "basis", "basis_url", "basis_date", "claimed_at", "start", "end", "demonstration"),
]


@admin.action(description=gettext_lazy("Download as CSV"))
def export_csv(_model_admin, _request, queryset):
    """The representations that were ticked, for coordinators."""
    separator = table.SEPARATORS["comma"]
    lines = [table.head(COLUMNS, codes=False, separator=separator)]
    lines += [table.entry(COLUMNS, record, separator) for record in queryset.values(*VALUES)]
    name = f"representations-{timezone.localdate().isoformat()}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "private, no-store"}
    return HttpResponse("".join(lines), content_type="text/csv; charset=utf-8", headers=headers)


@admin.action(description=gettext_lazy("Confirm claims of one Euroregion"))
def confirm_claims(model_admin, request, queryset):
    """Many claims that rest on one source: shown once more, then each confirmed; the rest says why it is not."""
    rows = list(queryset.select_related("coordinator", "authority").order_by("authority__official_name"))
    if len({row.coordinator_id for row in rows}) > 1:
        messages.error(request, _("Choose claims of one Euroregion only: each rests on a source of its own."))
        return None
    may = [row for row in rows if row.can_be_confirmed_by(request.user) and not to_check(row)]
    sent = request.POST if "confirmed" in request.POST else None
    form = SourceForm(sent) if any(map(representing.needs_source, may)) else None
    if sent and (form is None or form.is_valid()):
        return _confirm_each(request, may, form.cleaned_data["address_source"] if form else "")
    context = {
        **admin.site.each_context(request),
        "opts": model_admin.opts,
        "title": _("Confirm these claims?"),
        "coordinator": rows[0].coordinator,
        "may": may,
        "others": [row for row in rows if row not in may],
        "ticked": ACTION_CHECKBOX_NAME,
        "form": form,
    }
    return render(request, "admin/network/representation/confirm_claims.html", context)


def to_check(row) -> list[str]:
    """What to look at before one believes a claim; with one of these it is confirmed by itself only."""
    if row.status != STATUS.CLAIMED:
        return []
    found = checks(row.authority)
    for event in objections(row):
        day = date_format(timezone.localdate(event.at), "DATE_FORMAT")
        found.append(_("The authority objected on {date}. Read in the history what it wrote.").format(date=day))
    return found


def _confirm_each(request, rows, source) -> None:
    done = 0
    for row in rows:
        try:
            row.confirm(by=request.user, address_source=source if representing.needs_source(row) else "")
            done += 1
        except LostRace:
            messages.warning(request, _("Decided by somebody else meanwhile: %(name)s") % {"name": row.authority})
        except ValidationError as error:
            messages.warning(request, f"{row.authority}: {' '.join(error.messages)}")
    text = ngettext("%(number)s claim confirmed.", "%(number)s claims confirmed.", done)
    messages.success(request, text % {"number": done})


@admin.register(Representation)
@coordinators_may()
class RepresentationAdmin(admin.ModelAdmin):
    list_display = ["authority", "country", "coordinator", "status", "age", "source", "address", "end", "shown"]
    list_filter = ["status", ("coordinator", admin.RelatedOnlyFieldListFilter), "demonstration"]
    list_select_related = ["coordinator", "authority"]
    search_fields = [
        f"{side}__{name}"
        for side in ("authority", "coordinator")
        for name in ("official_name", "slug", *(f"name_{code}" for code in settings.LANGUAGE_CODES))
    ]
    search_help_text = gettext_lazy("Name of the authority or of the Euroregion")
    ordering = ["claimed_at", "pk"]
    list_per_page = 100
    actions = [confirm_claims, export_csv]
    empty_value_display = "–"

    def get_queryset(self, request):
        return Representation.objects.visible_to(request.user).order_by(*self.ordering)

    def get_urls(self):
        return decisions.urls(self, DECISIONS, about) + super().get_urls()

    @admin.display(description=gettext_lazy("country"), ordering="authority__country")
    def country(self, row):
        return country_name(row.authority.country)

    @admin.display(description=gettext_lazy("waiting"), ordering="claimed_at")
    def age(self, row):
        if row.status != STATUS.CLAIMED:
            return None
        days = working_days(timezone.localdate(row.claimed_at), timezone.localdate(), row.authority.country)
        text = ngettext("%(days)s working day", "%(days)s working days", days) % {"days": days}
        if days > settings.REVIEW_WORKING_DAYS:
            return format_html('<span class="overdue">{} – {}</span>', text, _("overdue"))
        return text

    @admin.display(description=gettext_lazy("source of the list"))
    def source(self, row):
        return format_html('<a href="{}">{}</a>', row.basis_url, row.basis_date or _("open")) if row.basis_url else None

    @admin.display(description=gettext_lazy("official e-mail address"), boolean=True)
    def address(self, row):
        return bool(row.authority.official_address)

    @admin.display(description=gettext_lazy("demonstration"))
    def shown(self, row):
        return _("demonstration") if row.demonstration else None

    def changelist_view(self, request, extra_context=None):
        return super().changelist_view(request, {"title": _("Representations"), **(extra_context or {})})


def about(request, row) -> dict:
    """What the page of one representation shows (accounts.decisions)."""
    authority = row.authority
    moderates = row.can_be_ended_by(request.user) or row.status == STATUS.ENDED
    near = finding.near(authority.official_name, request.user, country=authority.country)
    return {
        "title": authority.official_name,
        "lang": authority.official_language,
        "subtitle": f"{row.coordinator} · {country_name(authority.country)}",
        "demonstration": row.demonstration,
        "facts": facts(row),
        "checks": to_check(row),
        "entries": _with_objections(row, entries(row, internal=moderates)),
        "near": [found for found in near if found.pk != authority.pk],
        "own": not moderates,
        "authority_url": reverse("admin:network_authority_change", args=[authority.pk]),
        "others": row.coordinator.represents.filter(status=STATUS.CLAIMED).exclude(pk=row.pk).count(),
        "others_url": f"{reverse('admin:network_representation_changelist')}"
        f"?status__exact=claimed&coordinator__id__exact={row.coordinator_id}",
    }


def _with_objections(row, own: list[dict]) -> list[dict]:
    """Its history, and what the authority wrote when it objected to earlier ones."""
    return sorted([*own, *verbs.entries(objections(row))], key=lambda entry: entry["at"], reverse=True)
