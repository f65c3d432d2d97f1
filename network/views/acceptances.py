"""Accepting documents: each version with its own button, for oneself or for an authority."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.workdays import today

from .. import acceptances


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def accept_documents(request):
    """What I have to accept, and what I accepted; whoever was on the way elsewhere goes on when nothing is left."""
    needed = acceptances.needed(request.user)
    way = _way(request)
    if request.method == "POST":
        row = _chosen(request, needed)
        acceptances.accept(row.version, request.user, row.authority)
        messages.success(request, _("Accepted: {title}").format(title=row.version.title))
        if way and not acceptances.missing(request.user):
            return redirect(way)
        return redirect(f"{reverse('accept_documents')}{'?' + urlencode({'next': way}) if way else ''}")
    context = {
        "needed": [(row, row.version.in_force_from > today()) for row in needed],
        "given": acceptances.given(request.user)[:50],
        "way": way,
    }
    return render(request, "network/accept_documents.html", context)


def _chosen(request, needed) -> acceptances.Needed:
    """The acceptance whose button was pressed; 404 for one that is not asked of this person, or was given already."""
    pressed = request.POST.get("version", ""), request.POST.get("authority", "")
    for row in needed:
        if pressed == (str(row.version.pk), str(row.authority.pk) if row.authority else ""):
            return row
    raise Http404(_("There is nothing to accept here any more. Look at your documents."))


def _way(request) -> str:
    """Where the person was on the way to; only a path of this portal."""
    address = request.POST.get("next") or request.GET.get("next", "")
    safe = address.startswith("/") and url_has_allowed_host_and_scheme(address, allowed_hosts=None)
    return address if safe else ""
