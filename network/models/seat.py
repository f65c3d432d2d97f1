from django.conf import settings
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


class SeatQuerySet(CurrentQuerySet):
    def of_representatives(self):
        """Seats of representatives and their deputies, who sign, invite and decide for the authority."""
        return self.current().filter(role__in=[Seat.Role.REPRESENTATIVE, Seat.Role.DEPUTY])

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
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="seats", verbose_name=_("person")
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
