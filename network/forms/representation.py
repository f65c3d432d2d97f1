"""What a Euroregion fills in about an authority it represents, one by one or row by row of a list."""

from functools import cache

from babel import Locale
from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.formats import get_format
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.workdays import today
from translations.letters import capitalised

from ..countries import country_choices
from ..models import Authority, Region, Representation
from ..representation import register
from ..vocabularies import GovernanceLevel

# Official languages of the countries whose authorities take part, beside the nine of the portal.
MORE_LANGUAGES = ["sq", "bg", "bs", "cs", "da", "de", "et", "fi", "ga", "hu", "is", "lt", "lv", "mk", "mt", "no", "pl"]
MORE_LANGUAGES += ["pt", "cnr", "sk", "sl", "sr", "sv", "uk"]


def language_choices() -> list[tuple[str, str]]:
    return [("", "–"), *_languages(get_language() or "en")]


@cache
def _languages(reader: str) -> list[tuple[str, str]]:
    names = Locale.parse(reader).languages
    codes = [*settings.LANGUAGE_CODES, *MORE_LANGUAGES]
    return sorted(((code, capitalised(names.get(code, code))) for code in codes), key=lambda pair: pair[1])


def countries() -> list[tuple[str, str]]:
    return [("", "–"), *_countries(get_language())]


@cache
def _countries(reader: str) -> list[tuple[str, str]]:
    return country_choices()


def date_formats() -> list[str]:
    """2026-03-31 everywhere, and as the reader's language writes it."""
    return ["%Y-%m-%d", "%d.%m.%Y", "%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y.", *get_format("DATE_INPUT_FORMATS")]


NOT_OFFERED = _("“%(value)s” is none of the values that may stand here.")


class DateField(forms.DateField):
    def __init__(self, **options):
        widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
        super().__init__(widget=widget, localize=False, required=False, **options)
        self.error_messages["invalid"] = _("Write a date: year-month-day, such as 2026-03-31.")

    def to_python(self, value):
        self.input_formats = date_formats()
        return super().to_python(value)


class CodeField(forms.ChoiceField):
    """A choice by its code; a list asks for a thousand of them, so they are looked up and not gone through."""

    codes = None

    def valid_value(self, value):
        if self.codes is None:
            self.codes = {str(code) for code, _label in self.choices}
        return str(value) in self.codes


class Shared(dict):
    """The fields of one form, which other forms use as they are: copying them costs more than cleaning a row."""

    def __deepcopy__(self, memo):
        return self


class BasisForm(forms.Form):
    """On what the representation rests, from which source, and until when."""

    basis = forms.CharField(
        label=_("Basis"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3, "data-autosize": True}),
        help_text=_(
            "Why you may act for it, such as its membership of your association and the article of the statutes."
        ),
    )
    basis_url = forms.URLField(
        label=_("Source of the list"),
        max_length=500,
        required=False,
        assume_scheme="https",
        help_text=_("A public page or file that shows it."),
    )
    basis_date = DateField(label=_("Date of the list"))
    end = DateField(label=_("Until"), help_text=_("Leave it empty if it has no end."))

    def clean_end(self):
        day = self.cleaned_data["end"]
        if day and day < today():
            raise ValidationError(_("The end must not lie in the past."), code="past")
        return day

    def clean_basis_date(self):
        day = self.cleaned_data["basis_date"]
        if day and day > today():
            raise ValidationError(_("The date of the list must not lie in the future."), code="future")
        return day


class EntryForm(BasisForm):
    """One authority, and on what its representation rests."""

    official_name = forms.CharField(
        label=_("Official name"), max_length=200, help_text=_("As the authority writes it, in its own language.")
    )
    official_language = CodeField(label=_("Language of the official name"), choices=language_choices)
    name = forms.CharField(label=_("Name in English"), max_length=200)
    kind = CodeField(label=_("Kind"), choices=[("", "–"), *Authority.Kind.choices])
    governance_level = CodeField(label=_("Governance level"), choices=[("", "–"), *GovernanceLevel.choices])
    country = CodeField(label=_("Country"), choices=countries)
    region = forms.CharField(
        label=_("Region"), max_length=150, required=False, help_text=_("Its name or NUTS code, such as HR036.")
    )
    town = forms.CharField(label=_("Town"), max_length=100, required=False)
    official_address = forms.EmailField(
        label=_("Official e-mail address"),
        required=False,
        help_text=_("As published by the authority. It is told there, and may object."),
    )
    website = forms.URLField(label=_("Website"), required=False, assume_scheme="https")

    ABOUT_THE_AUTHORITY = (
        "official_name",
        "official_language",
        "name",
        "kind",
        "governance_level",
        "country",
        "region",
        "town",
        "official_address",
        "website",
    )
    field_order = [*ABOUT_THE_AUTHORITY, "basis", "basis_url", "basis_date", "end"]

    def __init__(self, *args, first=None, in_list=False, **kwargs):
        """`first` is the first form of a list: the others share its fields and the regions it has read."""
        self.places = first.places if first else {}
        if first:
            self.base_fields = Shared(first.fields)
        super().__init__(*args, **kwargs)
        if first:
            return
        for name in ("basis_date", "end"):
            if in_list:  # a browser's field for dates would show nothing of what was typed wrongly
                self.fields[name].widget = forms.TextInput()
        for name in ("official_language", "kind", "governance_level", "country"):
            self.fields[name].error_messages["invalid_choice"] = NOT_OFFERED

    def clean_region(self):
        typed, country = self.cleaned_data["region"], self.cleaned_data.get("country")
        if not typed or not country:
            return None
        if country not in self.places:
            self.places[country] = regions(country)
        if found := self.places[country].get(register.fold(typed)):
            return found
        raise ValidationError(_("We know no region of this name in this country. Leave it empty if in doubt."))

    def about_the_authority(self) -> dict:
        return {name: self.cleaned_data[name] for name in self.ABOUT_THE_AUTHORITY}

    def about_the_basis(self) -> dict:
        return {name: self.cleaned_data[name] for name in BasisForm.base_fields}


def regions(country: str) -> dict[str, Region]:
    """The regions of a country by folded code and names."""
    found = {}
    for region in Region.objects.filter(country=country).order_by("-level"):
        found |= {register.fold(name): region for name in (region.code, region.name, str(region))}
    return found


class ScopesForm(forms.Form):
    """Further scopes, which only the authority can give."""

    scopes = forms.MultipleChoiceField(
        label=_("What you ask to do on its behalf"), choices=(), widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args, row, **kwargs):
        super().__init__(*args, **kwargs)
        more = [(scope.value, scope.label) for scope in Representation.Scope if scope not in row.scopes]
        self.fields["scopes"].choices = [(value, capitalised(label)) for value, label in more]


class ObjectionForm(forms.Form):
    """What the authority adds to its objection, if anything."""

    words = forms.CharField(
        label=_("What you want to tell them"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4, "data-autosize": True}),
        help_text=_("You may leave it empty. The organisation and the coordinators of CLAVET read it."),
    )
