from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _


class Honeypot(forms.CharField):
    """A field that people do not see; whoever fills it in is a programme."""

    def __init__(self, **options):
        widget = forms.TextInput({"autocomplete": "off", "tabindex": "-1"})
        super().__init__(label=_("Leave this empty"), required=False, widget=widget, **options)

    def clean(self, value):
        if value:
            raise ValidationError(_("Leave the field “Leave this empty” empty: it is there to catch programmes."))
        return ""
