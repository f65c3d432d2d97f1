"""The admin as a whole, and third parties' tables that coordinators keep."""

from django.apps import apps
from django.contrib import admin
from django.db import transaction
from django.utils.translation import gettext_lazy as _
from taggit import admin as taggit_admin
from taggit.models import Tag

from accounts.coordinators import coordinators_may
from fiches.models import Fiche
from translations.tasks import rewrite_editions

admin.site.enable_nav_sidebar = False
apps.get_app_config("taggit").verbose_name = _("Keywords")
admin.site.unregister(taggit_admin.Tag)


@admin.register(Tag)
@coordinators_may(add=True, change=True, delete=True)
class TagAdmin(admin.ModelAdmin):
    """Keywords: rename, delete what nobody needs. Not taggit's own: any staff could merge there, unseen by readers."""

    list_display = ["name", "slug"]
    search_fields = ["name"]
    ordering = ["name", "slug"]
    prepopulated_fields = {"slug": ["name"]}

    @transaction.atomic
    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        rewrite(fiches_with([obj]))

    @transaction.atomic
    def delete_model(self, request, obj):
        self.delete_queryset(request, Tag.objects.filter(pk=obj.pk))

    @transaction.atomic
    def delete_queryset(self, request, queryset):
        carrying = fiches_with(queryset)
        queryset.delete()
        rewrite(carrying)


def fiches_with(tags) -> list[int]:
    """Keys of the fiches that carry one of these keywords."""
    return sorted(set(Fiche.objects.with_editions().filter(tags__in=tags).values_list("pk", flat=True)))


def rewrite(pks: list[int]) -> None:
    """Queue new Editions: readers see the keywords on pages and find by them."""
    if pks:
        rewrite_editions.defer(model="fiches.Fiche", pks=pks)
