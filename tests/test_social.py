"""What social sites and messengers are told of a page that somebody shares."""

from html.parser import HTMLParser

import pytest
from django.conf import settings
from PIL import Image

from clavet.templatetags.social import LOCALES

from .factories import FicheFactory, ThemeFactory

pytestmark = pytest.mark.django_db


class Metas(HTMLParser):
    def __init__(self, text):
        super().__init__()
        self.found = {}
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        if tag == "meta" and attrs.get("property"):
            self.found.setdefault(attrs["property"], []).append(attrs["content"])


def metas(client, path):
    return Metas(client.get(path).content.decode()).found


@pytest.mark.parametrize("language", settings.LANGUAGE_CODES)
def test_every_kind_of_page_says_its_title_and_language(client, language):
    fiche = FicheFactory(title='Evening "school" & <b>more</b>', summary="Adults finish\nschool.")
    theme = ThemeFactory(slug="digital-skills")
    for path in ("", "fiches/", f"fiches/{fiche.pk}/{fiche.slug}/", "themes/", f"themes/{theme.slug}/", "about/"):
        found = metas(client, f"/{language}/{path}")
        assert found["og:site_name"] == ["CLAVET"] and found["og:locale"] == [LOCALES[language]]
        [title], [description], [url] = found["og:title"], found["og:description"], found["og:url"]
        assert title.strip() and description.strip() and "\n" not in title + description
        assert url.startswith("http://testserver/") and "?" not in url
        assert found["og:image"][0].startswith("http://testserver/static/img/share")
        assert LOCALES[language] not in found.get("og:locale:alternate", [])


def test_a_fiche_is_shared_with_its_own_words(client):
    fiche = FicheFactory(
        title='Evening "school" & <b>more</b>',
        summary="Adults finish\nschool.",
        translations={"el": {"title": "Σχολή", "summary": "Περίληψη", "problem": "Πρόβλημα"}},
    )
    found = metas(client, f"/en/fiches/{fiche.pk}/{fiche.slug}/")
    assert found["og:title"] == ['Evening "school" & <b>more</b>'] and found["og:type"] == ["article"]
    assert found["og:description"] == ["Adults finish school."]
    assert found["og:locale:alternate"] == ["el_GR"]
    # A stand-in leads to where the text really stands.
    found = metas(client, f"/tr/fiches/{fiche.pk}/{fiche.slug}/")
    assert found["og:url"] == [f"http://testserver/en/fiches/{fiche.pk}/{fiche.slug}/"]


def test_the_picture_is_as_large_as_social_sites_ask_and_light():
    path = settings.BASE_DIR / "static" / "img" / "share.png"
    with Image.open(path) as image:
        assert image.size == (1200, 630) and image.format == "PNG"
    assert path.stat().st_size < 40_000
