"""What stays the same in a feed for ever: the id of an entry."""

from urllib.parse import urlsplit

from django.conf import settings

BEGUN = "2026"  # the year in which the host was ours: part of a tag URI


def tag(*parts: str) -> str:
    """A tag URI (RFC 4151) of the portal's host, never an address."""
    return f"tag:{urlsplit(settings.SITE_URL).hostname},{BEGUN}:" + ":".join(parts)
