"""What coordinators fill in on the review page."""

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.models import Reason, User
from network.models import Authority

from .models import FicheVersion

REASONS_FOR = {"archive": ["archive", "take_down"], "withhold_version": ["take_down"]}


class ReasonChoice(forms.ModelChoiceField):
    """The reasons offered for one decision, in the moderator's language."""

    def __init__(self, verb):
        reasons = Reason.objects.filter(active=True, verb__in=REASONS_FOR.get(verb, [verb])).order_by(
            "verb", "position"
        )
        super().__init__(reasons, label=_("Reason"), required=False, empty_label=_("Choose a reason"))
        self.help_text = _("The author reads this sentence in their own language.")


class DecisionForm(forms.Form):
    """Why a fiche is not published as it is: a reason from the table, own words, or both."""

    note = forms.CharField(
        label=_("In your own words"),
        help_text=_("It reaches the author untranslated, marked with its language."),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=2000,
        required=False,
    )
    note_language = forms.ChoiceField(label=_("Language of your words"), choices=settings.LANGUAGES)

    field_order = ["reason", "note", "note_language"]

    def __init__(self, *args, verb, language, **kwargs):
        kwargs.setdefault("prefix", verb)
        super().__init__(*args, **kwargs)
        self.fields["reason"] = ReasonChoice(verb)
        self.fields["note_language"].initial = language
        self.fields["reason"].needed = self.fields["note"].needed = True  # one of the two: not simply optional
        self.order_fields(self.field_order)

    def clean(self):
        data = super().clean()
        if not self.errors and not data.get("reason") and not data.get("note"):
            raise ValidationError(_("Choose a reason or say in your own words what is to be done."), code="why")
        return data


class WithholdForm(DecisionForm):
    """Which earlier version nobody may read any more, and why."""

    number = forms.ModelChoiceField(FicheVersion.objects.none(), to_field_name="number", label=_("version"))

    field_order = ["number", *DecisionForm.field_order]

    def __init__(self, *args, fiche, **kwargs):
        super().__init__(*args, verb="withhold_version", **kwargs)
        self.fields["number"].queryset = fiche.versions.filter(withheld_at=None)
        self.fields["number"].label_from_instance = lambda version: f"v{version.number}"


class NoteForm(forms.Form):
    """An internal note: coordinators alone read it."""

    note = forms.CharField(label=_("Note for coordinators"), widget=forms.Textarea(attrs={"rows": 3}), max_length=2000)


class LinkForm(forms.Form):
    """Which authority of the portal the typed name means."""

    authority = forms.CharField(
        label=_("Authority"),
        help_text=_("Type a part of the name, then choose from the list."),
        max_length=300,
        widget=forms.TextInput(attrs={"list": "authorities", "autocomplete": "off"}),
    )

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.known = {choice_of(authority): authority for authority in Authority.objects.visible_to(user)}

    def clean_authority(self):
        typed = self.cleaned_data["authority"].strip()
        if found := self.known.get(typed):
            return found
        named = [authority for authority in self.known.values() if typed in (authority.name, authority.official_name)]
        if len(named) == 1:
            return named[0]
        raise ValidationError(_("Choose one of the authorities from the list."), code="authority")


def choice_of(authority) -> str:
    """How an authority stands in the list: name, country and its unique short name."""
    return f"{authority.name or authority.official_name} · {authority.country} · {authority.slug}"


class ReaderChoice(forms.ModelChoiceField):
    def label_from_instance(self, user):
        languages = ", ".join(code.upper() for code in user.translator_languages)
        return f"{user.name} ({languages})" if languages else user.name


class OpinionForm(forms.Form):
    """Whom to ask for an opinion, and what."""

    reader = ReaderChoice(
        User.objects.none(),
        label=_("Ask"),
        empty_label=_("Choose a person"),
        help_text=_("Translators of the source language, and other coordinators. The person may then read this fiche."),
    )
    question = forms.CharField(
        label=_("Question"), widget=forms.Textarea(attrs={"rows": 3}), max_length=1000, required=False
    )

    def __init__(self, *args, readers, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["reader"].queryset = readers


class InvitationForm(forms.Form):
    """The address of a person who may become a coordinator."""

    email = forms.EmailField(label=_("E-mail address"))
    language = forms.ChoiceField(label=_("Language of the invitation"), choices=settings.LANGUAGES)
