from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Translation(models.Model):
    """How far one text (a fiche with its sections, results and attachments) is translated into one language."""

    class Status(models.TextChoices):
        MISSING = "missing", pgettext_lazy("translation status", "Missing")
        DRAFT = "draft", pgettext_lazy("translation status", "Draft")
        MACHINE_DRAFT = "machine_draft", pgettext_lazy("translation status", "Machine draft")
        IN_REVIEW = "in_review", pgettext_lazy("translation status", "In review")
        REVIEWED = "reviewed", pgettext_lazy("translation status", "Human-reviewed")

    class Method(models.TextChoices):
        HUMAN = "human", _("Written by a person")
        MACHINE = "machine", _("Machine translation")
        IMPORTED = "imported", _("Imported from a file")

    TRANSITIONS = {
        Status.MISSING: {Status.DRAFT, Status.MACHINE_DRAFT},
        Status.DRAFT: {Status.IN_REVIEW, Status.REVIEWED},
        Status.MACHINE_DRAFT: {Status.DRAFT, Status.IN_REVIEW},
        Status.IN_REVIEW: {Status.DRAFT, Status.REVIEWED},
        Status.REVIEWED: {Status.DRAFT, Status.MACHINE_DRAFT},
    }

    content_type = models.ForeignKey(ContentType, on_delete=models.CASCADE)
    object_id = models.PositiveBigIntegerField()
    object = GenericForeignKey()
    language = models.CharField(_("language"), max_length=2, choices=settings.LANGUAGES)
    status = models.CharField(_("status"), max_length=15, choices=Status.choices, default=Status.MISSING)
    texts = models.JSONField(_("work in progress"), default=dict, blank=True)  # key, e.g. "section:12:text" → text
    version = models.PositiveIntegerField(_("version"), default=0)
    # key → fingerprint of the source text that the released text translates
    fingerprints = models.JSONField(default=dict, blank=True)
    dismissed = models.JSONField(default=dict, blank=True)  # key → fingerprint of a trivial change
    released_at = models.DateTimeField(_("released"), null=True, blank=True)
    method = models.CharField(_("made by"), max_length=10, choices=Method.choices, blank=True)
    engine = models.CharField(_("engine"), max_length=60, blank=True)
    translator = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="translations"
    )
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="reviewed_translations"
    )
    reviewed_at = models.DateTimeField(_("reviewed"), null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["content_type", "object_id", "language"], name="translation_once")
        ]
        indexes = [models.Index(fields=["content_type", "language", "-released_at"], name="translation_last_released")]
        verbose_name = _("translation")
        verbose_name_plural = _("translations")

    def __str__(self):
        return f"{self.object} ({self.language})"

    def is_outdated(self, source_fingerprints: dict[str, str]) -> bool:
        """Whether a source text differs from the one translated, trivial changes that were dismissed apart."""
        return any(
            source_fingerprints.get(key) not in (fingerprint, self.dismissed.get(key))
            for key, fingerprint in self.fingerprints.items()
        )


class Edition(models.Model):
    """What a reader of one language is shown of one object: text and notices, made when it changes."""

    class State(models.TextChoices):
        ORIGINAL = "original", pgettext_lazy("translation status", "Original")
        REVIEWED = "reviewed", pgettext_lazy("translation status", "Human-reviewed")
        OWN = "own", pgettext_lazy("translation status", "Written by a person, not reviewed")
        MACHINE = "machine", pgettext_lazy("translation status", "Machine draft")
        PARTIAL = "partial", _("Title and summary only")
        FALLBACK = "fallback", _("In another language")

    content_type = models.ForeignKey(ContentType, on_delete=models.CASCADE)
    object_id = models.PositiveBigIntegerField()
    object = GenericForeignKey()
    language = models.CharField(max_length=2, choices=settings.LANGUAGES)  # of the interface
    title_language = models.CharField(max_length=2, choices=settings.LANGUAGES)  # of title and summary
    shown_language = models.CharField(max_length=2, choices=settings.LANGUAGES)  # of the body
    state = models.CharField(max_length=10, choices=State.choices)
    outdated = models.BooleanField(default=False)
    title = models.CharField(max_length=200)
    summary = models.TextField(blank=True)
    card_html = models.TextField(blank=True)
    body_html = models.TextField(blank=True)
    plain = models.TextField(blank=True)  # the body without markup, in shown_language
    names = models.TextField(blank=True)  # of tags, themes and the authority, in `language`
    sort_key = models.TextField(blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["content_type", "object_id", "language"], name="edition_once")]
        verbose_name = _("edition")
        verbose_name_plural = _("editions")

    def __str__(self):
        return f"{self.title} ({self.language})"


class SearchText(models.Model):
    """What a search looks at in one Edition: a narrow row, so that the rows of thousands of hits lie close together."""

    edition = models.OneToOneField(Edition, on_delete=models.CASCADE, primary_key=True, related_name="search_text")
    content_type = models.ForeignKey(ContentType, on_delete=models.CASCADE, db_index=False)
    object_id = models.PositiveBigIntegerField()
    language = models.CharField(max_length=2, choices=settings.LANGUAGES)  # of the interface
    in_language = models.BooleanField()  # whether the body is shown in it
    head = SearchVectorField(null=True)  # title and summary: what hits are ranked by
    document = SearchVectorField(null=True)

    class Meta:
        verbose_name = _("text that is searched")
        verbose_name_plural = _("texts that are searched")

    def __str__(self):
        return str(self.edition)


class Corpus(models.Model):
    """The version of everything public: it grows with each change, and cached pages of an older one are void."""

    version = models.PositiveBigIntegerField(default=1)

    class Meta:
        verbose_name = _("corpus version")
        verbose_name_plural = _("corpus versions")

    def __str__(self):
        return str(self.version)
