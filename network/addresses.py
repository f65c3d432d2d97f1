"""Slugs of authorities: made of the official name once, then fixed."""

from anyascii import anyascii
from django.db import connection
from django.utils.text import slugify

# What stands beside a slug in network/urls.py: /network/join/ is a page, never an authority.
TAKEN = {
    "join",
    "applications",
    "seats",
    "seat-requests",
    "memoranda",
    "sign",
    "object",
    "suggestions",
    "export",
    "feed",
}


def free_slug(authorities, official_name: str) -> str:
    """A slug that none of `authorities` (a manager) and no page has; to be saved in the same transaction."""
    slug = slugify(anyascii(official_name))
    slug = slug if len(slug) <= 70 else slug[:70].rsplit("-", 1)[0]
    slug = slug or "authority"
    with connection.cursor() as cursor:  # two of one name may be added at the same moment
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"authority {slug}"])
    free, number = slug, 1
    while free in TAKEN or authorities.filter(slug=free).exists():
        number += 1
        free = f"{slug}-{number}"
    return free
