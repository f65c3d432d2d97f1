from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.workdays import today

from .authority import Authority


class CurrentQuerySet(models.QuerySet):
    def current(self):
        """Rows in force today: begun, and not yet ended."""
        day = today()
        return self.filter(start__lte=day).filter(Q(end__isnull=True) | Q(end__gte=day))


class Membership(models.Model):
    """The place of one authority in the network."""

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

    authority = models.OneToOneField(
        Authority, on_delete=models.PROTECT, related_name="membership", verbose_name=_("authority")
    )
    membership_class = models.CharField(_("class"), max_length=12, choices=Class.choices, default=Class.MEMBER)
    status = models.CharField(_("status"), max_length=10, choices=Status.choices, default=Status.APPLIED)
    decision_body = models.CharField(_("governing body that decided"), max_length=200, blank=True)
    decision_date = models.DateField(_("date of the decision"), null=True, blank=True)
    decision_reference = models.CharField(_("reference of the decision"), max_length=100, blank=True)
    since = models.DateField(_("member since"), null=True, blank=True)

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")

    def __str__(self):
        return f"{self.authority}: {self.get_status_display()}"


class Seat(models.Model):
    """A person's role at an authority, from one day to another."""

    class Role(models.TextChoices):
        REPRESENTATIVE = "representative", _("Representative")
        DEPUTY = "deputy", _("Deputy representative")
        CONTRIBUTOR = "contributor", _("Contributor")

    authority = models.ForeignKey(
        Authority, on_delete=models.CASCADE, related_name="seats", verbose_name=_("authority")
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="seats", verbose_name=_("person")
    )
    role = models.CharField(_("role"), max_length=15, choices=Role.choices)
    start = models.DateField(_("from"), default=today)
    end = models.DateField(_("until"), null=True, blank=True)

    objects = CurrentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["authority", "user", "role"], condition=Q(end__isnull=True), name="seat_open_once"
            ),
            models.CheckConstraint(condition=Q(end__isnull=True) | Q(end__gte=F("start")), name="seat_dates"),
        ]
        verbose_name = _("seat")
        verbose_name_plural = _("seats")

    def __str__(self):
        return f"{self.user}, {self.get_role_display()}"


class Representation(models.Model):
    """A coordinating authority that may act for another, within scopes and between two dates."""

    class Scope(models.TextChoices):
        PROFILE = "profile", _("profile")
        FICHES = "fiches", _("fiches")
        ANSWERS = "answers", _("answers")
        REPORTS = "reports", _("reports")

    class Status(models.TextChoices):
        CLAIMED = "claimed", pgettext_lazy("representation status", "Claimed")
        CONFIRMED = "confirmed", pgettext_lazy("representation status", "Confirmed")
        GRANTED = "granted", pgettext_lazy("representation status", "Granted")
        ENDED = "ended", pgettext_lazy("representation status", "Ended")

    IN_FORCE = (Status.CONFIRMED, Status.GRANTED)

    coordinator = models.ForeignKey(
        Authority, on_delete=models.CASCADE, related_name="represents", verbose_name=_("represented by")
    )
    authority = models.ForeignKey(
        Authority, on_delete=models.CASCADE, related_name="represented_by", verbose_name=_("authority")
    )
    status = models.CharField(_("status"), max_length=10, choices=Status.choices, default=Status.CLAIMED)
    scopes = ArrayField(
        models.CharField(max_length=10, choices=Scope.choices), verbose_name=_("scopes"), default=list, blank=True
    )
    basis = models.TextField(_("basis"), blank=True)
    start = models.DateField(_("from"), default=today)
    end = models.DateField(_("until"), null=True, blank=True)

    objects = CurrentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["coordinator", "authority"], condition=Q(end__isnull=True), name="representation_open_once"
            ),
            models.CheckConstraint(condition=~Q(coordinator=F("authority")), name="representation_of_another"),
            models.CheckConstraint(condition=Q(end__isnull=True) | Q(end__gte=F("start")), name="representation_dates"),
        ]
        verbose_name = _("representation")
        verbose_name_plural = _("representations")

    def __str__(self):
        return f"{self.coordinator} → {self.authority}"
