"""People, reasons, reports and what was done, for coordinators."""

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe
from modeltranslation.admin import TranslationAdmin

from .coordinators import coordinators_may
from .history import LostRace, record
from .models import TRANSLATORS, Event, Notification, ProblemReport, Reason, User


@admin.register(User)
@coordinators_may(change=True)
class UserAdmin(admin.ModelAdmin):
    """Who translates is decided here; passwords and log-ins are each person's own, roles the administrators'."""

    list_display = ["name", "email", "language", "is_coordinator", "translates", "is_active", "date_joined"]
    list_filter = ["groups", "is_staff", "is_active", "language"]
    search_fields = ["name", "email"]
    ordering = ["name", "email"]
    ADMINISTRATORS_ONLY = ["is_staff", "is_superuser", "groups"]
    fields = [
        "name",
        "email",
        "language",
        "time_zone",
        "translator_languages",
        "is_active",
        *ADMINISTRATORS_ONLY,
        "date_joined",
    ]
    filter_horizontal = []

    def has_change_permission(self, request, obj=None):
        """A coordinator changes nobody who stands above them, nor their own row."""
        user = request.user
        above = obj is not None and not user.is_superuser and (obj.is_staff or obj.is_superuser or obj.pk == user.pk)
        return user.is_coordinator and not above

    def get_readonly_fields(self, request, obj=None):
        own = ["name", "email", "language", "time_zone", "date_joined"]
        return own if request.user.is_superuser else [*own, *self.ADMINISTRATORS_ONLY]

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        if db_field.name == "translator_languages":
            return forms.MultipleChoiceField(
                choices=settings.LANGUAGES,
                required=False,
                label=db_field.verbose_name,
                help_text=_("Whoever has a language here is a translator."),
                widget=forms.CheckboxSelectMultiple,
            )
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def save_model(self, request, obj, form, change):
        """An account that is closed or opened again is an Event: whose seats wait for a successor shows in a queue."""
        super().save_model(request, obj, form, change)
        if change and "is_active" in form.changed_data:
            record(obj, "open_account" if obj.is_active else "close_account", by=request.user, internal=True)

    def save_related(self, request, form, formsets, change):
        """The group of translators follows from the languages."""
        super().save_related(request, form, formsets, change)
        group, _created = Group.objects.get_or_create(name=TRANSLATORS)
        change_group = form.instance.groups.add if form.instance.translator_languages else form.instance.groups.remove
        change_group(group)

    @admin.display(description=_("coordinator"), boolean=True)
    def is_coordinator(self, user):
        return user.is_coordinator

    @admin.display(description=_("translates"))
    def translates(self, user):
        return ", ".join(code.upper() for code in user.translator_languages)


@admin.register(Reason)
@coordinators_may(add=True, change=True)
class ReasonAdmin(TranslationAdmin):
    """The sentences that authors read, in nine languages."""

    list_display = ["text", "verb", "position", "active", "complete"]
    list_filter = ["verb", "active"]
    search_fields = ["key", *(f"text_{code}" for code in settings.LANGUAGE_CODES)]
    fields = ["verb", "key", "position", "active", "text"]

    def get_readonly_fields(self, request, obj=None):
        return ["key"] if obj else []

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        """Each language by its name, and the browser spells in it."""
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if code := getattr(db_field, "language", None):
            field.label = dict(settings.LANGUAGES)[code]
            field.widget.attrs["lang"] = code
        return field

    @admin.display(description=_("in all languages"), boolean=True)
    def complete(self, reason):
        return all(getattr(reason, f"text_{code}") for code in settings.LANGUAGE_CODES)


@admin.register(Event)
@coordinators_may()
class EventAdmin(admin.ModelAdmin):
    """What was done, when and by whom; the words of it stand with the object."""

    list_display = ["at", "verb", "content_type", "object_id", "from_state", "to_state", "by", "on_behalf_of"]
    list_filter = ["verb", "content_type"]
    list_select_related = ["content_type", "by", "on_behalf_of"]
    fields = list_display
    date_hierarchy = "at"
    ordering = ["-at", "-pk"]
    actions = None


@admin.register(Notification)
@coordinators_may()
class NotificationAdmin(admin.ModelAdmin):
    list_display = ["created_at", "kind", "address", "language", "state", "sent_at"]
    list_filter = ["state", "kind", "language"]
    search_fields = ["address"]
    fields = ["kind", "address", "language", "state", "due_at", "sent_at", "created_at"]
    ordering = ["-created_at"]
    actions = None


class AnswerForm(forms.Form):
    """What the reader is told."""

    answer = forms.CharField(
        label=_("Answer"),
        help_text=_("It is sent to whoever reported the problem, if they left an address."),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=2000,
        required=False,
    )
    answer_language = forms.ChoiceField(label=_("Language of the answer"), choices=settings.LANGUAGES)


def report_page(request, report, form=None):
    """One report with the form that closes it."""
    form = form or AnswerForm(initial={"answer_language": report.language})
    events = Event.objects.of(report).select_related("by")
    context = {
        **admin.site.each_context(request),
        "title": report.get_kind_display(),
        "report": report,
        "form": form,
        "events": events,
        "page_of": page_of(report, request.user),
    }
    return render(request, "admin/accounts/problemreport/report.html", context)


def page_of(report, user):
    """What the report is about, where the coordinator may see it."""
    subject = report.object
    if subject is None or not hasattr(type(subject)._default_manager, "visible_to"):
        return subject
    return subject if type(subject)._default_manager.visible_to(user).filter(pk=subject.pk).exists() else None


def reported(request, pk):
    if not request.user.is_coordinator:
        raise PermissionDenied
    return get_object_or_404(ProblemReport, pk=pk)


@require_safe
def report(request, pk):
    """Read a report and answer."""
    return report_page(request, reported(request, pk))


@require_POST
def close(request, pk):
    """Resolved or dismissed, with an answer."""
    found, status = reported(request, pk), request.POST.get("status")
    form = AnswerForm(request.POST)
    if not form.is_valid() or status not in ("resolved", "dismissed"):
        return report_page(request, found, form)
    try:
        found.close(status, by=request.user, **form.cleaned_data)
    except LostRace:
        context = {**admin.site.each_context(request), "title": gettext("Somebody else was faster"), "report": found}
        return render(request, "admin/accounts/problemreport/lost.html", context, status=409)
    messages.success(request, gettext("The report is closed."))
    return redirect("admin:accounts_problemreport_changelist")


@admin.register(ProblemReport)
@coordinators_may()
class ProblemReportAdmin(admin.ModelAdmin):
    list_display = ["created_at", "kind", "path", "language", "status"]
    list_filter = ["status", "kind", "language"]
    search_fields = ["path", "text"]
    actions = None

    def get_urls(self):
        return [
            path("<int:pk>/change/", self.admin_site.admin_view(report), name="accounts_problemreport_change"),
            path("<int:pk>/close/", self.admin_site.admin_view(close), name="accounts_problemreport_close"),
            *super().get_urls(),
        ]
