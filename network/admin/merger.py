"""The page on which a coordinator merges an authority into another."""

from django import forms
from django.contrib import messages
from django.contrib.admin import site
from django.core.exceptions import PermissionDenied, ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from ..countries import country_name
from ..directory import finding
from ..membership import mergers
from ..models import Authority


def label_of(authority) -> str:
    parts = [authority.official_name, authority.town, country_name(authority.country)]
    return f"{', '.join(part for part in parts if part)} ({authority.slug})"


class MergeForm(forms.Form):
    """Into which authority; whoever merges says that they have looked."""

    into = forms.CharField(
        label=gettext_lazy("The authority that stays"),
        help_text=gettext_lazy("The last part of the address of its page, such as municipality-of-sample."),
        max_length=200,
    )
    pass_membership = forms.BooleanField(
        label=gettext_lazy("Its membership passes to the authority that stays."), required=False, initial=True
    )
    sure = forms.BooleanField(
        label=gettext_lazy("I have compared the two. This cannot be undone."),
        error_messages={"required": gettext_lazy("Tick that you have compared them.")},
    )

    def __init__(self, *args, old, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.old, self.user = old, user

    def clean_into(self) -> Authority:
        """By the slug, alone or as it stands in brackets behind an offered name."""
        slug = self.cleaned_data["into"].strip().rstrip(")").rpartition("(")[2].strip("/ ").rpartition("/")[2]
        found = Authority.objects.filter(slug=slug).first()
        if found is None:
            raise ValidationError(_("No authority has this address. Copy it from its page."), code="unknown")
        if found.pk == self.old.pk:
            raise ValidationError(_("Choose another authority."), code="same")
        if not found.can_be_merged_by(self.user):
            raise ValidationError(_("You hold a seat there: another coordinator decides."), code="own")
        return found


@require_http_methods(["GET", "HEAD", "POST"])
def merge(request, pk):
    """What would move, and the question."""
    old = get_object_or_404(Authority, pk=pk)
    if not request.user.is_coordinator or not old.can_be_merged_by(request.user):
        raise PermissionDenied(_("You hold a seat there: another coordinator decides."))
    form = MergeForm(request.POST if request.method == "POST" else None, old=old, user=request.user)
    status = 200
    if request.method == "POST":
        status = 400
        if form.is_valid():
            try:
                passes = form.cleaned_data["pass_membership"]
                mergers.merge(old, form.cleaned_data["into"], by=request.user, pass_membership=passes)
            except ValidationError as error:
                form.add_error("pass_membership" if error.code == "taken" else "into", error)
                status = 409
            else:
                messages.success(request, _("The two are one now. The old address leads to the new one."))
                return redirect("admin:network_authority_change", form.cleaned_data["into"].pk)
    near = [row for row in finding.near(old.official_name, request.user) if row.pk != old.pk]
    context = {
        **site.each_context(request),
        "title": _("Merge {authority}").format(authority=old.official_name),
        "authority": old,
        "opts": Authority._meta,
        "form": form,
        "moves": mergers.countable(old),
        "offers": [label_of(row) for row in near],
        "membership": getattr(old, "membership", None),
    }
    return render(request, "admin/network/authority/merge.html", context, status=status)
