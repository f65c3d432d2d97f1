from zoneinfo import available_timezones

from django import forms
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from . import mail
from .models import User

FREQUENCY_LABELS = {
    "immediate": pgettext_lazy("frequency of mails", "At once"),
    "daily": pgettext_lazy("frequency of mails", "Once a day"),
    "weekly": pgettext_lazy("frequency of mails", "Once a week"),
    "never": pgettext_lazy("frequency of mails", "Never"),
}
ELSEWHERE = ("Etc/", "SystemV/", "US/", "Brazil/", "Canada/", "Chile/", "Mexico/")


class SignupForm(forms.Form):
    """What we ask besides address and password."""

    name = forms.CharField(label=_("Your name"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    field_order = ["name", "email", "password1", "password2"]

    def signup(self, request, user):
        user.name = self.cleaned_data["name"]
        user.language = get_language()
        user.save(update_fields=["name", "language"])


def time_zones():
    """Zones by place, Europe first: what people look for."""
    names = [name for name in available_timezones() if "/" in name and not name.startswith(ELSEWHERE)]
    names.sort(key=lambda name: (not name.startswith("Europe/"), name))
    return [*((name, name.replace("_", " ")) for name in names), ("UTC", "UTC")]


class SettingsForm(forms.ModelForm):
    """Name, language and time zone of a person."""

    time_zone = forms.ChoiceField(
        label=_("Time zone"), choices=time_zones, help_text=_("Times are shown in this zone.")
    )

    class Meta:
        model = User
        fields = ["name", "language", "time_zone"]
        help_texts = {"language": _("The language of our mails and of the administration.")}


class NotificationsForm(forms.Form):
    """How often a person wants each kind of mail."""

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.user = user
        for kind in mail.kinds_for(user):
            self.fields[kind.name] = forms.ChoiceField(
                label=kind.label,
                choices=FREQUENCY_LABELS.items(),
                initial=mail.frequency(kind, user),
                widget=forms.RadioSelect,
            )
        if user.mail_bounced_at:
            self.fields["works_again"] = forms.BooleanField(label=_("My address works again"), required=False)

    def save(self):
        chosen = {name: value for name, value in self.cleaned_data.items() if name != "works_again"}
        self.user.mail_frequency = {**self.user.mail_frequency, **chosen}
        if self.cleaned_data.get("works_again"):
            self.user.mail_bounced_at = None
        self.user.save(update_fields=["mail_frequency", "mail_bounced_at"])
