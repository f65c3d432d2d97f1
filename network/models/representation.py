from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.workdays import today

from ..representation import representing
from .authority import Authority
from .seat import CurrentQuerySet, Seat


class RepresentationQuerySet(CurrentQuerySet):
    def in_force(self):
        """What a coordinator has confirmed or the authority granted, between its two dates."""
        return self.current().filter(status__in=Representation.IN_FORCE)

    def acting(self):
        """What counts today: in force, and of somebody in the network; who has left acts for nobody."""
        return self.in_force().filter(coordinator__membership__status__in=representing.IN_THE_NETWORK)

    def visible_to(self, user):
        """By what somebody acts today is public; the rest is for the two sides and for coordinators."""
        public = Q(pk__in=type(self)(self.model, using=self._db).acting().values("pk"))
        public &= Q(authority__hidden=False, coordinator__hidden=False)
        if user is None or not user.is_authenticated:
            return self.filter(public)
        if user.is_coordinator:
            return self
        theirs = Seat.objects.current().filter(user=user).values("authority")
        return self.filter(public | Q(coordinator__in=theirs) | Q(authority__in=theirs))


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
    BY_COORDINATORS = [Scope.PROFILE, Scope.FICHES]  # scopes that come with a confirmation
    BY_THE_AUTHORITY = [Scope.ANSWERS, Scope.REPORTS]  # scopes that only the authority itself can give
    TRANSITIONS = {
        Status.CLAIMED: {Status.CONFIRMED, Status.ENDED},
        Status.CONFIRMED: {Status.GRANTED, Status.ENDED},
        Status.GRANTED: {Status.CONFIRMED, Status.ENDED},
        Status.ENDED: set(),
    }

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
    scopes_asked = ArrayField(
        models.CharField(max_length=10, choices=Scope.choices),
        verbose_name=_("scopes asked for"),
        default=list,
        blank=True,
    )
    basis = models.TextField(
        _("basis"), max_length=1000, blank=True
    )  # e.g. membership of the association, its statutes
    basis_url = models.URLField(_("source of the list"), max_length=500, blank=True)
    basis_date = models.DateField(_("date of the list"), null=True, blank=True)
    language = models.CharField(_("language of the basis"), max_length=2, choices=settings.LANGUAGES, default="en")
    claimed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="claims"
    )
    claimed_at = models.DateTimeField(_("claimed"), default=timezone.now)
    start = models.DateField(_("from"), default=today)
    end = models.DateField(_("until"), null=True, blank=True)
    demonstration = models.BooleanField(_("demonstration"), default=False)

    objects = RepresentationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["coordinator", "authority"],
                condition=~Q(status="ended"),
                name="representation_open_once",
            ),
            models.CheckConstraint(condition=~Q(coordinator=F("authority")), name="representation_of_another"),
            models.CheckConstraint(condition=Q(end__isnull=True) | Q(end__gte=F("start")), name="representation_dates"),
        ]
        verbose_name = _("representation")
        verbose_name_plural = _("representations")

    def __str__(self):
        return f"{self.coordinator} → {self.authority}"

    @property
    def is_in_force(self) -> bool:
        """Whether the coordinating authority may act today."""
        day = today()
        return self.status in self.IN_FORCE and self.start <= day and (self.end is None or self.end >= day)

    # What may be done with it

    def can_be_confirmed_by(self, user) -> bool:
        """A CLAVET coordinator without a seat at either side; they may refuse it too."""
        return self.status == self.Status.CLAIMED and self._is_judged_by(user)

    def can_be_ended_by(self, user) -> bool:
        """The Euroregion, which may also take a claim back; and coordinators."""
        theirs = representing.manages(self.coordinator, user)
        return self.status != self.Status.ENDED and (theirs or self._is_judged_by(user))

    def _is_judged_by(self, user) -> bool:
        own = [self.coordinator_id, self.authority_id]
        return (
            user.is_authenticated
            and user.is_coordinator
            and not Seat.objects.lately().filter(user=user, authority__in=own).exists()
        )

    def can_be_asked_for_by(self, user) -> bool:
        """The Euroregion may ask for more scopes, and renew it."""
        return self.status in self.IN_FORCE and representing.can_claim(self.coordinator, user)

    def can_be_granted_by(self, user) -> bool:
        """The authority’s representative gives scopes and takes them back."""
        return self.status in self.IN_FORCE and representing.manages(self.authority, user)

    def can_be_revoked_by(self, user) -> bool:
        return self.status != self.Status.ENDED and representing.manages(self.authority, user)

    def can_be_objected_to_by(self, user) -> bool:
        """The authority’s representative says that it never agreed; its official mailbox needs no account."""
        return self.status in self.IN_FORCE and representing.manages(self.authority, user)

    # Moves: one verb each. `said`: reason (accounts.Reason), note, note_language.

    def confirm(self, *, by, **said):
        return representing.confirm(self, by=by, **said)

    def refuse(self, *, by, **said):
        return representing.refuse(self, by=by, **said)

    def ask_for_scopes(self, scopes, *, by):
        return representing.ask_for_scopes(self, scopes, by=by)

    def set_scopes(self, scopes, *, by, **said):
        """Grant more scopes, or take some back."""
        return representing.set_scopes(self, scopes, by=by, **said)

    def object(self, **said):
        return representing.object(self, **said)

    def revoke(self, *, by, **said):
        return representing.revoke(self, by=by, **said)

    def end_it(self, *, by, **said):
        """`end` is a column."""
        return representing.end(self, by=by, **said)

    def renew(self, *, by, **facts):
        return representing.renew(self, by=by, **facts)

    def expire(self):
        return representing.expire(self)
