"""Addresses below /network/; the verification of memoranda and the documents stand elsewhere (clavet.urls)."""

from django.urls import path

from .views import detail, directory

app_name = "network"

urlpatterns = [
    # The directory
    path("", directory.network_list, name="list"),
    # One authority; its slug would catch every address that stands after it
    path("<slug:slug>/", detail.detail, name="detail"),
]
