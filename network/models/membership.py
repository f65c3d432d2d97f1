import copy

from django.conf import settings
from django.contrib.contenttypes.fields import GenericRelation
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts import history
from accounts.models import Event
from accounts.uploads import storage_path
from accounts.workdays import months_after, today

from .. import verbs
from ..emails import membership as mails
from ..membership import joining
from .authority import Authority
from .seat import Seat


class MembershipQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Members are public; an application is for who applied, whom it names, its representatives, and coordinators."""
        public = Membership.SHOWN & Q(authority__hidden=False)
        if user is None or not user.is_authenticated:
            return self.filter(public)
        if user.is_coordinator:
            return self
        theirs = Seat.objects.of_representatives().filter(user=user).values("authority")
        proven = list(user.emailaddress_set.filter(verified=True).values_list("email", flat=True))
        named = Q(representative_email__in=proven) | Q(deputy_email__in=proven)
        return self.filter(public | named | Q(applied_by=user) | Q(authority__in=theirs))

    def public(self):
        """Members of today and of before; an application that was taken back is nobody's business."""
        return self.filter(Membership.SHOWN)


class Membership(models.Model):
    """The place of one authority in the network, from its application to its end."""

    class Class(models.TextChoices):
        MEMBER = "member", pgettext_lazy("membership class", "Member")
        COORDINATOR = "coordinator", pgettext_lazy("membership class", "Coordinating authority")
        SUPPORTER = "supporter", pgettext_lazy("membership class", "Supporter")
        OBSERVER = "observer", pgettext_lazy("membership class", "Observer")

    class Status(models.TextChoices):
        APPLIED = "applied", pgettext_lazy("membership status", "Applied")
        ELIGIBLE = "eligible", pgettext_lazy("membership status", "Approved")
        MOU_SENT = "mou_sent", pgettext_lazy("membership status", "MoU sent")
        SIGNED = "signed", pgettext_lazy("membership status", "Signed")
        ACTIVE = "active", pgettext_lazy("membership status", "Active")
        ON_HOLD = "on_hold", pgettext_lazy("membership status", "On hold")
        DECLINED = "declined", pgettext_lazy("membership status", "Declined")
        WITHDRAWN = "withdrawn", pgettext_lazy("membership status", "Withdrawn")
        EXPIRED = "expired", pgettext_lazy("membership status", "Expired")

    IN_THE_NETWORK = (Status.ACTIVE, Status.ON_HOLD)
    PUBLIC = (Status.ACTIVE, Status.ON_HOLD, Status.WITHDRAWN, Status.EXPIRED)
    # A membership that has ended has a last day; an application that was taken back has none.
    # While a former member joins again, everybody reads how its earlier membership ended.
    SHOWN = Q(status__in=IN_THE_NETWORK) | Q(status__in=PUBLIC, ends__isnull=False) | Q(former__isnull=False)
    RECORD = (
        *("membership_class", "status", "since", "ends", "demonstration"),
        *("decision_body", "decision_date", "decision_reference"),
    )  # what everybody reads of it
    JOINING = (Status.APPLIED, Status.ELIGIBLE, Status.MOU_SENT, Status.SIGNED)
    TRANSITIONS = {
        # Active at once: by a renewal that was signed after the authority had applied again.
        Status.APPLIED: {Status.ELIGIBLE, Status.DECLINED, Status.WITHDRAWN, Status.ACTIVE},
        Status.ELIGIBLE: {Status.MOU_SENT, Status.DECLINED, Status.WITHDRAWN, Status.ACTIVE},
        Status.MOU_SENT: {Status.SIGNED, Status.ELIGIBLE, Status.WITHDRAWN},
        Status.SIGNED: {Status.ACTIVE, Status.ELIGIBLE, Status.WITHDRAWN},
        Status.ACTIVE: {Status.ON_HOLD, Status.WITHDRAWN, Status.EXPIRED},
        Status.ON_HOLD: {Status.ACTIVE, Status.WITHDRAWN, Status.EXPIRED},
        Status.DECLINED: {Status.APPLIED},
        Status.WITHDRAWN: {Status.APPLIED},
        Status.EXPIRED: {Status.APPLIED, Status.ACTIVE},  # again active by a renewal that was signed late
    }

    authority = models.OneToOneField(
        Authority, on_delete=models.PROTECT, related_name="membership", verbose_name=_("authority")
    )
    membership_class = models.CharField(_("class"), max_length=12, choices=Class.choices, default=Class.MEMBER)
    status = models.CharField(_("status"), max_length=10, choices=Status.choices, default=Status.APPLIED)
    decision_body = models.CharField(_("governing body that decided"), max_length=200, blank=True)
    decision_date = models.DateField(_("date of the decision"), null=True, blank=True)
    decision_reference = models.CharField(_("reference of the decision"), max_length=100, blank=True)
    decision_file = models.FileField(_("text of the decision"), upload_to=storage_path, max_length=200, blank=True)
    decision_filename = models.CharField(_("name of the file"), max_length=200, blank=True)
    applied_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="applications",
        verbose_name=_("applied for by"),
    )
    applied_at = models.DateTimeField(_("applied"), null=True, blank=True)
    representative_name = models.CharField(_("name of the representative"), max_length=120, blank=True)
    representative_email = models.EmailField(_("e-mail address of the representative"), blank=True)
    deputy_name = models.CharField(_("name of the deputy representative"), max_length=120, blank=True)
    deputy_email = models.EmailField(_("e-mail address of the deputy representative"), blank=True)
    motivation = models.TextField(_("why the authority joins"), max_length=2000, blank=True)
    language = models.CharField(_("language"), max_length=2, choices=settings.LANGUAGES, default="en")
    since = models.DateField(_("member since"), null=True, blank=True)
    report_due = models.DateField(_("next report due"), null=True, blank=True)
    ends = models.DateField(_("ends"), null=True, blank=True)  # announced or past: the last day
    demonstration = models.BooleanField(_("demonstration"), default=False)
    # The RECORD of the membership that had ended when the authority applied again, until it is a member again.
    former = models.JSONField(null=True, blank=True, editable=False, encoder=DjangoJSONEncoder)

    events = GenericRelation(Event)
    objects = MembershipQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["status", "report_due"])]
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")

    def __str__(self):
        return f"{self.authority}: {self.get_status_display()}"

    @property
    def is_public(self) -> bool:
        """Whether everybody may know of it as it stands."""
        return self.status in self.IN_THE_NETWORK or (self.status in self.PUBLIC and self.ends is not None)

    @property
    def shown(self) -> "Membership | None":
        """What everybody may know: as it stands, or as it had ended before the authority applied again."""
        if self.is_public or self.former is None:
            return self if self.is_public else None
        row = copy.copy(self)
        for name, value in self.former.items():
            setattr(row, name, self._meta.get_field(name).to_python(value))
        return row

    def get_absolute_url(self):
        if self.is_public:
            return self.authority.get_absolute_url()
        return reverse("network:application", args=[self.pk])

    # What may be done with it

    def is_of(self, user) -> bool:
        """Whether `user` applied, or holds a seat there today."""
        if user is None or not user.is_authenticated:
            return False
        return self.applied_by_id == user.pk or self.authority.seats.current().filter(user=user).exists()

    def application_is_for(self, user) -> bool:
        """Whether `user` may read the application itself: what was said, decided and handed in."""
        if user is None or not user.is_authenticated:
            return False
        named = {self.representative_email, self.deputy_email} - {""}
        proven = user.emailaddress_set.filter(verified=True, email__in=named)
        return user.is_coordinator or self._is_led_by(user) or proven.exists()

    def can_be_decided_by(self, user) -> bool:
        """A coordinator, never their own: not what they applied for, nor where they hold a seat or did lately."""
        may = user.is_authenticated and user.is_coordinator
        return may and self.applied_by_id != user.pk and not self.authority.was_lately_of(user)

    def can_be_cancelled_by(self, user) -> bool:
        """Whoever applied, and the representatives, take it back until the memorandum has gone out."""
        return self.status in (self.Status.APPLIED, self.Status.ELIGIBLE) and self._is_led_by(user)

    def can_be_applied_for_again_by(self, user) -> bool:
        """After it was declined, withdrawn or had ended: anybody who is registered, as at the beginning."""
        return user.is_authenticated and self.Status.APPLIED in self.TRANSITIONS[self.status]

    def _is_led_by(self, user) -> bool:
        if user is None or not user.is_authenticated:
            return False
        leads = self.authority.seats.of_representatives().filter(user=user)
        return self.applied_by_id == user.pk or leads.exists()

    # Moves: one verb each. `said`: reason (accounts.Reason), note, note_language, on_behalf_of.

    @transaction.atomic
    def apply(self, *, by, **answers):
        """Hand the application in, the first time or again; `answers` are columns of this model."""
        changes = {**answers, "applied_by": by, "applied_at": timezone.now(), "ends": None}
        if self.pk:
            if self.is_public:
                changes["former"] = {name: getattr(self, name) for name in self.RECORD}
            return self._move(self.Status.APPLIED, "apply", by, changes=changes)
        for name, value in changes.items():
            setattr(self, name, value)
        self.save(force_insert=True)
        event = history.record(self, "apply", by=by, to_state=self.Status.APPLIED)
        mails.after(event, self)
        return event

    def approve(self, *, by, **said):
        """Eligible: the named representative and deputy get their seats, or an invitation to them."""
        return self._move(self.Status.ELIGIBLE, "approve", by, then=joining.give_seats, **said)

    def decline(self, *, by, **said):
        return self._move(self.Status.DECLINED, "decline", by, seen=self.status, then=joining.take_back, **said)

    def cancel(self, *, by, **said):
        """The application is taken back before anything was in force."""
        return self._move(self.Status.WITHDRAWN, "cancel", by, seen=self.status, then=joining.take_back, **said)

    def send_memorandum(self, *, by, **said):
        """The text of its memorandum is locked and waits for signatures."""
        return self._move(self.Status.MOU_SENT, "send_memorandum", by, **said)

    def take_back_memorandum(self, *, by, **said):
        """The text was taken back: a new one has to come."""
        return self._move(self.Status.ELIGIBLE, "take_back_memorandum", by, **said)

    def sign(self, *, by, **said):
        """The authority has signed; other parties may still have to."""
        return self._move(self.Status.SIGNED, "sign", by, **said)

    def activate(self, *, by, renewed=False, **said):
        """In the network from today on: its page is public, and the first report has a date.

        `renewed`: it goes on as a member since the day on which it joined.
        """
        day = today()
        due = months_after(day, settings.REPORT_MONTHS)
        changes = {"since": day, "report_due": due, "ends": None, "former": None}
        if renewed:
            kept = {name: getattr(self.shown or self, name) for name in self.RECORD if name not in ("status", "ends")}
            changes = {**kept, "since": self.since or day, "report_due": due, "ends": None, "former": None}
        return self._move(self.Status.ACTIVE, "activate", by, changes=changes, then=joining.show, **said)

    def hold(self, *, by=None, **said):
        """The report is overdue."""
        return self._move(self.Status.ON_HOLD, "hold", by, **said)

    def resume(self, *, by=None, report_due=None, **said):
        """The report arrived; the next one is due `report_due`, or in REPORT_MONTHS from today."""
        due = report_due or months_after(today(), settings.REPORT_MONTHS)
        return self._move(self.Status.ACTIVE, "resume", by, changes={"report_due": due}, **said)

    def withdraw(self, *, by, ends=None, **said):
        """A member leaves; `ends` is its last day, today unless told."""
        return self._move(self.Status.WITHDRAWN, "withdraw", by, changes={"ends": ends or today()}, **said)

    def expire(self, *, by=None, ends=None, **said):
        """Its memorandum ended on `ends` and was not renewed."""
        return self._move(self.Status.EXPIRED, "expire", by, changes={"ends": ends or today()}, **said)

    def _move(self, to_state, verb, by, *, changes=None, then=None, seen="", **said):
        """`seen`: the state on which was decided, where the verb leads there from several; another one is a lost race."""

        def afterwards(event):
            if then:
                then(self, event)
            if {event.from_state, event.to_state} & set(self.PUBLIC):
                self.authority.rewrite()
            mails.after(event, self)

        origins = verbs.origins(self, verb)
        origins = [seen] if seen in origins else origins
        return history.move(self, to_state, verb=verb, by=by, changes=changes, then=afterwards, origins=origins, **said)


class MembershipReport(models.Model):
    """What one authority did in the network in one period, as it stood when it was submitted."""

    membership = models.ForeignKey(
        Membership, on_delete=models.PROTECT, related_name="reports", verbose_name=_("membership")
    )
    period_from = models.DateField(_("period from"))
    period_until = models.DateField(_("period until"))
    figures = models.JSONField(_("figures"), default=dict, blank=True)  # name → number, frozen when submitted
    text = models.TextField(_("what the authority adds"), max_length=5000, blank=True)
    language = models.CharField(_("language"), max_length=2, choices=settings.LANGUAGES)
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="membership_reports"
    )
    on_behalf_of = models.ForeignKey(
        Authority, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("on behalf of")
    )
    submitted_at = models.DateTimeField(_("submitted"), auto_now_add=True)

    class Meta:
        ordering = ["-period_until", "-pk"]
        constraints = [models.UniqueConstraint(fields=["membership", "period_until"], name="report_once")]
        verbose_name = _("report of a member")
        verbose_name_plural = _("reports of members")

    def __str__(self):
        return f"{self.membership.authority}: {self.period_from} – {self.period_until}"
