"""What is asked of people who ask for a seat, offer one, or change who holds it."""

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from ..models import Seat

ROLE_HELP = _(
    "Representatives and deputies sign, invite and decide for the authority. Contributors write fiches and answers."
)


def role_field():
    return forms.ChoiceField(
        label=_("Role"), choices=Seat.Role.choices, help_text=ROLE_HELP, initial=Seat.Role.CONTRIBUTOR
    )


class AskForm(forms.Form):
    """A request for a seat."""

    role = role_field()
    message = forms.CharField(
        label=_("Message"),
        help_text=_("Say what you do at the authority. Write in any language."),
        widget=forms.Textarea(attrs={"rows": 4, "data-autosize": ""}),
        max_length=1000,
        required=False,
    )


class AnswerForm(forms.Form):
    """The answer of a representative: the seat, or a word why not."""

    role = forms.ChoiceField(label=_("Role"), choices=Seat.Role.choices, help_text=ROLE_HELP)
    note = forms.CharField(
        label=_("Note"),
        help_text=_("The person reads it if you decline."),
        widget=forms.Textarea(attrs={"rows": 3, "data-autosize": ""}),
        max_length=1000,
        required=False,
    )


class TellForm(forms.Form):
    """What a Euroregion knows about a request that nobody answered."""

    note = forms.CharField(
        label=_("What you know"),
        help_text=_("Only coordinators read it."),
        widget=forms.Textarea(attrs={"rows": 3, "data-autosize": ""}),
        max_length=1000,
    )


class SuccessorForm(forms.Form):
    """Who is to take over a seat: the link to take it goes to this address."""

    SEATED = _("This person holds a seat here already. Hand over to them as a colleague, above.")

    email = forms.EmailField(label=_("E-mail address"), help_text=_("The link to take the seat goes there."))
    name = forms.CharField(label=_("Name"), max_length=120, required=False)
    language = forms.ChoiceField(label=_("Language of the mail"), choices=settings.LANGUAGES)

    def __init__(self, *args, authority, **kwargs):
        super().__init__(*args, **kwargs)
        self.authority = authority
        self.fields["language"].initial = get_language()

    def clean_email(self):
        """Whoever sits there already needs no invitation; the seats of the authority are on this page anyway."""
        email = self.cleaned_data["email"].lower()
        there = self.authority.seats.current()
        if there.filter(user__emailaddress__email__iexact=email, user__emailaddress__verified=True).exists():
            raise ValidationError(self.SEATED)
        return email


class InviteForm(SuccessorForm):
    """An offer of a new seat."""

    SEATED = _("This person holds a seat here already. Change the role in the list of seats.")

    role = role_field()
    field_order = ["email", "name", "role", "language"]


class ColleagueForm(forms.Form):
    """Who of those with a seat there takes over another seat, and whether the role goes along."""

    to = forms.ModelChoiceField(label=_("Colleague"), queryset=None)
    with_role = forms.BooleanField(label=_("They take over the role as well"), required=False, initial=True)

    def __init__(self, *args, seat, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["to"].queryset = seat.colleagues()


class RoleForm(forms.Form):
    """Another role for somebody who holds a seat."""

    role = forms.ChoiceField(label=_("Role"), choices=Seat.Role.choices, help_text=ROLE_HELP)
