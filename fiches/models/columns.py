"""Two kinds of column that a fiche has many of."""

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models.functions import Coalesce

# When what readers see of a fiche changed last; `changed_at` follows from its Events.
LAST_CHANGE = Coalesce("changed_at", "published_at")


def several(choices, label):
    """A column that holds any number of values of one closed vocabulary."""
    return ArrayField(
        models.CharField(max_length=30, choices=choices.choices), verbose_name=label, default=list, blank=True
    )


def year_field(label, **options):
    return models.PositiveSmallIntegerField(
        label, validators=[MinValueValidator(1900), MaxValueValidator(2100)], null=True, blank=True, **options
    )
