"""Readers report what is wrong with a page: content, rights, personal data, access, language."""

from django import forms
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import transaction
from django.shortcuts import redirect, render
from django.urls import Resolver404, resolve
from django.utils import timezone, translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts import limits, notifications
from accounts.models import ProblemReport
from accounts.once import once
from fiches.models import Fiche

from . import languages

ACKNOWLEDGEMENTS_PER_DAY = 3  # mails to one address: the form must not become a way to pester somebody


def own_path(address: str, host: str = "") -> str:
    """The path of an address of this portal; empty for anything that leads elsewhere."""
    for scheme in ("https://", "http://"):
        address = address.strip().removeprefix(f"{scheme}{host}") if host else address.strip()
    is_own = address.startswith("/") and url_has_allowed_host_and_scheme(address, allowed_hosts=None)
    return address[:500] if is_own and address.isprintable() else ""


class ProblemReportForm(forms.ModelForm):
    """What is wrong, in the reader's words; the last field is for machines only."""

    website = forms.CharField(required=False, widget=forms.TextInput(attrs={"tabindex": "-1", "autocomplete": "off"}))

    class Meta:
        model = ProblemReport
        fields = ["path", "kind", "text", "email"]
        widgets = {
            "path": forms.TextInput(attrs={"autocomplete": "off"}),
            "kind": forms.RadioSelect,
            "text": forms.Textarea(attrs={"rows": 6, "data-autosize": ""}),
            "email": forms.EmailInput(attrs={"autocomplete": "email"}),
        }
        labels = {"text": _("What did you find, and what should it be?")}
        help_texts = {
            "path": _("The address of the page, as your browser shows it."),
            "email": _("We confirm your report and tell you what came of it. We use the address for nothing else."),
        }

    def __init__(self, *args, host="", **kwargs):
        super().__init__(*args, **kwargs)
        self.host = host
        self.fields["path"].required = False
        self.fields["kind"].choices = ProblemReport.Kind.choices

    def clean_path(self):
        """A page of ours, or the portal as a whole."""
        given = self.cleaned_data["path"]
        path = own_path(given, self.host)
        if given and not path:
            raise forms.ValidationError(_("Enter the address of a page of this portal."), code="foreign")
        return path or "/"


@login_not_required
@never_cache
@once
def report_problem(request):
    """The form, one report per sending, at most REPORTS_PER_DAY from one connection."""
    path = own_path(request.GET.get("url", ""), request.get_host())
    initial = {"path": path, "email": request.user.email if request.user.is_authenticated else ""}
    form = ProblemReportForm(request.POST or None, initial=initial, host=request.get_host())
    status = 200
    if request.method == "POST" and form.is_valid():
        if form.cleaned_data["website"]:
            return redirect("report_sent")
        if save_report(request, form):
            return redirect("report_sent")
        form.add_error(None, too_many())
        status = 429
    return render(request, "report/form.html", {"form": form, "path": form["path"].value() or ""}, status=status)


@login_not_required
@never_cache
@require_safe
def report_sent(request):
    return render(request, "report/sent.html", {})


def too_many():
    return _("Too many reports came from your connection today. Write to {address} instead.").format(
        address=settings.CONTACT_EMAIL
    )


@transaction.atomic
def save_report(request, form) -> ProblemReport | None:
    """Keep the report and acknowledge it; None where the day’s number is used up."""
    hashed = limits.address_hash(request, "clavet.reports")
    if limits.is_used_up(ProblemReport, hashed, settings.REPORTS_PER_DAY):
        return None
    report = form.save(commit=False)
    report.language = get_language()
    report.reporter = request.user if request.user.is_authenticated else None
    report.address_hash = hashed
    report.object = fiche_at(report.path, request.user)
    report.save()
    acknowledge(report)
    return report


def fiche_at(path: str, user) -> Fiche | None:
    """The fiche whose page has this path, if `user` may see it."""
    try:
        with translation.override(languages.of_path(path) or get_language()):  # addresses follow the language in them
            match = resolve(path.partition("?")[0].partition("#")[0])
    except Resolver404:
        return None
    if match.namespace != "fiches" or "pk" not in match.kwargs:
        return None
    return Fiche.objects.visible_to(user).filter(pk=match.kwargs["pk"]).first()


def acknowledge(report) -> None:
    """A mail to the address given, known to us or not; the page is the same without one."""
    if not report.email:
        return
    today = ProblemReport.objects.filter(email__iexact=report.email, created_at__gte=timezone.now() - limits.DAY)
    if today.count() <= ACKNOWLEDGEMENTS_PER_DAY:
        key = f"report:{report.pk}"
        notifications.tell("report_received", report, key=key, address=report.email, language=report.language)
