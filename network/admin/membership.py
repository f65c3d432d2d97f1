"""Memberships in the admin."""

from django.contrib import admin
from django.db import transaction

from accounts.coordinators import coordinators_may
from translations import corpus

from ..models import Membership


@admin.register(Membership)
@coordinators_may(add=True, change=True)
class MembershipAdmin(admin.ModelAdmin):
    list_display = ["authority", "membership_class", "status", "decision_date", "since"]
    list_filter = ["status", "membership_class"]
    list_select_related = ["authority"]
    search_fields = ["authority__official_name", "authority__slug"]
    raw_id_fields = ["authority"]

    @transaction.atomic
    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        corpus.bump()  # the pages of themes name the members that know about them
