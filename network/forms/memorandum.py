"""What coordinators fill in to make a memorandum: who signs, the draft with its parties, annexes, a lawyer’s review."""

from typing import NamedTuple

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from accounts import uploads
from accounts.workdays import today
from translations.letters import folded
from translations.search import sort_key

from ..countries import country_choices
from ..memorandum import drafting
from ..models import Membership, Memorandum, MemorandumTemplate, OtherOrganisation, Party, Theme

LANGUAGES = dict(settings.LANGUAGES)


class DateInput(forms.DateInput):
    """A day as browsers ask for one."""

    input_type = "date"

    def __init__(self, **options):
        super().__init__(format="%Y-%m-%d", **options)


class PrepareForm(forms.Form):
    """Who signs besides the party that countersigns for the network: some of very many, found by name."""

    SHOWN = 30  # besides those that are chosen

    q = forms.CharField(
        label=gettext_lazy("Search by name or town"), widget=forms.TextInput, required=False, max_length=200
    )
    memberships = forms.ModelMultipleChoiceField(
        None, label=gettext_lazy("Parties"), widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args, user, wanted="", **kwargs):
        super().__init__(*args, **kwargs)
        field, possible = self.fields["memberships"], drafting.possible_parties(by=user)
        field.queryset = possible
        field.error_messages["required"] = gettext_lazy("Choose at least one party.")
        asked = possible.filter(authority=wanted) if wanted.isdecimal() else drafting.to_prepare()
        self.initial.setdefault("memberships", list(asked.values_list("pk", flat=True)[:1]))
        sent = self.data if self.is_bound else self.initial
        chosen = self.data.getlist("memberships") if self.is_bound else self.initial["memberships"]
        self._offer(possible, {str(pk) for pk in chosen}, str(sent.get("q", "")))

    def _offer(self, possible, chosen: set[str], words: str) -> None:
        """The boxes: those that are ticked, then the first of those found; `more` says how many others there are."""
        rows = by_name(possible, words)
        if not words:
            rows.sort(key=lambda row: row.status != Membership.Status.ELIGIBLE)  # approved applications first
        others = [row for row in rows if str(row.pk) not in chosen]
        ticked = [row for row in by_name(possible) if str(row.pk) in chosen]
        self.found, self.more = len(others), max(len(others) - self.SHOWN, 0)
        self.fields["memberships"].choices = [(row.pk, row.label) for row in [*ticked, *others[: self.SHOWN]]]


class Named(NamedTuple):
    """A membership as a choice."""

    pk: int
    status: str
    name: str
    town: str

    @property
    def label(self) -> str:
        place = f", {self.town}" if self.town and self.town not in self.name else ""
        return f"{self.name}{place} ({Membership.Status(self.status).label})"


def by_name(memberships, words="") -> list[Named]:
    """Memberships in the order of the alphabet; of those whose names or town hold all of `words`."""
    language = get_language()
    columns = [f"authority__name_{language}", "authority__name_en", "authority__official_name", "authority__town"]
    found = []
    for pk, status, *names in memberships.order_by().values_list("pk", "status", *columns):
        told = folded(" ".join(filter(None, names)))
        if all(word in told for word in folded(words).split()):
            found.append(Named(pk, status, next(filter(None, names)), names[-1]))
    return sorted(found, key=lambda row: sort_key(row.name, language))


def in_each(form, names: dict, languages) -> None:
    """Leave of the texts in nine languages those of the memorandum, each named by its language."""
    for code in settings.LANGUAGE_CODES:
        for name, label in names.items():
            column = f"{name}_{code}"
            if code not in languages:
                del form.fields[column]
                continue
            field = form.fields[column]
            field.label, field.required = f"{label} – {LANGUAGES[code]}", False
            field.widget.attrs |= {"lang": code, "rows": 4}


