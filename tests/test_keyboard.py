"""A practical example is written and handed in with the keyboard alone: Tab, typing, Space, Enter."""

import re

import pytest
from django.urls import reverse

from fiches.models import Fiche
from tests import factories as made

pytestmark = pytest.mark.django_db(transaction=True)


def tab_to(page, selector, most=120):
    """Press Tab until the element has the focus, as somebody without a mouse does."""
    for _press in range(most):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    raise AssertionError(f"{selector} is not reached by {most} tabs")


def fill(page, name, text):
    tab_to(page, f"[name={name}]")
    page.keyboard.type(text)


def choose(page, name, value):
    tab_to(page, f"[name={name}][value='{value}']")
    page.keyboard.press("Space")


def test_a_practical_example_is_handed_in_by_keyboard(live):
    theme = made.ThemeFactory(slug="adult-learning")
    author = made.UserFactory()
    live.log_in(author)
    live.goto(reverse("fiches:create"))
    page = live.page
    tab_to(page, "[name=kind]")
    for _press in range(3):  # arrows go through a group of radio buttons
        if page.evaluate("document.activeElement.value") == "practical_example":
            break
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/edit/"))
    fill(page, "title", "Opening hours by telephone")
    fill(page, "summary", "Somebody answers until eight in the evening.")
    fill(page, "authority", "Grad Primjer")
    tab_to(page, "[name=country]")
    page.keyboard.type("Croatia")
    choose(page, "policy_stages", "implementation")
    choose(page, "themes", theme.pk)
    choose(page, "target_groups", "adults")
    fill(page, "problem", "Who works by day could not call.")
    for number in (1, 2, 3):
        fill(page, f"step_{number}", f"Step number {number}.")
    tab_to(page, "[name=consent]")
    page.keyboard.press("Space")
    tab_to(page, "button[name=then][value=submit]")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/submitted/"))
    fiche = Fiche.objects.get(submitted_by=author)
    assert (fiche.status, fiche.country, fiche.title_en) == ("submitted", "HR", "Opening hours by telephone")
