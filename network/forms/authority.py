"""The form with which coordinators keep an authority in the admin."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from .. import addresses, holiday_calendars
from ..models import Authority


class AuthorityForm(forms.ModelForm):
    """What ModelAdmin names; the version says which text the coordinator had before them."""

    holiday_calendar = forms.ChoiceField(
        label=Authority._meta.get_field("holiday_calendar").verbose_name, required=False
    )

    class Meta:
        model = Authority
        fields = ["slug", "version"]  # the admin names all it shows
        widgets = {"version": forms.HiddenInput}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        country = self.data.get("country") or self.instance.country
        calendars = holiday_calendars.choices(country) if country else [("", "–")]
        if (own := self.instance.holiday_calendar) and own not in dict(calendars):
            calendars.append((own, own))
        self.fields["holiday_calendar"].choices = calendars

    def clean_slug(self):
        """Its page would be another one: /network/join/ is no authority."""
        if self.cleaned_data["slug"] in addresses.TAKEN:
            raise ValidationError(_("A page of the portal has this address. Choose another."))
        return self.cleaned_data["slug"]

    def clean(self):
        """Somebody saved it after this person had opened it: nothing of theirs is lost."""
        cleaned = super().clean()
        rows = Authority._base_manager.select_for_update(of=("self",))  # until it is saved: the admin's page is atomic
        stored = rows.filter(pk=self.instance.pk).values_list("version", flat=True).first()
        if stored is not None and cleaned.get("version") != stored:
            raise ValidationError(
                _(
                    "While you were writing, somebody else saved another version. Yours was not saved, so that nothing"
                    " of theirs is lost."
                ),
                code="stale",
            )
        return cleaned
