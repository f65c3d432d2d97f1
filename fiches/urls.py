from django.urls import path

from .views import confirm, moves, opinion, reading, writing

app_name = "fiches"
urlpatterns = [
    # Writing (before reading: a slug would catch its addresses)
    path("new/", writing.fiche_create, name="create"),
    path("mine/", writing.fiche_my, name="my"),
    path("regions/", writing.fiche_regions, name="regions"),
    path("<int:pk>/edit/", writing.fiche_edit, name="edit"),
    path("<int:pk>/edit/<slug:step>/", writing.fiche_edit, name="edit"),
    path("<int:pk>/autosave/<slug:step>/", writing.fiche_autosave, name="autosave"),
    path("<int:pk>/preview/", moves.fiche_preview, name="preview"),
    path("<int:pk>/submitted/", moves.fiche_submitted, name="submitted"),
    path("<int:pk>/withdraw/", moves.fiche_withdraw, name="withdraw"),
    path("<int:pk>/reopen/", moves.fiche_reopen, name="reopen"),
    path("<int:pk>/delete/", moves.fiche_delete, name="delete"),
    path("<int:pk>/revise/", moves.fiche_revise, name="revise"),
    path("files/<int:pk>/", moves.fiche_attachment, name="attachment"),
    # Asked to read before others
    path("opinions/<int:pk>/", opinion.opinion, name="opinion"),
    path("confirm/<str:token>/", confirm.confirm, name="confirm"),
    # Reading
    path("", reading.fiche_list, name="list"),
    path("suggestions/", reading.fiche_suggestions, name="suggestions"),
    path("<int:pk>/contact/", reading.fiche_contact, name="contact"),
    path("<int:pk>/<slug:slug>/", reading.fiche_detail, name="detail"),
]
