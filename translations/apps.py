from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TranslationsConfig(AppConfig):
    """What is translated, by whom, whether it is still true, and what is shown."""

    name = "translations"
    verbose_name = _("Translations")
