from django.conf import settings
from django.contrib.contenttypes.fields import GenericRelation
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models, transaction
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from taggit.managers import TaggableManager

from accounts import history
from accounts.models import Event
from network.countries import country_name, validate_country
from network.emails import recipients
from network.models import Authority, Region, Theme
from network.seats import is_member, may_act_for
from network.vocabularies import GovernanceLevel, PopulationBand
from translations import editions
from translations.models import Edition, Translation

from .. import addresses, derived, emails, rendering, revision, texts, verbs
from ..vocabularies import (
    CauseType,
    Condition,
    CostBand,
    Detail,
    DevelopmentStage,
    Disclosure,
    EvidenceStrength,
    FundingSource,
    Isced,
    Kind,
    Licence,
    Origin,
    PolicyStage,
    Status,
    TargetGroup,
    Vouched,
)
from .columns import LAST_CHANGE, several, year_field
from .parts import ReferenceCounter
from .queryset import FicheQuerySet


class Fiche(models.Model):
    """What one authority did, learned or can show in education and training, written so that another can act on it."""

    Status = Status
    TRANSITIONS = {
        Status.DRAFT: {Status.SUBMITTED},
        Status.SUBMITTED: {Status.DRAFT, Status.IN_REVIEW},
        Status.IN_REVIEW: {Status.PUBLISHED, Status.CHANGES_REQUESTED, Status.REJECTED},
        Status.CHANGES_REQUESTED: {Status.SUBMITTED},
        Status.REJECTED: {Status.DRAFT},
        Status.PUBLISHED: {Status.ARCHIVED},
        Status.ARCHIVED: {Status.PUBLISHED},
    }

    reference = models.CharField(_("reference"), max_length=20, unique=True, null=True, blank=True, editable=False)
    slug = models.SlugField(_("slug"), max_length=120, unique=True, null=True, blank=True, editable=False)
    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices)
    origin = models.CharField(_("origin"), max_length=10, choices=Origin.choices, default=Origin.SUBMITTED)
    status = models.CharField(_("status"), max_length=20, choices=Status.choices, default=Status.DRAFT)
    version = models.PositiveIntegerField(default=0, editable=False)  # grows with each saved edit
    revises = models.ForeignKey("self", on_delete=models.CASCADE, null=True, blank=True, related_name="revisions")
    source_language = models.CharField(_("source language"), max_length=2, choices=settings.LANGUAGES)
    title = models.CharField(_("title"), max_length=100)
    summary = models.TextField(_("summary"), max_length=300, blank=True)

    # Who
    authority = models.ForeignKey(
        Authority, on_delete=models.PROTECT, null=True, blank=True, related_name="fiches", verbose_name=_("authority")
    )
    authority_claimed = models.CharField(_("name of the authority"), max_length=200, blank=True)
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="fiches",
        verbose_name=_("submitted by"),
    )
    on_behalf_of = models.ForeignKey(
        Authority, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("on behalf of")
    )
    vouched = models.CharField(_("who vouches"), max_length=10, choices=Vouched.choices, default=Vouched.PERSON)

    # Where
    governance_level = models.CharField(
        _("governance level"), max_length=15, choices=GovernanceLevel.choices, blank=True
    )
    country = models.CharField(_("country"), max_length=2, validators=[validate_country], blank=True)
    other_countries = ArrayField(
        models.CharField(max_length=2, validators=[validate_country]), default=list, blank=True
    )
    region = models.ForeignKey(
        Region, on_delete=models.PROTECT, null=True, blank=True, related_name="fiches", verbose_name=_("region")
    )
    place = models.CharField(_("place"), max_length=100, blank=True)
    latitude = models.DecimalField(_("latitude"), max_digits=8, decimal_places=5, null=True, blank=True)
    longitude = models.DecimalField(_("longitude"), max_digits=8, decimal_places=5, null=True, blank=True)
    population_band = models.CharField(_("population"), max_length=15, choices=PopulationBand.choices, blank=True)

    # What
    policy_stages = several(PolicyStage, _("policy stages"))
    development_stage = models.CharField(
        _("development stage"), max_length=15, choices=DevelopmentStage.choices, blank=True
    )
    themes = models.ManyToManyField(Theme, related_name="fiches", verbose_name=_("themes"), blank=True)
    tags = TaggableManager(_("keywords"), blank=True)
    target_groups = several(TargetGroup, _("target groups"))
    isced_levels = several(Isced, _("ISCED levels"))
    eqf_levels = ArrayField(
        models.PositiveSmallIntegerField(validators=[MinValueValidator(1), MaxValueValidator(8)]),
        verbose_name=_("EQF levels"),
        default=list,
        blank=True,
    )
    start_year = year_field(_("start"))
    end_year = year_field(_("end"))
    ongoing = models.BooleanField(_("still running"), default=False)
    conditions = several(Condition, _("conditions"))
    cause_types = several(CauseType, _("types of cause"))
    not_documented = ArrayField(models.CharField(max_length=20), default=list, blank=True)  # section names

    # How much
    budget_amount = models.DecimalField(_("budget"), max_digits=14, decimal_places=2, null=True, blank=True)
    budget_currency = models.CharField(_("currency"), max_length=3, blank=True)
    budget_year = year_field(_("year of the budget"))
    budget_note = models.CharField(_("what the budget covers"), max_length=200, blank=True)
    cost_band = models.CharField(_("cost"), max_length=15, choices=CostBand.choices, blank=True)
    staff_fte = models.DecimalField(_("staff (full-time posts)"), max_digits=6, decimal_places=2, null=True, blank=True)
    months_to_set_up = models.PositiveSmallIntegerField(_("months to set up"), null=True, blank=True)
    funding_sources = several(FundingSource, _("funding"))
    quick_win = models.BooleanField(_("quick win"), default=False)
    evidence_strength = models.PositiveSmallIntegerField(
        _("strength of the evidence"), choices=EvidenceStrength.choices, null=True, blank=True
    )

    # On which terms
    licence = models.CharField(_("licence"), max_length=12, choices=Licence.choices, default=Licence.CC_BY_4)
    consent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", editable=False
    )
    consent_at = models.DateTimeField(null=True, blank=True, editable=False)
    disclosure = models.CharField(_("disclosure"), max_length=12, choices=Disclosure.choices, default=Disclosure.OPEN)
    disclosed = several(Detail, _("shown nevertheless"))
    embargo_until = models.DateField(_("not before"), null=True, blank=True)
    review_due = models.DateField(_("review due"), null=True, blank=True)
    last_verified = models.DateField(_("last checked"), null=True, blank=True)
    demonstration = models.BooleanField(_("demonstration"), default=False)

    # Derived: written by `fiches.derived.refresh`, compared with their origin by a test
    completeness = models.PositiveSmallIntegerField(default=0, editable=False)  # per cent
    available_languages = ArrayField(models.CharField(max_length=2), default=list, blank=True, editable=False)
    submitted_at = models.DateTimeField(null=True, blank=True, editable=False)
    published_at = models.DateTimeField(null=True, blank=True, editable=False)
    changed_at = models.DateTimeField(null=True, blank=True, editable=False)  # last change that the public can see

    read_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", editable=False
    )
    read_since = models.DateTimeField(null=True, blank=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    translations = GenericRelation(Translation)
    editions = GenericRelation(Edition)
    events = GenericRelation(Event)
    objects = FicheQuerySet.as_manager()

    class Meta:
        ordering = ["-published_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["revises"], name="fiche_one_revision"),
            models.CheckConstraint(
                condition=Q(revises__isnull=True) | (Q(reference__isnull=True) & Q(slug__isnull=True)),
                name="fiche_revision_has_no_address",
            ),
            models.CheckConstraint(
                condition=Q(end_year__isnull=True) | Q(start_year__isnull=True) | Q(end_year__gte=F("start_year")),
                name="fiche_years",
                violation_error_message=_("The end must not lie before the start."),
            ),
        ]
        indexes = [
            models.Index(fields=["-published_at", "-id"], condition=Q(status="published"), name="fiche_newest"),
            models.Index(LAST_CHANGE.desc(), F("id").desc(), condition=Q(status="published"), name="fiche_changed"),
            models.Index(fields=["status", "submitted_at"], name="fiche_queue"),
            models.Index(fields=["authority", "status"], name="fiche_of_authority"),
            GinIndex(fields=["target_groups"], name="fiche_target_groups"),
        ]
        verbose_name = _("fiche")
        verbose_name_plural = _("fiches")

    def __str__(self):
        return self.title

    def clean(self):
        if self.start_year and self.end_year and self.end_year < self.start_year:
            raise ValidationError({"end_year": _("The end must not lie before the start.")})
        if self.ongoing and self.end_year and self.end_year < timezone.localdate().year:
            raise ValidationError(
                {"ongoing": _("Untick “still running” or remove the end: they contradict each other.")}
            )

    def get_absolute_url(self):
        return (
            reverse("fiches:detail", args=[self.pk, self.slug])
            if self.slug
            else reverse("fiches:preview", args=[self.pk])
        )

    @cached_property
    def history(self) -> list[Event]:
        return list(Event.objects.of(self).select_related("by", "reason", "on_behalf_of"))

    @property
    def country_name(self) -> str:
        return country_name(self.country) if self.country else ""

    @property
    def is_anonymised(self) -> bool:
        return self.disclosure == Disclosure.ANONYMISED

    # Whose it is, and what may be shown

    def is_of(self, user) -> bool:
        """Whether `user` wrote it, or holds a seat (or a EuroRegion's scope) at its authority."""
        known = user is not None and user.is_authenticated
        return known and (self.submitted_by_id == user.pk or self._acts_for_authority(user))

    def _acts_for_authority(self, user) -> bool:
        return bool(self.authority_id) and may_act_for(user, self.authority, "fiches")

    def shows(self, detail: str, user=None) -> bool:
        """Whether `user` may see one of the details that an anonymised lesson hides (Detail)."""
        return not self.is_anonymised or detail in self.disclosed or self._is_open_to(user)

    def _is_open_to(self, user) -> bool:
        """Whether `user` reads an anonymised lesson whole: a coordinator, or somebody whose it is."""
        return bool(user and user.is_authenticated and (user.is_coordinator or self.is_of(user)))

    def authority_for(self, user) -> Authority | None:
        """The authority, or None where its name is hidden from `user`."""
        return self.authority if not self.is_anonymised or self._is_open_to(user) else None

    def contact_for(self, user) -> list[tuple[str, str]]:
        """(name, e-mail address) of those who answer for it – for members of the network; for others nothing."""
        if self.origin == Origin.COMPILED or not is_member(user) or not self.shows("contact", user):
            return []
        found = [(self.submitted_by.name, self.submitted_by.email)] if self.submitted_by else []
        authority = self.authority_for(user)
        if authority and authority.official_address:
            found.append((str(authority), authority.official_address))
        return found

    def relay_to(self) -> list:
        """The people who get a reader's message: the submitter, else the authority's people; none for a compiled one."""
        if self.origin == Origin.COMPILED:
            return []
        if self.submitted_by and self.submitted_by.is_active:
            return [self.submitted_by]
        return recipients.seat_holders(self.authority) if self.authority_id else []

    # What may be done with it

    def can_be_edited_by(self, user) -> bool:
        return self.status in (Status.DRAFT, Status.CHANGES_REQUESTED) and (
            (self.is_of(user) or self.revises.is_of(user))
            if self.revises_id
            else user.is_authenticated and self.submitted_by_id == user.pk
        )

    def can_be_withdrawn_by(self, user) -> bool:
        return self.status == Status.SUBMITTED and user.is_authenticated and self.submitted_by_id == user.pk

    def can_be_reopened_by(self, user) -> bool:
        return self.status == Status.REJECTED and user.is_authenticated and self.submitted_by_id == user.pk

    def can_be_revised_by(self, user) -> bool:
        original = self.status == Status.PUBLISHED and not self.revises_id
        return original and self.is_of(user) and not self.has_lost_scope(user)

    def has_lost_scope(self, user, *, lock=False) -> bool:
        """Whether it was written on behalf of an authority for which `user` may no longer act; `lock` as in may_act_for."""
        authority = (self.revises or self).on_behalf_of
        return authority is not None and not may_act_for(user, authority, "fiches", lock=lock)

    def can_be_deleted_by(self, user) -> bool:
        """A draft that was never submitted may be thrown away by the person who began it."""
        never = self.status == Status.DRAFT and self.reference is None
        return never and user.is_authenticated and self.submitted_by_id == user.pk

    def can_be_moderated_by(self, user) -> bool:
        """A coordinator, never their own: not what they wrote, nor of an authority where they hold a seat or did lately."""
        may, rows = user.is_authenticated and user.is_coordinator, filter(None, (self, self.revises))
        return may and not any(f.is_of(user) or (f.authority and f.authority.was_lately_of(user)) for f in rows)

    def is_read_by_another(self, user) -> bool:
        """Whether somebody else began to read it less than READING_LEASE ago."""
        reading = self.status == Status.IN_REVIEW and self.read_by_id not in (None, user.pk)
        return reading and self.read_since > timezone.now() - settings.READING_LEASE

    def can_be_taken_by(self, user) -> bool:
        waiting = self.status == Status.SUBMITTED or (self.status == Status.IN_REVIEW and self.read_by_id != user.pk)
        return waiting and not self.is_read_by_another(user) and self.can_be_moderated_by(user)

    def can_be_decided_by(self, user) -> bool:
        return self.status == Status.IN_REVIEW and not self.is_read_by_another(user) and self.can_be_moderated_by(user)

    # The text in its source language

    def source(self, name: str) -> str:
        """The value of a translated field in the source language."""
        return getattr(self, f"{name}_{self.source_language}") or ""

    def source_texts(self) -> dict[str, str]:
        """Every text to translate, by the key under which its translation is kept."""
        return rendering.source_texts(self)

    def set_texts(self, language: str, translated) -> None:
        """Write released texts into their columns, for translations.release, and what follows from them."""
        texts.set_texts(self, language, translated)
        derived.refresh(self)

    def for_editions(self):
        """This fiche read anew with all its parts, so that rendering it in nine languages asks for nothing more."""
        parts = ["sections", "results", "sources", "attachments", "themes__parent", "tags", "translations"]
        rows = type(self)._base_manager.select_related("authority", "region").prefetch_related(*parts)
        return rows.get(pk=self.pk)

    def edition(self, shown) -> dict[str, str]:
        """What a reader is shown, for translations.editions.write()."""
        return rendering.edition(self, shown)

    # Moves: one verb each

    def submit(self, *, by, on_behalf_of=None):
        """Hand it to the coordinators, with consent to the licence; the first time it gets its reference."""
        changes = {"on_behalf_of": on_behalf_of, "submitted_at": timezone.now()}
        if self.origin == Origin.SUBMITTED:
            vouched = Vouched.AUTHORITY if self._acts_for_authority(by) else Vouched.PERSON
            changes |= {"vouched": vouched, "consent_by": by, "consent_at": timezone.now()}
        with transaction.atomic():
            if not self.reference and not self.revises_id:
                changes["reference"] = ReferenceCounter.next(timezone.localdate().year)
            return self._move(Status.SUBMITTED, "submit", by, changes=changes, on_behalf_of=on_behalf_of)

    def withdraw(self, *, by):
        """Take a submission back before anybody has begun to read it."""
        return self._move(Status.DRAFT, "withdraw", by)

    def reopen(self, *, by):
        """Work on a rejected fiche again."""
        return self._move(Status.DRAFT, "reopen", by)

    def take(self, *, by):
        """Begin to read it: others see by whom. After READING_LEASE another coordinator may take it over."""
        changes = {"read_by": by, "read_since": timezone.now()}
        if self.status == Status.IN_REVIEW:
            return history.record(self, "take_over", by=by, changes=changes, while_in=Status.IN_REVIEW)
        return self._move(Status.IN_REVIEW, "take", by, changes=changes)

    # `said`: reason (accounts.Reason), note, note_language.
    def request_changes(self, *, by, **said):
        return self._move(Status.CHANGES_REQUESTED, "request_changes", by, **said)

    def reject(self, *, by, **said):
        return self._move(Status.REJECTED, "reject", by, **said)

    def archive(self, *, by, **said):
        """Take it off the public pages; its address then answers 410."""
        return self._move(Status.ARCHIVED, "archive", by, **said)

    def restore(self, *, by):
        """Show an archived fiche again."""
        return self._move(Status.PUBLISHED, "restore", by)

    @transaction.atomic
    def approve(self, *, by):
        """Publish it; a revision is copied into the fiche it revises, whose old state is kept as a version."""
        if self.revises_id:
            return revision.approve(self, by=by)
        changes = {"published_at": self.published_at or timezone.now(), "slug": self.slug or addresses.free_slug(self)}
        return self._move(Status.PUBLISHED, "approve", by, changes=changes)

    def _move(self, to_state, verb, by, *, changes=None, **fields):
        def then(event):
            derived.refresh(self)
            if not self.revises_id:
                editions.write(self)
            emails.after(event, self)

        origins = verbs.origins(verb)
        return history.move(self, to_state, verb=verb, by=by, changes=changes, then=then, origins=origins, **fields)
