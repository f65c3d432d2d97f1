"""The texts from which memoranda are made."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts import history

from ..memorandum import memorandum_text


class MemorandumTemplate(models.Model):
    """One version of the text from which memoranda are made; nobody signs it before a lawyer has read it."""

    number = models.PositiveSmallIntegerField(_("version"), unique=True)
    dated = models.DateField(_("date"))
    text = models.TextField(_("text"))  # Markdown with {{variables}}: memoranda.VARIABLES
    reviewed_on = models.DateField(_("reviewed by a lawyer on"), null=True, blank=True)
    reviewer = models.CharField(_("lawyer who reviewed it"), max_length=200, blank=True)
    review_note = models.TextField(_("note on the review"), max_length=2000, blank=True)

    class Meta:
        ordering = ["-number"]
        verbose_name = _("template of the memorandum")
        verbose_name_plural = _("templates of the memorandum")

    def __str__(self):
        return f"{self.number} ({self.dated})"

    def clean(self):
        """Each text uses the variables of the closed list, all of them and no other."""
        errors = {}
        for code in settings.LANGUAGE_CODES:
            if text := getattr(self, f"text_{code}"):
                wrong = memorandum_text.check(text)
                said = [_("These variables are unknown: %(names)s") % {"names": ", ".join(wrong.unknown)}] * bool(
                    wrong.unknown
                )
                said += [_("These variables are missing: %(names)s") % {"names": ", ".join(wrong.missing)}] * bool(
                    wrong.missing
                )
                if said:
                    errors[f"text_{code}"] = said
        if errors:
            raise ValidationError(errors)

    def can_be_reviewed_by(self, user) -> bool:
        """Whether this coordinator may record that a lawyer has read it; once is enough."""
        return user.is_coordinator and self.reviewed_on is None

    def record_review(self, *, by, on, reviewer: str, note=""):
        """A lawyer has read it: from now on its memoranda may be signed outside the demonstration."""
        changes = {"reviewed_on": on, "reviewer": reviewer, "review_note": note}
        return history.record(self, "record_review", by=by, changes=changes)
