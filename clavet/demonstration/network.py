"""The network for the demonstration: real organisations in states that are labelled as invented, on documented lists."""

from network.models import Authority, Membership, Representation
from translations import corpus

from .content import HERE, read

Class, Status = Membership.Class, Membership.Status


def add_memberships() -> None:
    """The ten partners of the project; what exists stays as it is."""
    for authority in Authority.objects.exclude(partner_role=""):
        euroregion = authority.kind == Authority.Kind.EUROREGION
        Membership.objects.get_or_create(
            authority=authority,
            defaults={
                "membership_class": Class.COORDINATOR if euroregion else Class.MEMBER,
                "status": Status.ACTIVE,
                "demonstration": True,
            },
        )


def add_representations() -> None:
    """Whom a Euroregion represents according to its published list; what exists stays as it is."""
    for row in read(HERE / "network.toml")["representation"]:
        coordinator = Authority.objects.get(slug=row["coordinator"])
        known = {
            "status": Representation.Status.CONFIRMED,
            "scopes": Representation.BY_COORDINATORS,
            "demonstration": True,
            **{name: row[name] for name in ("basis", "basis_url", "language")},
        }
        for authority in Authority.objects.filter(slug__in=row["authorities"]):
            if not Representation.objects.filter(coordinator=coordinator, authority=authority).exists():
                Representation.objects.create(coordinator=coordinator, authority=authority, **known)


def add() -> None:
    """Memberships and representations: ready pages that show them are void."""
    add_memberships()
    add_representations()
    corpus.bump()
