import secrets

from django.conf import settings
from django.contrib.contenttypes.fields import GenericRelation
from django.contrib.postgres.fields import ArrayField
from django.db import models, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import Event
from accounts.workdays import today

from ..memorandum import memoranda, memorandum_life, memorandum_text, signing
from .authority import Authority
from .document import DocumentVersion
from .memorandum_template import MemorandumTemplate
from .place import Theme
from .seat import Seat

LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"  # none that is mistaken for another when read aloud or copied by hand
MANY = 50  # more than anybody has to sign


def verification_code() -> str:
    """A code that nobody guesses, such as K7Q2-9F3M-XW4D: 30¹² of them."""
    return "-".join("".join(secrets.choice(LETTERS) for _n in range(4)) for _m in range(3))


class MemorandumQuerySet(models.QuerySet):
    def visible_to(self, user):
        """For those who hold a seat at a party, and for coordinators; others read the verification page."""
        if user is None or not user.is_authenticated:
            return self.none()
        if user.is_coordinator:
            return self
        theirs = Party.objects.seen_by(user).values("memorandum")
        # What coordinators are still writing is theirs alone.
        return self.exclude(status=Memorandum.Status.DRAFT, round=0).filter(pk__in=theirs)

    def to_sign_by(self, user) -> list:
        """Those that wait for the signature of this person’s party, or of the network."""
        rows = self.visible_to(user).filter(status__in=Memorandum.OPEN_TO_SIGN)[:MANY]
        turns = ((row, row.whose_turn()) for row in rows)
        return [row for row, party in turns if party and party.is_signed_for_by(user)]

    def verifiable(self):
        """What the public verification page speaks of: once its text was locked, for ever."""
        return self.filter(round__gt=0)


