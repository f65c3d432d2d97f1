"""References such as CLV-2026-0042 and slugs made of the source title: given once, then fixed."""

from anyascii import anyascii
from django.db import connection
from django.utils.text import slugify


def ascii_slug(title: str, max_length: int = 80) -> str:
    """The title in ASCII, cut at a word: “Învățământ dual” → invatamant-dual."""
    slug = slugify(anyascii(title))
    return slug if len(slug) <= max_length else slug[:max_length].rsplit("-", 1)[0]


# What stands beside a slug in fiches/urls.py: /fiches/7/contact/ is a page, never a title.
TAKEN = {"contact", "preview", "submitted", "withdraw", "reopen", "delete", "revise", "edit", "autosave"}


def free_slug(fiche) -> str:
    """A slug that no other fiche and no page has; the reference makes it unique where the title alone does not."""
    slug = ascii_slug(fiche.source("title")) or "fiche"
    with connection.cursor() as cursor:  # two of one title may be published at the same moment
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [slug])
    if slug in TAKEN or type(fiche)._base_manager.filter(slug=slug).exclude(pk=fiche.pk).exists():
        slug = f"{slug}-{(fiche.reference or str(fiche.pk)).lower()}"
    return slug
