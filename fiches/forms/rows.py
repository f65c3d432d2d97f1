"""The tables of a fiche – results, sources, files – as formsets whose rows stand in the order of the stored ones."""

from functools import partial

from django import forms
from django.core.validators import RegexValidator, URLValidator
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from translations.letters import capitalised

from .. import revision
from ..models import Attachment, Result, Source
from .fields import NumberField

WEB = [URLValidator(schemes=["http", "https"], message=_("Write a web address such as https://example.org/report."))]
DATE = RegexValidator(r"^\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?$", _("Write 2023, 2023-05 or 2023-05-31."))
MAX_ROWS = 20


def web_address(**options):
    return forms.CharField(
        required=False,
        max_length=500,
        validators=WEB,
        widget=forms.TextInput({"inputmode": "url", "autocomplete": "off"}),
        **options,
    )


def number(**options):
    return NumberField(
        max_digits=14, decimal_places=2, localize=True, widget=forms.TextInput({"inputmode": "decimal"}), **options
    )


class ResultRow(forms.Form):
    """One figure."""

    indicator = forms.CharField(
        label=Result._meta.get_field("indicator").verbose_name,
        max_length=200,
        help_text=_("What was counted, for example: young people who left school early."),
        error_messages={"required": _("Say what was counted, or remove the row.")},
    )
    unit = forms.ChoiceField(
        label=Result._meta.get_field("unit").verbose_name,
        choices=Result._meta.get_field("unit").choices,
        initial=Result._meta.get_field("unit").default,  # so that an empty row counts as empty
    )
    baseline = number(label=Result._meta.get_field("baseline").verbose_name, required=False)
    value = number(
        label=Result._meta.get_field("value").verbose_name,
        error_messages={"required": _("Enter the figure, or remove the row.")},
    )
    year = forms.IntegerField(
        label=Result._meta.get_field("year").verbose_name, min_value=1900, max_value=2100, required=False
    )
    evidence_type = forms.ChoiceField(
        label=Result._meta.get_field("evidence_type").verbose_name,
        choices=[("", "–"), *Result._meta.get_field("evidence_type").choices],
        required=False,
    )
    source_url = web_address(label=_("Where it can be checked (web address)"))
    note = forms.CharField(label=Result._meta.get_field("note").verbose_name, max_length=200, required=False)

    translated = ("indicator", "note")


class SourceRow(forms.Form):
    """One page or document to read."""

    title = forms.CharField(
        label=Source._meta.get_field("title").verbose_name,
        max_length=300,
        error_messages={"required": _("Give the source a title, or remove the row.")},
    )
    url = web_address(label=Source._meta.get_field("url").verbose_name)
    publisher = forms.CharField(label=Source._meta.get_field("publisher").verbose_name, max_length=200, required=False)
    date = forms.CharField(
        label=Source._meta.get_field("date").verbose_name,
        max_length=10,
        required=False,
        validators=[DATE],
        help_text=_("Year, month or day: 2023, 2023-05 or 2023-05-31."),
    )

    translated = ()


class AttachmentRow(forms.Form):
    """What others must know about one file that is already here."""

    title = forms.CharField(label=Attachment._meta.get_field("title").verbose_name, max_length=200, required=False)
    language = forms.ChoiceField(
        label=Attachment._meta.get_field("language").verbose_name,
        choices=Attachment._meta.get_field("language").choices,
    )
    licence = forms.ChoiceField(
        label=Attachment._meta.get_field("licence").verbose_name, choices=Attachment._meta.get_field("licence").choices
    )
    rights_declared = forms.BooleanField(
        label=Attachment._meta.get_field("rights_declared").verbose_name, required=False
    )

    translated = ("title",)


KINDS = {
    "results": (ResultRow, Result, 1),
    "sources": (SourceRow, Source, 1),
    "attachments": (AttachmentRow, Attachment, 0),
}


class Rows:
    """One table of a fiche: its formset, and how its rows are stored.

    Row i of the form is row i of the table as it was when the page was made; the fingerprint of the step (StepForm.base)
    sees to that. Autosave never deletes, so the order holds until the page is made anew.
    """

    def __init__(self, name, fiche, data):
        self.name, self.fiche = name, fiche
        self.form_class, self.model, extra = KINDS[name]
        self.stored = list(getattr(fiche, name).all())
        shown = self.stored if data is None else self.stored[: self._shown_before(data)]
        formset = forms.formset_factory(
            self.form_class,
            extra=extra,
            max_num=MAX_ROWS,
            absolute_max=MAX_ROWS + 5,
            validate_max=True,
            can_delete=True,
        )
        self.formset = formset(data, initial=[self.values(row) for row in shown], prefix=name)
        for form in self.formset.forms:
            form.fields["DELETE"].label = _("Remove this row")
            for asked_name, asked in form.fields.items():
                asked.label = capitalised(asked.label)
                asked.needed = (name, asked_name) == ("attachments", "title")  # to hand it in, not to save
        self.triples = list(zip(self.formset.forms, self.stored + [None] * len(self.formset.forms), strict=False))

    def wrong(self) -> list[forms.BoundField]:
        """The fields to correct, for the list at the top of the page."""
        return [field for form in self.formset.forms for field in form if field.errors] if self.formset.is_bound else []

    def _shown_before(self, data) -> int:
        """How many stored rows the page held when it was made; those that autosave added since came in as new ones."""
        number = data.get(f"{self.name}-INITIAL_FORMS", "")
        return int(number) if number.isascii() and number.isdigit() and len(number) < 4 else 0

    def column(self, name):
        return f"{name}_{self.fiche.source_language}" if name in self.form_class.translated else name

    def values(self, row) -> dict:
        return {name: getattr(row, self.column(name)) for name in self.form_class.base_fields}

    def save(self, *, keep_all=False) -> None:
        """Store the valid rows; `keep_all` (autosave) removes none and passes over those that are not finished."""
        for form, row in self.triples:
            gone = form.cleaned_data.get("DELETE") if form.is_valid() else False
            if gone or (row is not None and self._is_blank(form)):
                if row is not None and not keep_all:
                    row.delete()
                    self._drop_file(row)
            elif form.is_valid() and form.has_changed():
                self._store(form, row or self.model(fiche=self.fiche))

    def _drop_file(self, row) -> None:
        """A file that its author removes is gone, unless the published fiche still has it."""
        if self.model is Attachment:
            transaction.on_commit(partial(revision.drop_file, row.file.storage, row.file.name))

    def _is_blank(self, form) -> bool:
        """Whether an added row is empty, or was emptied again."""
        return form.empty_permitted and not form.has_changed()

    def _store(self, form, row):
        for name in self.form_class.base_fields:
            setattr(row, self.column(name), form.cleaned_data[name])
        if hasattr(row, "position") and row.pk is None:
            row.position = max([0, *(stored.position for stored in self.stored)]) + 1
            self.stored.append(row)
        row.save()
