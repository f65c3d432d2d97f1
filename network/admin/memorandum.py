"""Memoranda in the admin: prepared, edited while a draft, previewed, locked; then nothing but verbs."""

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import Max
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from modeltranslation.admin import TranslationAdmin

from accounts import decisions, history
from accounts.coordinators import coordinators_may
from accounts.decisions import Decision, ReasonForm, said
from accounts.models import Event
from accounts.workdays import today
from translations import typesetting

from .. import verbs
from ..forms.memorandum import LawyerForm
from ..memorandum import memorandum_life, printing, signatory, signing
from ..models import Memorandum, MemorandumTemplate
from . import memorandum_views
from .places import in_each_language


def entries(obj) -> list[dict]:
    """Its history for coordinators, newest first."""
    return verbs.entries(Event.objects.of(obj).select_related("by", "on_behalf_of", "reason").reverse())


class Work(admin.SimpleListFilter):
    """What waits: the queues of the admin’s first page."""

    title = gettext_lazy("what waits")
    parameter_name = "work"

    def lookups(self, request, model_admin):
        return [
            ("draft", _("Memoranda to finish")),
            ("copies", _("Signed copies to check")),
            ("review", _("Reviews of memoranda")),
        ]

    def queryset(self, request, queryset):
        if self.value() == "copies":
            return queryset.filter(files__kind="signed", files__check_state="waiting").distinct()
        states = {"draft": "draft", "review": "review_due"}
        return queryset.filter(status=states[self.value()]) if self.value() in states else queryset


# --- decisions -------------------------------------------------------------------------------------------------


class TakeBackForm(ReasonForm):
    reasons = "take_back_memorandum"


class RefuseForm(ReasonForm):
    reasons = "refuse_signed_copy"


class RenewForm(forms.Form):
    replacing = forms.ChoiceField(label=gettext_lazy("The next memorandum"), choices=Memorandum.Replacing.choices)

    def __init__(self, *args, obj, user, **kwargs):
        super().__init__(*args, **kwargs)


