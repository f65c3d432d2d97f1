"""Made-up authorities for the benchmark: members, some on hold, most represented by one of a few Euroregions."""

import random

from network.models import Authority, Expertise, Membership, Representation, Theme
from translations import editions
from translations.models import Edition, SearchText

from . import copies
from .words import Writer, in_all_languages

DIFFERENT = 300  # with names of their own; more are copies of those
EUROREGIONS = 12
COUNTRIES = ["ES", "IT", "BE", "GR", "CY", "RO", "HR", "TR", "FR", "NL", "DE", "PL", "PT", "SI", "AT"]
ADDRESS = "'/network/authority-' || {number} || '/'"


def seed(number: int) -> None:
    """Make `number` authorities that are in the directory, with their Editions."""
    chance = random.Random(2027)  # noqa: S311 – the same network each time, nothing secret
    rows = [authority(position, chance) for position in range(min(number, DIFFERENT))]
    made = Authority.objects.bulk_create(rows)
    standing(made, chance)
    for row in Authority.objects.filter(editions=None):
        editions.write(row)
    multiply([row.pk for row in made], number)


def authority(position, chance):
    writer = Writer(chance)
    return Authority(
        slug=f"authority-{position}",
        official_name=f"{writer.title('hr')[:50]} {position}",
        official_language="hr",
        kind="euroregion" if position < EUROREGIONS else chance.choice(["local", "local", "regional", "agency"]),
        governance_level=chance.choice(["local", "regional", "intermediate"]),
        country=COUNTRIES[position % len(COUNTRIES)],
        town=f"Town {position}",
        working_languages=chance.sample(["en", "es", "it", "fr", "nl", "el", "ro", "hr", "tr"], 2),
        **in_all_languages("name", lambda code: f"{writer.title(code)[:50]} {position}"),
        **in_all_languages("description", writer.summary),
    )


def standing(made, chance):
    themes = list(Theme.objects.exclude(parent=None))
    members = [row for position, row in enumerate(made) if position < EUROREGIONS or position % 3 == 0]
    Membership.objects.bulk_create(
        Membership(
            authority=row,
            status="on_hold" if chance.random() < 0.05 else "active",
            since=f"20{chance.randrange(16, 26)}-05-01",
        )
        for row in members
    )
    Representation.objects.bulk_create(
        Representation(coordinator=made[chance.randrange(EUROREGIONS)], authority=row, status="confirmed")
        for row in made[EUROREGIONS:]
        if row not in members
    )
    Expertise.objects.bulk_create(
        Expertise(authority=row, theme=theme, expertise=chance.randrange(1, 6))
        for row in members
        for theme in chance.sample(themes, min(3, len(themes)))
    )


def multiply(keys: list[int], number: int) -> None:
    """Copy them with all that belongs to them until there are `number`."""
    first, step = keys[0], len(keys)
    if number <= step:
        return
    last = copies.last(Edition)
    limits = {"first": first, "step": step, "number": number, "model": Authority}
    own, copied = f"object_id - {first}", f"(object_id - {first} + copy * {step})"
    html = f"replace(card_html, {ADDRESS.format(number=f'({own})')}, {ADDRESS.format(number=copied)})"
    of_authority = {"object_id": f"object_id + copy * {step}"}
    copies.copy(Edition, "object_id", of_authority | {"card_html": html, "id": f"id + copy * {last}"}, limits)
    copies.copy(SearchText, "object_id", of_authority | {"edition_id": f"edition_id + copy * {last}"}, limits)
    slug = f"'authority-' || (id - {first} + copy * {step})"
    copies.copy(Authority, "id", {"id": f"id + copy * {step}", "slug": slug}, limits)
    for model in (Membership, Expertise, Representation):
        copies.copy(model, "authority_id", {"authority_id": f"authority_id + copy * {step}"}, limits)
