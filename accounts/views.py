"""The person's settings: name, language, time zone, and which mails they get."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from . import mail
from . import unsubscribe as unsubscribing
from .forms import NotificationsForm, SettingsForm


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def settings(request):
    form = SettingsForm(request.POST or None, instance=request.user)
    if form.is_valid():
        form.save()
        with translation.override(request.user.language):
            messages.success(request, _("Your settings are saved."))
            return redirect(reverse("accounts:settings"))
    return render(request, "accounts/settings.html", {"form": form})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def notifications(request):
    form = NotificationsForm(request.POST or None, user=request.user)
    if form.is_valid():
        form.save()
        messages.success(request, _("Your mail preferences are saved."))
        return redirect("accounts:notifications")
    return render(request, "accounts/notifications.html", {"form": form})


@csrf_exempt  # RFC 8058: the mail program sends one POST without cookies; the signed token says who and what
@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request, token):
    found = unsubscribing.read(token)
    kind = mail.KINDS.get(found[1]) if found else None
    if kind is None or kind.essential:
        return render(request, "accounts/unsubscribe.html", {"kind": None}, status=404)
    if request.method == "POST":
        unsubscribing.stop(*found)
        if "List-Unsubscribe" in request.POST:
            return HttpResponse(status=200)
    return render(request, "accounts/unsubscribe.html", {"kind": kind, "done": request.method == "POST"})
