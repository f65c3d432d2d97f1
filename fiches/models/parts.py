from django.conf import settings
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import history
from accounts.uploads import storage_path
from translations import corpus

from ..vocabularies import EvidenceType, Licence, Unit


class Section(models.Model):
    """One passage of a fiche: a required or optional heading of its kind, or one of three steps."""

    fiche = models.ForeignKey("fiches.Fiche", on_delete=models.CASCADE, related_name="sections")
    name = models.CharField(_("section"), max_length=20)
    position = models.PositiveSmallIntegerField(_("position"), default=1)
    text = models.TextField(_("text"), max_length=settings.SECTION_MAX_LENGTH, blank=True)

    class Meta:
        ordering = ["name", "position"]
        constraints = [models.UniqueConstraint(fields=["fiche", "name", "position"], name="section_once")]
        verbose_name = _("section")
        verbose_name_plural = _("sections")

    def __str__(self):
        return f"{self.name} {self.position}"


class Source(models.Model):
    """A public page or document on which a fiche rests."""

    fiche = models.ForeignKey("fiches.Fiche", on_delete=models.CASCADE, related_name="sources")
    title = models.CharField(_("title"), max_length=300)
    url = models.URLField(_("web address"), max_length=500, blank=True)
    publisher = models.CharField(_("publisher"), max_length=200, blank=True)
    date = models.CharField(_("date"), max_length=10, blank=True)  # ISO 8601, to the day, month or year
    position = models.PositiveSmallIntegerField(_("position"), default=1)

    class Meta:
        ordering = ["position", "pk"]
        verbose_name = _("source")
        verbose_name_plural = _("sources")

    def __str__(self):
        return self.title


class Result(models.Model):
    """One figure that a fiche reports: what was counted, before and after, when and by whom."""

    fiche = models.ForeignKey("fiches.Fiche", on_delete=models.CASCADE, related_name="results")
    position = models.PositiveSmallIntegerField(_("position"), default=1)
    indicator = models.CharField(_("indicator"), max_length=200)
    unit = models.CharField(_("unit"), max_length=10, choices=Unit.choices, default=Unit.NUMBER)
    baseline = models.DecimalField(_("before"), max_digits=14, decimal_places=2, null=True, blank=True)
    value = models.DecimalField(_("after"), max_digits=14, decimal_places=2)
    year = models.PositiveSmallIntegerField(_("year"), null=True, blank=True)
    source_url = models.URLField(_("source"), max_length=500, blank=True)
    evidence_type = models.CharField(_("evidence"), max_length=15, choices=EvidenceType.choices, blank=True)
    note = models.CharField(_("note"), max_length=200, blank=True)

    class Meta:
        ordering = ["position", "pk"]
        verbose_name = _("result")
        verbose_name_plural = _("results")

    def __str__(self):
        return self.indicator


class Attachment(models.Model):
    """A file that belongs to a fiche, with its language and licence."""

    fiche = models.ForeignKey("fiches.Fiche", on_delete=models.CASCADE, related_name="attachments")
    file = models.FileField(_("file"), upload_to=storage_path, max_length=200)
    filename = models.CharField(_("file name"), max_length=200)
    title = models.CharField(_("title"), max_length=200)
    language = models.CharField(_("language of the file"), max_length=2, choices=settings.LANGUAGES)
    licence = models.CharField(_("licence"), max_length=12, choices=Licence.choices, default=Licence.CC_BY_4)
    rights_declared = models.BooleanField(_("I may share this file"), default=False)
    media_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField()  # bytes
    sha256 = models.CharField(max_length=64)
    scanned = models.BooleanField(default=False)
    uploaded_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["pk"]
        verbose_name = _("attachment")
        verbose_name_plural = _("attachments")

    def __str__(self):
        return self.title


class FicheVersion(models.Model):
    """A state of a published fiche that a later approved revision replaced, in all its languages."""

    fiche = models.ForeignKey("fiches.Fiche", on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveSmallIntegerField(_("version"))
    data = models.JSONField()
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    withheld_at = models.DateTimeField(null=True, blank=True, editable=False)  # by a coordinator: nobody reads it

    class Meta:
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["fiche", "number"], name="fiche_version_once")]
        verbose_name = _("version of a fiche")
        verbose_name_plural = _("versions of fiches")

    def __str__(self):
        return f"{self.fiche} v{self.number}"

    def withhold(self, *, by, note="", **said):
        """Let nobody read it any more, for a reason: it names what must not be public."""
        note = f"v{self.number}: {note}" if note else f"v{self.number}"
        return self._set_withheld(timezone.now(), "withhold_version", by=by, note=note, **said)

    def show_again(self, *, by):
        """Undo withhold()."""
        return self._set_withheld(None, "show_version", by=by, note=f"v{self.number}")

    @transaction.atomic
    def _set_withheld(self, at, verb: str, **said):
        if not FicheVersion.objects.filter(pk=self.pk, withheld_at__isnull=at is not None).update(withheld_at=at):
            raise history.LostRace(self.fiche, verb, self.fiche.status)
        self.withheld_at = at
        corpus.bump()
        return history.record(self.fiche, verb, **said)


class Opinion(models.Model):
    """What a named reader of the source language thinks of one submission, asked by a coordinator."""

    fiche = models.ForeignKey("fiches.Fiche", on_delete=models.CASCADE, related_name="opinions")
    reader = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="opinions")
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    question = models.TextField(_("question"), max_length=1000, blank=True)
    text = models.TextField(_("opinion"), max_length=5000, blank=True)
    asked_at = models.DateTimeField(auto_now_add=True)
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["asked_at"]
        constraints = [models.UniqueConstraint(fields=["fiche", "reader"], name="opinion_once")]
        verbose_name = _("opinion")
        verbose_name_plural = _("opinions")

    def __str__(self):
        return f"{self.reader}: {self.fiche}"


class ReferenceCounter(models.Model):
    """The last number given out in one year, for references such as CLV-2026-0042."""

    year = models.PositiveSmallIntegerField(primary_key=True)
    last = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("counter of references")
        verbose_name_plural = _("counters of references")

    def __str__(self):
        return f"CLV-{self.year}-{self.last:04}"

    @classmethod
    def next(cls, year: int) -> str:
        """The next reference of `year`; the row stays locked until the transaction ends, so no number is lost."""
        cls.objects.bulk_create([cls(year=year)], ignore_conflicts=True)
        counter = cls.objects.select_for_update().get(year=year)
        counter.last += 1
        counter.save(update_fields=["last"])
        return str(counter)
