from django.conf import settings
from django.contrib.contenttypes.fields import GenericRelation
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models.user import validate_time_zone
from accounts.workdays import today
from translations import editions
from translations.models import Edition, Translation

from .. import rendering
from ..countries import country_name, validate_country
from ..vocabularies import GovernanceLevel, PopulationBand
from .place import Region


class AuthorityQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The public ones; hidden ones (applications, merged) for those who hold a seat there, who applied, who moderate."""
        if user is None or not user.is_authenticated:
            return self.filter(hidden=False)
        if user.is_coordinator:
            return self
        day = today()
        seats = Q(seats__user=user, seats__start__lte=day) & (Q(seats__end__isnull=True) | Q(seats__end__gte=day))
        theirs = self.model._base_manager.filter(seats).values("pk")
        return self.filter(Q(hidden=False) | Q(pk__in=theirs) | Q(membership__applied_by=user))

    def in_the_network(self):
        """Authorities whose own membership is active or on hold: being represented makes nobody a member."""
        return self.filter(membership__status__in=["active", "on_hold"])

    def with_editions(self):
        """All of them: who may read which is for visible_to."""
        return self.all()


class Authority(models.Model):
    """A public body, or a body that works with them, that has or shares knowledge about education and training."""

    class Kind(models.TextChoices):
        LOCAL = "local", _("Local authority")
        REGIONAL = "regional", _("Regional authority")
        EUROREGION = "euroregion", _("Euroregion")
        SCHOOL_INSPECTORATE = "school_inspectorate", _("School inspectorate")
        AGENCY = "agency", _("Agency")
        ASSOCIATION = "association", _("Association of authorities")
        THIRD_SECTOR = "third_sector", _("Third sector")
        ACADEMIA = "academia", _("Academia")
        PRIVATE = "private", _("Private sector")

    slug = models.SlugField(_("slug"), max_length=80, unique=True)
    official_name = models.CharField(_("official name"), max_length=200)
    official_language = models.CharField(_("language of the official name"), max_length=3, default="en")
    name = models.CharField(_("name"), max_length=200)
    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices)
    governance_level = models.CharField(
        _("governance level"), max_length=15, choices=GovernanceLevel.choices, blank=True
    )
    country = models.CharField(_("country"), max_length=2, validators=[validate_country])
    region = models.ForeignKey(
        Region, on_delete=models.PROTECT, null=True, blank=True, related_name="authorities", verbose_name=_("region")
    )
    town = models.CharField(_("town"), max_length=100, blank=True)
    latitude = models.DecimalField(_("latitude"), max_digits=8, decimal_places=5, null=True, blank=True)
    longitude = models.DecimalField(_("longitude"), max_digits=8, decimal_places=5, null=True, blank=True)
    population = models.PositiveIntegerField(_("population"), null=True, blank=True)
    population_year = models.PositiveSmallIntegerField(_("year of the population figure"), null=True, blank=True)
    working_languages = ArrayField(
        models.CharField(max_length=3), verbose_name=_("working languages"), default=list, blank=True
    )
    language_of_contact = models.CharField(
        _("language of contact"), max_length=2, choices=settings.LANGUAGES, default="en"
    )
    official_address = models.EmailField(_("official e-mail address"), blank=True)
    time_zone = models.CharField(
        _("time zone"), max_length=50, default="Europe/Brussels", validators=[validate_time_zone]
    )
    holiday_calendar = models.CharField(
        _("calendar of public holidays"), max_length=10, blank=True
    )  # ISO 3166-1 or 3166-2, as package `holidays` knows it; empty: that of the country
    website = models.URLField(_("website"), blank=True)
    vet_competences = models.TextField(
        _("competences in vocational education and training"), max_length=2000, blank=True
    )
    description = models.TextField(_("description"), max_length=2000, blank=True)
    partner_role = models.CharField(
        _("role in the CLAVET project"),
        max_length=12,
        choices=[("coordinator", pgettext_lazy("project role", "Coordinator")), ("partner", _("Partner"))],
        blank=True,
    )
    sources = models.JSONField(_("sources"), default=list, blank=True)  # [{"title": …, "url": …}]
    demonstration = models.BooleanField(_("demonstration"), default=False)
    hidden = models.BooleanField(_("hidden"), default=False)
    merged_into = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="merged", verbose_name=_("merged into")
    )
    version = models.PositiveIntegerField(
        _("version"), default=0
    )  # of the profile: two editors never overwrite each other
    source_language = models.CharField(_("source language"), max_length=2, choices=settings.LANGUAGES, default="en")

    editions = GenericRelation(Edition)
    translations = GenericRelation(Translation)

    objects = AuthorityQuerySet.as_manager()

    class Meta:
        ordering = ["country", "slug"]
        indexes = [models.Index(fields=["country"])]
        verbose_name = _("authority")
        verbose_name_plural = _("authorities")

    def __str__(self):
        return self.name or self.official_name

    def get_absolute_url(self):
        return reverse("network:detail", args=[self.slug])

    @property
    def country_name(self) -> str:
        return country_name(self.country)

    @property
    def population_band(self) -> str:
        return PopulationBand.of(self.population) if self.population else ""

    @property
    def own_languages(self) -> list[str]:
        """The languages in which its page has something of its own."""
        return rendering.own_languages(self)

    def edited_for(self, user) -> list:
        """The authorities for which `user` may edit this profile: its own people, or a Euroregion with that scope."""
        if user is None or not user.is_authenticated:
            return []
        own = [self] if self.seats.of_representatives().filter(user=user).exists() else []
        rows = self.represented_by.acting().filter(scopes__contains=["profile"]).select_related("coordinator")
        others = [row.coordinator for row in rows]
        return own + [other for other in others if other.seats.current().filter(user=user).exists()]

    def can_be_edited_by(self, user) -> bool:
        """Whether `user` may edit the profile and the expertise."""
        return bool(self.edited_for(user))

    def shows(self, _detail: str, _user=None) -> bool:
        """Nothing that an authority says of itself is anonymised (network.views.relay_answer asks)."""
        return True

    def was_lately_of(self, user) -> bool:
        """Whether `user` holds a seat here or did until lately: what was theirs last week is not for them to judge."""
        return self.seats.lately().filter(user=user).exists()

    def can_be_merged_by(self, user) -> bool:
        """A coordinator who holds no seat there, nor did lately."""
        return user.is_coordinator and not self.was_lately_of(user)

    # What readers are shown (translations.editions)

    def source_texts(self) -> dict[str, str]:
        """Every text to translate, by the key under which its translation is kept."""
        return rendering.source_texts(self)

    def set_texts(self, language: str, translated) -> None:
        """Write released texts into their columns, for translations.release."""
        rendering.set_texts(self, language, translated)

    def for_editions(self):
        """This authority read anew with all that is shown of it."""
        rows = type(self)._base_manager.select_related("region")
        return rows.prefetch_related("expertise__theme__parent", "translations").get(pk=self.pk)

    def edition(self, shown) -> dict[str, str]:
        """What a reader is shown, for translations.editions.write()."""
        return rendering.edition(self, shown)

    def name_officially(self, before: str = "") -> bool:
        """Where its official name is in one of the portal’s languages, readers of that language are shown it.

        Says whether the name in that language was missing, or still the official name of `before`; any other is left.
        """
        column = f"name_{self.official_language}"
        if self.official_language not in settings.LANGUAGE_CODES or getattr(self, column) not in (None, "", before):
            return False
        setattr(self, column, self.official_name)
        return True

    def rewrite(self) -> None:
        """Show readers what has changed of it, of its expertise, membership or representation; void cached pages."""
        editions.write(self)
