"""Addresses below /network/; the verification of memoranda and the documents stand elsewhere (clavet.urls)."""

from django.urls import path  # noqa: F401

app_name = "network"

urlpatterns = []
