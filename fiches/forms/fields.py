"""How each column of a fiche is asked for: one builder per name that the table of steps uses."""

import re

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.formats import get_format
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy
from taggit.utils import parse_tags

from accounts import uploads
from network.countries import COUNTRIES, country_choices, country_name
from network.forms.on_behalf import OnBehalfField
from network.models import Authority, Region, Theme

from ..models import Fiche
from ..sections import spec

MAX_THEMES, MAX_TAGS, TAG_LENGTH = 3, 8, 40
CURRENCIES = [
    "EUR",
    "ALL",
    "AMD",
    "AZN",
    "BAM",
    "BGN",
    "CHF",
    "CZK",
    "DKK",
    "GBP",
    "GEL",
    "HUF",
    "ISK",
    "MDL",
    "MKD",
    "NOK",
    "PLN",
    "RON",
    "RSD",
    "SEK",
    "TRY",
    "UAH",
]
HELP = {
    "title": _("What it is, in a few words a stranger understands. No project acronyms."),
    "summary": _("What was done, for whom, with what result. It is shown in lists and found by the search."),
    "country": _("Taken from the authority once you have chosen it."),
    "region": _("The region (NUTS) of the authority. Choose the country first."),
    "place": _("Town, district or area."),
    "population_band": _("Inhabitants of the authority’s area."),
    "start_year": _("Year, for example 2021."),
    "end_year": _("Year. Leave it empty while it is running."),
    "cost_band": _("All costs together, for the whole duration, in euro. Choose the range yourself."),
    "budget_amount": _("If you know it exactly, in the currency in which it was spent."),
    "budget_note": _("For example: three school years, without the salaries of teachers."),
    "staff_fte": _("Half a post is 0.5."),
    "months_to_set_up": _("From the decision to the first day."),
    "quick_win": _("Tick if another authority could start within six months and with little money."),
    "evidence_strength": _("How well the result is proven. An honest 1 is more useful than a hopeful 4."),
    "policy_stages": _(
        "Formulation: deciding what to do. Implementation: doing it. Monitoring: seeing whether it works."
    ),
    "themes": _("One to three."),
    "disclosure": _("An anonymised lesson names nobody: only country, level and size of the authority are shown."),
    "disclosed": _("Tick what others may see although the lesson is anonymised."),
    "embargo_until": _("Others see it from this day on. Leave it empty to show it at once."),
    "licence": _("CC BY lets everybody reuse the text if they name the author. It is what most authorities choose."),
    "ongoing": "",
}


REGION_ELSEWHERE = _("This region lies in another country. Choose a region of the country above.")
EMBARGO_PAST = _("This day has passed. Choose a later one, or leave it empty.")
TOO_MANY_FILES = _("A fiche has at most ten files. Remove one first.")


class TextField(forms.CharField):
    """Text of several lines; a line end counts as one character, as on the screen."""

    def to_python(self, value):
        return super().to_python(value).replace("\r\n", "\n").replace("\r", "\n")


class NumberField(forms.DecimalField):
    """A number as people write it in their language: “1.234,5”, “1 234,5” or “1,234.5”."""

    def to_python(self, value):
        return super().to_python(ungrouped(value) if isinstance(value, str) else value)


def ungrouped(text: str) -> str:
    """Without the marks between groups of three digits; anything else is left as typed."""
    decimal = get_format("DECIMAL_SEPARATOR")
    group = r"[\s'’.]" if decimal == "," else r"[\s'’,]"
    grouped = rf"[-+]?\d{{1,3}}(?:{group}\d{{3}})+(?:{re.escape(decimal)}\d*)?"
    return re.sub(group, "", text) if re.fullmatch(grouped, text.strip()) else text


class ListedInput(forms.TextInput):
    """A text field that offers a list while one types; whatever is not in the list may be typed as well."""

    template_name = "fiches/_listed_input.html"

    def __init__(self, offers, attrs=None):
        self.offers = offers
        super().__init__(attrs)

    def get_context(self, name, value, attrs):
        context = super().get_context(name, value, attrs)
        context["widget"]["offers"] = self.offers
        return context


def text(form, name):
    field = Fiche._meta.get_field(f"{name}_{form.fiche.source_language}")
    long = name == "summary"
    attrs = {"lang": form.fiche.source_language, **({"rows": 4, "data-autosize": ""} if long else {})}
    asked = (TextField if long else forms.CharField)(
        label=Fiche._meta.get_field(name).verbose_name,
        help_text=HELP[name],
        required=False,
        max_length=field.max_length,
        widget=(forms.Textarea if long else forms.TextInput)(attrs),
    )
    asked.count = True
    return asked


def section(form, name, position):
    asked = spec(form.fiche.kind, name)
    short = asked.rows > 1
    label = _("Step %(number)s") % {"number": position} if short else asked.heading
    attrs = {"rows": 3 if short else 6, "data-autosize": "", "data-markdown": "", "lang": form.fiche.source_language}
    return TextField(
        label=label,
        help_text=asked.help if position == 1 else "",
        required=False,
        max_length=settings.SECTION_MAX_LENGTH,
        widget=forms.Textarea(attrs),
    )


def column(form, name):
    """A column as its model describes it; lists of values become checkboxes."""
    field = Fiche._meta.get_field(name)
    base = getattr(field, "base_field", None)
    if base is None:
        form_class = {"form_class": NumberField} if isinstance(field, models.DecimalField) else {}
        asked = field.formfield(required=False, help_text=HELP.get(name, field.help_text), **form_class)
        if field.choices:
            asked.choices = [("", "–"), *field.choices]
    elif base.choices:
        asked = forms.MultipleChoiceField(
            label=field.verbose_name,
            choices=base.choices,
            required=False,
            help_text=HELP.get(name, ""),
            widget=forms.CheckboxSelectMultiple,
        )
        asked.columns = len(base.choices) > 6
    else:  # EQF levels
        asked = forms.TypedMultipleChoiceField(
            label=field.verbose_name,
            choices=[(level, str(level)) for level in range(1, 9)],
            coerce=int,
            required=False,
            widget=forms.CheckboxSelectMultiple,
        )
        asked.columns = True
    if isinstance(asked, forms.DecimalField):
        asked.localize = True
        asked.widget = forms.TextInput({"inputmode": "decimal"})
        asked.widget.is_localized = True
    return asked


