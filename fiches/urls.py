from django.urls import path

from .views import confirm, exports, moves, opinion, reading, selection, taking, versions, writing

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
    path("selection/", selection.fiche_selection, name="selection"),
    path("compare/", selection.fiche_compare, name="compare"),
    path("suggestions/", reading.fiche_suggestions, name="suggestions"),
    path("<int:pk>/contact/", reading.fiche_contact, name="contact"),
    path("<int:pk>/<slug:slug>/", reading.fiche_detail, name="detail"),
    path("<int:pk>/<slug:slug>/versions/", versions.fiche_versions, name="versions"),
    path("<int:pk>/<slug:slug>/versions/<int:number>/", versions.fiche_version, name="version"),
    path("<int:pk>/<slug:slug>/changes/", versions.fiche_changes, name="changes"),
    # Taking away (PDF first: fiche.pdf is no export)
    path("fiches.pdf", taking.fiche_selection_pdf, name="selection_pdf"),
    path("briefs.pdf", taking.fiche_selection_brief, name="selection_brief"),
    path("<int:pk>/<slug:slug>/fiche.pdf", taking.fiche_pdf, name="pdf"),
    path("<int:pk>/<slug:slug>/brief.pdf", taking.fiche_brief, name="brief"),
    path("feed.atom", exports.fiche_feed, name="feed"),
    path("export.<slug:file_format>", exports.fiche_export, name="export"),
    path("<int:pk>/<slug:slug>/fiche.<slug:file_format>", exports.fiche_export_one, name="export_one"),
]
