"""On a telephone no column of the network’s tables hides beside the screen."""

import pytest
from django.urls import reverse

from network.models import Expertise

from .factories import AuthorityFactory, MemberFactory, MembershipFactory, RepresentationFactory, ThemeFactory


@pytest.fixture
def pages():
    euroregion = AuthorityFactory(kind="euroregion")
    town = AuthorityFactory(name="City of Rijeka")
    MembershipFactory(authority=euroregion, membership_class="coordinator")
    RepresentationFactory(coordinator=euroregion, authority=town, basis="Named in the list of members")
    Expertise.objects.create(authority=euroregion, theme=ThemeFactory(), expertise=4, need=2)
    person = MemberFactory(seat_at=euroregion, seat_at__role="representative")
    names = ("detail", "profile", "represented", "represented_list")
    return person, [reverse(f"network:{name}", args=[euroregion.slug]) for name in names]


@pytest.mark.browser
def test_tables_stand_below_each_other_on_a_telephone(live, pages, no_sideways_scrolling):
    person, paths = pages
    live.log_in(person)
    live.page.set_viewport_size({"width": 320, "height": 800})
    for path in paths:
        live.goto(path)
        no_sideways_scrolling(live.page)
        table = live.page.locator("table.stacked")
        assert table.count() == 1, path
        hidden = "table => table.parentElement.scrollWidth - table.parentElement.clientWidth"
        assert table.evaluate(hidden) <= 0, path
        assert table.get_by_role("cell").count() > 0, path  # blocks on screen, still a table for screen readers
