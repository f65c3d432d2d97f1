from django import forms
from django.utils.translation import gettext_lazy as _

from .honeypot import Honeypot


class SubmitForm(forms.Form):
    """The consent with which a fiche is handed in."""

    consent = forms.BooleanField(
        label=_(
            "I may share this text, and I publish it under the licence chosen for it (CC BY 4.0 unless I chose another)."
        ),
        error_messages={"required": _("Tick the consent: without it nobody may reuse the text.")},
    )
    homepage = Honeypot()