class ReviewForm(ReasonForm):
    """The result of the review, in the parties’ words."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        del self.fields["reason"]
        self.fields["note"].required = True
        self.fields["note"].help_text = gettext_lazy("The parties read it on the page of the memorandum.")


class LeaveForm(forms.Form):
    """A party that told the others in writing."""

    party = forms.ModelChoiceField(None, label=gettext_lazy("Party"))
    on = forms.DateField(
        label=gettext_lazy("Last day"),
        help_text=gettext_lazy(
            "Empty: with the notice of the memorandum. An earlier day needs the parties’ agreement."
        ),
        widget=forms.DateInput(attrs={"type": "date"}),
        required=False,
    )

    def __init__(self, *args, obj, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["party"].queryset = obj.parties.all()


def waiting_copy(memorandum):
    """The signed copy that a coordinator checks next."""
    return memorandum.files.filter(kind="signed", check_state="waiting", round=memorandum.round).first()


def named_instead(copy) -> str:
    """Who is named to sign, where somebody else has signed this copy."""
    if not signatory.in_place_of(copy.signatory_name, copy.party):
        return ""
    return _("Named to sign: {person}.").format(person=signatory.named(copy.party))


def can_be_checked(memorandum, user) -> bool:
    return memorandum.can_be_taken_back_by(user) and waiting_copy(memorandum) is not None


def can_be_left(memorandum, user) -> bool:
    return memorandum.status in memorandum.VALID and memorandum.can_be_made_by(user)


def make_files(memorandum):
    """The PDFs that are missing, now."""
    try:
        printing.make_frozen(memorandum)
    except (typesetting.Failed, typesetting.TooLong) as error:
        raise ValidationError(
            _("The PDF could not be made. Try again in a minute, then tell the administrator.")
        ) from error


def checked(verb):
    """Accept or refuse the copy that waits; LostRace when none does any more."""

    def do(memorandum, user, data):
        file = waiting_copy(memorandum)
        if file is None:
            raise history.LostRace(memorandum, verb.__name__, memorandum.status)
        return verb(file, by=user, **said(data))

    return do


DECISIONS = [
    Decision(
        "lock",
        gettext_lazy("Lock the text"),
        lambda memorandum, user: memorandum.can_be_locked_by(user) and not memorandum.missing(),
        lambda memorandum, user, data: memorandum.lock(by=user),
        help=gettext_lazy("Nobody can change it after that. The parties are asked to sign, one after the other."),
        done=gettext_lazy("Locked. The PDFs are being made, and the parties are told by mail."),
    ),
    Decision(
        "make_files",
        gettext_lazy("Make the PDFs again"),
        lambda memorandum, user: memorandum.can_be_taken_back_by(user) and not memorandum.files_ready(),
        lambda memorandum, user, data: make_files(memorandum),
        help=gettext_lazy("Not all PDFs of the locked text are there. Nobody can sign before that."),
        done=gettext_lazy("The PDFs are there."),
    ),
    Decision(
        "accept_copy",
        gettext_lazy("Accept the signed copy"),
        can_be_checked,
        checked(signing.accept_copy),
        help=gettext_lazy("Look first: is it this text, is it complete, has the person named signed it?"),
        done=gettext_lazy("Accepted. The signature counts."),
    ),
    Decision(
        "refuse_copy",
        gettext_lazy("Refuse the signed copy"),
        can_be_checked,
        checked(signing.refuse_copy),
        form=RefuseForm,
        done=gettext_lazy("Refused. The party is told by mail."),
        danger=True,
    ),
    Decision(
        "review",
        gettext_lazy("Note the result of the review"),
        lambda memorandum, user: memorandum.can_be_reviewed_by(user) and memorandum.can_be_made_by(user),
        lambda memorandum, user, data: memorandum.review(by=user, **said(data)),
        form=ReviewForm,
        done=gettext_lazy("Noted."),
    ),
    Decision(
        "renew",
        gettext_lazy("Prepare the next memorandum"),
        lambda memorandum, user: memorandum.can_be_renewed_by(user) and memorandum.can_be_made_by(user),
        lambda memorandum, user, data: memorandum.ask_renewal(by=user, **data),
        form=RenewForm,
        help=gettext_lazy("A draft with the same parties and texts. This one stays in force until the next one is."),
        done=gettext_lazy("The draft is there: among the memoranda to finish."),
    ),
    Decision(
        "leave",
        gettext_lazy("A party leaves"),
        can_be_left,
        lambda memorandum, user, data: data["party"].leave(by=user, on=data["on"]),
        form=LeaveForm,
        help=gettext_lazy("Record it where a party has told so in writing, and not on the portal."),
        done=gettext_lazy("Recorded. The parties are told by mail."),
        danger=True,
    ),
    Decision(
        "expire",
        gettext_lazy("Record that it has ended"),
        lambda memorandum, user: can_be_left(memorandum, user) and memorandum.in_force_until < today(),
        lambda memorandum, user, data: memorandum_life.expire(memorandum),
        done=gettext_lazy("Ended. The parties are told by mail."),
        danger=True,
    ),
    Decision(
        "take_back",
        gettext_lazy("Take the text back"),
        lambda memorandum, user: memorandum.can_be_taken_back_by(user),
        lambda memorandum, user, data: memorandum.take_back(by=user, **said(data)),
        form=TakeBackForm,
        help=gettext_lazy("Signatures and links under this text count no more. It becomes a draft again."),
        done=gettext_lazy("Taken back. The parties are told by mail."),
        danger=True,
    ),
    Decision(
        "discard",
        gettext_lazy("Discard the draft"),
        lambda memorandum, user: memorandum.can_be_discarded_by(user),
        lambda memorandum, user, data: memorandum.discard(by=user, **said(data)),
        form=TakeBackForm,
        done=gettext_lazy("Discarded."),
        danger=True,
    ),
]


def about(request, memorandum) -> dict:
    """What a coordinator sees of a memorandum before deciding."""
    signed = {row.party_id: row for row in signing.counting(memorandum)}
    parties = memorandum.parties.select_related("authority")
    copy = waiting_copy(memorandum)
    texts = [] if memorandum.status == "draft" else memorandum.current_texts()
    return {
        "title": memorandum.code,
        "subtitle": _("Memorandum of understanding"),
        "demonstration": memorandum.demonstration,
        "facts": [
            {"label": _("In force from"), "value": memorandum.in_force_from},
            {"label": _("In force until"), "value": memorandum.in_force_until},
            {"label": _("Date of the review"), "value": memorandum.review_due},
            {"label": _("Template"), "value": memorandum.template},
            {"label": _("Languages"), "value": ", ".join(code.upper() for code in memorandum.languages)},
            {
                "label": _("Authentic languages"),
                "value": ", ".join(code.upper() for code in memorandum.authentic_languages),
            },
            {"label": _("Replaces"), "value": memorandum.replaces},
        ],
        "marks": printing.marks(memorandum),
        "missing": memorandum.missing() if memorandum.status == "draft" else [],
        "parties": [(party, signed.get(party.pk)) for party in parties],
        "texts": texts,
        "files": memorandum.files.select_related("party__authority"),
        "copy": copy,
        "named": named_instead(copy) if copy else "",
        "may_edit": memorandum.can_be_edited_by(request.user),
        "entries": entries(memorandum),
    }


@admin.register(Memorandum)
@coordinators_may(add=True)
class MemorandumAdmin(admin.ModelAdmin):
    list_display = ["code", "who", "status", "in_force_from", "in_force_until", "review_due", "demonstration"]
    list_filter = [Work, "status", "demonstration"]
    search_fields = ["code", "verification_code", "parties__authority__official_name", "parties__name"]
    search_help_text = gettext_lazy("Code, verification code or name of a party")
    ordering = ["-created_at", "-pk"]
    actions = None

    def get_queryset(self, request):
        return Memorandum.objects.visible_to(request.user).prefetch_related("parties__authority")

    @admin.display(description=gettext_lazy("parties"))
    def who(self, memorandum):
        return ", ".join(str(party) for party in memorandum.parties.all() if party.authority_id)

    def get_urls(self):
        def wrap(view):
            return self.admin_site.admin_view(view)

        views = [
            path("add/", wrap(memorandum_views.prepare), name="network_memorandum_add"),
            path("<int:pk>/edit/", wrap(memorandum_views.edit), name="network_memorandum_edit"),
            path("<int:pk>/preview/<str:language>/", wrap(memorandum_views.preview), name="network_memorandum_preview"),
        ]
        return views + decisions.urls(self, DECISIONS, about) + super().get_urls()


# --- templates -------------------------------------------------------------------------------------------------

REVIEW = Decision(
    "record_review",
    gettext_lazy("Record a lawyer’s review"),
    lambda template, user: template.can_be_reviewed_by(user),
    lambda template, user, data: template.record_review(
        by=user, on=data["reviewed_on"], reviewer=data["reviewer"], note=data["note"]
    ),
    form=LawyerForm,
    help=gettext_lazy("From then on memoranda of this version can be signed. It cannot be undone."),
    done=gettext_lazy("Recorded."),
)


def about_template(request, template) -> dict:
    return {
        "title": _("Version {number}").format(number=template.number),
        "subtitle": _("Template of the memorandum"),
        "facts": [
            {"label": _("Date"), "value": template.dated},
            {"label": _("Reviewed by a lawyer on"), "value": template.reviewed_on or _("not yet reviewed by a lawyer")},
            {"label": _("Lawyer who reviewed it"), "value": template.reviewer},
            {"label": _("Note on the review"), "value": template.review_note},
        ],
        "texts": memorandum_views.template_texts(template),
        "entries": entries(template),
    }


@admin.register(MemorandumTemplate)
@coordinators_may(add=True)
class MemorandumTemplateAdmin(TranslationAdmin):
    """Versions stay as they are: who wants another text adds a new one, beginning with the last."""

    list_display = ["number", "dated", "reviewed_on", "reviewer"]
    fieldsets = [(None, {"fields": ["dated"]}), *in_each_language("text")]
    actions = None

    def get_changeform_initial_data(self, request):
        last = MemorandumTemplate.objects.first()
        texts = {name: getattr(last, name) for name in memorandum_views.TEXTS} if last else {}
        return {"dated": today(), **texts}

    def save_model(self, request, obj, form, change):
        obj.number = (MemorandumTemplate.objects.aggregate(last=Max("number"))["last"] or 0) + 1
        super().save_model(request, obj, form, change)
        history.record(obj, "create", by=request.user)

    def get_urls(self):
        return decisions.urls(self, [REVIEW], about_template) + super().get_urls()

    def response_add(self, request, obj, post_url_continue=None):
        return super().response_add(request, obj, reverse("admin:network_memorandumtemplate_change", args=[obj.pk]))
