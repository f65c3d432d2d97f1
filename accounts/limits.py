"""How much one connection or one person may send in a day: counted by rows, so that it holds over processes and restarts."""

from datetime import timedelta

from allauth.account.adapter import get_adapter
from django.core.cache import cache
from django.db import connection
from django.utils import timezone
from django.utils.crypto import salted_hmac

DAY = timedelta(days=1)


def address(request) -> str | None:
    """The network address a request came from, also behind the proxies that we trust."""
    return get_adapter(request).get_client_ip(request) or None


def address_hash(request, purpose: str) -> str:
    """The connection a message came from, so that we can count without keeping whose it is."""
    return salted_hmac(purpose, address(request) or "", algorithm="sha256").hexdigest()


def too_often(request, purpose: str, limit: int, seconds: int) -> bool:
    """Whether this connection has asked more than `limit` times within `seconds`; kept as a hash, for that long."""
    key = f"often:{purpose}:{address_hash(request, purpose)}"
    cache.add(key, 0, seconds)
    try:
        return cache.incr(key) > limit
    except ValueError:  # it ran out in between
        return False


def is_used_up(model, hashed: str, limit: int) -> bool:
    """Whether `limit` rows of `model` came from this connection within a day; needs a transaction.

    Whoever else asks for the same connection waits until that transaction ends: nobody slips through between
    counting and inserting.
    """
    _one_at_a_time(hashed)
    return model.objects.filter(address_hash=hashed, created_at__gte=timezone.now() - DAY).count() >= limit


def is_used_up_by(person, rows, when: str, limit: int) -> bool:
    """Whether this person has made `limit` of `rows` within a day, by their column `when`; needs a transaction, too."""
    _one_at_a_time(f"{rows.model._meta.label}:{person.pk}")
    return rows.filter(**{f"{when}__gte": timezone.now() - DAY}).count() >= limit


def _one_at_a_time(key: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [key])
