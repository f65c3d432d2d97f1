"""Seats, memberships and representations in the admin."""

from django.contrib import admin

from accounts.coordinators import coordinators_may

from ..models import Seat


@admin.register(Seat)
@coordinators_may(add=True, change=True)
class SeatAdmin(admin.ModelAdmin):
    list_display = ["user", "authority", "role", "start", "end"]
    list_filter = ["role"]
    list_select_related = ["user", "authority"]
    search_fields = ["user__name", "user__email", "authority__official_name", "authority__slug"]
    raw_id_fields = ["user", "authority"]
