"""Seats, requests for seats and invitations in the admin: read, then decide with a verb; nothing is saved in a form."""

import csv

from django import forms
from django.conf import settings
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from accounts import decisions
from accounts.coordinators import coordinators_may
from accounts.decisions import Decision, ReasonForm, said
from accounts.models import Event
from accounts.workdays import today

from .. import holding, invitations, queues, verbs
from ..models import Seat, SeatInvitation, SeatRequest

DANGEROUS = ("=", "+", "-", "@", "\t", "\r")  # a spreadsheet would calculate a cell that begins so


@admin.action(description=gettext_lazy("Export as CSV"))
def export(model_admin, request, rows):
    """The rows chosen, with the columns of their list."""
    names = [name for name in model_admin.list_display if name != "action_checkbox"]
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    name = f"{model_admin.opts.model_name}-{today().isoformat()}.csv"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    writer = csv.writer(response)
    writer.writerow(names)
    for row in rows:
        writer.writerow([_cell(getattr(model_admin, name, None), row, name) for name in names])
    return response


def _cell(column, row, name: str) -> str:
    value = column(row) if column else getattr(row, name)
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(DANGEROUS) else text


def entries(obj) -> list[dict]:
    """What happened to it, newest first (components/history)."""
    return verbs.entries(Event.objects.of(obj).select_related("by", "on_behalf_of", "reason").reverse())


