"""What of the network strangers may not see, and where they might look for it (tests/test_leaks.py)."""

from django.urls import reverse
from django.urls.exceptions import NoReverseMatch

from network.exports import FORMATS

from .factories import AuthorityFactory, MemberFactory, MembershipFactory, RepresentationFactory

PUBLIC, HIDDEN = "open-authority", "hidden-authority"
OF_ONE = (
    "detail",
    "contact",
    "profile",
    "seat_ask",
    "seats",
    "represented",
    "claim",
    "represented_list",
    "representation",
)


def leave(marker: str, plant) -> None:
    """An authority whose page is public but not its application, people and address; and one that is hidden whole."""
    seen = AuthorityFactory(slug=PUBLIC, official_address=f"{marker}@mailbox.example")
    plant(MembershipFactory(authority=seen, status="applied"))
    MemberFactory(seat_at=seen, name=f"{marker} contributor", email=f"{marker}2@people.example")
    claim = RepresentationFactory(authority=seen, status="claimed")
    plant(claim)
    seen.rewrite()
    hidden = AuthorityFactory(slug=HIDDEN, hidden=True)
    plant(hidden)
    MembershipFactory(authority=hidden)
    RepresentationFactory(authority=hidden, coordinator=claim.coordinator)
    hidden.refresh_from_db()
    hidden.rewrite()
    claim.coordinator.rewrite()


def addresses(word: str) -> set[str]:
    """Pages and files of both, and what a search in the directory and its files finds."""
    found = set()
    for slug in (PUBLIC, HIDDEN):
        for name in OF_ONE:
            try:
                found.add(reverse(f"network:{name}", args=[slug]))
            except NoReverseMatch:  # not built
                continue
        found |= {reverse("network:export_one", args=[slug, name]) for name in ("json", "jsonld")}
    lists = [reverse(f"network:{name}") for name in ("list", "suggestions", "feed", "join")]
    lists += [reverse("network:export", args=[name]) for name in FORMATS]
    everybody = "&".join(f"standing={one}" for one in ("member", "on_hold", "represented", "former", "other"))
    return found | {f"{path}{query}" for path in lists for query in ("", f"?q={word}", f"?{everybody}")}
