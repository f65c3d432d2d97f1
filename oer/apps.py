"""Will hold the open educational resources that train policy makers, their files per language, and learning paths."""

from django.apps import AppConfig


class OerConfig(AppConfig):
    """Open educational resources: reserved; it comes with an issue of its own."""

    name = "oer"
