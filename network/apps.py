from django.apps import AppConfig
from django.utils.translation import pgettext_lazy


class NetworkConfig(AppConfig):
    """The authorities, their regions, seats, memberships and representations."""

    name = "network"
    verbose_name = pgettext_lazy("section", "Network")
