"""What is asked of an authority that wants to join."""

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.urls import reverse_lazy
from django.utils.text import format_lazy
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from accounts import uploads
from accounts.workdays import today

from .. import spoken
from ..countries import COUNTRIES, country_choices, country_name
from ..directory import finding
from ..membership import pending
from ..models import Authority, Membership, Region
from ..vocabularies import GovernanceLevel

EMPTY = [("", "–")]


class FindForm(forms.Form):
    """The name by which somebody looks for their authority."""

    q = forms.CharField(
        label=_("Name of your authority"),
        help_text=_("In any language, or the name of its town."),
        max_length=200,
        required=False,
        widget=forms.TextInput({"autocomplete": "organization", "type": "search"}),
    )
    country = forms.ChoiceField(label=_("Country"), required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["country"].choices = [("", _("All countries")), *country_choices()]
        self.fields["q"].needed = True


class AuthorityPart(forms.Form):
    """An authority that the portal does not know yet."""

    official_name = forms.CharField(
        label=_("Official name"), max_length=200, help_text=_("As it stands in its statutes, in its own language.")
    )
    official_language = forms.ChoiceField(label=_("Language of this name"))
    kind = forms.ChoiceField(label=_("Kind"), choices=EMPTY + Authority.Kind.choices)
    governance_level = forms.ChoiceField(
        label=_("Governance level"), choices=EMPTY + GovernanceLevel.choices, required=False
    )
    country = forms.ChoiceField(
        label=_("Country"),
        widget=forms.Select({"hx-get": reverse_lazy("fiches:regions"), "hx-target": "#id_region"}),
    )
    region = forms.ModelChoiceField(
        Region.objects.none(),
        label=_("Region"),
        required=False,
        empty_label="–",
        help_text=_("The region (NUTS) of the authority. Choose the country first."),
        error_messages={"invalid_choice": _("Choose a region of the country above.")},
    )
    town = forms.CharField(label=_("Town"), max_length=100, help_text=_("Where it has its seat."))
    official_address = forms.EmailField(
        label=_("Official e-mail address"),
        help_text=_(
            "The published mailbox of the authority, not that of a person. It is shown to nobody but you and us."
        ),
    )
    website = forms.URLField(
        label=_("Website"),
        required=False,
        assume_scheme="https",
        widget=forms.TextInput({"inputmode": "url", "autocomplete": "url"}),
    )
    language_of_contact = forms.ChoiceField(label=_("Language in which we write to it"), choices=settings.LANGUAGES)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["official_language"].choices = EMPTY + spoken.choices()
        self.fields["country"].choices = EMPTY + country_choices()
        typed = (self.data.get("country") if self.is_bound else self.initial.get("country")) or ""
        if typed in COUNTRIES:
            rows = Region.objects.filter(country=typed, level__gte=1)
            self.fields["region"].queryset = rows.order_by("level", "name")

    def clean_official_name(self):
        return " ".join(self.cleaned_data["official_name"].split())


class ApplicationPart(forms.Form):
    """The class, the decision, the people, the consent."""

    membership_class = forms.ChoiceField(
        label=_("How it takes part"),
        choices=[
            ("member", _("Member: shares what it knows, asks and answers")),
            ("coordinator", _("Coordinating authority: a Euroregion or association that acts for many authorities")),
            ("supporter", _("Supporter: helps the network, for example a university or a company")),
            ("observer", _("Observer: follows the work, without duties")),
        ],
        widget=forms.RadioSelect,
        initial="member",
    )
    decision_body = forms.CharField(
        label=_("Governing body that decided"),
        max_length=200,
        help_text=_("For example: municipal council, provincial executive, general assembly."),
    )
    decision_date = forms.DateField(
        label=_("Date of the decision"),
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        localize=False,
        input_formats=["%Y-%m-%d"],
    )
    decision_reference = forms.CharField(
        label=_("Reference of the decision"), max_length=100, required=False, help_text=_("Number or file code.")
    )
    decision_upload = forms.FileField(
        label=_("Text of the decision"),
        required=False,
        allow_empty_file=True,
        widget=forms.FileInput({"accept": uploads.ACCEPT}),
        help_text=format_lazy("{} {}", uploads.WHAT, _("Only coordinators and your authority read it.")),
        error_messages={"max_length": _("The name of this file is too long. Shorten it first.")},
    )
    i_am = forms.ChoiceField(
        label=_("Who are you?"),
        choices=[
            ("representative", _("I am the representative")),
            ("deputy", _("I am the deputy representative")),
            ("", pgettext_lazy("person", "I apply for others")),
        ],
        required=False,
        initial="representative",
        widget=forms.RadioSelect,
        help_text=_("Leave the two fields about yourself empty: we know your name and address."),
    )
    representative_name = forms.CharField(label=_("Name of the representative"), max_length=120, required=False)
    representative_email = forms.EmailField(label=_("E-mail address of the representative"), required=False)
    deputy_name = forms.CharField(label=_("Name of the deputy representative"), max_length=120, required=False)
    deputy_email = forms.EmailField(label=_("E-mail address of the deputy representative"), required=False)
    motivation = forms.CharField(
        label=_("Why does your authority join?"),
        max_length=2000,
        required=False,
        widget=forms.Textarea({"rows": 5, "data-autosize": ""}),
        help_text=_("A few sentences: what you bring, what you look for."),
    )
    consent = forms.BooleanField(
        label=_(
            "I may apply for this authority. The people named know about it. I accept the terms of use and have read how"
            " personal data are handled."
        ),
        error_messages={"required": _("Tick the consent: without it we may not read the application.")},
    )


class ApplicationForm(AuthorityPart, ApplicationPart):
    """The whole application; without the questions about the authority where the portal knows it."""

    GROUPS = [
        (_("The authority"), list(AuthorityPart.base_fields)),
        (
            _("The decision"),
            ["membership_class", *(name for name in ApplicationPart.base_fields if "decision" in name)],
        ),
        (_("The people"), ["i_am", "representative_name", "representative_email", "deputy_name", "deputy_email"]),
        (_("Your reasons"), ["motivation", "consent"]),
    ]

    def __init__(self, user, authority, *args, ask_authority, kept=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.user, self.authority, self.kept, self.near = user, authority, kept, []
        if not ask_authority:
            for name in AuthorityPart.base_fields:
                del self.fields[name]
        if authority and authority.kind == Authority.Kind.EUROREGION:
            del self.fields["membership_class"]
        if authority is None and self.is_bound:
            self._ask_whether_it_is_known()
        self.fields["decision_reference"].needed = not kept
        for name in ("representative_name", "representative_email"):
            self.fields[name].help_text = _("Only if somebody else is the representative.")
        self.fields["i_am"].needed = self.fields["motivation"].count = True
        self.order_fields(["same_as", *(name for _title, names in self.GROUPS for name in names)])

    def _ask_whether_it_is_known(self):
        """Where the typed name is close to one we know, nobody goes on without saying whether it is that one."""
        kind, country = self.data.get("kind"), self.data.get("country", "")
        within = "" if kind == Authority.Kind.EUROREGION else country
        self.near = finding.near(self.data.get("official_name", "")[:200], self.user, country=within)
        if not self.near:
            return
        rows = [
            (row.slug, ", ".join(part for part in (str(row), row.town, country_name(row.country)) if part))
            for row in self.near
        ]
        self.fields["same_as"] = forms.ChoiceField(
            label=_("Is it one of these?"),
            choices=[*rows, ("none", _("None of these: my authority is another one"))],
            widget=forms.RadioSelect,
            error_messages={"required": _("Say whether it is one of these, so that no authority is listed twice.")},
        )

    def groups(self):
        """(title, fields) in the order of the page."""
        for name in ("representative_name", "representative_email"):
            self.fields[name].needed = self["i_am"].value() != "representative"
        found = [("", [self["same_as"]])] if "same_as" in self.fields else []
        for title, names in self.GROUPS:
            fields = [self[name] for name in names if name in self.fields]
            if fields:
                found.append((title, fields))
        return found

    def clean_decision_date(self):
        date = self.cleaned_data["decision_date"]
        if date > today():
            raise ValidationError(_("This day lies in the future. Apply when the decision is taken."), code="future")
        return date

    def clean_decision_upload(self):
        """A good file is kept at once, so that it need not be sent again when something else is wrong."""
        upload = self.cleaned_data["decision_upload"]
        if upload:
            self.kept = pending.keep(upload, self.user)
        return upload

    def clean(self):
        data = super().clean()
        self._clean_people(data)
        if "decision_upload" not in self.errors and not self.kept and not data.get("decision_reference"):
            self.add_error("decision_reference", _("Give the reference of the decision, or add its text below."))
        kind = self.authority.kind if self.authority else data.get("kind")
        if kind == Authority.Kind.EUROREGION:
            data["membership_class"] = Membership.Class.COORDINATOR
        elif data.get("membership_class") == Membership.Class.COORDINATOR and kind != Authority.Kind.ASSOCIATION:
            self.add_error(
                "membership_class", _("Only a Euroregion or an association acts for others. Choose another.")
            )
        return data

    def _clean_people(self, data):
        mine = data.get("i_am")
        if mine:
            data[f"{mine}_name"], data[f"{mine}_email"] = self.user.name or self.user.email, self.user.email
            for name in (f"{mine}_name", f"{mine}_email"):
                self.errors.pop(name, None)
        for name in ("representative_name", "representative_email"):
            if not data.get(name) and name not in self.errors:
                self.add_error(name, _("Say who represents the authority."))
        if bool(data.get("deputy_name")) != bool(data.get("deputy_email")):
            missing = "deputy_email" if data.get("deputy_name") else "deputy_name"
            if missing not in self.errors:
                self.add_error(missing, _("Give both name and address of the deputy, or neither."))
        for name in ("representative_email", "deputy_email"):
            data[name] = (data.get(name) or "").lower()
        if data["deputy_email"] and data["deputy_email"] == data["representative_email"]:
            self.add_error("deputy_email", _("The deputy is somebody else than the representative."))

    def fill_with(self, authority):
        """The questions about an authority that is not public yet are answered with what is known."""
        for name in AuthorityPart.base_fields:
            self.initial[name] = getattr(authority, name)
        if not self.is_bound:
            rows = Region.objects.filter(country=authority.country, level__gte=1)
            self.fields["region"].queryset = rows.order_by("level", "name")

    def asks_about(self, authority) -> bool:
        """Whether this form may correct the authority: the one it was opened for, not one chosen as the same."""
        return authority == self.authority and "official_name" in self.fields

    def correct(self, authority):
        """Write the answers about an authority that is not public yet."""
        for name, value in self.authority_columns().items():
            setattr(authority, name, value)
        authority.save()
        authority.rewrite()

    def authority_columns(self) -> dict:
        """What was said about a new authority."""
        data = self.cleaned_data
        columns = {name: data[name] for name in AuthorityPart.base_fields if name in data}
        language = data["official_language"] if data["official_language"] in settings.LANGUAGE_CODES else get_language()
        return columns | {"source_language": language, f"name_{language}": data["official_name"]}

    def answers(self) -> dict:
        """The columns of the membership, without the file."""
        asked = ("membership_class", "decision_body", "decision_date", "decision_reference", "motivation")
        people = ("representative_name", "representative_email", "deputy_name", "deputy_email")
        return {
            name: self.cleaned_data.get(name) or ("member" if name == "membership_class" else "")
            for name in asked + people
        }
