"""Places, themes and authorities: kept by coordinators."""

from django import forms
from django.conf import settings
from django.contrib import admin
from django.db import transaction
from django.db.models import Q, URLField
from django.urls import path
from django.utils.translation import gettext_lazy as _
from modeltranslation.admin import TranslationAdmin

from accounts import history
from accounts.coordinators import coordinators_may
from translations import corpus
from translations.tasks import rewrite_editions

from ..countries import country_choices
from ..emails import profile as mails
from ..forms.authority import AuthorityForm
from ..models import Authority, Expertise, Region, Theme
from . import merger

PAGE = 500  # rows of one job
CALENDAR = ["time_zone", "holiday_calendar"]


def in_each_language(*fields):
    """A group of fields per language, in the order of the portal; the first one open."""
    return [
        (name, {"fields": [f"{field}_{code}" for field in fields], "classes": ["collapse"] if number else []})
        for number, (code, name) in enumerate(settings.LANGUAGES)
    ]


def country_field(db_field):
    """A list of countries instead of a code to type."""
    if db_field.name == "country":
        return forms.ChoiceField(choices=[("", "–"), *country_choices()], label=db_field.verbose_name)
    return None


def names_changed(form, fields) -> bool:
    return any(name.rsplit("_", 1)[0] in fields for name in form.changed_data)


def rewrite_authorities(rows) -> None:
    """Queue new Editions of authorities that carry a changed name."""
    pks = sorted(rows.values_list("pk", flat=True))
    for start in range(0, len(pks), PAGE):
        rewrite_editions.defer(model="network.Authority", pks=pks[start : start + PAGE])


def rewrite_fiches(obj) -> None:
    """Queue new Editions of the fiches that carry the name of this region, theme or authority."""
    pks = list(obj.fiches.with_editions().order_by("pk").values_list("pk", flat=True))
    if isinstance(obj, Theme):
        below = obj.fiches.model.objects.with_editions().filter(themes__parent=obj)
        pks = sorted({*pks, *below.values_list("pk", flat=True)})
    for start in range(0, len(pks), PAGE):
        rewrite_editions.defer(model="fiches.Fiche", pks=pks[start : start + PAGE])


@admin.register(Region)
@coordinators_may(add=True, change=True)
class RegionAdmin(admin.ModelAdmin):
    list_display = ["name", "code", "country", "level", "parent"]
    list_filter = ["level", "country"]
    list_select_related = ["parent"]
    search_fields = ["name", "code"]
    raw_id_fields = ["parent"]

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        return country_field(db_field) or super().formfield_for_dbfield(db_field, request, **kwargs)

    def get_readonly_fields(self, request, obj=None):
        return ["code", "country", "level"] if obj else []

    @transaction.atomic
    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        corpus.bump()
        if change and "name" in form.changed_data:
            rewrite_fiches(obj)
            rewrite_authorities(obj.authorities.all())


@admin.register(Theme)
@coordinators_may(add=True, change=True)
class ThemeAdmin(TranslationAdmin):
    list_display = ["name", "parent", "position", "slug"]
    list_filter = [("parent", admin.RelatedOnlyFieldListFilter)]
    list_select_related = ["parent"]
    fieldsets = [(None, {"fields": ["slug", "parent", "position"]}), *in_each_language("name", "description")]

    def get_readonly_fields(self, request, obj=None):
        return ["slug"] if obj else []

    @transaction.atomic
    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        corpus.bump()  # cached pages name it: the partners, the filters
        if change and names_changed(form, {"name"}):
            rewrite_fiches(obj)
            rewrite_authorities(
                Authority.objects.filter(Q(expertise__theme=obj) | Q(expertise__theme__parent=obj)).distinct()
            )


@coordinators_may(add=True, change=True, delete=True)
class ExpertiseInline(admin.TabularInline):
    """What an authority can give and needs, theme by theme."""

    model = Expertise
    extra = 0


@admin.register(Authority)
@coordinators_may(add=True, change=True)
class AuthorityAdmin(TranslationAdmin):
    list_display = ["name", "official_name", "kind", "country", "town", "hidden"]
    list_filter = ["kind", "governance_level", "hidden", "demonstration", "country"]
    search_fields = ["official_name", "slug", "town", *(f"name_{code}" for code in settings.LANGUAGE_CODES)]
    raw_id_fields = ["region"]
    inlines = [ExpertiseInline]
    form = AuthorityForm
    formfield_overrides = {URLField: {"assume_scheme": "https"}}
    fieldsets = [
        (None, {"fields": ["official_name", "official_language", "slug", "kind", "governance_level", "version"]}),
        (
            _("Place"),
            {"fields": ["country", "region", "town", "latitude", "longitude", "population", "population_year"]},
        ),
        (
            _("Contact"),
            {"fields": ["official_address", "website", "language_of_contact", "working_languages", *CALENDAR]},
        ),
        (_("Standing"), {"fields": ["partner_role", "demonstration", "hidden", "source_language", "sources"]}),
        *in_each_language("name", "description", "vet_competences"),
    ]

    def get_urls(self):
        address = path("<int:pk>/merge/", self.admin_site.admin_view(merger.merge), name="network_authority_merge")
        return [address, *super().get_urls()]

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        return country_field(db_field) or super().formfield_for_dbfield(db_field, request, **kwargs)

    def get_readonly_fields(self, request, obj=None):
        """Where objections come from is no matter of a coordinator who holds a seat there."""
        if obj is None:
            return []
        return ["slug"] if obj.can_be_merged_by(request.user) else ["slug", "official_address"]

    @transaction.atomic
    def save_model(self, request, obj, form, change):
        before = Authority.objects.select_for_update(of=("self",)).get(pk=obj.pk) if change else None
        if before:
            obj.version = before.version + 1  # who has the profile open is shown both texts
        obj.name_officially(before.official_name if before else "")
        super().save_model(request, obj, form, change)
        corpus.bump()
        if before and before.official_address != obj.official_address:
            event = history.record(obj, "official_address", by=request.user, internal=True)
            mails.tell_old_address(obj, before.official_address, event, by_coordinator=True)
        if change and names_changed(form, {"name", "official"}):
            rewrite_fiches(obj)

    @transaction.atomic
    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        form.instance.rewrite()  # with its expertise
