"""A named reader is asked what they think of one submission."""

from django import forms
from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from .. import moderation_page, submissions
from ..models import Fiche, Opinion


class AnswerForm(forms.Form):
    """What the reader thinks."""

    text = forms.CharField(
        label=gettext_lazy("Your opinion"),
        help_text=gettext_lazy("Write in any language. Only coordinators read it."),
        widget=forms.Textarea(attrs={"rows": 10, "data-autosize": ""}),
        max_length=5000,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def opinion(request, pk):
    """Read the submission, then answer the coordinator who asked."""
    asked = get_object_or_404(Opinion.objects.select_related("asked_by"), pk=pk, reader=request.user)
    fiche = get_object_or_404(Fiche.objects.visible_to(request.user), pk=asked.fiche_id)
    form = AnswerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if submissions.give_opinion(asked, form.cleaned_data["text"]):
            messages.success(request, _("Thank you. The coordinator gets your opinion by mail."))
        else:
            messages.warning(request, _("You had answered already. Your first answer stands."))
        return redirect("fiches:opinion", asked.pk)
    context = {
        "asked": asked,
        "fiche": fiche,
        "form": form,
        **moderation_page.text(fiche, request.GET.get("language", "")),
    }
    return render(request, "fiches/opinion.html", context)
