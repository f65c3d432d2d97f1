"""Documents, their versions and acceptances in the admin: drafts are written, published versions stay as they are."""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Max
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_http_methods, require_safe
from modeltranslation.admin import TranslationAdmin

from accounts.coordinators import coordinators_may
from translations import corpus
from translations.exports import table
from translations.letters import capitalised

from ..models import Acceptance, Document, DocumentVersion
from .places import in_each_language

FORMS = ["GET", "HEAD", "POST"]
WHEN = ["in_force_from", "correction"]
SHOWN = 200  # people and authorities on the page of those who have not accepted; the file holds all


@admin.register(Document)
@coordinators_may(add=True, change=True)
class DocumentAdmin(admin.ModelAdmin):
    list_display = ["slug", "audience", "accepted_by", "position"]
    list_filter = ["audience", "accepted_by"]

    def get_readonly_fields(self, request, obj=None):
        return ["slug"] if obj else []

    @transaction.atomic
    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        corpus.bump()


@admin.register(DocumentVersion)
@coordinators_may(add=True, change=True, delete=True)
class DocumentVersionAdmin(TranslationAdmin):
    """A draft is an ordinary form; the verb “publish” stands on a page of its own that asks once more."""

    list_display = ["document", "number", "title", "in_force_from", "state"]
    list_display_links = ["document", "number"]
    list_filter = ["document"]
    list_select_related = ["document"]
    change_form_template = "admin/network/documentversion/draft.html"
    change_list_template = "admin/network/documentversion/change_list.html"
    view_on_site = False  # “Look at it” also shows drafts

    @admin.display(description=gettext_lazy("state"))
    def state(self, obj):
        if obj.published_at is None:
            return _("Draft, not published")
        return _("Published on {date}").format(date=date_format(timezone.localtime(obj.published_at)))

    def get_fieldsets(self, request, obj=None):
        first = ["document", "number", *WHEN] if obj else ["document", *WHEN]
        done = ["published_at", "published_by"] if obj and obj.published_at else []
        return [(None, {"fields": first + done}), *in_each_language("title", "text", "change_note")]

    def get_readonly_fields(self, request, obj=None):
        return ["document", "number", "published_at", "published_by"] if obj else []

    def get_form(self, request, obj=None, change=False, **kwargs):
        """A draft may be saved half written; what is missing is said where one publishes it."""
        form = super().get_form(request, obj, change=change, **kwargs)
        for name, field in form.base_fields.items():
            if name.startswith(("title_", "text_", "change_note_")):
                field.required = False
        return form

    def has_change_permission(self, request, obj=None):
        return request.user.is_coordinator and (obj is None or obj.published_at is None)

    def has_delete_permission(self, request, obj=None):
        return request.user.is_coordinator and obj is not None and obj.published_at is None

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        if db_field.name == "document" and (document := asked_for(request)):
            kwargs["queryset"] = Document.objects.filter(pk=document.pk)  # the text beside it is that of no other
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def get_changeform_initial_data(self, request):
        """The text of the newest version, to be changed, when the address names a document."""
        newest = DocumentVersion.objects.filter(document=asked_for(request)).first()
        if newest is None:
            return {"document": asked_for(request)}
        names = [name for _head, group in in_each_language("title", "text") for name in group["fields"]]
        return {"document": newest.document_id, **{name: getattr(newest, name) for name in names}}

    @transaction.atomic
    def save_model(self, request, obj, form, change):
        if not change:
            Document.objects.select_for_update().get(pk=obj.document_id)
            obj.number = (obj.document.versions.aggregate(last=Max("number"))["last"] or 0) + 1
        super().save_model(request, obj, form, change)

    def add_view(self, request, form_url="", extra_context=None):
        """A new version always begins with the newest text of a document that is named."""
        if request.method != "POST" and asked_for(request) is None:
            messages.info(request, _("Choose the document of which you write a new version."))
            return redirect("admin:network_documentversion_changelist")
        return super().add_view(request, form_url, extra_context)

    def changelist_view(self, request, extra_context=None):
        title = capitalised(self.opts.verbose_name_plural)
        more = {"title": title, "documents": Document.objects.all(), **(extra_context or {})}
        return super().changelist_view(request, more)

    def get_urls(self):
        own = [
            path("<int:pk>/publish/", self.admin_site.admin_view(self.publish), name="network_documentversion_publish"),
            path("<int:pk>/missing/", self.admin_site.admin_view(self.missing), name="network_documentversion_missing"),
        ]
        return own + super().get_urls()

    def publish(self, request, pk):
        return publish(request, self, pk)

    def missing(self, request, pk):
        return missing(request, self, pk)


