"""Fiches as PDF: every language whole, tagged, on two pages where promised; nothing hidden, nothing executed."""

import io
import re
import shutil
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import timezone
from pypdf import PdfReader

from fiches.sections import SECTIONS
from network.models import Authority
from tests.factories import AuthorityFactory, CoordinatorFactory, FicheFactory, MemberFactory, UserFactory
from tests.test_fiche_detail import hidden, marks  # noqa: F401
from translations import editions, markdown, typesetting
from translations.typesetting import characters
from translations.typesetting.process import Failed

pytestmark = pytest.mark.django_db

TEXTS = {
    "en": "The “evening school” – 95 % of its pupils don’t drop out; it cost €1,200.",
    "es": "¿Cómo aprendió la señora Núñez? ¡Con el ayuntamiento de Logroño, a los 60 años!",
    "it": "Perché la città può: più libertà, qualità e università per chi è già lì.",
    "fr": "À l’été, l’élève a reçu 1 000 € : cœur, forêt, naïveté, où ça, Noël.",
    "nl": "Onderwijsachterstandenbeleid: één reünie, geïnteresseerde ouders, ’s avonds.",
    "el": "Η πρόωρη εγκατάλειψη του σχολείου· ποιος βοηθάει; Οι δήμοι, ΰστερα ΐσως όλοι.",
    "ro": "Învățământul în județ: șase școli, țări, ședințe – „mâine” vă așteptăm.",
    "hr": "Učenici đaci žele šansu: čvršća suradnja županija, općina i gradova, ćorak.",
    "tr": "İstanbul’da ığdır gibi şehirlerde çocuğun eğitimi güçlüdür; ıslık, ödül, çağrı.",
}
HOSTILE = (
    '#read("/etc/passwd") #sys.inputs $x^2$ @label <label> *bold* _it_ `raw` \\n // no comment ]]} #panic("x") '
    "\u202egnirts\u202c \u200fmark\u200e zero\u200bwidth \ufeffbom e\u0301 q\u0323\u0307 \U0001f600 \u05e9\u05dc\u05d5\u05dd "
    "\u0645\u0631\u062d\u0628\u0627 \u4e2d\u6587 \U00013000 \ufffd \ue000 "
)


def squeezed(text):
    """Without what line breaks add: spaces and the soft hyphens of hyphenation."""
    return re.sub(r"[\s\u00ad\u200b]+", "", text)


def words_of(content):
    if shutil.which("pdftotext"):
        made = subprocess.run(["pdftotext", "-", "-"], input=content, capture_output=True, check=True)
        return made.stdout.decode()
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)


def says(content, text):
    return squeezed(text) in squeezed(words_of(content))


def fetch(client, fiche, name="fiche", language=None):
    return client.get(f"/{language or fiche.source_language}/fiches/{fiche.pk}/{fiche.slug}/{name}.pdf")


def many(text, names=None, **more):
    """A fiche with `text` in every place that holds text, or only in the sections `names`."""
    names = {spec.name: text for spec in SECTIONS["best_practice"] if names is None or spec.name in names}
    result = {"indicator": text[:200], "note": text[:200], "source_url": "https://figures.example/" + "a" * 400}
    return FicheFactory(
        title=text[:100],
        summary=text[:300],
        budget_amount=12_345_678,
        budget_currency="EUR",
        budget_note=text[:200],
        sections=names,
        results=[result] * 12,
        sources=[{"title": text[:300], "url": "https://sources.example/" + "b" * 400}] * 10,
        tags=[text[:80].strip() or "x"],
        conditions=["legal", "political", "staff", "partners", "budget", "data"],
        **more,
    )


# --- every language --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", settings.LANGUAGE_CODES)
def test_every_language(client, language):
    text = TEXTS[language]
    sections = {"problem": text, "actions": f"- {text}\n- **{text}**", "difficulties": f"1. {text}"}
    fiche = FicheFactory(source_language=language, title=text[:100], summary=text, sections=sections, results=True)
    for name in ("fiche", "brief"):
        page = fetch(client, fiche, name)
        assert page["Content-Type"] == "application/pdf"
        kind = "-brief" if name == "brief" else ""
        assert page["Content-Disposition"] == f'attachment; filename="{fiche.reference}{kind}-{language}.pdf"'
        written = squeezed(words_of(page.content))
        assert written.count(squeezed(text)) == 7  # title, summary, citation, four passages
        assert fiche.reference in written
        assert "\ufffd" not in written
        assert "[" not in written  # nothing was replaced or shortened
        assert len(page.content) < 1_000_000
        document = PdfReader(io.BytesIO(page.content))
        root = document.trailer["/Root"]
        assert document.metadata.title == text[:100]
        assert root["/Lang"] == language
        assert root["/MarkInfo"]["/Marked"]
        assert root["/StructTreeRoot"]["/K"]
        assert document.outline[0].title == text[:100]
        assert all(font_is_embedded(font) for sheet in document.pages for font in sheet["/Resources"]["/Font"].values())


