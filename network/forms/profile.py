"""The profile of an authority, edited by its own people or by a Euroregion on its behalf."""

from functools import partial

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.forms import time_zones
from translations.languages import language_name
from translations.letters import capitalised

from .. import holiday_calendars, spoken
from ..models import Authority, Region

NAMES = [f"name_{code}" for code in settings.LANGUAGE_CODES]
PLACE = ["region", "town", "latitude", "longitude", "population", "population_year"]
LANGUAGES = ["working_languages", "language_of_contact"]
CONTACT = ["website", "official_address", "time_zone", "holiday_calendar"]
TEXTS = ["description", "vet_competences"]


class MoreBelow(forms.CheckboxSelectMultiple):
    """The choices of a group stand folded below the others, open where one of them is ticked."""

    template_name = "network/widgets/more_below.html"

    def get_context(self, name, value, attrs):
        context = super().get_context(name, value, attrs)
        folded = [option for group, options, _index in context["widget"]["optgroups"] if group for option in options]
        context["widget"]["open"] = any(option["selected"] for option in folded)
        return context


https_address = partial(forms.URLField, assume_scheme="https")
latitude = partial(forms.DecimalField, min_value=-90, max_value=90)
longitude = partial(forms.DecimalField, min_value=-180, max_value=180)


class ProfileForm(forms.ModelForm):
    """Everything that an authority says of itself; the version says which text the person had before them."""

    own_people_only = ("official_address",)  # where objections are answered from: no Euroregion changes it

    version = forms.IntegerField(widget=forms.HiddenInput)

    class Meta:
        model = Authority
        fields = [*NAMES, *PLACE, *LANGUAGES, *CONTACT]
        field_classes = {"website": https_address, "latitude": latitude, "longitude": longitude}
        widgets = {
            "latitude": forms.NumberInput(attrs={"step": "any"}),
            "longitude": forms.NumberInput(attrs={"step": "any"}),
        }
        help_texts = {
            "language_of_contact": _("The language of mails to the official address."),
            "official_address": _(
                "The published mailbox of the authority. Shown to nobody but you and the coordinators."
            ),
            "population_year": _("The year from which the figure is."),
        }

    def __init__(self, authority, user, data=None):
        self.acting = authority.edited_for(user)
        self.source = authority.source_language
        super().__init__(data, instance=authority, initial={"version": authority.version})
        self.fields = {"on_behalf_of": self._on_behalf_of(authority), **self.fields}
        self._name_fields()
        for name in TEXTS:
            self.fields[f"{name}_{self.source}"] = self._text(name)
        self._place_fields(authority)
        if authority not in self.acting:
            for name in self.own_people_only:
                del self.fields[name]

    def _on_behalf_of(self, authority):
        own = [("", _("For this authority, where I hold a seat"))] if authority in self.acting else []
        others = [
            (str(row.pk), _("As {coordinator}, on behalf of this authority").format(coordinator=row))
            for row in self.acting
            if row != authority
        ]
        field = forms.ChoiceField(
            label=_("On whose behalf"),
            choices=own + others,
            initial="" if own else others[0][0] if others else "",
            required=not own,
            widget=forms.RadioSelect,
            help_text=_("Noted with each change."),
        )
        field.needed = True
        only = str(field.choices[0][0]) if len(field.choices) == 1 else None
        if only is not None and self.data.get("on_behalf_of", only) == only:  # what ended meanwhile is asked again
            field.widget, field.initial = forms.HiddenInput(), only
        return field

    def _name_fields(self):
        for code in settings.LANGUAGE_CODES:
            field = self.fields[f"name_{code}"]
            field.label, field.required = language_name(code), False
            field.widget.attrs["lang"] = code

    def _text(self, name):
        field = Authority._meta.get_field(f"{name}_{self.source}").formfield(required=False)
        field.label = capitalised(Authority._meta.get_field(name).verbose_name)
        field.initial = getattr(self.instance, f"{name}_{self.source}") or ""
        field.widget = forms.Textarea(
            attrs={"rows": 6, "data-markdown": "", "lang": self.source, "maxlength": field.max_length}
        )
        return field

    def _place_fields(self, authority):
        self.fields["region"].queryset = Region.objects.filter(country=authority.country)
        known = dict(spoken.choices())
        more = known | {code: language_name(code) for code in authority.working_languages if code not in known}
        self.fields["working_languages"] = forms.MultipleChoiceField(
            label=_("Working languages"),
            choices=[
                *((code, name) for code, name in known.items() if code in settings.LANGUAGE_CODES),
                (
                    _("More languages"),
                    [(code, name) for code, name in more.items() if code not in settings.LANGUAGE_CODES],
                ),
            ],
            widget=MoreBelow,
            required=False,
        )
        self.fields["time_zone"] = forms.ChoiceField(label=_("Time zone"), choices=time_zones)
        calendars = holiday_calendars.choices(authority.country)
        if authority.holiday_calendar and authority.holiday_calendar not in dict(calendars):
            calendars.append((authority.holiday_calendar, authority.holiday_calendar))
        self.fields["holiday_calendar"] = forms.ChoiceField(
            label=_("Public holidays"),
            choices=calendars,
            required=False,
            help_text=_("Response times are counted without these days."),
        )

    def clean(self):
        cleaned = super().clean()
        if not any(cleaned.get(name) for name in NAMES):
            self.add_error(f"name_{self.source}", _("Write the name in at least one language."))
        if "population" in self.changed_data and cleaned.get("population") and not cleaned.get("population_year"):
            self.add_error("population_year", _("Say from which year the figure is."))
        return cleaned

    def is_stale(self) -> bool:
        """Whether somebody saved the profile after this person had opened it."""
        return self.data.get("version") != str(self.initial["version"])

    def on_behalf_of(self):
        """The authority for the history, where a Euroregion acts for it; None where it acts itself."""
        return self.instance if self.cleaned_data["on_behalf_of"] else None

    def save(self, commit=True):
        """Write the columns, and raise the version."""
        for name in TEXTS:
            setattr(self.instance, f"{name}_{self.source}", self.cleaned_data[f"{name}_{self.source}"].strip())
        self.instance.version = self.initial["version"] + 1
        return super().save(commit)

    def groups(self) -> list[dict]:
        """The fields under their headings."""
        texts = [f"{name}_{self.source}" for name in TEXTS]
        groups = [
            (pgettext_lazy("authority", "Name in each language"), NAMES),
            (_("What it does"), texts),
            (_("Where it is"), PLACE),
            (_("Languages"), LANGUAGES),
            (_("Contact and calendar"), CONTACT),
        ]
        return [
            {"label": label, "fields": [self[name] for name in names if name in self.fields]} for label, names in groups
        ]
