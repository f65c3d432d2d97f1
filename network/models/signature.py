"""What was locked and what was signed. The database itself refuses to change these rows (migration `locked_rows`)."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.uploads import storage_path

from ..memorandum import signing
from .memorandum import Memorandum, Party


class MemorandumText(models.Model):
    """The text of a memorandum in one language as it was locked; no row is ever changed or deleted."""

    memorandum = models.ForeignKey(Memorandum, on_delete=models.PROTECT, related_name="texts")
    round = models.PositiveSmallIntegerField()
    language = models.CharField(_("language"), max_length=2, choices=settings.LANGUAGES)
    authentic = models.BooleanField(_("authentic text"))
    text = models.TextField(_("text"))
    data = models.JSONField(default=dict)  # what the tables of the text were made from: parties, labels, organisations
    sha256 = models.CharField(max_length=64)  # of the text, UTF-8
    locked_at = models.DateTimeField(_("locked"))

    class Meta:
        ordering = ["memorandum", "round", "-authentic", "language"]
        constraints = [models.UniqueConstraint(fields=["memorandum", "round", "language"], name="memorandum_text_once")]
        verbose_name = _("locked text")
        verbose_name_plural = _("locked texts")

    def __str__(self):
        return f"{self.memorandum} ({self.language})"


class MemorandumFileQuerySet(models.QuerySet):
    def visible_to(self, user):
        """For the parties and for coordinators; a signed copy before it is accepted for its own party and coordinators."""
        rows = self.filter(memorandum__in=Memorandum.objects.visible_to(user))
        if user is None or not user.is_authenticated or user.is_coordinator:
            return rows
        theirs = Party.objects.seen_by(user)
        open_to_all = ~Q(kind="signed") | Q(check_state="accepted") | Q(party__in=theirs)
        # The annexes of a text that coordinators are still writing are theirs alone.
        return rows.filter(open_to_all).exclude(kind="annex", memorandum__status="draft")


class MemorandumFile(models.Model):
    """A file of a memorandum: the PDF of its frozen text, of its signatures, a signed copy that a party sent, an annex."""

    class Kind(models.TextChoices):
        FROZEN = "frozen", _("PDF of the locked text")
        FINAL = "final", _("PDF with all signatures")
        SIGNED = "signed", _("signed copy")
        ANNEX = "annex", _("annex")

    class Check(models.TextChoices):
        WAITING = "waiting", pgettext_lazy("signed copy", "Waits for a check")
        ACCEPTED = "accepted", pgettext_lazy("signed copy", "Accepted")
        REFUSED = "refused", pgettext_lazy("signed copy", "Not accepted")

    memorandum = models.ForeignKey(Memorandum, on_delete=models.PROTECT, related_name="files")
    round = models.PositiveSmallIntegerField(default=0)
    kind = models.CharField(_("kind"), max_length=6, choices=Kind.choices)
    party = models.ForeignKey(Party, on_delete=models.PROTECT, null=True, blank=True, related_name="files")
    language = models.CharField(_("language"), max_length=2, choices=settings.LANGUAGES, blank=True)
    title = models.CharField(_("title"), max_length=200, blank=True)  # of an annex
    file = models.FileField(_("file"), upload_to=storage_path, max_length=200)
    filename = models.CharField(_("name of the file"), max_length=200)
    size = models.PositiveIntegerField(_("size"))  # bytes
    sha256 = models.CharField(max_length=64, db_index=True)
    # Of a signed copy: what the person who uploaded it says, and what the check found.
    qualified = models.BooleanField(_("carries a qualified electronic signature"), default=False)
    signatory_name = models.CharField(_("name of the person who signed"), max_length=120, blank=True)
    signatory_title = models.CharField(_("office of the person who signed"), max_length=120, blank=True)
    place = models.CharField(_("place"), max_length=100, blank=True)
    signed_on = models.DateField(_("date of the signature"), null=True, blank=True)
    check_state = models.CharField(_("check"), max_length=8, choices=Check.choices, blank=True)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    uploaded_at = models.DateTimeField(_("uploaded"), auto_now_add=True)

    objects = MemorandumFileQuerySet.as_manager()

    class Meta:
        ordering = ["memorandum", "round", "kind", "uploaded_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["party", "round"],
                condition=Q(kind="signed", check_state="waiting"),
                name="signed_copy_waits_once",
            )
        ]
        verbose_name = _("file of a memorandum")
        verbose_name_plural = _("files of memoranda")

    def __str__(self):
        return self.filename

    def can_be_checked_by(self, user) -> bool:
        """A coordinator who neither uploaded this signed copy nor holds a seat at a party, while it waits."""
        waits = self.kind == self.Kind.SIGNED and self.check_state == self.Check.WAITING
        mine = self.uploaded_by_id is not None and self.uploaded_by_id == user.pk
        return waits and not mine and self.memorandum.can_be_made_by(user)

    def accept_copy(self, *, by):
        """It counts as the signature of its party from now on; raises LostRace when the text was taken back."""
        return signing.accept_copy(self, by=by)

    def refuse_copy(self, *, by, **why):
        return signing.refuse_copy(self, by=by, **why)


class SigningLink(models.Model):
    """A link that works once, by which the named signatory signs without an account; it is signed and names this row."""

    party = models.ForeignKey(Party, on_delete=models.CASCADE, related_name="links", verbose_name=_("party"))
    round = models.PositiveSmallIntegerField()
    name = models.CharField(_("name of the person who signs"), max_length=120)
    title = models.CharField(_("office of the person who signs"), max_length=120)
    email = models.EmailField(_("e-mail address"))
    language = models.CharField(_("language"), max_length=2, choices=settings.LANGUAGES)
    sent_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    sent_at = models.DateTimeField(_("sent"), auto_now_add=True)
    expires_at = models.DateTimeField(_("valid until"))
    used_at = models.DateTimeField(_("used"), null=True, blank=True)
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, blank=True)

    class Meta:
        ordering = ["-sent_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["party", "round"],
                condition=Q(used_at__isnull=True, withdrawn_at__isnull=True),
                name="signing_link_open_once",
            )
        ]
        verbose_name = _("link to sign")
        verbose_name_plural = _("links to sign")

    def __str__(self):
        return f"{self.party}: {self.email}"

    def is_open(self) -> bool:
        """Whether one may still sign with it: not used, withdrawn or too old, and the text is the one it was sent for."""
        memorandum = self.party.memorandum
        ended = self.used_at or self.withdrawn_at or self.expires_at <= timezone.now()
        return not ended and memorandum.round == self.round and memorandum.status in Memorandum.OPEN_TO_SIGN

    @property
    def token(self) -> str:
        return signing.token_of(self)


class SignatureQuerySet(models.QuerySet):
    def counting(self):
        """Signatures under the text as it stands: those of an earlier round were withdrawn with it."""
        return self.filter(round=models.F("party__memorandum__round")).exclude(
            party__memorandum__status__in=[Memorandum.Status.DRAFT, Memorandum.Status.DISCARDED]
        )


class Signature(models.Model):
    """The act by which a party signed a locked text; no row is ever changed or deleted."""

    class Method(models.TextChoices):
        PORTAL = "portal", _("simple electronic signature in the portal")
        LINK = "link", _("simple electronic signature in the portal, by a link that works once")
        SCANNED = "scanned", _("signed PDF, scanned, checked by a coordinator")
        QUALIFIED = "qualified", _("PDF with a qualified electronic signature, checked by a coordinator")
        DEMONSTRATION = "demonstration", _("demonstration, not a real signature")

    class Proof(models.TextChoices):
        PASSWORD = "password", _("password")
        MFA = "mfa", _("second factor")
        PROVIDER = "provider", _("sign-in through another service")
        LINK = "link", _("link that works once")

    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="signatures")
    round = models.PositiveSmallIntegerField()
    method = models.CharField(_("method"), max_length=13, choices=Method.choices)
    name = models.CharField(_("name"), max_length=120)
    title = models.CharField(_("office"), max_length=120)
    # The person whom the memorandum names, where another signed: kept as it was said at that moment.
    in_place_of = models.CharField(_("in the place of"), max_length=120, blank=True)
    place = models.CharField(_("place"), max_length=100, blank=True)
    signed_at = models.DateTimeField(_("signed"))
    language = models.CharField(_("language of the text read"), max_length=2, choices=settings.LANGUAGES)
    text_sha256 = models.CharField(max_length=64)
    # The next two are seen by coordinators only.
    network_address = models.GenericIPAddressField(_("network address"), null=True, blank=True)
    confirmed_with = models.CharField(_("identity confirmed with"), max_length=8, choices=Proof.choices, blank=True)
    file = models.ForeignKey(MemorandumFile, on_delete=models.PROTECT, null=True, blank=True, related_name="signatures")
    # The account stays nameless when it is deleted; the typed name stays.
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="signatures")

    objects = SignatureQuerySet.as_manager()

    class Meta:
        ordering = ["signed_at"]
        constraints = [models.UniqueConstraint(fields=["party", "round"], name="signature_once")]
        verbose_name = _("signature")
        verbose_name_plural = _("signatures")

    def __str__(self):
        return f"{self.name}, {self.title}"
