"""Rows about seats for the tests of every page and of leaks."""

from django.urls import reverse

from network import asking, invitations
from network.models import SeatInvitation, SeatRequest
from tests import factories as made


def pages(person, authority):
    """(path, status) of the pages about seats for a representative there: full, and what waits for an answer."""
    writer = made.MemberFactory(seat_at=authority, name="Ευανθία Παπαδοπούλου")
    invitations.invite(authority, "ivo@people.example", "deputy", language="hr", by=person, name="Ivo Marić")
    row = SeatRequest.objects.create(authority=authority, user=made.UserFactory(), language="en", message="I teach.")
    other = made.MembershipFactory().authority
    for seat in (person.seats.get(authority=authority), writer.seats.get()):
        yield reverse("network:seat", args=[authority.slug, seat.pk]), 200
    yield reverse("network:seats", args=[authority.slug]), 200
    yield reverse("network:seat_request", args=[row.pk]), 200
    yield reverse("network:seat_ask", args=[other.slug]), 200
    mine = invitations.invite(other, person.email, "contributor", language="en", by=None)
    yield invitations.address(mine), 200
    yield from links(authority, person)


def links(authority, person):
    """(path, status) of what is opened from a mail: somebody else's invitation, one that no longer works, confirm."""
    row = invitations.invite(authority, "somebody@people.example", "deputy", language="en", by=person)
    yield invitations.address(row), 403
    yield reverse("network:seat_invitation", args=["a:b:c"]), 410
    yield invitations.confirmation_address(person.seats.get(authority=authority)), 200
    yield reverse("network:seat_confirm", args=["a:b:c"]), 410


def hidden(plant, marker):
    """A seat, an open request and an invitation that strangers must not see."""
    authority = made.MembershipFactory().authority
    holder = made.MemberFactory(seat_at=authority, seat_at__role="representative", name=f"{marker} representative")
    plant(holder.seats.get())
    asker = made.UserFactory(name=f"{marker} asks")
    row = SeatRequest.objects.create(authority=authority, user=asker, language="en", message=marker)
    plant(row)
    asking.to_euroregion(row)
    asking.to_coordinators(row, by=asker, note=f"{marker} said", internal=True)
    plant(invitations.invite(authority, "hidden@people.example", "deputy", language="en", by=holder, name="x"))


def addresses():
    """Every page about these rows, by key."""
    found = set()
    for row in SeatRequest.objects.all():
        found |= {reverse("network:seat_request", args=[row.pk])}
        found |= {reverse(f"network:{name}", args=[row.authority.slug]) for name in ("seats", "seat_ask")}
        for seat in row.authority.seats.all():
            found.add(reverse("network:seat", args=[row.authority.slug, seat.pk]))
    for name in ("seat", "seatrequest", "seatinvitation"):
        found |= {reverse(f"admin:network_{name}_change", args=[number]) for number in (1, 2, 3)}
    for row in SeatInvitation.objects.all():
        found.add(reverse("admin:network_seatinvitation_change", args=[row.pk]))
    return found
