"""Closed vocabularies that authorities and fiches share, with their labels."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class GovernanceLevel(models.TextChoices):
    LOCAL = "local", pgettext_lazy("governance level", "Local")
    INTERMEDIATE = "intermediate", pgettext_lazy("governance level", "Province or county")
    REGIONAL = "regional", pgettext_lazy("governance level", "Regional")
    CROSS_BORDER = "cross_border", pgettext_lazy("governance level", "Cross-border")
    NATIONAL = "national", pgettext_lazy("governance level", "National")


class PopulationBand(models.TextChoices):
    UNDER_5K = "under_5k", _("fewer than 5,000")
    FROM_5K = "5k_20k", _("5,000 to 20,000")
    FROM_20K = "20k_50k", _("20,000 to 50,000")
    FROM_50K = "50k_100k", _("50,000 to 100,000")
    FROM_100K = "100k_250k", _("100,000 to 250,000")
    FROM_250K = "250k_1m", _("250,000 to 1 million")
    OVER_1M = "over_1m", _("more than 1 million")

    @classmethod
    def of(cls, population: int) -> str:
        """The band into which a number of inhabitants falls."""
        limits = [5_000, 20_000, 50_000, 100_000, 250_000, 1_000_000]
        return list(cls)[sum(population >= limit for limit in limits)].value
