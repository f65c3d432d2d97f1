from django.db import models
from django.utils.translation import gettext_lazy as _

from ..countries import country_name, validate_country


class Region(models.Model):
    """A NUTS region, or a node that a coordinator adds under a country."""

    code = models.CharField(_("code"), max_length=12, unique=True)
    country = models.CharField(_("country"), max_length=2, validators=[validate_country])
    level = models.PositiveSmallIntegerField(_("level"))
    name = models.CharField(_("name"), max_length=200)
    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("part of")
    )

    class Meta:
        ordering = ["country", "code"]
        indexes = [models.Index(fields=["country", "level"])]
        verbose_name = _("region")
        verbose_name_plural = _("regions")

    def __str__(self):
        return f"{self.name} ({self.code})"

    @property
    def country_name(self) -> str:
        return country_name(self.country)


class Theme(models.Model):
    """A subject of education and training policy, on one of two levels."""

    slug = models.SlugField(_("slug"), unique=True)
    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("part of")
    )
    name = models.CharField(_("name"), max_length=80)
    description = models.TextField(_("description"), max_length=600, blank=True)
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        ordering = ["position", "slug"]
        verbose_name = _("theme")
        verbose_name_plural = _("themes")

    def __str__(self):
        return self.name