class DraftForm(forms.ModelForm):
    """What the parties agree; the texts in the languages that the memorandum has when the form is shown."""

    languages = forms.MultipleChoiceField(
        label=gettext_lazy("Languages"), choices=settings.LANGUAGES, widget=forms.CheckboxSelectMultiple
    )
    authentic_languages = forms.MultipleChoiceField(
        label=gettext_lazy("Authentic languages"),
        help_text=gettext_lazy("The text in these languages counts; the others are courtesy translations."),
        choices=settings.LANGUAGES,
        widget=forms.CheckboxSelectMultiple,
    )
    themes = forms.ModelMultipleChoiceField(
        Theme.objects.exclude(parent=None),
        label=gettext_lazy("Themes"),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    add_party = forms.ModelChoiceField(None, label=gettext_lazy("Add a party"), required=False)

    class Meta:
        model = Memorandum
        fields = [
            "template",
            "languages",
            "authentic_languages",
            "in_force_from",
            "in_force_until",
            "review_due",
            "notice_months",
            "replaces",
            "replacing",
            "demonstration",
            "themes",
            *(f"purpose_{code}" for code in settings.LANGUAGE_CODES),
            *(f"additional_information_{code}" for code in settings.LANGUAGE_CODES),
        ]
        widgets = {name: DateInput() for name in ("in_force_from", "in_force_until", "review_due")}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        texts = {"purpose": _("Further aims"), "additional_information": _("Further information")}
        in_each(self, texts, self.instance.languages)
        for name in ("languages", "authentic_languages", "themes"):
            self.fields[name].columns = True
        self.fields["template"].queryset = MemorandumTemplate.objects.all()
        replaced = Memorandum.objects.filter(status__in=Memorandum.VALID).exclude(pk=self.instance.pk)
        self.fields["replaces"].queryset = replaced | Memorandum.objects.filter(pk=self.instance.replaces_id)
        self.fields["add_party"].queryset = possible = drafting.possible_parties(self.instance)
        self.fields["add_party"].choices = [("", "–"), *((row.pk, row.label) for row in by_name(possible))]

    def clean(self):
        data = super().clean()
        if "en" not in data.get("languages", ["en"]):
            self.add_error("languages", _("Keep English: each memorandum has an English text."))
        if set(data.get("authentic_languages", [])) - set(data.get("languages", LANGUAGES)):
            self.add_error("authentic_languages", _("Choose among the languages of the memorandum."))
        if bool(data.get("replaces")) != bool(data.get("replacing")):
            self.add_error("replacing", _("Name the memorandum that this one replaces, and say how."))
        self._clean_dates(data)
        return data

    def _clean_dates(self, data):
        start, review, end = (data.get(name) for name in ("in_force_from", "review_due", "in_force_until"))
        if start and end and start >= end:
            self.add_error("in_force_until", _("Choose a last day after the first."))
        elif start and end and review and not start < review < end:
            self.add_error("review_due", _("Choose a review date between the first and the last day."))


class PartyForm(forms.ModelForm):
    """One party: in which capacity and when it signs, who signs, what it decided and what more it does."""

    class Meta:
        model = Party
        fields = [
            "capacity",
            "position",
            "signatory_name",
            "signatory_title",
            "address",
            "contact",
            "decision_body",
            "decision_date",
            "decision_reference",
            *(f"commitments_{code}" for code in settings.LANGUAGE_CODES),
        ]
        widgets = {"decision_date": DateInput()}
        help_texts = {"contact": gettext_lazy("Function and official address; no private data.")}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if not self.instance.pk:  # the formset's empty form
            return
        in_each(self, {"commitments": _("Further commitments")}, self.instance.memorandum.languages)
        if self.instance.capacity == Party.Capacity.COUNTERSIGNING:
            for name in ("capacity", "decision_body", "decision_date", "decision_reference"):
                del self.fields[name]
        else:
            pairs = Party.Capacity.choices
            self.fields["capacity"].choices = [pair for pair in pairs if pair[0] != Party.Capacity.COUNTERSIGNING]

    def _get_validation_exclusions(self):
        """Two parties may change their turns at once: the formset looks at all of them."""
        return super()._get_validation_exclusions() | {"position"}


class PartyFormSet(forms.BaseInlineFormSet):
    def clean(self):
        super().clean()
        if any(self.errors):
            return
        kept = [form for form in self.forms if not form.cleaned_data.get("DELETE")]
        turns = [form.cleaned_data.get("position") for form in kept]
        if len(turns) != len(set(turns)):
            raise ValidationError(_("Give each party a turn of its own."), code="turns")
        for form in self.deleted_forms:
            if form.instance.signatures.exists() or form.instance.files.exists():
                raise ValidationError(
                    _("A party that has signed an earlier text stays. Discard this memorandum and make another."),
                    code="signed",
                )
            if form.instance.capacity == Party.Capacity.COUNTERSIGNING:
                raise ValidationError(_("The party that countersigns stays."), code="countersigning")


Parties = forms.inlineformset_factory(Memorandum, Party, form=PartyForm, formset=PartyFormSet, extra=0)


class OrganisationForm(forms.ModelForm):
    """An organisation that the memorandum covers although it does not sign."""

    country = forms.ChoiceField(label=gettext_lazy("Country"))

    class Meta:
        model = OtherOrganisation
        fields = ["party", "name", "country", "source", "source_date"]
        widgets = {"source_date": DateInput()}

    def __init__(self, *args, memorandum, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["party"].queryset = memorandum.parties.exclude(capacity=Party.Capacity.COUNTERSIGNING)
        self.fields["country"].choices = [("", "–"), *country_choices()]


Organisations = forms.modelformset_factory(OtherOrganisation, form=OrganisationForm, extra=2, can_delete=True)


class AnnexForm(forms.Form):
    """A further annex: a file whose hash stands in the text."""

    annex_title = forms.CharField(label=gettext_lazy("Title of a new annex"), max_length=200, required=False)
    annex = forms.FileField(label=gettext_lazy("File of a new annex"), required=False)
    remove = forms.ModelMultipleChoiceField(
        None, label=gettext_lazy("Take annexes out"), widget=forms.CheckboxSelectMultiple, required=False
    )

    def __init__(self, *args, memorandum, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["remove"].queryset = memorandum.annexes()
        self.fields["annex"].widget.attrs["accept"] = uploads.ACCEPT

    def clean_annex(self):
        return uploads.check(self.cleaned_data["annex"]) if self.cleaned_data["annex"] else None

    def clean(self):
        data = super().clean()
        if data.get("annex_title") and not data.get("annex") and "annex" not in self.errors:
            self.add_error("annex", _("Choose the file of this annex."))
        return data


class LawyerForm(forms.Form):
    """Who read the template, and when."""

    reviewed_on = forms.DateField(label=gettext_lazy("Day of the review"), widget=DateInput())
    reviewer = forms.CharField(label=gettext_lazy("Lawyer who reviewed it"), max_length=200)
    note = forms.CharField(
        label=gettext_lazy("Note on the review"),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=2000,
        required=False,
    )

    def __init__(self, *args, obj=None, user=None, **kwargs):
        super().__init__(*args, **kwargs)

    def clean_reviewed_on(self):
        day = self.cleaned_data["reviewed_on"]
        if day > today():
            raise ValidationError(_("Choose a day that has been."), code="future")
        return day
