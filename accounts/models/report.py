from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from .. import history, notifications


class ProblemReport(models.Model):
    """What a reader reports about any page: content that is wrong or unlawful, or a barrier to access."""

    class Kind(models.TextChoices):
        CONTENT = "content", _("The content is wrong")
        UNLAWFUL = "unlawful", _("The content is unlawful or hurts somebody’s rights")
        PERSONAL = "personal", _("Personal data are shown")
        ACCESSIBILITY = "accessibility", _("I cannot read or use the page")
        LANGUAGE = "language", _("The language or the translation is wrong")
        OTHER = "other", _("Something else")

    class Status(models.TextChoices):
        OPEN = "open", pgettext_lazy("report status", "Open")
        RESOLVED = "resolved", pgettext_lazy("report status", "Resolved")
        DISMISSED = "dismissed", pgettext_lazy("report status", "No action needed")

    TRANSITIONS = {
        Status.OPEN: {Status.RESOLVED, Status.DISMISSED},
        Status.RESOLVED: {Status.OPEN},
        Status.DISMISSED: {Status.OPEN},
    }

    path = models.CharField(_("page"), max_length=500)
    kind = models.CharField(_("what is wrong"), max_length=20, choices=Kind.choices)
    text = models.TextField(_("description"), max_length=3000)
    email = models.EmailField(_("your e-mail address"), blank=True)
    language = models.CharField(_("language"), max_length=2, choices=settings.LANGUAGES)
    reporter = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="reports"
    )
    status = models.CharField(_("status"), max_length=10, choices=Status.choices, default=Status.OPEN)
    content_type = models.ForeignKey(ContentType, on_delete=models.SET_NULL, null=True, blank=True)
    object_id = models.PositiveBigIntegerField(null=True, blank=True)
    object = GenericForeignKey()
    address_hash = models.CharField(max_length=64, blank=True)
    created_at = models.DateTimeField(_("received"), auto_now_add=True)

    class Meta:
        ordering = ["created_at"]
        verbose_name = _("problem report")
        verbose_name_plural = _("problem reports")

    def __str__(self):
        return f"{self.get_kind_display()}: {self.path}"

    def close(self, status, *, by, answer="", answer_language=""):
        """Say what became of it: resolved or dismissed; whoever left an address gets the answer by mail."""

        def tell(event):
            if address := self.email or (self.reporter.email if self.reporter else ""):
                notifications.tell(
                    "report_resolved",
                    self,
                    key=f"event:{event.pk}",
                    address=address,
                    language=self.language,
                    data={"event": event.pk},
                )

        verb = "resolve" if status == self.Status.RESOLVED else "dismiss"
        language = answer_language if answer else ""
        return history.move(self, status, verb=verb, by=by, then=tell, note=answer, note_language=language)
