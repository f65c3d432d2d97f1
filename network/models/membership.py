from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.uploads import storage_path

from .authority import Authority
from .seat import Seat


class MembershipQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Members are public; an application is for who applied, who holds a seat there, and coordinators."""
        public = Q(status__in=Membership.PUBLIC, authority__hidden=False)
        if user is None or not user.is_authenticated:
            return self.filter(public)
        if user.is_coordinator:
            return self
        theirs = Seat.objects.current().filter(user=user).values("authority")
        return self.filter(public | Q(applied_by=user) | Q(authority__in=theirs))


class Membership(models.Model):
    """The place of one authority in the network, from its application to its end."""

    class Class(models.TextChoices):
        MEMBER = "member", pgettext_lazy("membership class", "Member")
        COORDINATOR = "coordinator", pgettext_lazy("membership class", "Coordinator")
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
    JOINING = (Status.APPLIED, Status.ELIGIBLE, Status.MOU_SENT, Status.SIGNED)
    TRANSITIONS = {
        Status.APPLIED: {Status.ELIGIBLE, Status.DECLINED, Status.WITHDRAWN},
        Status.ELIGIBLE: {Status.MOU_SENT, Status.DECLINED, Status.WITHDRAWN},
        Status.MOU_SENT: {Status.SIGNED, Status.ELIGIBLE, Status.WITHDRAWN},
        Status.SIGNED: {Status.ACTIVE, Status.ELIGIBLE, Status.WITHDRAWN},
        Status.ACTIVE: {Status.ON_HOLD, Status.WITHDRAWN, Status.EXPIRED},
        Status.ON_HOLD: {Status.ACTIVE, Status.WITHDRAWN, Status.EXPIRED},
        Status.DECLINED: {Status.APPLIED},
        Status.WITHDRAWN: {Status.APPLIED},
        Status.EXPIRED: {Status.APPLIED},
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

    objects = MembershipQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["status", "report_due"])]
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")

    def __str__(self):
        return f"{self.authority}: {self.get_status_display()}"


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
