"""The pages about the portal in nine languages, and what search engines are told."""

import re
from xml.etree import ElementTree

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils import translation

from clavet import pages
from clavet.management.commands import setup
from fiches.models import Fiche
from tests.factories import AuthorityFactory, FicheFactory

PAGES = ["about", "partners", "contact", "accessibility"]
DOCUMENTS = ["guidelines", "privacy", "terms", "writing-guide"]
LANGUAGES = settings.LANGUAGE_CODES
WORDS = re.compile(r"[^\W\d_]{4,}")


@pytest.fixture(autouse=True)
def documents(request):
    """The pages lead to them."""
    if request.node.get_closest_marker("django_db"):
        request.getfixturevalue("transactional_db" if "live" in request.fixturenames else "db")
        setup.add_documents()


def source(page, language):
    folder = setup.SEEDS / "documents" if page in DOCUMENTS else pages.FOLDER
    return (folder / page / f"{language}.md").read_text()


def shape(text):
    """Headings, list items, table rows and links: what a translation must keep."""
    return (
        re.findall(r"^#+", text, re.M),
        len(re.findall(r"^- ", text, re.M)),
        len(re.findall(r"^\|", text, re.M)),
        sorted(re.findall(r"%[a-zA-Z_]+%", text)),
        re.findall(r"\{#([^}]+)\}", text),
    )


@pytest.mark.parametrize("name", [*PAGES, *DOCUMENTS])
@pytest.mark.parametrize("language", [code for code in LANGUAGES if code != "en"])
def test_each_translation_has_the_shape_of_the_english(name, language):
    english, translated = source(name, "en"), source(name, language)
    assert shape(translated) == shape(english)
    lines = {line for line in english.splitlines() if len(line) > 20 and not line.startswith("|--")}
    assert not lines & set(translated.splitlines()), "left in English"
    assert 0.6 < len(translated) / len(english) < 1.6


def test_texts_keep_to_the_typography():
    for path in [*pages.FOLDER.rglob("*.md"), *(setup.SEEDS / "documents").rglob("*.md")]:
        text = path.read_text()
        assert "'" not in text and '"' not in text, path
        assert "!" not in text, path
        if path.stem == "ro":
            assert not set("şţŞŢ") & set(text), path
        if path.stem == "fr":
            assert not re.search(r"\w [:;?»]", text), path


@pytest.mark.django_db
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", PAGES)
def test_each_page_answers_in_each_language(client, name, language):
    with translation.override(language):
        address = reverse(name)
    response = client.get(address)
    text = response.content.decode()
    assert response.status_code == 200 and not response.cookies
    title = source(name, language).partition("\n")[0].removeprefix("# ")
    assert f'<html lang="{language}">' in text and f"<h1>{title}</h1>" in text.replace("&#x27;", "’")
    main = text.split("<main")[1].split("</main")[0]
    assert not re.search(r"%\w+%|%25\w+%25", main), "an address was not filled in"
    for link in re.findall(r'href="(/[^"]*)"', main):
        assert client.get(link).status_code == 200, link


@pytest.mark.django_db
def test_unreviewed_law_is_said_plainly(client):
    for page in ("terms", "privacy"):
        assert "not yet been reviewed by a lawyer" in client.get(f"/en/about/{page}/").content.decode()


@pytest.mark.django_db
def test_partners_stand_with_their_sources(client, django_assert_max_num_queries):
    AuthorityFactory(
        official_name="Universidad de Ejemplo",
        official_language="es",
        name_en="University of Sample",
        name_el="Πανεπιστήμιο του Παραδείγματος",
        country="ES",
        partner_role="coordinator",
        website="https://sample.example",
        sources=[{"title": "Press <b>note</b>", "url": "https://press.example/1"}],
    )
    AuthorityFactory(partner_role="partner", hidden=True, official_name="Hidden Body", name_en="Hidden Body")
    with django_assert_max_num_queries(1):
        text = client.get("/el/about/partners/").content.decode()
    assert "Πανεπιστήμιο του Παραδείγματος" in text and re.search(
        r'<p[^>]* lang="es"[^>]*>\s*Universidad de Ejemplo\s*</p>', text
    )
    assert "Ισπανία" in text and "https://press.example/1" in text and "Press &lt;b&gt;note" in text
    assert "Hidden Body" not in text


NAMES = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9", "x": "http://www.w3.org/1999/xhtml"}


def xml(client, path):
    response = client.get(path)
    assert response.status_code == 200 and response["Content-Type"].startswith("application/xml")
    return ElementTree.fromstring(response.content)


@pytest.mark.django_db
def test_the_sitemap_lists_public_pages_and_fiches_with_their_languages(client):
    shown = FicheFactory(editions=False)
    Fiche.objects.filter(pk=shown.pk).update(available_languages=["el", "en"])
    for status in ("draft", "submitted", "archived"):
        FicheFactory(status=status, editions=False)
    FicheFactory(embargo_until="2999-01-01", editions=False)
    files = [loc.text for loc in xml(client, "/sitemap.xml").iterfind(".//s:loc", NAMES)]
    names = ("pages", "fiches-1", "authorities-1")
    assert files == [f"http://testserver/sitemap-{name}.xml" for name in names]
    pages_listed = [loc.text for loc in xml(client, "/sitemap-pages.xml").iterfind(".//s:loc", NAMES)]
    assert "http://testserver/tr/about/privacy/" in pages_listed and len(pages_listed) % 9 == 0
    urls = xml(client, "/sitemap-fiches-1.xml").findall("s:url", NAMES)
    path = shown.get_absolute_url()[3:]
    assert [url.find("s:loc", NAMES).text for url in urls] == [
        f"http://testserver/{code}{path}" for code in ("el", "en")
    ]
    alternates = {link.get("hreflang") for link in urls[0].iterfind("x:link", NAMES)}
    assert alternates == {"en", "el", "x-default"}
    assert client.get("/sitemap-fiches-2.xml").status_code == 404


@pytest.mark.django_db(transaction=True)
def test_the_pages_are_accessible_and_fit(live, axe, no_sideways_scrolling, page_language, page_width):
    AuthorityFactory(partner_role="partner", sources=[{"title": "A source", "url": "https://press.example/1"}])
    paths = ["about/", "about/partners/", "about/privacy/", "about/accessibility/", "report/?url=/", "no-such-page/"]
    live.expected.append("404")
    for path in paths:
        live.goto(f"/{page_language}/{path}")
        axe(live.page)
        no_sideways_scrolling(live.page)
    live.goto(f"/{page_language}/report/?url=/")
    live.page.locator("main button[type=submit]").click()
    live.page.wait_for_selector("#error-summary")
    axe(live.page)
