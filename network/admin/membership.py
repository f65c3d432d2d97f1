"""Memberships in the admin: the queue of applications, what one weighs, verbs with reasons, a file of all."""

from urllib.parse import urlsplit

from django import forms
from django.conf import settings
from django.contrib import admin
from django.http import HttpResponse
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from accounts import decisions
from accounts.coordinators import coordinators_may
from accounts.decisions import Decision, ReasonForm, said
from accounts.workdays import working_days
from translations.exports import table
from translations.exports.table import Column, plain

from .. import queues
from ..countries import country_name
from ..directory import finding
from ..membership import joining, leaving, standing
from ..models import Membership

FREE_MAIL = {"gmail.com", "outlook.com", "hotmail.com", "yahoo.com", "libero.it", "gmx.net", "icloud.com", "proton.me"}


class NoteForm(forms.Form):
    """A word along with a decision that needs none."""

    note = forms.CharField(
        label=gettext_lazy("In your own words"),
        help_text=gettext_lazy("It reaches the people concerned untranslated, marked with its language."),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=2000,
        required=False,
    )
    note_language = forms.ChoiceField(label=gettext_lazy("Language of your words"), choices=settings.LANGUAGES)

    def __init__(self, *args, obj, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["note_language"].initial = user.language


class DeclineForm(ReasonForm):
    reasons = "decline_application"


class EndForm(ReasonForm):
    reasons = "end_membership"


def may(*states):
    """Whether a coordinator may decide, in one of these states; never on their own."""
    return lambda membership, user: membership.status in states and membership.can_be_decided_by(user)


def may_invite(membership, user):
    waits = queues.joined_without_representative(user).filter(pk=membership.pk)
    return membership.can_be_decided_by(user) and waits.exists()


def end(verb):
    return lambda membership, user, data: leaving.end_now(membership, verb, by=user, **said(data))


def do(verb):
    return lambda membership, user, data: getattr(membership, verb)(by=user, **said(data))


STATUS = Membership.Status
DECISIONS = [
    Decision(
        "approve",
        gettext_lazy("Approve the application"),
        may(STATUS.APPLIED),
        do("approve"),
        NoteForm,
        gettext_lazy("The named representative and deputy get their seats or an invitation. Next is the memorandum."),
        gettext_lazy("The application is approved. Prepare the memorandum next."),
    ),
    Decision(
        "invite",
        gettext_lazy("Invite the named people again"),
        may_invite,
        lambda membership, user, _data: joining.invite_again(membership, by=user),
        None,
        gettext_lazy("Nobody represents this authority, and the invitations have ended."),
        gettext_lazy("The invitation is on its way."),
    ),
    Decision(
        "decline",
        gettext_lazy("Decline the application"),
        may(STATUS.APPLIED, STATUS.ELIGIBLE),
        do("decline"),
        DeclineForm,
        gettext_lazy("They can correct it and apply again."),
        gettext_lazy("The application is declined."),
        True,
    ),
    Decision(
        "cancel",
        gettext_lazy("Note that they take the application back"),
        may(STATUS.APPLIED, STATUS.ELIGIBLE),  # a locked text would take force without a member
        do("cancel"),
        EndForm,
        gettext_lazy("Take the text of the memorandum back first, if it waits for signatures."),
        gettext_lazy("The application is withdrawn."),
        True,
    ),
    Decision(
        "withdraw",
        gettext_lazy("Note that the member leaves"),
        may(*Membership.IN_THE_NETWORK),
        end("withdraw"),
        EndForm,
        gettext_lazy("The membership ends today. Everybody with a seat there and the other parties are told."),
        gettext_lazy("The membership has ended."),
        True,
    ),
    Decision(
        "expire",
        gettext_lazy("Let the membership expire"),
        may(*Membership.IN_THE_NETWORK),
        end("expire"),
        EndForm,
        gettext_lazy("The memorandum ended and was not renewed."),
        gettext_lazy("The membership has expired."),
        True,
    ),
]


class Work(admin.SimpleListFilter):
    """What is to be done: the queue of the first page, or everything."""

    title = gettext_lazy("work to do")
    parameter_name = "work"

    def lookups(self, request, model_admin):
        return [
            ("applications", _("Applications")),
            ("memoranda", _("Approved, memorandum to prepare")),
            ("unrepresented", _("Members whom nobody represents yet")),
        ]

    def queryset(self, request, queryset):
        if self.value() == "unrepresented":
            return queryset.filter(pk__in=queues.joined_without_representative(request.user).values("pk"))
        chosen = {"applications": STATUS.APPLIED, "memoranda": STATUS.ELIGIBLE}.get(self.value())
        return queryset.filter(status=chosen) if chosen else queryset


class Country(admin.SimpleListFilter):
    title = gettext_lazy("country")
    parameter_name = "country"

    def lookups(self, request, model_admin):
        codes = set(Membership.objects.values_list("authority__country", flat=True))
        return sorted(((code, country_name(code)) for code in codes), key=lambda row: row[1])

    def queryset(self, request, queryset):
        return queryset.filter(authority__country=self.value()[:2]) if self.value() else queryset


COLUMNS = [
    Column("authority", gettext_lazy("authority"), plain("authority__official_name")),
    Column("country", gettext_lazy("country"), plain("authority__country")),
    Column("town", gettext_lazy("town"), plain("authority__town")),
    Column("kind", gettext_lazy("kind"), plain("authority__kind")),
    Column("official_address", gettext_lazy("official e-mail address"), plain("authority__official_address")),
    Column("class", gettext_lazy("class"), plain("membership_class")),
    Column("status", gettext_lazy("status"), plain("status")),
    Column("applied_at", gettext_lazy("applied"), plain("applied_at")),
    Column("decision_body", gettext_lazy("governing body that decided"), plain("decision_body")),
    Column("decision_date", gettext_lazy("date of the decision"), plain("decision_date")),
    Column("decision_reference", gettext_lazy("reference of the decision"), plain("decision_reference")),
    Column("representative", gettext_lazy("name of the representative"), plain("representative_name")),
    Column("representative_email", gettext_lazy("e-mail address of the representative"), plain("representative_email")),
    Column("since", gettext_lazy("member since"), plain("since")),
    Column("report_due", gettext_lazy("next report due"), plain("report_due")),
    Column("ends", gettext_lazy("ends"), plain("ends")),
    Column("demonstration", gettext_lazy("demonstration"), table.yes("demonstration")),
]
VALUES = [
    *(f"authority__{name}" for name in ("official_name", "country", "town", "kind", "official_address")),
    "membership_class",
    "status",
    "applied_at",
    "decision_body",
    "decision_date",
    "decision_reference",
    "representative_name",
    "representative_email",
    "since",
    "report_due",
    "ends",
    "demonstration",
]


@admin.action(description=gettext_lazy("Download as CSV"))
def export_csv(_model_admin, _request, queryset):
    """The memberships that were ticked, for coordinators."""
    separator = table.SEPARATORS["comma"]
    lines = [table.head(COLUMNS, codes=False, separator=separator)]
    lines += [table.entry(COLUMNS, record, separator) for record in queryset.values(*VALUES)]
    name = f"memberships-{timezone.localdate().isoformat()}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "private, no-store"}
    return HttpResponse("".join(lines), content_type="text/csv; charset=utf-8", headers=headers)


@admin.register(Membership)
@coordinators_may()
class MembershipAdmin(admin.ModelAdmin):
    list_display = ["authority", "country", "membership_class", "status", "age", "since", "report_due", "shown"]
    list_filter = [Work, "status", "membership_class", Country, "demonstration"]
    list_select_related = ["authority"]
    search_fields = [
        "authority__official_name",
        "authority__slug",
        "authority__town",
        *(f"authority__name_{code}" for code in settings.LANGUAGE_CODES),
        "representative_name",
        "representative_email",
        "decision_reference",
    ]
    search_help_text = gettext_lazy("Name of the authority, town, name or address of the representative")
    ordering = ["-applied_at", "-pk"]
    list_per_page = 50
    actions = [export_csv]
    empty_value_display = "–"

    def get_urls(self):
        return decisions.urls(self, DECISIONS, about) + super().get_urls()

    @admin.display(description=gettext_lazy("country"), ordering="authority__country")
    def country(self, membership):
        return country_name(membership.authority.country)

    @admin.display(description=gettext_lazy("waiting"), ordering="applied_at")
    def age(self, membership):
        if membership.status != STATUS.APPLIED or membership.applied_at is None:
            return None
        since, now = timezone.localdate(membership.applied_at), timezone.localdate()
        days = working_days(since, now, membership.authority.country)
        text = ngettext("%(days)s working day", "%(days)s working days", days) % {"days": days}
        if days > settings.REVIEW_WORKING_DAYS:
            return format_html('<span class="overdue">{} – {}</span>', text, _("overdue"))
        return text

    @admin.display(description=pgettext_lazy("membership", "shown as"))
    def shown(self, membership):
        return _("demonstration") if membership.demonstration else None

    def changelist_view(self, request, extra_context=None):
        return super().changelist_view(request, {"title": _("Memberships"), **(extra_context or {})})


def about(request, membership) -> dict:
    """What the page of one membership shows (accounts.decisions)."""
    authority, moderates = membership.authority, membership.can_be_decided_by(request.user)
    within = "" if authority.kind == authority.Kind.EUROREGION else authority.country
    near = finding.near(authority.official_name, request.user, country=within)
    return {
        "title": authority.official_name,
        "lang": authority.official_language,
        "subtitle": f"{membership.get_membership_class_display()} · {country_name(authority.country)}",
        "demonstration": membership.demonstration,
        "facts": [*standing.facts(membership, request.user), *dates(membership)],
        "entries": standing.entries(membership, internal=moderates),
        "near": [row for row in near if row.pk != authority.pk],
        "open": membership.status in (STATUS.APPLIED, STATUS.ELIGIBLE),
        "checks": checks(authority),
        "own": not moderates,
        "authority_url": reverse("admin:network_authority_change", args=[authority.pk]),
        "memorandum_url": _memorandum(authority) if membership.status == STATUS.ELIGIBLE and moderates else "",
    }


def dates(membership) -> list[dict]:
    membership = membership.shown or membership
    return [
        {"label": _("Member since"), "value": membership.since},
        {"label": _("Next report due"), "value": membership.report_due},
        {"label": _("Ends"), "value": membership.ends},
    ]


def _memorandum(authority) -> str:
    """Where a memorandum with this authority is begun."""
    try:
        return f"{reverse('admin:network_memorandum_add')}?authority={authority.pk}"
    except NoReverseMatch:  # a portal without these pages
        return ""


def checks(authority) -> list[str]:
    """What a coordinator looks at before believing an official address."""
    found = []
    domain = authority.official_address.rpartition("@")[2].lower()
    site = (urlsplit(authority.website).hostname or "").removeprefix("www.")
    if not domain:
        found.append(_("There is no official address yet. Ask for it."))
    elif domain in FREE_MAIL:
        found.append(_("The official address is at a free mail provider. Look for it on the authority’s own website."))
    elif site and site != domain and not domain.endswith(f".{site}") and not site.endswith(f".{domain}"):
        sentence = _("Address and website have different names: {domain} and {site}. Look for the address there.")
        found.append(sentence.format(domain=domain, site=site))
    same = type(authority).objects.filter(official_address__iexact=authority.official_address).exclude(pk=authority.pk)
    if domain:
        found += [_("Another authority has the same address: {name}").format(name=row.official_name) for row in same]
    return found
