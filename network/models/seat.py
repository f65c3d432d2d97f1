from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts import history
from accounts.workdays import today

from .. import asking, holding, invitations
from .authority import Authority


class CurrentQuerySet(models.QuerySet):
    def current(self):
        """Rows in force today: begun, and not yet ended."""
        day = today()
        return self.filter(start__lte=day).filter(Q(end__isnull=True) | Q(end__gte=day))


class SeatQuerySet(CurrentQuerySet):
    def of_representatives(self):
        """Seats of representatives and their deputies, who sign, invite and decide for the authority."""
        return self.current().filter(role__in=[Seat.Role.REPRESENTATIVE, Seat.Role.DEPUTY])

    def lately(self):
        """Seats that are held today or were until lately (OWN_AFTER_SEAT): their holders judge nothing there."""
        return self.filter(Q(end__isnull=True) | Q(end__gte=today() - settings.OWN_AFTER_SEAT))

    def alive(self):
        """Of these, the seats without an end whose holders can be reached: with one of them an authority acts."""
        return self.of_representatives().filter(end=None, user__is_active=True, user__mail_bounced_at=None)

    def visible_to(self, user):
        """One's own, those at the authorities where one sits, and for coordinators all."""
        if user is None or not user.is_authenticated:
            return self.none()
        if user.is_coordinator:
            return self
        return self.filter(Q(user=user) | Q(authority__in=Seat.objects.current().filter(user=user).values("authority")))

    def that_accept(self):
        """Seats from which a person accepts documents for an authority in the network."""
        return self.of_representatives().filter(authority__membership__status__in=["active", "on_hold"])


class Seat(models.Model):
    """A person's role at an authority, from one day to another."""

    class Role(models.TextChoices):
        REPRESENTATIVE = "representative", _("Representative")
        DEPUTY = "deputy", _("Deputy representative")
        CONTRIBUTOR = "contributor", _("Contributor")

    authority = models.ForeignKey(
        Authority, on_delete=models.CASCADE, related_name="seats", verbose_name=_("authority")
    )
    # Who sat where is kept, and with it who signed and accepted from that seat: such an account is closed, not deleted.
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="seats", verbose_name=_("person")
    )
    role = models.CharField(_("role"), max_length=15, choices=Role.choices)
    title = models.CharField(_("office"), max_length=120, blank=True)  # e.g. head of the education department
    start = models.DateField(_("from"), default=today)
    end = models.DateField(_("until"), null=True, blank=True)
    confirmed_on = models.DateField(_("last confirmed"), default=today)

    objects = SeatQuerySet.as_manager()

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

    def delete(self, *args, **kwargs):
        """Seats are ended, not deleted; where one is deleted all the same, the last representative stays."""
        with transaction.atomic():
            holding.locked(self.authority)
            if holding.is_last(self):
                raise ValidationError(holding.LAST, code="last_representative")
            return super().delete(*args, **kwargs)

    @property
    def is_current(self) -> bool:
        day = today()
        return self.start <= day and (self.end is None or self.end >= day)

    # Who may

    def can_be_managed_by(self, user) -> bool:
        """Whether `user` may give another role: a representative or deputy of the authority."""
        return self.is_current and self.authority.seats.of_representatives().filter(user=user).exists()

    def can_be_ended_by(self, user) -> bool:
        """One's own seat; as representative or deputy anybody's."""
        return self.is_current and (self.user_id == user.pk or self.can_be_managed_by(user))

    def can_be_handed_over_by(self, user) -> bool:
        """Representatives and deputies hand over their own seat or a contributor's."""
        return self.can_be_managed_by(user) and (self.user_id == user.pk or self.role == self.Role.CONTRIBUTOR)

    def can_be_moderated_by(self, user) -> bool:
        """Coordinators decide on seats of authorities where they hold none."""
        return user.is_coordinator and not self.authority.was_lately_of(user)

    # Verbs

    def change_role(self, role: str, *, by) -> bool:
        return holding.change_role(self, role, by=by)

    def finish(self, *, by, moderated: bool = False, **said) -> bool:
        return holding.finish(self, by=by, moderated=moderated, **said)

    def colleagues(self):
        """The other people with a seat there today who may take it over."""
        rows = self.authority.seats.current().filter(end=None, user__is_active=True)
        return rows.exclude(user=self.user_id).select_related("user").order_by("user__name", "pk")

    def hand_over_to(self, colleague, *, with_role: bool, by) -> int:
        return holding.hand_over_to(self, colleague, with_role=with_role, by=by)

    def confirm(self, *, by) -> None:
        holding.confirm(self, by=by)


