"""An application: where it stands, what is next and who does it."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from ..membership import pending, standing
from ..models import Membership


def own(request, pk) -> Membership:
    """The membership, if this person may read its application; for everybody else there is no such page."""
    found = get_object_or_404(Membership.objects.visible_to(request.user).select_related("authority"), pk=pk)
    if not found.application_is_for(request.user):
        raise Http404
    return found


@never_cache
@require_safe
def application(request, pk):
    membership = own(request, pk)
    context = {
        "membership": membership,
        "authority": membership.authority,
        "steps": standing.steps(membership),
        "next": standing.next_step(membership),
        "facts": standing.facts(membership, request.user),
        "entries": standing.entries(membership),
        "memorandum": standing.memorandum_of(membership, request.user),
        "may_cancel": membership.can_be_cancelled_by(request.user),
        "may_apply": membership.can_be_applied_for_again_by(request.user),
    }
    return render(request, "network/application.html", context)


@require_POST
def application_cancel(request, pk):
    """Take it back; one click more changes nothing."""
    membership = own(request, pk)
    if membership.status == Membership.Status.WITHDRAWN:
        return redirect("network:application", membership.pk)
    if not membership.can_be_cancelled_by(request.user):
        raise PermissionDenied(_("This application cannot be withdrawn now, or not by you."))
    membership.cancel(by=request.user)
    messages.success(request, _("The application is withdrawn. You can correct it and apply again."))
    return redirect("network:application", membership.pk)


@require_safe
def decision_file(request, pk):
    """The text of the governing body’s decision, for the authority and coordinators."""
    membership = own(request, pk)
    if not membership.decision_file:
        raise Http404
    try:
        content = membership.decision_file.open("rb")
    except FileNotFoundError:
        raise Http404 from None
    name = membership.decision_filename
    response = FileResponse(content, as_attachment=True, filename=name, content_type=pending.media_type(name))
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
