"""Who is named to sign for a party, and whether the one who signs is that person. It imports no model."""

from typing import NamedTuple

from translations.letters import folded


class Named(NamedTuple):
    """A person by name and office."""

    name: str
    title: str

    def __str__(self):
        return ", ".join(filter(None, self))


def named(party, link=None) -> Named | None:
    """The person whom the memorandum names, else to whom the link was sent; None where the typed name counts."""
    if party.signatory_name.strip():
        return Named(party.signatory_name, party.signatory_title)
    return Named(link.name, link.title) if link else None


def is_same(one: str, other: str) -> bool:
    """Whether two names are the same but for capitals, accents and spaces."""
    return folded(one).split() == folded(other).split()


def in_place_of(name: str, party, link=None) -> str:
    """The name of the person in whose place `name` signs; empty for that person, and where nobody is named."""
    person = named(party, link)
    return "" if person is None or is_same(name, person.name) else person.name
