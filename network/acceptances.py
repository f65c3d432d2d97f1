"""Who has to accept which version of which document: each person for themselves, a representative for an authority.

Nothing is accepted by silence. Whoever has not accepted what is in force reads everything, but publishes nothing.
"""

from typing import NamedTuple

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import get_language

from accounts.models import User
from accounts.workdays import today

from .models import Acceptance, Authority, Document, DocumentVersion, Membership, Seat

PERSONAL = (Document.AcceptedBy.PEOPLE, Document.AcceptedBy.BOTH)
OF_AUTHORITIES = (Document.AcceptedBy.AUTHORITIES, Document.AcceptedBy.BOTH)


class Needed(NamedTuple):
    """One acceptance that is still to be given: of a version, by a person or for an authority."""

    version: DocumentVersion
    authority: Authority | None = None


def by_person(version, user):
    """Acceptances of a version by a person for themselves; both may be OuterRefs."""
    return Acceptance.objects.filter(version=version, user=user, authority=None)


def seats_that_accept(user):
    """Seats from which `user` accepts for an authority in the network: those of representatives and deputies."""
    seats = Seat.objects.of_representatives().filter(user=user)
    return seats.filter(authority__membership__status__in=Membership.IN_THE_NETWORK)


def versions_missing(user, versions):
    """Of `versions` those that `user` has not accepted: for themselves, or for an authority for which they may."""
    accepted = Acceptance.objects.filter(version=OuterRef(OuterRef("pk")), authority=OuterRef("authority"))
    open_seats = seats_that_accept(user).filter(~Exists(accepted))
    personal = Q(document__accepted_by__in=PERSONAL) & ~Exists(by_person(OuterRef("pk"), user))
    return versions.filter(personal | Q(document__accepted_by__in=OF_AUTHORITIES) & Exists(open_seats))


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
    authorities = Authority.objects.filter(pk__in=seats_that_accept(user).values("authority")).order_by("slug")
    return [row for version in versions for row in _of(version, user, authorities)]


def _of(version, user, authorities):
    if version.document.accepted_by in PERSONAL and not by_person(version, user).exists():
        yield Needed(version)
    if version.document.accepted_by in OF_AUTHORITIES:
        for authority in authorities.exclude(acceptances__version=version):
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


def people_without(version):
    """Active people who have to accept a version for themselves and have not."""
    if version.document.accepted_by not in PERSONAL:
        return User.objects.none()
    return User.objects.filter(~Exists(by_person(version, OuterRef("pk"))), is_active=True)


def authorities_without(version):
    """Authorities in the network for which nobody has accepted a version that is for them."""
    if version.document.accepted_by not in OF_AUTHORITIES:
        return Authority.objects.none()
    members = Authority.objects.filter(membership__status__in=Membership.IN_THE_NETWORK, merged_into=None)
    return members.exclude(acceptances__version=version)


def people_asked(version):
    """Everybody who still has to accept a version, for themselves or for an authority."""
    seats = Seat.objects.of_representatives().filter(authority__in=authorities_without(version))
    asked = Q(pk__in=people_without(version)) | Q(pk__in=seats.values("user"))
    return User.objects.filter(asked, is_active=True)


def authorities_to_accept(version, user) -> list[Authority]:
    """Authorities for which `user` may accept this version, and nobody has."""
    return list(authorities_without(version).filter(pk__in=seats_that_accept(user).values("authority")))
