"""Addresses below /network/; the verification of memoranda and the documents stand elsewhere (clavet.urls)."""

from django.urls import path

from .views import applications, detail, directory, exports, joining, representation, represented, represented_list

app_name = "network"

urlpatterns = [
    # The directory
    path("", directory.network_list, name="list"),
    path("export.<slug:file_format>", exports.export, name="export"),
    path("feed.atom", exports.feed, name="feed"),
    # Joining
    path("join/", joining.join, name="join"),
    path("join/apply/", joining.apply, name="apply"),
    path("applications/<int:pk>/", applications.application, name="application"),
    path("applications/<int:pk>/cancel/", applications.application_cancel, name="application_cancel"),
    path("applications/<int:pk>/decision/", applications.decision_file, name="decision_file"),
    # Representation
    path("object/<str:token>/", representation.object, name="object"),
    path("<slug:slug>/represented/", represented.represented, name="represented"),
    path("<slug:slug>/represented/claim/", represented.claim, name="claim"),
    path("<slug:slug>/represented/list/", represented_list.represented_list, name="represented_list"),
    path("<slug:slug>/represented/list/sample.csv", represented_list.represented_sample, name="represented_sample"),
    path("<slug:slug>/represented/<int:pk>/", represented.represented_one, name="represented_one"),
    path("<slug:slug>/representation/", representation.representation, name="representation"),
    # One authority; its slug would catch every address that stands after it
    path("<slug:slug>/", detail.detail, name="detail"),
    path("<slug:slug>/contact/", detail.contact, name="contact"),
    path("<slug:slug>/authority.<slug:file_format>", exports.export_one, name="export_one"),
]