def font_is_embedded(font):
    inner = font.get_object()["/DescendantFonts"][0].get_object()
    return "/FontFile2" in inner["/FontDescriptor"].get_object()


def test_text_of_another_language_is_named_and_marked(client):
    fiche = FicheFactory(source_language="hr", title="Večernja škola")
    for name in ("fiche", "brief"):
        page = fetch(client, fiche, name, "nl")
        assert says(page.content, "This text is not available in your language yet") or says(page.content, "Kroatisch")
        assert b"nl" in page.content
        assert says(page.content, "Večernja škola")
    detail = client.get(f"/en/fiches/{fiche.pk}/{fiche.slug}/").content.decode()
    assert f"/en/fiches/{fiche.pk}/{fiche.slug}/brief.pdf" in detail
    assert f"/en/fiches/{fiche.pk}/{fiche.slug}/fiche.pdf" in detail


def test_machine_translation_says_so(client):
    fiche = FicheFactory(translations={"it": {"title": "Scuola serale", "problem": "Problema.", "method": "machine"}})
    fiche.translations.update(status="machine")
    editions.write(fiche)
    written = words_of(fetch(client, fiche, "brief", "it").content)
    assert "Scuola serale" in written
    notices = client.get(f"/it/fiches/{fiche.pk}/{fiche.slug}/").context["notices"]
    assert notices
    assert all(squeezed(row["sentence"]) in squeezed(written) for row in notices)


def test_same_data_same_bytes(client):
    fiche = FicheFactory(results=True)
    assert fetch(client, fiche).content == fetch(client, fiche).content


def test_a_stranger_gets_the_ready_file_also_after_a_head(client, settings):
    settings.PAGE_CACHE_BYTES = 10_000_000
    fiche = FicheFactory()
    address = f"/en/fiches/{fiche.pk}/{fiche.slug}/brief.pdf"
    client.head(address)
    first, second = client.get(address), client.get(address)
    assert first.content == second.content
    assert first.content.startswith(b"%PDF")
    assert "attachment" in second["Content-Disposition"]
    assert client.get(address, headers={"If-None-Match": first["ETag"]}).status_code == 304


# --- two pages -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["best_practice", "lesson_learned", "practical_example"])
def test_a_brief_of_the_longest_texts_has_two_pages(client, kind):
    text = "Sentence that goes on for a while and then ends. " * 210
    fiche = many(text)
    other = {spec.name: text for spec in SECTIONS[kind]}
    longest = FicheFactory(
        kind=kind, sections=other, summary=text[:300], title="W" * 100, results=[{"note": text[:200]}] * 9
    )
    for row in (fiche, longest):
        page = fetch(client, row, "brief")
        assert len(PdfReader(io.BytesIO(page.content)).pages) == 2
        assert "[…]" in words_of(page.content)
        assert says(page.content, "were shortened to fit on two pages")
        assert "while […]" not in words_of(page.content)  # at the end of a sentence
    assert len(PdfReader(io.BytesIO(fetch(client, fiche).content)).pages) > 5


def test_a_short_brief_is_not_shortened(client):
    page = fetch(client, FicheFactory(), "brief")
    assert "[…]" not in words_of(page.content)


def test_several_have_contents_and_bookmarks(client):
    fiches = [FicheFactory(title=f"Title number {n}", results=True) for n in range(3)] + [many("Long text. " * 900)]
    query = "&".join(f"fiche={fiche.pk}" for fiche in reversed(fiches))
    page = client.get(f"/en/fiches/briefs.pdf?{query}")
    document = PdfReader(io.BytesIO(page.content))
    assert len(document.pages) <= 9
    titles = [entry.title for entry in document.outline if not isinstance(entry, list)]
    assert titles[-3:] == ["Title number 2", "Title number 1", "Title number 0"]
    assert len(titles) == 4
    contents = document.pages[0].extract_text()
    assert all(f"Title number {n}" in contents for n in range(3))
    assert client.get(f"/en/fiches/fiches.pdf?{query}").status_code == 200


def test_at_most_twenty(client):
    ids = [FicheFactory(editions=False).pk for _n in range(21)]
    page = client.get("/el/fiches/fiches.pdf?" + "&".join(f"fiche={pk}" for pk in ids))
    assert page.status_code == 413
    assert "21" in page.content.decode()
    assert client.get("/en/fiches/briefs.pdf?fiche=999999999").status_code == 404
    assert client.get("/en/fiches/briefs.pdf").url == "/en/fiches/selection/"  # nothing ticked: what to do
    nothing = client.get("/en/fiches/export.csv?back=country%3DIT&separator=semicolon")
    assert nothing.url == "/en/fiches/selection/?back=country%3DIT"


