from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from .authority import Authority
from .membership import Membership
from .place import Theme


class ExpertiseQuerySet(models.QuerySet):
    def on(self, theme):
        """Rows on a theme; those on an upper theme's parts are rows on it too."""
        return self.filter(Q(theme=theme) | Q(theme__parent=theme))

    def of_members(self):
        """Rows of authorities that are in the network today."""
        return self.filter(authority__membership__status__in=Membership.IN_THE_NETWORK)

    def visible_to(self, user):
        """Rows of authorities that `user` may see."""
        return self.filter(authority__in=Authority.objects.visible_to(user))


class Expertise(models.Model):
    """What an authority says it can give on one theme, and what it needs: this routes questions to those who know."""

    class Level(models.IntegerChoices):
        FIRST_STEPS = 1, pgettext_lazy("expertise", "1 – first steps")
        SOME = 2, pgettext_lazy("expertise", "2 – some practice")
        EXPERIENCED = 3, pgettext_lazy("expertise", "3 – experienced")
        ADVISES = 4, pgettext_lazy("expertise", "4 – can advise others")
        LEADS = 5, pgettext_lazy("expertise", "5 – others learn from it")

    class Need(models.IntegerChoices):
        NONE = 1, pgettext_lazy("need", "1 – none at present")
        LITTLE = 2, pgettext_lazy("need", "2 – little")
        SOME = 3, pgettext_lazy("need", "3 – some")
        GREAT = 4, pgettext_lazy("need", "4 – great")
        URGENT = 5, pgettext_lazy("need", "5 – urgent")

    authority = models.ForeignKey(
        Authority, on_delete=models.CASCADE, related_name="expertise", verbose_name=_("authority")
    )
    theme = models.ForeignKey(Theme, on_delete=models.CASCADE, related_name="expertise", verbose_name=_("theme"))
    expertise = models.PositiveSmallIntegerField(_("expertise"), choices=Level.choices, null=True, blank=True)
    need = models.PositiveSmallIntegerField(_("need"), choices=Need.choices, null=True, blank=True)

    objects = ExpertiseQuerySet.as_manager()

    class Meta:
        ordering = ["authority", "theme"]
        constraints = [
            models.UniqueConstraint(fields=["authority", "theme"], name="expertise_once"),
            models.CheckConstraint(
                condition=(Q(expertise__isnull=True) | Q(expertise__range=(1, 5)))
                & (Q(need__isnull=True) | Q(need__range=(1, 5))),
                name="expertise_1_to_5",
            ),
        ]
        verbose_name = _("expertise")
        verbose_name_plural = _("expertise")

    def __str__(self):
        return f"{self.authority}: {self.theme}"