class Memorandum(models.Model):
    """A memorandum of understanding between member or coordinating authorities and the network."""

    class Status(models.TextChoices):
        DRAFT = "draft", pgettext_lazy("memorandum status", "Draft")
        LOCKED = "locked", pgettext_lazy("memorandum status", "Text locked")
        SIGNING = "signing", pgettext_lazy("memorandum status", "Being signed")
        IN_FORCE = "in_force", pgettext_lazy("memorandum status", "In force")
        REVIEW_DUE = "review_due", pgettext_lazy("memorandum status", "Review due")
        RENEWED = "renewed", pgettext_lazy("memorandum status", "Renewed")
        EXPIRED = "expired", pgettext_lazy("memorandum status", "Expired")
        TERMINATED = "terminated", pgettext_lazy("memorandum status", "Terminated")
        DISCARDED = "discarded", pgettext_lazy("memorandum status", "Discarded")

    class Replacing(models.TextChoices):
        RENEWS = "renews", _("renews")
        AMENDS = "amends", _("amends")

    VALID = (Status.IN_FORCE, Status.REVIEW_DUE)
    OPEN_TO_SIGN = (Status.LOCKED, Status.SIGNING)
    TRANSITIONS = {
        Status.DRAFT: {Status.LOCKED, Status.DISCARDED},
        Status.LOCKED: {Status.SIGNING, Status.DRAFT},
        Status.SIGNING: {Status.IN_FORCE, Status.DRAFT},
        Status.IN_FORCE: {Status.REVIEW_DUE, Status.RENEWED, Status.EXPIRED, Status.TERMINATED},
        Status.REVIEW_DUE: {Status.IN_FORCE, Status.RENEWED, Status.EXPIRED, Status.TERMINATED},
        Status.RENEWED: set(),
        Status.EXPIRED: set(),
        Status.TERMINATED: set(),
        Status.DISCARDED: set(),
    }

    code = models.CharField(_("code"), max_length=20, unique=True)  # CLV-MOU-2026-0007
    template = models.ForeignKey(
        MemorandumTemplate, on_delete=models.PROTECT, related_name="memoranda", verbose_name=_("template")
    )
    status = models.CharField(_("status"), max_length=10, choices=Status.choices, default=Status.DRAFT)
    languages = ArrayField(models.CharField(max_length=2, choices=settings.LANGUAGES), verbose_name=_("languages"))
    authentic_languages = ArrayField(
        models.CharField(max_length=2, choices=settings.LANGUAGES), verbose_name=_("authentic languages")
    )
    themes = models.ManyToManyField(Theme, blank=True, related_name="memoranda", verbose_name=_("themes"))
    purpose = models.TextField(_("further aims of the parties"), max_length=3000, blank=True)
    additional_information = models.TextField(_("further information"), max_length=3000, blank=True)
    in_force_from = models.DateField(_("in force from"))
    in_force_until = models.DateField(_("in force until"))
    notice_months = models.PositiveSmallIntegerField(_("notice period in months"), default=3)
    review_due = models.DateField(_("date of the review"))
    replaces = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="replaced_by", verbose_name=_("replaces")
    )
    replacing = models.CharField(_("how it replaces"), max_length=6, choices=Replacing.choices, blank=True)
    verification_code = models.CharField(max_length=14, unique=True, default=verification_code, editable=False)
    # How often its text was locked: texts and signatures of an earlier round were withdrawn and count no more.
    round = models.PositiveSmallIntegerField(default=0, editable=False)
    locked_at = models.DateTimeField(_("text locked"), null=True, blank=True)
    took_force_on = models.DateField(_("took force on"), null=True, blank=True)
    ended_on = models.DateField(_("ended on"), null=True, blank=True)
    demonstration = models.BooleanField(_("demonstration"), default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    events = GenericRelation(Event)
    objects = MemorandumQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        indexes = [models.Index(fields=["status", "in_force_until"])]
        constraints = [
            models.CheckConstraint(condition=Q(in_force_until__gt=models.F("in_force_from")), name="memorandum_dates"),
            models.CheckConstraint(
                condition=Q(review_due__gt=models.F("in_force_from"), review_due__lt=models.F("in_force_until")),
                name="memorandum_review_between",
            ),
        ]
        verbose_name = _("memorandum of understanding")
        verbose_name_plural = _("memoranda of understanding")

    def __str__(self):
        return self.code

    def get_absolute_url(self):
        return reverse("network:memorandum", args=[self.code])

    def get_verification_url(self):
        return reverse("verification", args=[self.verification_code])

    # --- making it: network/memoranda.py ----------------------------------------------------------------------

    def annexes(self):
        """The further annexes whose hashes stand in the text."""
        return self.files.filter(kind="annex").order_by("uploaded_at", "pk")

    def current_texts(self):
        """The texts that are open to sign or signed: those of the last round."""
        return self.texts.filter(round=self.round)

    def filled(self, language: str):
        """Its text as it would be locked now: memorandum_text.Filled."""
        return memorandum_text.fill(self, language, DocumentVersion.objects.in_force_by_slug())

    def missing(self) -> list[str]:
        """What it needs before its text can be locked."""
        return memoranda.missing(self)

    def files_ready(self) -> bool:
        """Whether the PDF of each locked text is there: before that nobody signs."""
        made = self.files.filter(kind="frozen", round=self.round).values("language").distinct().count()
        return self.round > 0 and made == len(self.languages)

    def reviewed(self) -> bool:
        """Whether a lawyer has read its template."""
        return self.template.reviewed_on is not None

    def can_be_made_by(self, user) -> bool:
        """Coordinators, but none who holds a seat at one of its parties, or did lately."""
        if user is None or not user.is_authenticated or not user.is_coordinator:
            return False
        lately = user.seats.lately().values("authority")
        return not self.parties.filter(authority__in=lately).exists() and not self.parties.seen_by(user).exists()

    def can_be_edited_by(self, user) -> bool:
        return self.status == self.Status.DRAFT and self.can_be_made_by(user)

    can_be_locked_by = can_be_discarded_by = can_be_edited_by

    def can_be_taken_back_by(self, user) -> bool:
        return self.status in self.OPEN_TO_SIGN and self.can_be_made_by(user)

    def lock(self, *, by):
        return memoranda.lock(self, by=by, documents=DocumentVersion.objects.in_force_by_slug())

    def take_back(self, *, by, **why):
        return memoranda.take_back(self, by=by, **why)

    def discard(self, *, by, **why):
        return memoranda.discard(self, by=by, **why)

    # --- signing and what follows: network/signing.py, network/memorandum_life.py -----------------------------

    def whose_turn(self):
        """The party that signs next; None when nobody can sign, or all have."""
        return signing.whose_turn(self)

    def counting_signatures(self) -> list:
        return signing.counting(self)

    def pdf(self, language: str):
        """The file to keep in this language: with all signatures, else of the locked text; None before it is made."""
        if self.status in (self.Status.DRAFT, self.Status.DISCARDED):
            return None
        rows = {row.kind: row for row in self.files.filter(round=self.round, language=language)}
        return rows.get("final") or rows.get("frozen")

    def is_led_by(self, user) -> bool:
        """Whether `user` represents a party that has not left, or may act for the network."""
        if user is None or not user.is_authenticated:
            return False
        return self.can_be_made_by(user) or self.parties.led_by(user).filter(left_on=None).exists()

    def can_be_reviewed_by(self, user) -> bool:
        return self.status in self.VALID and self.is_led_by(user)

    def can_be_renewed_by(self, user) -> bool:
        """Whether this person may ask for a renewal or an amendment: one at a time."""
        return self.can_be_reviewed_by(user) and memorandum_life.open_successor(self) is None

    def review(self, *, by, **said):
        return memorandum_life.review(self, by=by, **said)

    @transaction.atomic
    def ask_renewal(self, *, by, **said):
        """The draft of the memorandum that renews or amends this one; ValidationError where there is one already."""
        return memorandum_life.begin_successor(self, MemorandumCounter.next(today().year), by=by, **said)


class MemorandumCounter(models.Model):
    """The last number given out in one year, for codes such as CLV-MOU-2026-0007."""

    year = models.PositiveSmallIntegerField(primary_key=True)
    last = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("counter of memoranda")
        verbose_name_plural = _("counters of memoranda")

    def __str__(self):
        return f"CLV-MOU-{self.year}-{self.last:04}"

    @classmethod
    def next(cls, year: int) -> str:
        """The next code of `year`; the row stays locked until the transaction ends, so no number is lost."""
        cls.objects.bulk_create([cls(year=year)], ignore_conflicts=True)
        counter = cls.objects.select_for_update().get(year=year)
        counter.last += 1
        counter.save(update_fields=["last"])
        return str(counter)


class PartyQuerySet(models.QuerySet):
    """Who acts for a party: those who sit at its authority, or at the one into which that was merged."""

    def of(self, authorities):
        """Those for which these authorities act: rows, keys or a query of keys."""
        return self.filter(Q(authority__in=authorities) | Q(authority__merged_into__in=authorities))

    def seen_by(self, user):
        """Where this person holds any seat today."""
        return self.of(Seat.objects.current().filter(user=user).values("authority"))

    def led_by(self, user):
        """Where this person signs and decides today: as representative or deputy."""
        return self.of(Seat.objects.of_representatives().filter(user=user).values("authority"))


class Party(models.Model):
    """An organisation that signs a memorandum; the one that countersigns for the network may be no authority here."""

    class Capacity(models.TextChoices):
        MEMBER = "member", pgettext_lazy("party", "Member authority")
        COORDINATING = "coordinating", pgettext_lazy("party", "Coordinating party")
        COUNTERSIGNING = "countersigning", pgettext_lazy("party", "Countersigning party")

    memorandum = models.ForeignKey(
        Memorandum, on_delete=models.PROTECT, related_name="parties", verbose_name=_("memorandum")
    )
    authority = models.ForeignKey(
        Authority,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="parties",
        verbose_name=_("authority"),
    )
    name = models.CharField(_("official name"), max_length=200, blank=True)  # where it is no authority of the network
    capacity = models.CharField(_("capacity"), max_length=14, choices=Capacity.choices)
    position = models.PositiveSmallIntegerField(_("turn to sign"), default=1)
    signatory_name = models.CharField(_("name of the person who signs"), max_length=120, blank=True)
    signatory_title = models.CharField(_("office of the person who signs"), max_length=120, blank=True)
    address = models.CharField(_("postal address"), max_length=300, blank=True)
    contact = models.CharField(_("contact"), max_length=200, blank=True)  # function and official address
    commitments = models.TextField(_("further commitments"), max_length=3000, blank=True)
    decision_body = models.CharField(_("governing body that decided"), max_length=200, blank=True)
    decision_date = models.DateField(_("date of the decision"), null=True, blank=True)
    decision_reference = models.CharField(_("reference of the decision"), max_length=100, blank=True)
    left_on = models.DateField(_("left on"), null=True, blank=True)  # the last day, announced or past

    objects = PartyQuerySet.as_manager()

    class Meta:
        ordering = ["memorandum", "position"]
        constraints = [
            models.UniqueConstraint(fields=["memorandum", "position"], name="party_turn_once"),
            models.UniqueConstraint(fields=["memorandum", "authority"], name="party_once"),
            models.UniqueConstraint(
                fields=["memorandum"], condition=Q(capacity="countersigning"), name="party_countersigns_once"
            ),
        ]
        verbose_name = _("party")
        verbose_name_plural = _("parties")

    def __str__(self):
        return self.official_name

    @property
    def official_name(self) -> str:
        return self.authority.official_name if self.authority_id else self.name

    @property
    def acting(self) -> Authority | None:
        """The authority that acts for it today: its own, or the one into which that was merged."""
        return self.authority and (self.authority.merged_into or self.authority)

    def is_signed_for_by(self, user) -> bool:
        """Whether `user` may sign for it: a representative or deputy; for the network, a coordinator who is free."""
        return signing.may_sign(self, user)

    def can_be_signed_by(self, user) -> bool:
        """Whether it is its turn, and this person may sign."""
        return self == self.memorandum.whose_turn() and signing.may_sign(self, user)

    def can_be_left_by(self, user) -> bool:
        return self.memorandum.status in Memorandum.VALID and self.left_on is None and signing.may_sign(self, user)

    def notice_can_be_shortened_by(self, user) -> bool:
        """Coordinators note a shorter notice on which the parties have agreed."""
        return self.memorandum.status in Memorandum.VALID and self.memorandum.can_be_made_by(user)

    def sign(self, **said):
        """network.memorandum.signing.sign: name, title, place, language, text_sha256, round, method, by …"""
        return signing.sign(self, **said)

    def leave(self, *, by, **said):
        return memorandum_life.leave(self, by=by, **said)


class OtherOrganisation(models.Model):
    """An organisation that a memorandum covers although it does not sign: named by a party, with the source."""

    party = models.ForeignKey(Party, on_delete=models.CASCADE, related_name="names", verbose_name=_("named by"))
    name = models.CharField(_("name"), max_length=200)
    country = models.CharField(_("country"), max_length=2)
    source = models.CharField(_("source of the list"), max_length=300, blank=True)
    source_date = models.DateField(_("date of the list"), null=True, blank=True)

    class Meta:
        ordering = ["party", "country", "name"]
        verbose_name = _("other organisation covered")
        verbose_name_plural = _("other organisations covered")

    def __str__(self):
        return self.name