# --- who may read what -----------------------------------------------------------------------------------------


def test_only_what_is_visible(client):
    tomorrow = timezone.localdate() + timedelta(days=1)
    public = FicheFactory(title="Public title")
    secrets = [FicheFactory(status="draft"), FicheFactory(status="submitted"), FicheFactory(embargo_until=tomorrow)]
    for secret in secrets:
        for name in ("fiche", "brief"):
            assert client.get(f"/en/fiches/{secret.pk}/any/{name}.pdf").status_code == 404
    query = "&".join(f"fiche={row.pk}" for row in [public, *secrets])
    page = client.get(f"/en/fiches/fiches.pdf?{query}")
    assert not any(says(page.content, row.title) for row in secrets)
    embargoed = secrets[-1]
    for user in (embargoed.submitted_by, CoordinatorFactory(), MemberFactory(seat_at=embargoed.authority)):
        client.force_login(user)
        page = fetch(client, embargoed)
        assert page.status_code == 200
        assert "private" in page["Cache-Control"]
    client.force_login(UserFactory())
    assert fetch(client, embargoed).status_code == 404


def test_wrong_slug_and_archived(client):
    fiche = FicheFactory()
    page = client.get(f"/en/fiches/{fiche.pk}/other/brief.pdf")
    assert (page.status_code, page["Location"]) == (301, f"/en/fiches/{fiche.pk}/{fiche.slug}/brief.pdf")
    fiche.archive(by=CoordinatorFactory())
    assert fetch(client, fiche).status_code == 410


@pytest.mark.parametrize("name", ["fiche", "brief"])
def test_an_anonymised_lesson_hides_what_it_hides(client, hidden, name):  # noqa: F811
    for user in (None, UserFactory(), MemberFactory()):
        if user:
            client.force_login(user)
        page = fetch(client, hidden, name)
        assert not marks(words_of(page.content))
        assert not marks(str(PdfReader(io.BytesIO(page.content)).metadata))
    Authority.objects.update(official_address="mark@mark.example")


def test_no_person_is_named_for_nobody(client):
    authority = AuthorityFactory(name="Town of Contact", official_address="office@contact.example")
    author = UserFactory(name="Nadia Namer", email="nadia@person.example")
    fiche = FicheFactory(authority=authority, submitted_by=author, vouched="person", title="Evening school")
    made = {}
    for user in (None, MemberFactory(), MemberFactory(seat_at=authority), CoordinatorFactory(), author):
        if user:
            client.force_login(user)
        for name in ("fiche", "brief"):
            content = fetch(client, fiche, name).content
            assert not any(says(content, words) for words in ("Nadia", "person.example", "office@contact.example"))
            assert says(content, "Contact Write to the authors")
            assert says(content, f"/en/fiches/{fiche.pk}/contact")
            assert says(content, "Town of Contact")
            made.setdefault(name, set()).add(content)
    assert [len(files) for files in made.values()] == [1, 1]  # the same for everybody who may see it


def test_the_reviewer_of_a_translation_is_not_named(client):
    fiche = FicheFactory(translations={"it": {"title": "Scuola serale"}})
    fiche.translations.update(status="reviewed", reviewer=UserFactory(name="Rita Reader"), reviewed_at=timezone.now())
    editions.write(fiche)
    assert "Rita Reader" in client.get(f"/it/fiches/{fiche.pk}/{fiche.slug}/").content.decode()
    for name in ("fiche", "brief"):
        assert not says(fetch(client, fiche, name, "it").content, "Rita")


def test_an_embargoed_lesson_says_so(client):
    day = timezone.now().date() + timedelta(days=30)
    fiche = FicheFactory(kind="lesson_learned", embargo_until=day)
    for user in (fiche.submitted_by, CoordinatorFactory()):
        client.force_login(user)
        for name in ("fiche", "brief"):
            assert says(fetch(client, fiche, name).content, f"Not before {day.day} {day:%B %Y}")
    over = FicheFactory(kind="lesson_learned", embargo_until=timezone.now().date())
    assert not says(fetch(client, over).content, "Not before")


# --- hostile texts ---------------------------------------------------------------------------------------------


