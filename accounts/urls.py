"""The person's own pages; those of allauth are wired beside them in clavet/urls.py."""

from django.urls import path

from . import views

app_name = "accounts"

urlpatterns = [
    path("settings/", views.settings, name="settings"),
    path("notifications/", views.notifications, name="notifications"),
    path("unsubscribe/<str:token>/", views.unsubscribe, name="unsubscribe"),
]
