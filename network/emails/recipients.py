"""To whom the network writes, and how one event is told to several people. The models' verbs use it: it imports none."""

from accounts import notifications
from accounts.models import User


def representatives(authority) -> list[User]:
    """Who holds a seat as representative or deputy there today."""
    return _people(authority.seats.of_representatives())


def seat_holders(authority) -> list[User]:
    """Everybody with a seat there today."""
    return _people(authority.seats.current())


def coordinators() -> list[User]:
    return list(User.objects.coordinators())


def _people(seats) -> list[User]:
    return list(User.objects.filter(is_active=True, pk__in=seats.values("user")).order_by("pk"))


def tell(kind: str, subject, people, *, key: str, **data) -> None:
    """Queue one mail of `kind` for each person, once; `data` is what the mail needs besides its subject."""
    for person in dict.fromkeys(people):
        notifications.tell(kind, subject, recipient=person, key=key, data=data)


def tell_official(kind: str, subject, authority, *, key: str, **data) -> None:
    """Queue a mail to the official address of an authority, in its language; nothing where none is known."""
    if authority.official_address:
        notifications.tell(
            kind,
            subject,
            address=authority.official_address,
            language=authority.language_of_contact,
            key=key,
            data=data,
        )


def tell_address(kind: str, subject, address: str, language: str, *, key: str, **data) -> None:
    """Queue a mail to an address that has no account."""
    notifications.tell(kind, subject, address=address, language=language, key=key, data=data)
