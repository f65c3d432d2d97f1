from datetime import timedelta

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts import history
from accounts.models import Event, User
from accounts.workdays import today
from translations import corpus
from translations.letters import capitalised

from .authority import Authority
from .seat import Seat

PAGES = {"partners", "contact", "accessibility"}  # what else stands below /about/


class DocumentQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Public ones; those of members only for people with a seat in the network and for coordinators."""
        if user is not None and user.is_authenticated:
            members = Seat.objects.current().filter(user=user, authority__membership__status__in=["active", "on_hold"])
            if user.is_coordinator or members.exists():
                return self
        return self.filter(audience=Document.Audience.PUBLIC)


class Document(models.Model):
    """A text by which the network lives – guidelines, terms of use, privacy notice, writing guide – in its versions."""

    class Audience(models.TextChoices):
        PUBLIC = "public", pgettext_lazy("audience", "Everybody")
        MEMBERS = "members", pgettext_lazy("audience", "Members")

    class AcceptedBy(models.TextChoices):
        NOBODY = "", pgettext_lazy("accepted by", "Nobody has to accept it")
        PEOPLE = "people", pgettext_lazy("accepted by", "Everybody with an account")
        AUTHORITIES = "authorities", pgettext_lazy("accepted by", "Authorities in the network, by a representative")
        BOTH = "both", pgettext_lazy("accepted by", "Everybody with an account, and authorities in the network")

    BY_PEOPLE = (AcceptedBy.PEOPLE, AcceptedBy.BOTH)
    BY_AUTHORITIES = (AcceptedBy.AUTHORITIES, AcceptedBy.BOTH)

    slug = models.SlugField(_("slug"), max_length=40, unique=True)  # guidelines, terms, privacy, writing-guide
    audience = models.CharField(_("audience"), max_length=7, choices=Audience.choices, default=Audience.PUBLIC)
    accepted_by = models.CharField(_("who accepts it"), max_length=11, choices=AcceptedBy.choices, blank=True)
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    objects = DocumentQuerySet.as_manager()

    class Meta:
        ordering = ["position", "slug"]
        verbose_name = _("document")
        verbose_name_plural = _("documents")

    def __str__(self):
        return self.slug

    def get_absolute_url(self):
        return reverse("document", args=[self.slug])

    def came_in(self, digest: str) -> bool:
        """Whether the text with this fingerprint came with a release already (network.documents.add)."""
        return Event.objects.of(self).filter(verb="bring", note=digest).exists()

    def clean(self):
        if self.slug in PAGES:
            raise ValidationError({"slug": _("This address belongs to another page.")}, code="taken")


class DocumentVersionQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Published versions of the documents that this person may read; coordinators see drafts too."""
        found = self.filter(document__in=Document.objects.visible_to(user))
        return found if user is not None and user.is_authenticated and user.is_coordinator else found.published()

    def published(self):
        """Versions that readers may see: in force, past, or announced for a coming day."""
        return self.filter(published_at__isnull=False)

    def in_force(self, day=None):
        """Of each document the version that is in force on `day` (today)."""
        rows = self.published().filter(in_force_from__lte=day or today())
        return self.filter(pk__in=rows.order_by("document_id", "-number").distinct("document_id").values("pk"))

    def in_force_by_slug(self, day=None) -> dict:
        """(number, first day) of the version in force of each document, by slug: what a memorandum names."""
        rows = self.in_force(day).values_list("document__slug", "number", "in_force_from")
        return {slug: (number, start) for slug, number, start in rows}