def test_hostile_texts_come_out_as_text(client):
    authority = AuthorityFactory(name="#read(“/etc/passwd”) ]])} $ \\")
    fiche = many(HOSTILE * 3, authority=authority)
    for name in ("fiche", "brief"):
        page = fetch(client, fiche, name)
        assert page.status_code == 200
        written = words_of(page.content)
        assert "root:" not in written
        assert says(page.content, '#read("/etc/passwd") #sys.inputs $x^2$ @label')
        assert says(page.content, "gnirts mark zerowidth bom é q̣̇ [:grinning:") or says(page.content, "zerowidth bom é")
        assert says(page.content, "[:grinning: SLWM MRHBA ZhongWen U+13000") or "grinning" in written
        assert says(page.content, "Square brackets hold Latin letters")
        assert "\u202e" not in written
        assert "\ufffd" not in written


@pytest.mark.parametrize(
    "text",
    ["a" * 50_000, "word " * 10_000, "[" * 10_000, "> " * 5_000, "- " * 5_000, "*" * 10_000, "\u0301" * 3_000, "😀" * 9_000,
     "कि" * 2000, "Zażółć gęślą jaźń " * 500, "\r\n\t" * 3_000 + "x", "https://long.example/" + "x" * 9_000],
    ids=["word", "paragraph", "brackets", "quotes", "items", "stars", "marks", "emoji", "devanagari", "polish", "controls", "url"],
)  # fmt: skip
def test_monsters(client, text):
    fiche = many(text, ("problem", "actions"))
    for name, limit in (("fiche", 400), ("brief", 2)):
        page = fetch(client, fiche, name)
        assert page.status_code == 200
        assert len(PdfReader(io.BytesIO(page.content)).pages) <= limit


def test_letters_without_a_glyph():
    replaced = []
    assert characters.text("中文 and 😀", replaced, False) == "[ZhongWen] and [:grinning:]"
    assert characters.text("Ω ж ș ğ é € ½ →", [], False) == "Ω ж ș ğ é € ½ →"
    assert characters.text("a\x00b\u202ec\ud800d", [], False) == "abcd"
    assert replaced


def test_markdown_as_a_tree():
    made = markdown.tree(
        "## Head\n\nA **b** [c](https://d.example) [e](javascript:f)\n\n3. x\n   - y\n\n> q\n\n    code"
    )
    assert made[0] == ["h", ["Head"]]
    assert made[1][1][:4] == ["A ", ["b", ["b"]], " ", ["a", "https://d.example", ["c"]]]
    assert "javascript" in str(made[1])  # as text
    assert made[2] == ["ol", 3, [[["p", ["x"]], ["ul", [[["p", ["y"]]]]]]]]
    assert made[3:] == [["quote", [["p", ["q"]]]], ["code", ["code"]]]


# --- the process -----------------------------------------------------------------------------------------------


def test_the_child_ends_with_its_parent():
    program = (
        "import django; django.setup()\n"
        "from translations import typesetting\n"
        "typesetting.pdf('theme', {'url': '', 'labels': {'qr': ''}}, language='en', title='x')\n"
        "print(typesetting._typesetter.child.pid, flush=True)\n"
        "import os; os.kill(os.getpid(), 9)"
    )
    made = subprocess.run([sys.executable, "-c", program], cwd=settings.BASE_DIR, capture_output=True, text=True)
    child = Path(f"/proc/{int(made.stdout)}")
    until = time.monotonic() + 5
    while child.exists() and "Z" not in (child / "stat").read_text().split()[2] and time.monotonic() < until:
        time.sleep(0.05)
    assert time.monotonic() < until


def test_parallel_requests_get_their_own_document():
    def make(number):
        data = {"url": "", "labels": {"qr": ""}, "lead": f"Lead {number}."}
        for _attempt in range(2000):
            try:
                return typesetting.pdf("theme", data, language="en", title=f"Title {number}")
            except Failed:  # one works, one waits, the others are sent away
                time.sleep(0.01)
        raise AssertionError

    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(make, range(24)))
    assert all(PdfReader(io.BytesIO(one)).metadata.title == f"Title {number}" for number, one in enumerate(made))


def test_failure_is_a_page_in_the_readers_language(client, settings, monkeypatch):
    fiche = FicheFactory()
    settings.PDF_DATA_BYTES = 1000
    page = fetch(client, fiche)
    assert page.status_code == 413
    assert "<html lang" in page.content.decode()
    settings.PDF_DATA_BYTES, settings.PDF_CHARACTERS = 3_000_000, 10
    assert fetch(client, fiche).status_code == 413
    settings.PDF_CHARACTERS = 600_000
    settings.PDF_SECONDS = 0
    page = fetch(client, fiche, "brief", "el")
    assert page.status_code == 503
    assert 'lang="el"' in page.content.decode()
    settings.PDF_SECONDS = 10
    assert fetch(client, fiche).status_code == 200
