from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Reason(models.Model):
    """Why a moderator decided so: a sentence that the person concerned reads in their own language."""

    verb = models.CharField(
        _("for the decision"),
        max_length=30,
        choices=[
            ("request_changes", _("request changes")),
            ("reject", _("reject")),
            ("archive", _("archive")),
            ("take_down", _("take down")),
            ("decline_application", _("decline an application")),
            ("refuse_representation", _("refuse a representation")),
            ("refuse_signed_copy", _("refuse a signed copy")),
            ("take_back_memorandum", _("take back the text of a memorandum")),
            ("end_membership", _("end a membership")),
        ],
    )
    key = models.SlugField(_("key"), max_length=40, unique=True)
    text = models.CharField(_("text"), max_length=300)
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    active = models.BooleanField(_("offered"), default=True)

    class Meta:
        ordering = ["verb", "position", "key"]
        verbose_name = _("moderation reason")
        verbose_name_plural = _("moderation reasons")

    def __str__(self):
        return self.text


class EventQuerySet(models.QuerySet):
    def of(self, obj):
        """Everything that happened to `obj`, oldest first."""
        content_type = ContentType.objects.get_for_model(obj)
        return self.filter(content_type=content_type, object_id=obj.pk).order_by("at", "pk")

    def of_each(self, rows) -> dict[int, list]:
        """Primary key → everything that happened to that one of `rows` (a queryset), oldest first; one statement."""
        content_type = ContentType.objects.get_for_model(rows.model)
        found = {row.pk: [] for row in rows}
        events = self.filter(content_type=content_type, object_id__in=found).order_by("at", "pk")
        for event in events.select_related("by", "reason", "on_behalf_of"):
            found[event.object_id].append(event)
        return found


class Event(models.Model):
    """One thing that was done: to what, from which state to which, by whom and why."""

    content_type = models.ForeignKey(ContentType, on_delete=models.PROTECT)
    object_id = models.PositiveBigIntegerField()
    object = GenericForeignKey()
    verb = models.CharField(_("verb"), max_length=40)
    from_state = models.CharField(pgettext_lazy("state", "from"), max_length=30, blank=True)
    to_state = models.CharField(pgettext_lazy("state", "to"), max_length=30, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="events",
        verbose_name=pgettext_lazy("person", "by"),
    )
    # The one key that points up the import ladder: named as such in CONTRIBUTING.
    on_behalf_of = models.ForeignKey(
        "network.Authority",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("on behalf of"),
    )
    reason = models.ForeignKey(
        Reason, on_delete=models.PROTECT, null=True, blank=True, related_name="events", verbose_name=_("reason")
    )
    note = models.TextField(_("note"), blank=True)
    note_language = models.CharField(_("language of the note"), max_length=2, choices=settings.LANGUAGES, blank=True)
    internal = models.BooleanField(_("for coordinators only"), default=False)
    at = models.DateTimeField(pgettext_lazy("time", "at"), default=timezone.now)

    objects = EventQuerySet.as_manager()

    class Meta:
        ordering = ["at", "pk"]
        indexes = [models.Index(fields=["content_type", "object_id", "at"]), models.Index(fields=["by", "verb", "at"])]
        verbose_name = _("event")
        verbose_name_plural = _("events")

    def __str__(self):
        return f"{self.verb}: {self.from_state} → {self.to_state}"
