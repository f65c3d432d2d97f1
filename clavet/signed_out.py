"""What somebody sees who sends a form after having signed out in another tab: why, and what they had written."""

from urllib.parse import urlsplit

from django.contrib import messages
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.views import redirect_to_login
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from . import errors


class SignInRequired(LoginRequiredMiddleware):
    """Leads to the sign-in page; a form that was sent by nobody comes back with its texts (stored nowhere)."""

    def handle_no_permission(self, request, view_func):
        if request.method != "POST" or request.htmx:
            return super().handle_no_permission(request, view_func)
        if texts := written(request.POST):
            return errors.page(request, "signed_out.html", 403, texts=texts, form_url=form_of(request))
        messages.warning(request, _("You were signed out meanwhile. Nothing was saved: sign in, then do it again."))
        return redirect_to_login(form_of(request))


def written(data) -> list[str]:
    """What is worth keeping: answers of more than one word, which nobody chose from a list of codes."""
    values = [value.strip() for name in data for value in data.getlist(name) if "password" not in name]
    return [value for value in dict.fromkeys(values) if len(value.split()) > 1]


def form_of(request) -> str:
    """The path of the page from which it was sent (some forms go to an address that shows no page)."""
    page = request.headers.get("Referer", "")
    if not url_has_allowed_host_and_scheme(page, {request.get_host()}, require_https=request.is_secure()):
        return request.get_full_path()
    parts = urlsplit(page)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path
