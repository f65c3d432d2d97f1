from django.apps import AppConfig


class ClavetConfig(AppConfig):
    """The wiring, and the pages that combine apps; no models."""

    name = "clavet"

    def ready(self):
        from . import checks  # noqa: F401 – registers itself