class SeatInvitationQuerySet(models.QuerySet):
    def waiting(self):
        """Neither used nor withdrawn; some may have expired, and can be sent anew."""
        return self.filter(accepted_at=None, withdrawn_at=None)

    def visible_to(self, user):
        """For the representatives of the authority and for coordinators."""
        if user is None or not user.is_authenticated:
            return self.none()
        if user.is_coordinator:
            return self
        return self.filter(authority__in=Seat.objects.of_representatives().filter(user=user).values("authority"))

    def offered_to(self, user):
        """What this person may take now: invitations to an address that they have proven to be theirs."""
        proven = [email.lower() for email in _proven(user)]
        return self.waiting().filter(email__in=proven, expires_at__gt=timezone.now())


def _proven(user):
    return user.emailaddress_set.filter(verified=True).values_list("email", flat=True)


class SeatInvitation(models.Model):
    """An offer of a seat to a mail address, by a link that expires; the link is signed and holds the key of this row."""

    authority = models.ForeignKey(
        Authority, on_delete=models.CASCADE, related_name="invitations", verbose_name=_("authority")
    )
    email = models.EmailField(_("e-mail address"))
    name = models.CharField(_("name"), max_length=120, blank=True)
    role = models.CharField(_("role"), max_length=15, choices=Seat.Role.choices)
    language = models.CharField(_("language"), max_length=2, choices=settings.LANGUAGES)
    replaces = models.ForeignKey(
        Seat, on_delete=models.SET_NULL, null=True, blank=True, related_name="successors", verbose_name=_("hands over")
    )  # the seat that ends, with its drafts handed over, when the invitation is accepted
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="seat_invitations"
    )
    invited_at = models.DateTimeField(_("invited"), auto_now_add=True)
    expires_at = models.DateTimeField(_("valid until"))
    accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    accepted_at = models.DateTimeField(_("accepted"), null=True, blank=True)
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, blank=True)

    objects = SeatInvitationQuerySet.as_manager()

    class Meta:
        ordering = ["-invited_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["authority", "email", "role"],
                condition=Q(accepted_at__isnull=True, withdrawn_at__isnull=True),
                name="invitation_open_once",
            )
        ]
        verbose_name = _("invitation to a seat")
        verbose_name_plural = _("invitations to seats")

    def __str__(self):
        return f"{self.email} → {self.authority}"

    @property
    def has_expired(self) -> bool:
        return self.expires_at <= timezone.now()

    @property
    def is_open(self) -> bool:
        return not (self.accepted_at or self.withdrawn_at or self.has_expired)

    def is_for(self, user) -> bool:
        return invitations.is_for(self, user)

    def can_be_withdrawn_by(self, user) -> bool:
        waits = not (self.accepted_at or self.withdrawn_at)
        return waits and self.authority.seats.of_representatives().filter(user=user).exists()

    def can_be_moderated_by(self, user) -> bool:
        """Coordinators decide on invitations of authorities where they hold no seat."""
        return user.is_coordinator and not self.authority.was_lately_of(user)

    def take(self, user):
        """The seat; None when somebody was faster or the invitation is no longer open."""
        return invitations.take(self, user)

    def withdraw(self, *, by) -> bool:
        return invitations.withdraw(self, by=by)


class SeatRequestQuerySet(models.QuerySet):
    def visible_to(self, user):
        """For who asked, the representatives, the Euroregion it was passed on to, and coordinators."""
        if user is None or not user.is_authenticated:
            return self.none()
        if user.is_coordinator:
            return self
        mine = Seat.objects.current().filter(user=user)
        links = Authority._meta.get_field("represented_by").related_model.objects.acting()
        links = links.filter(coordinator__in=mine.values("authority"))
        passed_on = Q(to_euroregion_at__isnull=False, authority__in=links.values("authority"))
        leading = Seat.objects.of_representatives().filter(user=user).values("authority")
        return self.filter(Q(user=user) | Q(authority__in=leading) | passed_on)

    def to_answer(self, user):
        """Open ones at the authorities where `user` is representative or deputy."""
        leading = Seat.objects.of_representatives().filter(user=user).values("authority")
        return self.filter(status=SeatRequest.Status.OPEN, authority__in=leading).exclude(user=user)


