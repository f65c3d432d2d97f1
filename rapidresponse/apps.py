"""Will hold urgent questions of members, their answers, the alerts that ask peers, and the clock that measures both."""

from django.apps import AppConfig


class RapidResponseConfig(AppConfig):
    """Rapid response: reserved; it comes with an issue of its own."""

    name = "rapidresponse"
