"""The look: the tile map, charts, icons and the typeface say what they should, in every language."""

import re

import pytest
from django.conf import settings as house
from django.contrib.auth.models import AnonymousUser
from django.http import Http404
from django.template import Context, Template
from django.utils import translation
from django.utils.html import strip_tags

import clavet.urls  # noqa: F401  (which addresses there are is settled before a test sets DEMO)
from clavet import charts, fonts, tilemap
from clavet.styleguide import styleguide

TEMPLATES = house.BASE_DIR / "templates"


def test_each_country_has_a_tile_of_its_own():
    assert len(set(tilemap.POSITIONS.values())) == len(tilemap.POSITIONS)
    eu = set("AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK".split())  # noqa: SIM905
    assert eu < set(tilemap.POSITIONS)


def test_the_map_links_counted_countries_only_and_names_them():
    drawn = tilemap.render({"HR": 3, "EL": 1, "PT": 0}, url="?kind=x&country=", chosen="HR", language="en")
    assert drawn.count("<a ") == 2
    assert 'href="?kind=x&amp;country=HR"' in drawn and 'aria-label="Croatia: 3 fiches"' in drawn
    assert 'aria-label="Greece: 1 fiche"' in drawn and ">EL</text>" in drawn
    assert drawn.count('aria-current="true"') == 1
    assert "style=" not in drawn


@pytest.mark.parametrize(("language", "name"), [("en", "Türkiye"), ("tr", "Türkiye"), ("el", "Τουρκία")])
def test_country_names(language, name):
    assert tilemap.country_name("TR", language) == name


def test_a_label_from_outside_stays_text():
    assert "<script" not in tilemap.render({"HR": 1}, label='"><script>')


def test_charts_write_every_number_and_no_decimal_comma_in_the_drawing():
    with translation.override("es"):
        template = Template('{% chart "dot" points unit="%" %}{% chart "line" years %}{% chart "bar" bars %}')
        drawn = template.render(
            Context(
                {"points": [("Leavers", 14.5, 9)], "years": [("2019", 3), ("2020", 7.5)], "bars": [("A", 1), ("B", 3)]}
            )
        )
    assert not re.search(r'(?:x|y|cx|cy|width)="\d+,\d', drawn)
    assert "14,5" in strip_tags(drawn)


def test_charts_without_anything_to_show():
    assert charts.bars([])["rows"] == charts.dots([])["rows"] == charts.line([])["rows"] == []
    assert charts.bars([("none", 0)])["rows"][0]["length"] == "0.0"


def test_icons_are_hidden_from_screen_readers():
    assert 'aria-hidden="true"' in Template('{% icon "search" %}').render(Context())


def test_the_typeface_has_every_letter_and_stays_small():
    from fontTools.ttLib import TTFont

    path = fonts.made()
    letters = TTFont(path).getBestCmap()
    assert not [letter for letter in "șțŞşğıİđčćžšÆœĳñç¿¡άέήίόύώΐΰςΆΏ€₺–—‘’“”«»…→≥" if ord(letter) not in letters]
    assert path.stat().st_size < 100_000


def test_the_style_guide_shows_every_part(rf, settings):
    settings.DEMO = True
    request = rf.get("/styleguide/")
    request.user = AnonymousUser()
    request.resolver_match = None
    page = styleguide(request).content.decode()
    assert page.count("<h1") == 1 and "Check 6 answers" in page
    guide = "".join(path.read_text(encoding="utf-8") for path in TEMPLATES.glob("*styleguide*.html"))
    base = (TEMPLATES / "base.html").read_text(encoding="utf-8")
    inside = "".join(path.read_text(encoding="utf-8") for path in (TEMPLATES / "components").glob("*.html"))
    for path in (TEMPLATES / "components").glob("*.html"):
        part = f'"components/{path.name}"'
        assert part in guide + inside + base or path.stem in ("chart", "social"), part  # these are tags


def test_the_style_guide_is_not_for_real_installations(rf, settings):
    settings.DEMO = False
    with pytest.raises(Http404):
        styleguide(rf.get("/styleguide/"))