class SeatRequest(models.Model):
    """A registered person asks for a seat at an authority that is in the network already."""

    class Status(models.TextChoices):
        OPEN = "open", pgettext_lazy("seat request", "Open")
        ACCEPTED = "accepted", pgettext_lazy("seat request", "Accepted")
        DECLINED = "declined", pgettext_lazy("seat request", "Declined")
        WITHDRAWN = "withdrawn", pgettext_lazy("seat request", "Taken back")

    TRANSITIONS = {
        Status.OPEN: {Status.ACCEPTED, Status.DECLINED, Status.WITHDRAWN},
        Status.ACCEPTED: set(),
        Status.DECLINED: set(),
        Status.WITHDRAWN: set(),
    }

    authority = models.ForeignKey(
        Authority, on_delete=models.CASCADE, related_name="seat_requests", verbose_name=_("authority")
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="seat_requests", verbose_name=_("person")
    )
    role = models.CharField(_("role"), max_length=15, choices=Seat.Role.choices, default=Seat.Role.CONTRIBUTOR)
    message = models.TextField(_("message"), max_length=1000, blank=True)
    language = models.CharField(_("language"), max_length=2, choices=settings.LANGUAGES)
    status = models.CharField(_("status"), max_length=10, choices=Status.choices, default=Status.OPEN)
    asked_at = models.DateTimeField(_("asked"), auto_now_add=True)
    # Whom it was passed on to when nobody answered, and when.
    to_euroregion_at = models.DateTimeField(_("passed on to the Euroregion"), null=True, blank=True)
    to_coordinators_at = models.DateTimeField(_("passed on to the coordinators"), null=True, blank=True)

    objects = SeatRequestQuerySet.as_manager()

    class Meta:
        ordering = ["asked_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["authority", "user"], condition=Q(status="open"), name="seat_request_open_once"
            )
        ]
        verbose_name = _("request for a seat")
        verbose_name_plural = _("requests for seats")

    def __str__(self):
        return f"{self.user} → {self.authority}"

    # Who may

    def can_be_answered_by(self, user) -> bool:
        """Representatives and deputies of the authority, never on their own request."""
        if self.status != self.Status.OPEN or self.user_id == user.pk:
            return False
        return self.authority.seats.of_representatives().filter(user=user).exists()

    def can_be_withdrawn_by(self, user) -> bool:
        return self.status == self.Status.OPEN and self.user_id == user.pk

    def can_be_commented_by(self, user) -> bool:
        """Who sits at a Euroregion that it was passed on to, until the coordinators have it."""
        if self.status != self.Status.OPEN or not self.to_euroregion_at or self.to_coordinators_at:
            return False
        return any(
            link.coordinator.seats.current().filter(user=user).exists() for link in asking.euroregions(self.authority)
        )

    def can_be_moderated_by(self, user) -> bool:
        """Coordinators, once it was passed on to them, unless it is their own or their authority's."""
        if not (user.is_coordinator and self.to_coordinators_at) or self.user_id == user.pk:
            return False
        return not self.authority.was_lately_of(user)

    # Verbs

    def accept(self, *, by, role: str = "", **said):
        """Give the seat, in the role asked for or another one."""

        def seat(event):
            holding.give(self.authority, self.user, role or self.role, by=by, tell=False)
            asking.answered(self, "seat_given", event)

        with transaction.atomic():
            holding.locked(self.authority)
            return history.move(self, self.Status.ACCEPTED, verb="accept", by=by, then=seat, **said)

    def decline(self, *, by, **said):
        def tell(event):
            asking.answered(self, "seat_request_declined", event)

        return history.move(self, self.Status.DECLINED, verb="decline", by=by, then=tell, **said)

    def withdraw(self, *, by):
        return history.move(self, self.Status.WITHDRAWN, verb="withdraw", by=by)