class DocumentVersion(models.Model):
    """One version of a document in nine languages; once published it is not changed any more."""

    document = models.ForeignKey(
        Document, on_delete=models.PROTECT, related_name="versions", verbose_name=_("document")
    )
    number = models.PositiveSmallIntegerField(_("version"))
    in_force_from = models.DateField(_("in force from"))
    correction = models.BooleanField(
        _("only a correction"),
        default=False,
        help_text=_("It changes no rule and may take force at once."),
    )
    title = models.CharField(_("title"), max_length=120)
    text = models.TextField(_("text"))  # Markdown; %name% stands for an address of the portal
    change_note = models.TextField(_("what has changed"), max_length=1000, blank=True)
    published_at = models.DateTimeField(_("published"), null=True, blank=True)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )

    objects = DocumentVersionQuerySet.as_manager()

    class Meta:
        ordering = ["document", "-number"]
        constraints = [models.UniqueConstraint(fields=["document", "number"], name="document_version_once")]
        verbose_name = _("version of a document")
        verbose_name_plural = _("versions of documents")

    def __str__(self):
        return f"{self.document} {self.number}"

    def get_absolute_url(self):
        return reverse("document_version", args=[self.document.slug, self.number])

    @property
    def changes_url(self) -> str:
        """Where one sees what has changed; of the first version there is only the text."""
        if self.number == 1:
            return self.document.get_absolute_url()
        return f"{reverse('document_changes', args=[self.document.slug])}?to={self.number}"

    @property
    def is_in_force(self) -> bool:
        return type(self).objects.in_force().filter(pk=self.pk).exists()

    def people_asked(self):
        """Active people who have to accept this version for themselves and have not."""
        if self.document.accepted_by not in Document.BY_PEOPLE:
            return User.objects.none()
        own = self.acceptances.filter(authority=None, user=models.OuterRef("pk"))
        return User.objects.filter(~models.Exists(own), is_active=True)

    def authorities_asked(self):
        """Authorities in the network for which nobody has accepted this version, if it is for them."""
        if self.document.accepted_by not in Document.BY_AUTHORITIES:
            return Authority.objects.none()
        return Authority.objects.in_the_network().exclude(acceptances__version=self)

    def authorities_asked_of(self, user):
        """Those of them for which `user` may accept it."""
        seats = Seat.objects.that_accept().filter(user=user)
        return self.authorities_asked().filter(pk__in=seats.values("authority")).order_by("slug")

    def everybody_asked(self):
        """Who still has to accept it, for themselves or for an authority."""
        seats = Seat.objects.that_accept().filter(authority__in=self.authorities_asked())
        return User.objects.filter(
            Q(pk__in=self.people_asked().values("pk")) | Q(pk__in=seats.values("user")), is_active=True
        )

    def missing_languages(self) -> dict[str, list[str]]:
        """Column → languages in which it is not written: title, text, from the second version what has changed."""
        names = ["title", "text"] if self.number == 1 else ["title", "text", "change_note"]
        empty = {
            name: [code for code in settings.LANGUAGE_CODES if not (getattr(self, f"{name}_{code}") or "").strip()]
            for name in names
        }
        return {name: codes for name, codes in empty.items() if codes}

    def obstacles(self) -> list[str]:
        """Why it cannot be published now, as sentences."""
        found = [self._unwritten(name, codes) for name, codes in self.missing_languages().items()]
        others = self.document.versions.published()
        if self.in_force_from < today():
            found.append(_("The day on which it takes force has passed."))
        elif others.exists() and not self.correction and self.in_force_from < (first := self.first_day()):
            text = _("It is announced %(days)s days before it takes force. Choose %(date)s or later.")
            found.append(text % {"days": settings.DOCUMENT_NOTICE_LEAST, "date": date_format(first)})
        if others.filter(number__gt=self.number).exists():
            found.append(_("A later version is published already."))
        if others.filter(number__lt=self.number, in_force_from__gt=self.in_force_from).exists():
            found.append(_("An earlier version takes force only after this day. Choose a later day."))
        return found

    def _unwritten(self, name: str, codes: list[str]) -> str:
        languages = ", ".join(dict(settings.LANGUAGES)[code] for code in codes)
        field = capitalised(self._meta.get_field(name).verbose_name)
        return _("“{field}” is not written in these languages: {languages}.").format(field=field, languages=languages)

    @staticmethod
    def first_day():
        """The first day on which a version may take force that is published today."""
        return today() + timedelta(days=settings.DOCUMENT_NOTICE_LEAST)

    def can_be_published_by(self, user) -> bool:
        return user.is_coordinator and self.published_at is None

    @transaction.atomic
    def publish(self, by=None):
        """Let readers see it; on its day it takes force. Raises ValidationError with what stands against it."""
        locked = type(self).objects.select_for_update(of=("self",)).select_related("document").get(pk=self.pk)
        if locked.published_at:
            raise ValidationError(_("This version is published already."), code="published")
        if obstacles := locked.obstacles():
            raise ValidationError(obstacles)
        changes = {"published_at": timezone.now(), "published_by": by}
        history.record(locked, "publish", by=by, changes=changes)
        self.published_at, self.published_by = locked.published_at, by
        corpus.bump()


class Acceptance(models.Model):
    """Somebody accepted one version, for themselves or for an authority."""

    version = models.ForeignKey(
        DocumentVersion, on_delete=models.PROTECT, related_name="acceptances", verbose_name=_("version")
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        related_name="acceptances",
        verbose_name=_("person"),
    )
    authority = models.ForeignKey(
        Authority,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="acceptances",
        verbose_name=_("for the authority"),
    )
    language = models.CharField(_("language"), max_length=2, choices=settings.LANGUAGES)  # in which it was read
    at = models.DateTimeField(pgettext_lazy("time", "at"), auto_now_add=True)

    class Meta:
        ordering = ["-at"]
        constraints = [
            models.UniqueConstraint(
                fields=["version", "user"], condition=Q(authority__isnull=True), name="acceptance_of_person_once"
            ),
            models.UniqueConstraint(
                fields=["version", "authority"],
                condition=Q(authority__isnull=False),
                name="acceptance_of_authority_once",
            ),
        ]
        verbose_name = _("acceptance")
        verbose_name_plural = _("acceptances")

    def __str__(self):
        return f"{self.version}: {self.authority or self.user}"
