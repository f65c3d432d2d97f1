"""Registering: the terms of use are accepted with a box that is never ticked before."""

from django import forms
from django.urls import reverse_lazy
from django.utils.functional import lazy
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.forms import SignupForm as AccountForm

from .. import acceptances
from ..models import Document, DocumentVersion


def _label() -> str:
    sentence = gettext("I accept the {terms}, and I have read the {privacy}.")
    links = {
        "terms": format_html('<a href="{}">{}</a>', reverse_lazy("terms"), gettext("terms of use")),
        "privacy": format_html('<a href="{}">{}</a>', reverse_lazy("privacy"), gettext("privacy notice")),
    }
    return format_html(sentence, **links)


class SignupForm(AccountForm):
    """What we ask besides address and password; also of people who come from another service."""

    terms = forms.BooleanField(
        label=lazy(_label, str)(), error_messages={"required": _("Tick the box, or register later.")}
    )
    field_order = [*AccountForm.field_order, "terms"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.accepted = list(
            DocumentVersion.objects.in_force().filter(
                document__slug="terms", document__accepted_by__in=Document.BY_PEOPLE
            )
        )
        if not self.accepted:
            del self.fields["terms"]

    def signup(self, request, user):
        super().signup(request, user)
        for version in self.accepted:
            acceptances.accept(version, user)
