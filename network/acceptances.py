"""Who has to accept which version of which document: each person for themselves, a representative for an authority.

Nothing is accepted by silence. Whoever has not accepted what is in force reads everything, but publishes nothing.
"""

from typing import NamedTuple

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import get_language

from accounts.workdays import today

from .models import Acceptance, Authority, Document, DocumentVersion, Seat


class Needed(NamedTuple):
    """One acceptance that is still to be given: of a version, by a person or for an authority."""

    version: DocumentVersion
    authority: Authority | None = None


def versions_missing(user, versions):
    """Of `versions` those that `user` has not accepted: for themselves, or for an authority for which they may."""
    accepted = Acceptance.objects.filter(version=OuterRef(OuterRef("pk")), authority=OuterRef("authority"))
    open_seats = Seat.objects.that_accept().filter(~Exists(accepted), user=user)
    own = Acceptance.objects.filter(version=OuterRef("pk"), user=user, authority=None)
    personal = Q(document__accepted_by__in=Document.BY_PEOPLE) & ~Exists(own)
    return versions.filter(personal | Q(document__accepted_by__in=Document.BY_AUTHORITIES) & Exists(open_seats))


def missing(user) -> list[str]:
    """Titles of what is in force and `user` has to accept before publishing or answering; one statement."""
    rows = versions_missing(user, DocumentVersion.objects.in_force())
    return list(rows.order_by("document__position").values_list(f"title_{get_language()}", flat=True))


def needed(user) -> list[Needed]:
    """Each acceptance that `user` can give now, also of versions that are published and take force later."""
    current = DocumentVersion.objects.in_force()
    coming = DocumentVersion.objects.published().filter(in_force_from__gt=today())
    versions = versions_missing(user, DocumentVersion.objects.filter(Q(pk__in=current) | Q(pk__in=coming)))
    versions = versions.select_related("document").order_by("document__position", "number")
    return [row for version in versions for row in _of(version, user)]


def _of(version, user):
    if version.people_asked().filter(pk=user.pk).exists():
        yield Needed(version)
    for authority in version.authorities_asked_of(user):
        yield Needed(version, authority)


def given(user):
    """What `user` accepted, the latest first."""
    rows = Acceptance.objects.filter(user=user).select_related("version__document", "authority")
    return rows.order_by("-at")


def accept(version, user, authority=None) -> Acceptance:
    """Record that `user` accepted a version, for an authority or for themselves; a second time changes nothing."""
    key = {"version": version, "authority": authority} if authority else {"version": version, "user": user}
    fields = {"user": user, "language": get_language()}
    row, _made = Acceptance.objects.get_or_create(**{"authority": authority} | key, defaults=fields)
    return row
