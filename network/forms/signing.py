"""What parties fill in: a signature, a link for the signatory, a signed copy, a review, a renewal, the end."""

from babel import Locale
from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.html import format_html
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from accounts import uploads
from accounts.workdays import today
from translations.letters import capitalised

from ..memorandum import signatory, verification
from ..models import Memorandum


def named(codes) -> list[tuple[str, str]]:
    """Languages with their names, in the order of the portal."""
    names = Locale.parse(get_language()).languages
    return [(code, capitalised(names[code])) for code in settings.LANGUAGE_CODES if code in codes]


class DayField(forms.DateField):
    def __init__(self, **options):
        widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
        super().__init__(widget=widget, localize=False, input_formats=["%Y-%m-%d", "%d.%m.%Y", "%d/%m/%Y"], **options)


class SignForm(forms.Form):
    """A signature under exactly the text on the page: its party, round, language and hash are in the form."""

    party = forms.IntegerField(widget=forms.HiddenInput)
    round = forms.IntegerField(widget=forms.HiddenInput)
    language = forms.CharField(widget=forms.HiddenInput, max_length=2)
    sha256 = forms.CharField(widget=forms.HiddenInput, max_length=64)
    name = forms.CharField(label=_("Your name"), max_length=120, widget=forms.TextInput({"autocomplete": "name"}))
    in_place = forms.BooleanField(required=False)
    title = forms.CharField(
        label=_("Your office"),
        max_length=120,
        help_text=_("For example: mayor. Name and office stand on the public verification page."),
        widget=forms.TextInput({"autocomplete": "organization-title"}),
    )
    place = forms.CharField(label=_("Place"), max_length=100, required=False)
    read = forms.BooleanField(label=_("I have read the text in an authentic language."))
    entitled = forms.BooleanField(label=_("I am entitled to sign for my organisation."))
    intends = forms.BooleanField(label=_("My organisation intends to do what this memorandum says."))

    def __init__(self, *args, party_signing, link=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.named = signatory.named(party_signing, link)
        if self.named:
            self.fields["name"].help_text = format_html(_("Named to sign: {person}."), person=self.named)
        if self.is_named():
            del self.fields["in_place"]
        else:
            words = _("I sign for {party} in the place of {name}.")
            self.fields["in_place"].label = words.format(party=party_signing, name=self.named.name)

    def is_named(self) -> bool:
        """Whether what stands in the field is the name of the person who is named, or nobody is."""
        return self.named is None or signatory.is_same(self["name"].value() or "", self.named.name)

    @classmethod
    def about(cls, party, text, link=None, **initial):
        """The form for one party under one text."""
        seen = {"party": party.pk, "round": text.round, "language": text.language, "sha256": text.sha256}
        return cls(initial=seen | initial, party_signing=party, link=link)

    def clean(self):
        data = super().clean()
        if data.get("name") and not self.is_named() and not data.get("in_place"):
            words = _("{person} is named to sign. Type this name, or tick below that you sign in that person’s place.")
            self.add_error("name", ValidationError(words.format(person=self.named), code="another"))
        return data

    def seen(self) -> dict:
        """What memorandum.signing.sign takes."""
        data = self.cleaned_data
        names = ("name", "title", "place", "language", "round")
        return {name: data[name] for name in names} | {"text_sha256": data["sha256"]}


class LinkForm(forms.Form):
    """Who gets the link that works once."""

    name = forms.CharField(label=_("Name of the person who signs"), max_length=120)
    title = forms.CharField(label=_("Office of the person who signs"), max_length=120)
    email = forms.EmailField(
        label=_("E-mail address"), help_text=_("We use it to send the link and a copy, and for nothing else.")
    )
    language = forms.ChoiceField(label=_("Language of the mail"))

    def __init__(self, *args, languages, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["language"].choices = named(languages)


class CopyForm(forms.Form):
    """A signed PDF, and what stands on it."""

    file = forms.FileField(
        label=_("Signed PDF"),
        help_text=_("One PDF: a scan of all pages, or the file with a qualified electronic signature."),
        widget=forms.ClearableFileInput({"accept": ".pdf,application/pdf"}),
    )
    qualified = forms.BooleanField(label=_("It carries a qualified electronic signature."), required=False)
    language = forms.ChoiceField(label=_("Language of the text that was signed"))
    signatory_name = forms.CharField(label=_("Name of the person who signed"), max_length=120)
    signatory_title = forms.CharField(label=_("Office of the person who signed"), max_length=120)
    signed_on = DayField(label=_("Date of the signature"))
    place = forms.CharField(label=_("Place"), max_length=100, required=False)

    def __init__(self, *args, party, **kwargs):
        super().__init__(*args, **kwargs)
        self.memorandum = party.memorandum
        self.fields["language"].choices = named(self.memorandum.authentic_languages)
        self.fields["language"].initial = get_language()
        if person := signatory.named(party):
            self.fields["signatory_name"].help_text = format_html(_("Named to sign: {person}."), person=person)

    def clean_file(self):
        wanted = ValidationError(_("Choose a PDF file."), code="pdf")
        try:
            checked = uploads.check(self.cleaned_data["file"])
        except ValidationError as wrong:  # the other kinds of files that it would name are not for here
            raise wanted if wrong.code == "refused" else wrong from None
        if checked.media_type != "application/pdf":
            raise wanted
        if self.memorandum.files.filter(kind="frozen", sha256=checked.sha256).exists():
            raise ValidationError(_("This is the PDF without a signature. Choose the signed one."), code="unsigned")
        return checked

    def clean_signed_on(self):
        day = self.cleaned_data["signed_on"]
        if not self.memorandum.locked_at.date() <= day <= today():
            raise ValidationError(_("Choose a day between the day when the text was locked and today."), code="day")
        return day

    def said(self) -> dict:
        return {name: value for name, value in self.cleaned_data.items() if name != "file"}


class NoteForm(forms.Form):
    """Words of a party, in the language in which it writes."""

    note = forms.CharField(widget=forms.Textarea({"rows": 6, "data-autosize": True}), max_length=2000)

    def __init__(self, *args, label, help_text="", required=True, **kwargs):
        super().__init__(*args, **kwargs)
        field = self.fields["note"]
        field.label, field.help_text, field.required = label, help_text, required

    def said(self) -> dict:
        note = self.cleaned_data["note"]
        return {"note": note, "note_language": get_language() if note else ""}


class RenewForm(NoteForm):
    replacing = forms.ChoiceField(
        label=_("What do you want?"),
        choices=[
            (Memorandum.Replacing.RENEWS, _("Renew it: the next one begins when this one ends")),
            (Memorandum.Replacing.AMENDS, _("Change it: the new one replaces this one")),
        ],
        widget=forms.RadioSelect,
        initial=Memorandum.Replacing.RENEWS,
    )
    field_order = ["replacing", "note"]


class LeaveForm(NoteForm):
    """Which party leaves; coordinators may note an earlier day."""

    party = forms.ModelChoiceField(None, label=pgettext_lazy("memorandum", "Party"), empty_label=None)
    sure = forms.BooleanField(label=_("We want to leave. We cannot take this back on the portal."))
    field_order = ["party", "on", "note", "sure"]

    def __init__(self, *args, parties, shorter=False, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["party"].queryset = parties
        if shorter:
            self.fields["on"] = DayField(label=_("Last day, if the parties agreed on a shorter notice"), required=False)
        self.order_fields(self.field_order)


class CodeForm(forms.Form):
    """The code on a PDF."""

    code = forms.CharField(
        label=_("Verification code"),
        max_length=20,
        help_text=_("It stands on each page of the PDF, for example K7Q2-9F3M-XW4D."),
        widget=forms.TextInput({"autocomplete": "off", "spellcheck": "false", "size": "18"}),
    )

    def clean_code(self):
        return verification.code_in(self.cleaned_data["code"])
