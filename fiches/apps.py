from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class FichesConfig(AppConfig):
    """Best practices, lessons learned and practical examples."""

    name = "fiches"
    verbose_name = _("Fiches")
