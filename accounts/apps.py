from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    """Who a person is, how we reach them, what was done."""

    name = "accounts"
    verbose_name = _("People and moderation")

    def ready(self):
        autodiscover_modules("emails")
