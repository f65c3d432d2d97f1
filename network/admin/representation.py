"""Representations in the admin."""

from django.contrib import admin

from accounts.coordinators import coordinators_may

from ..models import Representation


@admin.register(Representation)
@coordinators_may(add=True, change=True)
class RepresentationAdmin(admin.ModelAdmin):
    list_display = ["coordinator", "authority", "status", "start", "end"]
    list_filter = ["status"]
    list_select_related = ["coordinator", "authority"]
    raw_id_fields = ["coordinator", "authority"]
