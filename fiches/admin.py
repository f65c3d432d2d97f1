"""The queue of fiches in the admin: read, then decide with a verb; nothing is saved through a change form."""

from django.conf import settings
from django.contrib import admin
from django.db.models import F
from django.urls import path
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.coordinators import coordinators_may
from accounts.workdays import working_days

from . import filters, moderation
from .models import Fiche


@admin.register(Fiche)
@coordinators_may()
class FicheAdmin(admin.ModelAdmin):
    list_display = ["name", "title_shown", "language", "state", "age", "complete", "who"]
    list_display_links = ["name"]
    list_filter = [
        filters.Work,
        filters.StatusFilter,
        "source_language",
        filters.Age,
        filters.Completeness,
        "vouched",
        "kind",
        filters.AuthorityFilter,
    ]
    search_fields = ["reference", *(f"title_{code}" for code in settings.LANGUAGE_CODES)]
    search_help_text = _("Reference or words of the title")
    list_select_related = ["authority", "read_by", "revises"]
    list_per_page = 50
    ordering = [F("submitted_at").asc(nulls_last=True), "pk"]
    actions = None
    empty_value_display = "–"

    def get_queryset(self, request):
        return Fiche.objects.visible_to(request.user).order_by(*self.ordering)

    def get_urls(self):
        """The review page stands where a change form would; each verb has its own address."""
        views = [path("<int:pk>/change/", self.admin_site.admin_view(moderation.review), name="fiches_fiche_change")]
        for name, view in moderation.VERBS.items():
            views.append(path(f"<int:pk>/{name}/", self.admin_site.admin_view(view), name=f"fiches_fiche_{name}"))
        return views + super().get_urls()

    @admin.display(description=_("reference"), ordering="reference")
    def name(self, fiche):
        reference = (fiche.revises or fiche).reference or _("without reference")
        what = _("Revision") if fiche.revises_id else fiche.get_kind_display()
        return format_html("{}<br><span class='quiet'>{}</span>", reference, what)

    @admin.display(description=_("title"))
    def title_shown(self, fiche):
        return format_html('<span lang="{}">{}</span>', fiche.source_language, fiche.source("title"))

    @admin.display(description=_("language"), ordering="source_language")
    def language(self, fiche):
        return fiche.source_language.upper()

    @admin.display(description=_("waiting"), ordering="submitted_at")
    def age(self, fiche):
        if fiche.submitted_at is None or fiche.status not in (Fiche.Status.SUBMITTED, Fiche.Status.IN_REVIEW):
            return None
        days = working_days(timezone.localdate(fiche.submitted_at), timezone.localdate(), fiche.country)
        text = ngettext("%(days)s working day", "%(days)s working days", days) % {"days": days}
        if days > settings.REVIEW_WORKING_DAYS:
            return format_html('<span class="overdue">{} – {}</span>', text, _("overdue"))
        return text

    @admin.display(description=_("completeness"), ordering="completeness")
    def complete(self, fiche):
        return f"{fiche.completeness} %"

    @admin.display(description=_("authority"))
    def who(self, fiche):
        if fiche.authority_id:
            return fiche.authority
        if fiche.authority_claimed:
            return format_html("{} <span class='quiet'>({})</span>", fiche.authority_claimed, _("to link"))
        return None

    @admin.display(description=_("status"), ordering="status")
    def state(self, fiche):
        if fiche.status != Fiche.Status.IN_REVIEW or not fiche.read_by_id:
            return fiche.get_status_display()
        return format_html("{}<br><span class='quiet'>{}</span>", fiche.get_status_display(), fiche.read_by)

    def changelist_view(self, request, extra_context=None):
        return super().changelist_view(request, {"title": _("Fiches"), **(extra_context or {})})