class OwnWordsForm(ReasonForm):
    """Why, in the coordinator's words: there are no ready sentences for seats."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        del self.fields["reason"]
        self.fields["note"].required = True
        self.fields["note"].label = _("Reason, in your own words")


class ControlForm(forms.Form):
    """A message from the official address that names a new representative."""

    on = forms.DateField(
        label=gettext_lazy("Date of the message"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    sender = forms.EmailField(
        label=gettext_lazy("Sender"), help_text=gettext_lazy("It must be the official address of the authority.")
    )
    text = forms.CharField(label=gettext_lazy("Text of the message"), widget=forms.Textarea(attrs={"rows": 5}))
    name = forms.CharField(label=gettext_lazy("New representative"), max_length=120)
    email = forms.EmailField(label=gettext_lazy("E-mail address of the new representative"))
    language = forms.ChoiceField(label=gettext_lazy("Language"), choices=settings.LANGUAGES)

    def __init__(self, *args, obj, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.authority = obj.authority
        self.fields["on"].initial = today()
        self.fields["language"].initial = obj.authority.language_of_contact

    def clean_on(self):
        if self.cleaned_data["on"] > today():
            raise ValidationError(_("This day has not come yet."))
        return self.cleaned_data["on"]

    def clean_sender(self):
        holding.check_sender(self.authority, self.cleaned_data["sender"])
        return self.cleaned_data["sender"]


class Work(admin.SimpleListFilter):
    """What is to be done: the queues of the first page."""

    title = gettext_lazy("work to do")
    parameter_name = "work"
    QUEUES = {
        Seat: ("lost", gettext_lazy("Authorities without a representative"), queues.without_representative),
        SeatRequest: ("waiting", gettext_lazy("Requests that nobody answered"), queues.seat_requests),
    }

    def lookups(self, request, model_admin):
        return [self.QUEUES[model_admin.model][:2]]

    def queryset(self, request, queryset):
        name, _label, rows = self.QUEUES[queryset.model]
        return queryset.filter(pk__in=rows(request.user).values("pk")) if self.value() == name else queryset


class Current(admin.SimpleListFilter):
    """Seats of today, or those that have ended."""

    title = gettext_lazy("in force")
    parameter_name = "current"

    def lookups(self, request, model_admin):
        return [("yes", _("today")), ("no", _("ended"))]

    def queryset(self, request, queryset):
        current = Seat.objects.current().values("pk")
        if self.value() == "yes":
            return queryset.filter(pk__in=current)
        return queryset.exclude(pk__in=current) if self.value() == "no" else queryset


# --- seats -----------------------------------------------------------------------------------------------------


def may_end(seat, user) -> bool:
    return seat.is_current and seat.can_be_moderated_by(user)


def may_record(seat, user) -> bool:
    """Where nobody who can be reached represents the authority any more."""
    return seat.can_be_moderated_by(user) and not seat.authority.seats.alive().exists()


def do_record(seat, user, data):
    holding.record_control(seat.authority, by=user, invite=invitations.invite, **data)


SEAT_DECISIONS = [
    Decision(
        "end",
        gettext_lazy("End the seat"),
        may_end,
        lambda seat, user, data: seat.finish(by=user, moderated=True, **said(data)),
        OwnWordsForm,
        gettext_lazy("It ends at once. If it is the last representative’s, the official address is written to."),
        gettext_lazy("The seat has ended. The people concerned are told by mail."),
        danger=True,
    ),
    Decision(
        "record_control",
        gettext_lazy("Record a message from the official address"),
        may_record,
        do_record,
        ControlForm,
        gettext_lazy("The new representative is invited by mail; the official address is told."),
        gettext_lazy("Recorded. The new representative is invited."),
    ),
]


def about_seat(request, seat) -> dict:
    authority = seat.authority
    return {
        "title": str(seat.user),
        "subtitle": authority,
        "facts": [
            {"label": _("Authority"), "value": authority, "url": authority.get_absolute_url()},
            {"label": _("Person"), "value": seat.user, "note": seat.user.email},
            {"label": _("Role"), "value": seat.get_role_display()},
            {"label": pgettext("period", "From"), "value": seat.start},
            {"label": _("Until"), "value": seat.end},
            {"label": _("Last confirmed"), "value": seat.confirmed_on},
            {"label": _("Official e-mail address"), "value": authority.official_address},
        ],
        "entries": sorted(entries(seat) + entries(authority), key=lambda row: row["at"], reverse=True),
    }


@admin.register(Seat)
@coordinators_may()
class SeatAdmin(admin.ModelAdmin):
    actions = [export]
    list_per_page = 50
    list_display = ["user", "authority", "role", "start", "end", "confirmed_on"]
    list_filter = [Work, "role", Current, "authority__country"]
    list_select_related = ["user", "authority"]
    search_fields = ["user__name", "user__email", "authority__official_name", "authority__slug"]

    def get_queryset(self, request):
        return Seat.objects.visible_to(request.user)

    def get_urls(self):
        return decisions.urls(self, SEAT_DECISIONS, about_seat) + super().get_urls()


# --- requests --------------------------------------------------------------------------------------------------


def _may_decide(row, user) -> bool:
    return row.status == row.Status.OPEN and row.can_be_moderated_by(user)


REQUEST_DECISIONS = [
    Decision(
        "accept",
        gettext_lazy("Give the seat"),
        _may_decide,
        lambda row, user, data: row.accept(by=user, **said(data)),
        OwnWordsForm,
        gettext_lazy("Only when you know that the person works there."),
        gettext_lazy("The seat is given. The person is told by mail."),
    ),
    Decision(
        "decline",
        gettext_lazy("Decline the request"),
        _may_decide,
        lambda row, user, data: row.decline(by=user, **said(data)),
        OwnWordsForm,
        gettext_lazy("The person reads your words."),
        gettext_lazy("Declined. The person is told by mail."),
        danger=True,
    ),
]


def about_request(request, row) -> dict:
    authority = row.authority
    representatives = ", ".join(seat.user.email for seat in authority.seats.of_representatives().select_related("user"))
    return {
        "title": str(row.user),
        "subtitle": authority,
        "facts": [
            {"label": _("Authority"), "value": authority, "url": authority.get_absolute_url()},
            {"label": _("Official e-mail address"), "value": authority.official_address},
            {"label": _("Representatives"), "value": representatives},
            {"label": _("Person"), "value": row.user, "note": row.user.email},
            {"label": _("Role asked for"), "value": row.get_role_display()},
            {"label": _("Asked"), "value": row.asked_at},
            {"label": _("Message"), "value": row.message, "lang": row.language},
            {"label": _("Passed on to the coordinators"), "value": row.to_coordinators_at},
        ],
        "entries": entries(row),
    }


@admin.register(SeatRequest)
@coordinators_may()
class SeatRequestAdmin(admin.ModelAdmin):
    actions = [export]
    list_per_page = 50
    list_display = ["user", "authority", "role", "status", "asked_at", "to_euroregion_at", "to_coordinators_at"]
    list_filter = [Work, "status", "role", "authority__country"]
    list_select_related = ["user", "authority"]
    search_fields = ["user__name", "user__email", "authority__official_name", "authority__slug"]

    def get_queryset(self, request):
        return SeatRequest.objects.visible_to(request.user)

    def get_urls(self):
        return decisions.urls(self, REQUEST_DECISIONS, about_request) + super().get_urls()


# --- invitations -----------------------------------------------------------------------------------------------


def _may_withdraw(row, user) -> bool:
    return not (row.accepted_at or row.withdrawn_at) and row.can_be_moderated_by(user)


def do_send_again(row, user, _data):
    fields = {"name": row.name, "language": row.language, "replaces": row.replaces}
    invitations.invite(row.authority, row.email, row.role, by=user, **fields)


INVITATION_DECISIONS = [
    Decision(
        "send_again",
        gettext_lazy("Send again"),
        _may_withdraw,
        do_send_again,
        None,
        gettext_lazy("Its link works longer. A mail goes out once a day at most."),
        gettext_lazy("The invitation is on its way."),
    ),
    Decision(
        "withdraw",
        gettext_lazy("Withdraw the invitation"),
        _may_withdraw,
        lambda row, user, data: row.withdraw(by=user),
        None,
        gettext_lazy("Its link no longer works."),
        gettext_lazy("The invitation is withdrawn."),
        danger=True,
    ),
]


def about_invitation(request, row) -> dict:
    return {
        "title": row.email,
        "subtitle": row.authority,
        "facts": [
            {"label": _("Authority"), "value": row.authority, "url": row.authority.get_absolute_url()},
            {"label": _("Name"), "value": row.name},
            {"label": _("Role"), "value": row.get_role_display()},
            {"label": _("Invited by"), "value": row.invited_by},
            {"label": _("Valid until"), "value": row.expires_at},
            {"label": _("Accepted"), "value": row.accepted_at, "note": row.accepted_by or ""},
            {"label": _("Withdrawn"), "value": row.withdrawn_at},
        ],
        "entries": entries(row),
    }


@admin.register(SeatInvitation)
@coordinators_may()
class SeatInvitationAdmin(admin.ModelAdmin):
    actions = [export]
    list_per_page = 50
    list_display = ["email", "authority", "role", "invited_at", "expires_at", "accepted_at", "withdrawn_at"]
    list_filter = ["role", ("accepted_at", admin.EmptyFieldListFilter), "authority__country"]
    list_select_related = ["authority"]
    search_fields = ["email", "name", "authority__official_name", "authority__slug"]

    def get_queryset(self, request):
        return SeatInvitation.objects.visible_to(request.user)

    def get_urls(self):
        return decisions.urls(self, INVITATION_DECISIONS, about_invitation) + super().get_urls()