def asked_for(request) -> Document | None:
    """The document that the address names."""
    named = request.GET.get("document", "")
    return Document.objects.filter(pk=named).first() if named.isdecimal() and len(named) < 10 else None


def _found(request, model_admin, pk) -> DocumentVersion:
    if not request.user.is_coordinator:
        raise PermissionDenied
    return get_object_or_404(DocumentVersion.objects.select_related("document"), pk=pk)


def _page(request, model_admin, template, version, **more):
    context = {**model_admin.admin_site.each_context(request), "opts": model_admin.opts, "version": version, **more}
    return render(request, template, context)


@require_http_methods(FORMS)
def publish(request, model_admin, pk):
    """What publishing means and what stands against it; the button does it."""
    version = _found(request, model_admin, pk)
    here = reverse("admin:network_documentversion_change", args=[version.pk])
    if request.method == "POST":
        if not version.can_be_published_by(request.user):
            raise PermissionDenied
        try:
            version.publish(by=request.user)
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
        else:
            messages.success(request, _("Published. It takes force on its day; who must accept it is told."))
        return redirect(here)
    if version.published_at:
        return redirect(here)
    obstacles = version.obstacles()
    asked = version.everybody_asked().count()
    template = "admin/network/documentversion/publish.html"
    return _page(request, model_admin, template, version, title=version.title, obstacles=obstacles, asked=asked)


@require_safe
def missing(request, model_admin, pk):
    """Who has not accepted a version yet; `?format=csv` gives all of them as a file."""
    version = _found(request, model_admin, pk)
    people, authorities = version.people_asked().order_by("name", "email"), version.authorities_asked()
    if request.GET.get("format") == "csv":
        rows = [(_("person"), person.name, person.email) for person in people.iterator()]
        rows += [(_("authority"), row.official_name, row.official_address) for row in authorities.order_by("slug")]
        return _csv(f"not-accepted-{version}", [(_("who"), _("name"), _("e-mail address")), *rows])
    return _page(
        request,
        model_admin,
        "admin/network/documentversion/missing.html",
        version,
        title=_("Who has not accepted it yet"),
        people=people[:SHOWN],
        people_number=people.count(),
        authorities=authorities.order_by("slug")[:SHOWN],
        authorities_number=authorities.count(),
        shown=SHOWN,
    )


def _csv(name: str, rows) -> HttpResponse:
    text = table.BOM + "".join(table.line(row, ",") for row in rows)
    disposition = {"Content-Disposition": f'attachment; filename="{name.replace(" ", "-")}.csv"'}
    return HttpResponse(text, content_type="text/csv; charset=utf-8", headers=disposition)


@admin.register(Acceptance)
@coordinators_may()
class AcceptanceAdmin(admin.ModelAdmin):
    """Who accepted what, when, in which language: only to be read."""

    list_display = ["version", "user", "authority", "language", "at"]
    list_filter = ["version__document", "language", ("authority", admin.EmptyFieldListFilter)]
    list_select_related = ["version__document", "user", "authority"]
    search_fields = ["user__name", "user__email", "authority__official_name", "authority__slug"]
    date_hierarchy = "at"
    actions = ["export"]

    @admin.action(description=pgettext_lazy("action", "Download as CSV"), permissions=["view"])
    def export(self, request, queryset):
        head = (_("document"), _("version"), _("person"), _("e-mail address"), _("authority"), _("language"), _("time"))
        return _csv("acceptances", [head, *map(_line, queryset.select_related(*self.list_select_related))])


def _line(row: Acceptance) -> tuple:
    person = (row.user.name, row.user.email) if row.user else ("", "")
    authority = row.authority.official_name if row.authority else ""
    return row.version.document.slug, row.version.number, *person, authority, row.language, row.at.isoformat()
