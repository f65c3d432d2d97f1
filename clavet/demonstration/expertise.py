"""What the invented members can share: only where a published fiche of theirs shows it, and never of a real body."""

from fiches.models import Fiche
from fiches.vocabularies import Disclosure
from network.models import Authority, Expertise, Membership

LEVEL = Expertise.Level.SOME  # a practice that is described shows some practice, no more


def add() -> None:
    """A real authority rates itself or is not rated at all."""
    named = Fiche.objects.public().filter(
        disclosure=Disclosure.OPEN,
        authority__demonstration=True,
        authority__membership__status__in=Membership.IN_THE_NETWORK,
    )
    for authority, theme in named.values_list("authority", "themes").distinct():
        if theme:
            Expertise.objects.get_or_create(authority_id=authority, theme_id=theme, defaults={"expertise": LEVEL})
    for authority in Authority.objects.exclude(expertise=None):
        authority.rewrite()
