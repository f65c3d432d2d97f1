"""Addresses below /network/; the verification of memoranda and the documents stand elsewhere (clavet.urls)."""

from django.urls import path

from .views import (
    applications,
    detail,
    directory,
    exports,
    joining,
    membership_life,
    memoranda,
    memorandum_life,
    profile,
    representation,
    represented,
    represented_list,
    seat_links,
    seat_requests,
    seats,
    signing,
)

app_name = "network"

urlpatterns = [
    # The directory
    path("", directory.network_list, name="list"),
    path("suggestions/", directory.network_suggestions, name="suggestions"),
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
    # Memoranda
    path("memoranda/", memoranda.memoranda, name="memoranda"),
    path("memoranda/files/<int:pk>/", memoranda.memorandum_file, name="memorandum_file"),
    path("memoranda/<slug:code>/", memoranda.memorandum, name="memorandum"),
    path("memoranda/<slug:code>/<slug:language>.pdf", memoranda.memorandum_pdf, name="memorandum_pdf"),
    path("memoranda/<slug:code>/sign/", signing.sign, name="sign"),
    path("memoranda/<slug:code>/link/", signing.send_link, name="send_link"),
    path("memoranda/<slug:code>/copy/", signing.upload_copy, name="upload_copy"),
    path("memoranda/<slug:code>/leave/", memorandum_life.leave, name="leave"),
    path("memoranda/<slug:code>/review/", memorandum_life.review, name="review"),
    path("memoranda/<slug:code>/renew/", memorandum_life.renew, name="renew"),
    path("sign/<str:token>/", signing.sign_by_link, name="sign_by_link"),
    # Seats
    path("seat-requests/<int:pk>/", seat_requests.seat_request, name="seat_request"),
    path("seats/<str:token>/", seat_links.seat_invitation, name="seat_invitation"),
    path("seats/<str:token>/confirm/", seat_links.seat_confirm, name="seat_confirm"),
    path("<slug:slug>/ask/", seat_requests.seat_ask, name="seat_ask"),
    path("<slug:slug>/seats/", seats.seats, name="seats"),
    path("<slug:slug>/seats/<int:pk>/", seats.seat, name="seat"),
    path("<slug:slug>/seats/<int:pk>/hand-over/", seats.seat_hand_over, name="seat_hand_over"),
    path("<slug:slug>/seats/<int:pk>/hand-over-to/", seats.seat_hand_over_to, name="seat_hand_over_to"),
    path("<slug:slug>/seats/<int:pk>/end/", seats.seat_end, name="seat_end"),
    path("<slug:slug>/seats/<int:pk>/confirm/", seats.seat_confirm_own, name="seat_confirm_own"),
    path("<slug:slug>/invitations/<int:pk>/resend/", seats.invitation_resend, name="invitation_resend"),
    path("<slug:slug>/invitations/<int:pk>/withdraw/", seats.invitation_withdraw, name="invitation_withdraw"),
    # One authority; its slug would catch every address that stands after it
    path("<slug:slug>/", detail.detail, name="detail"),
    path("<slug:slug>/profile/", profile.profile, name="profile"),
    path("<slug:slug>/report/", membership_life.report, name="report"),
    path("<slug:slug>/leave/", membership_life.membership_leave, name="membership_leave"),
    path("<slug:slug>/contact/", detail.contact, name="contact"),
    path("<slug:slug>/authority.<slug:file_format>", exports.export_one, name="export_one"),
]
