"""What a reader fills in to write to the owners of a page."""

from django import forms
from django.utils.translation import gettext_lazy as _

from ..models import RelayedMessage


class RelayForm(forms.ModelForm):
    """A message to people whose addresses stay hidden; the last field is for machines only."""

    website = forms.CharField(required=False, widget=forms.TextInput(attrs={"tabindex": "-1", "autocomplete": "off"}))

    class Meta:
        model = RelayedMessage
        fields = ["text", "name", "organisation", "email"]
        widgets = {
            "text": forms.Textarea(attrs={"rows": 6, "data-autosize": True}),
            "name": forms.TextInput(attrs={"autocomplete": "name"}),
            "organisation": forms.TextInput(attrs={"autocomplete": "organization"}),
            "email": forms.EmailInput(attrs={"autocomplete": "email"}),
        }
        help_texts = {
            "text": _("Say who you are, what you want to know, and in which languages you can read an answer."),
            "email": _("A copy of your message goes there. It is not shown to the people you write to."),
        }
