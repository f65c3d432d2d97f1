"""What a member adds to its report, and what it says when it leaves."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from ..membership import reporting
from .signing import NoteForm

MOST = 100_000


class ReportForm(forms.Form):
    """The authority on whose behalf, three numbers that the portal does not record yet, and some sentences."""

    on_behalf_of = forms.ChoiceField(label=_("On behalf of"))

    def __init__(self, membership, user, data=None):
        super().__init__(data)
        self.membership, self.user = membership, user
        authority = membership.authority
        self.fields["on_behalf_of"].choices = [(str(authority.pk), str(authority))]
        for name, label in reporting.STATED.items():
            self.fields[name] = forms.IntegerField(
                label=label,
                min_value=0,
                max_value=MOST,
                required=False,
                widget=forms.NumberInput({"inputmode": "numeric"}),
            )
        self.fields["answers"].help_text = _(
            "The portal does not count these three yet. Leave empty what you do not know."
        )
        self.fields["text"] = forms.CharField(
            label=_("What the network gave you, and what you gave"),
            help_text=_("A few sentences: what you learned, what you tried out, what should be better."),
            widget=forms.Textarea({"rows": 8, "data-autosize": True}),
            max_length=5000,
        )

    def clean(self):
        """A representation that has ended since the page was opened is no ground any more."""
        if not reporting.can_be_written_by(self.membership, self.user):
            raise ValidationError(_("You may no longer report for this authority."), code="behalf")
        return super().clean()

    def stated(self) -> dict[str, int]:
        return {name: self.cleaned_data[name] for name in reporting.STATED if self.cleaned_data.get(name) is not None}


class WithdrawalForm(NoteForm):
    """What is told to the other parties, and that it is meant."""

    sure = forms.BooleanField(label=_("Our authority leaves the network. We cannot take this back on the portal."))
    field_order = ["note", "sure"]