def radio(form, name):
    field = Fiche._meta.get_field(name)
    coerce = int if name == "evidence_strength" else str
    choices = list(field.choices)
    return forms.TypedChoiceField(
        label=field.verbose_name,
        choices=choices,
        coerce=coerce,
        empty_value=None if coerce is int else field.get_default(),
        required=False,
        help_text=HELP.get(name, ""),
        widget=forms.RadioSelect,
    )


def country(form, name):
    return forms.ChoiceField(
        label=Fiche._meta.get_field(name).verbose_name,
        choices=[("", "–"), *country_choices()],
        required=False,
        help_text=HELP[name],
        widget=forms.Select({"data-regions": ""}),
    )


def regions(*countries):
    return Region.objects.filter(country__in=[code for code in countries if code in COUNTRIES], level__gte=1)


def region(form, name):
    typed = form.data.get("country", "") if form.is_bound else ""
    return forms.ModelChoiceField(
        regions(typed[:2], form.fiche.country),
        label=Fiche._meta.get_field(name).verbose_name,
        required=False,
        empty_label="–",
        help_text=HELP[name],
        error_messages={"invalid_choice": _("Choose a region from the list.")},
    )


def label_of(authority) -> str:
    return f"{authority} ({country_name(authority.country)})"


def authority(form, name):
    """One field for both: an authority we know, or the name of one we do not."""
    offers = [label_of(row) for row in Authority.objects.visible_to(form.user)]
    return forms.CharField(
        label=_("Authority"),
        required=False,
        max_length=200,
        help_text=_("Type its name and choose it from the list. If it is not there, write its full name."),
        widget=ListedInput(offers, {"autocomplete": "off"}),
    )


def find_authority(name: str, user) -> Authority | None:
    """The authority that somebody typed: as the list says it, or by any of its names."""
    typed = " ".join(name.split()).casefold()
    for row in Authority.objects.visible_to(user):
        names = [label_of(row), row.official_name, *(getattr(row, f"name_{code}") for code in settings.LANGUAGE_CODES)]
        if typed in {name.casefold() for name in names if name}:
            return row
    return None


def on_behalf_of(form, name):
    """For coordinators of a Euroregion only – or where it was chosen before the scope ended, which it then says."""
    asked = OnBehalfField(form.user, "fiches", label=Fiche._meta.get_field(name).verbose_name)
    chosen = form.fiche.on_behalf_of_id or form.data.get(name)
    return asked if chosen or asked.queryset.exists() else None


def at_most_three(themes):
    if len(themes) > MAX_THEMES:
        raise ValidationError(
            ngettext_lazy("Choose at most %(number)s theme.", "Choose at most %(number)s themes.", "number"),
            params={"number": MAX_THEMES},
        )


class ThemeChoices(forms.models.ModelChoiceIterator):
    """Themes under the subject they belong to."""

    def __iter__(self):
        groups = {}
        for theme in self.queryset:
            groups.setdefault(theme.parent, []).append(self.choice(theme))
        yield from ((str(parent), choices) for parent, choices in groups.items())


class ThemeField(forms.ModelMultipleChoiceField):
    iterator = ThemeChoices


def themes(form, name):
    asked = ThemeField(
        Theme.objects.filter(parent__isnull=False)
        .select_related("parent")
        .order_by("parent__position", "parent__slug", "position", "slug"),
        label=Fiche._meta.get_field(name).verbose_name,
        required=False,
        help_text=HELP[name],
        widget=forms.CheckboxSelectMultiple,
        validators=[at_most_three],
    )
    asked.columns = True
    return asked


class TagField(forms.CharField):
    """Keywords with commas between them."""

    def clean(self, value):
        tags = list(dict.fromkeys(parse_tags(super().clean(value))))
        if len(tags) > MAX_TAGS or any(len(tag) > TAG_LENGTH for tag in tags):
            raise ValidationError(
                _("Write at most 8 keywords of at most 40 characters each, with commas between them.")
            )
        return tags


def tags(form, name):
    help_text = _("Words that others would search for, with commas between them.")
    return TagField(label=_("Keywords"), required=False, max_length=400, help_text=help_text)


def currency(form, name):
    choices = [("", "–"), *((code, code) for code in CURRENCIES)]
    return forms.ChoiceField(label=Fiche._meta.get_field(name).verbose_name, choices=choices, required=False)


def upload():
    return forms.FileField(
        label=_("Add a file"),
        required=False,
        allow_empty_file=True,
        help_text=uploads.WHAT,
        widget=forms.FileInput({"accept": uploads.ACCEPT}),
        error_messages={"max_length": _("The name of this file is too long. Shorten it first.")},
    )


def date(form, name):
    asked = column(form, name)
    asked.widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    asked.localize = False
    return asked


BUILDERS = {
    "title": text,
    "summary": text,
    "budget_note": text,
    "country": country,
    "region": region,
    "authority": authority,
    "on_behalf_of": on_behalf_of,
    "themes": themes,
    "tags": tags,
    "budget_currency": currency,
    "evidence_strength": radio,
    "disclosure": radio,
    "licence": radio,
    "embargo_until": date,
}


def build(form, name):
    return BUILDERS.get(name, column)(form, name)
