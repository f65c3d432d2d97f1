"""Representations for the tests of every page and of what must not leak."""

from django.urls import reverse

from accounts import history
from accounts.models import Event
from network.models import Representation
from network.representation import representing
from tests import factories as made


def hidden(plant, marker: str) -> None:
    """A claim on an authority that nobody sees yet, and one that ended by an objection."""
    euroregion = made.AuthorityFactory(kind="euroregion")
    made.MembershipFactory(authority=euroregion)
    unseen = made.AuthorityFactory(hidden=True)
    claimed = made.RepresentationFactory(coordinator=euroregion, authority=unseen, status="claimed", scopes=[])
    ended = made.RepresentationFactory(coordinator=euroregion, status="ended", scopes=[])
    for row in (unseen, claimed, ended):
        plant(row)
    history.record(claimed, "give_address", note=f"{marker}@hidden.example", internal=True)
    history.record(ended, "object", note=f"{marker} words", on_behalf_of=ended.authority)
    for row in (euroregion, unseen, ended.authority):
        row.rewrite()


def addresses() -> set[str]:
    """Every page of both sides of each representation."""
    found = set()
    for row in Representation.objects.select_related("coordinator", "authority"):
        of = row.coordinator.slug
        found |= {reverse("network:represented_one", args=[of, row.pk])}
        found |= {reverse(f"network:{name}", args=[of]) for name in ("represented", "claim", "represented_list")}
        found |= {f"{reverse('network:claim', args=[of])}?authority={row.authority.slug}"}
        found |= {reverse("network:representation", args=[row.authority.slug])}
        found |= {reverse("admin:network_representation_change", args=[row.pk])}
    return found


def pages(person):
    """(path, status) of a Euroregion where `person` is representative, and of the represented side."""
    euroregion = made.AuthorityFactory(kind="euroregion", name="Euroregion of the sample coast")
    made.MembershipFactory(authority=euroregion)
    made.SeatFactory(authority=euroregion, user=person, role="representative")
    yield reverse("network:represented", args=[euroregion.slug]), 200
    rows = [
        made.RepresentationFactory(coordinator=euroregion, status=status, scopes=scopes, basis="Member since 2019")
        for status, scopes in [("claimed", []), ("confirmed", ["profile", "fiches"]), ("granted", ["answers"])]
    ]
    rows.append(made.RepresentationFactory(coordinator=euroregion, scopes_asked=["reports"]))
    Event.objects.create(object=rows[1].authority, verb="profile", by=person, on_behalf_of=rows[1].authority)
    yield f"{reverse('network:represented', args=[euroregion.slug])}?status=all&sort=end", 200
    for row in rows:
        yield reverse("network:represented_one", args=[euroregion.slug, row.pk]), 200
    claim = reverse("network:claim", args=[euroregion.slug])
    known = f"authority={made.AuthorityFactory().slug}"
    for query in ("", "?name=Sample&country=HR", f"?{known}", "?new=1&name=Labin&country=HR"):
        yield claim + query, 200
    yield reverse("network:represented_list", args=[euroregion.slug]), 200
    for row in (rows[1], rows[3]):
        made.SeatFactory(authority=row.authority, user=person, role="representative")
        yield reverse("network:representation", args=[row.authority.slug]), 200
    yield reverse("network:representation", args=[euroregion.slug]), 200
    yield reverse("network:object", args=[representing.objection_token(rows[1])]), 200
    yield reverse("network:object", args=["forged"]), 410
