"""Slugs of authorities: made of the official name once, then fixed."""

from itertools import count

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


def _base(official_name: str) -> str:
    slug = slugify(anyascii(official_name))
    return (slug if len(slug) <= 70 else slug[:70].rsplit("-", 1)[0]) or "authority"


def free_slug(authorities, official_name: str) -> str:
    """A slug that none of `authorities` (a manager) and no page has; to be saved in the same transaction."""
    slug = _base(official_name)
    with connection.cursor() as cursor:  # two of one name may be added at the same moment
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"authority {slug}"])
    free, number = slug, 1
    while free in TAKEN or authorities.filter(slug=free).exists():
        number += 1
        free = f"{slug}-{number}"
    return free


def free_slugs(authorities, official_names: list[str]) -> list[str]:
    """The same for many names at once, which get different ones; two lists at once wait in turn."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", ["authorities"])
    known = TAKEN | set(authorities.values_list("slug", flat=True))
    found = []
    for name in official_names:
        slug = _base(name)
        free = next(free for number in count(1) if (free := f"{slug}-{number}" if number > 1 else slug) not in known)
        known.add(free)
        found.append(free)
    return found
