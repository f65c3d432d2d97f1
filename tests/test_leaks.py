"""Nothing leaks: a marker in every text of what is hidden occurs in no answer to somebody who may not see it."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.conf import settings
from django.core.files.base import ContentFile
from django.db import models
from django.test import Client, override_settings
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.urls.exceptions import NoReverseMatch
from django.utils import timezone, translation
from pypdf import PdfReader

from accounts import history
from accounts.models import Notification, ProblemReport
from fiches import revision
from fiches.exports import FORMATS
from fiches.models import Attachment, FicheVersion, Opinion
from network.directory.selection import Standing
from network.models import Memorandum, RelayedMessage, SigningLink
from network.tasks import make_memorandum_files
from translations import editions

from . import applications, hidden_authorities, memoranda, represented, seated
from .document_factories import DocumentVersionFactory
from .factories import (
    AuthorityFactory,
    CoordinatorFactory,
    FicheFactory,
    MemberFactory,
    RegionFactory,
    ResultFactory,
    SourceFactory,
    TranslatorFactory,
    UserFactory,
)
from .signatures import keep, ready

pytestmark = pytest.mark.django_db

MARKER = "qxmarker"
WORD = "zebrafalte"  # what a stranger searches for; it stands beside each marker
NOT_TEXT = {"slug", "reference", "sha256", "media_type", "password", "time_zone", "file"}
STRANGERS = ["visitor", "registered", "member", "translator"]


def plant(obj, skip=()):
    """Fill every free text column of a row with the marker, and nothing else."""
    columns = {}
    for field in obj._meta.concrete_fields:
        free = (
            isinstance(field, (models.CharField, models.TextField)) and not field.choices and not field.validators[1:]
        )
        if not free or field.name in NOT_TEXT or field.name in skip or (field.max_length and field.max_length < 40):
            continue
        address = {"URLField": "https://{}.example/", "EmailField": "{}@hidden.example"}.get(type(field).__name__, "{}")
        columns[field.attname] = address.format(
            f"{MARKER} {WORD} {obj._meta.model_name}-{field.name}".replace(" ", "-")
        )
        if address == "{}":
            columns[field.attname] = f"{MARKER} {WORD} {field.name}"[: field.max_length]
    type(obj)._base_manager.filter(pk=obj.pk).update(**columns)


def fill(fiche, skip=()):
    """A marker in every text of a fiche and of what belongs to it."""
    plant(fiche, skip)
    for row in [*fiche.sections.all(), *fiche.results.all(), *fiche.sources.all(), *fiche.attachments.all()]:
        plant(row)
    fiche.refresh_from_db()
    editions.write(fiche)


def attach(fiche):
    file = ContentFile(f"{MARKER} in the file".encode(), "notes.pdf")
    return Attachment.objects.create(
        fiche=fiche,
        file=file,
        filename="notes.pdf",
        title_en="Notes",
        language="en",
        media_type="application/pdf",
        size=9,
    )


@pytest.fixture
def hidden():
    """Rows that strangers may not see, or not wholly: what each of the journeys leaves behind."""
    author = UserFactory(name=f"{MARKER} author", email=f"{MARKER}@people.example")
    authority = AuthorityFactory(hidden=True)
    plant(authority)
    authority.rewrite()
    MemberFactory(seat_at=authority, name=f"{MARKER} member")
    fiches = [
        FicheFactory(status=status, submitted_by=author, authority=authority, results=True, sources=True, tags=[MARKER])
        for status in ("draft", "submitted", "in_review", "changes_requested", "rejected")
    ]
    tomorrow = timezone.localdate() + timedelta(days=1)
    fiches.append(FicheFactory(embargo_until=tomorrow, submitted_by=author, authority=authority, sources=True))
    public = FicheFactory()
    fiches.append(FicheFactory(status="draft", revises=public, submitted_by=author, authority=authority))
    for fiche in fiches:
        attach(fiche)
        fill(fiche)
    lesson = anonymised_lesson(author, authority)
    leave_traces(public, author)
    hidden_authorities.leave(MARKER, plant)
    plant_documents()
    plant_memoranda()
    plant_taken_back()
    applications.hidden(plant, MARKER)
    represented.hidden(plant, MARKER)
    seated.hidden(plant, MARKER)
    return {"fiches": [*fiches, lesson, public], "attachments": list(Attachment.objects.all())}


def anonymised_lesson(author, authority):
    """Its text is public; who, where, tags, sources and files are not."""
    region = RegionFactory(code="HR99", name=f"{MARKER} region")
    lesson = FicheFactory(
        kind="lesson_learned",
        disclosure="anonymised",
        submitted_by=author,
        authority=authority,
        region=region,
        place=f"{MARKER} place",
        authority_claimed=f"{MARKER} claimed",
        tags=[MARKER],
    )
    for row in (SourceFactory(fiche=lesson), attach(lesson)):
        plant(row)
    ResultFactory(fiche=lesson)
    editions.write(lesson)
    keep_versions(lesson, author)
    return lesson


def keep_versions(lesson, author):
    """Two earlier states: one that named everything, in its text too, and one that hid what is hidden now."""
    state = revision.snapshot(lesson)
    named = [row | {"text_en": f"{MARKER} {WORD} text"} for row in state["sections"]]
    whole = state | {"disclosure": "open", "sections": named, "title_en": f"{MARKER} title"}
    for number, data in enumerate((whole, state), start=1):
        FicheVersion.objects.create(fiche=lesson, number=number, data=data, approved_by=author)


def plant_documents():
    """A draft of what everybody reads: only coordinators see it."""
    DocumentVersionFactory()
    plant(DocumentVersionFactory(draft=True))


def plant_memoranda():
    """A draft, and a locked text with its files, between parties to which no stranger belongs."""
    draft = memoranda.draft()
    memoranda.organisations(draft.parties.first(), "x")
    draft.files.create(kind="annex", file=ContentFile(MARKER.encode(), "x.pdf"), filename="x.pdf", size=8, sha256="0")
    for row in (draft, *draft.parties.all(), draft.parties.first().names.get()):
        plant(row, skip=("code", "verification_code"))
    locked = memoranda.draft()
    texts = [f"{name}_{code}" for name in ("purpose", "additional_information") for code in ("en", "el")]
    Memorandum.objects.filter(pk=locked.pk).update(**dict.fromkeys(texts, f"{MARKER} {WORD}"))
    with override_settings(COUNTERSIGNING_PARTY=memoranda.PARTY):
        locked.lock(by=CoordinatorFactory())
    make_memorandum_files(locked.pk)


def of_memoranda():
    """Every page and file of each memorandum, by code and by key; verification by code."""
    found = set()
    for row in Memorandum.objects.all():
        for name in ("memorandum", "sign", "send_link", "upload_copy", "leave", "review", "renew"):
            found |= reversed_or_nothing(f"network:{name}", {"code": row.code})
        for language in settings.LANGUAGE_CODES:
            found |= reversed_or_nothing("network:memorandum_pdf", {"code": row.code, "language": language})
            found.add(reverse("admin:network_memorandum_preview", args=[row.pk, language]))
        found |= {reverse(f"admin:network_memorandum_{name}", args=[row.pk]) for name in ("change", "edit")}
        found |= {reverse("verification", args=[row.verification_code])}
        found |= {reverse("network:memorandum_file", args=[file.pk]) for file in row.files.all()}
    return found


def plant_taken_back():
    """A memorandum whose text was taken back and is written anew, with a refused copy and a link that is used up."""
    with override_settings(COUNTERSIGNING_PARTY=memoranda.PARTY):
        row = ready()
    row.take_back(by=CoordinatorFactory(), note=f"{MARKER} reason", note_language="en")
    first = row.parties.first()
    keep(row, "signed", f"{MARKER} in the file".encode(), party=first, check_state="refused")
    said = {"name": MARKER, "title": MARKER, "email": f"{MARKER}@x.example", "language": "en"}
    first.links.create(round=1, expires_at=timezone.now() + timedelta(days=1), **said)
    for planted in (row, *row.parties.all()):
        plant(planted, skip=("code", "verification_code"))


def of_links():
    """Every link to sign, and the codes typed in."""
    found = {reverse("network:sign_by_link", args=[link.token]) for link in SigningLink.objects.all()}
    found |= {f"{link}?copy=1" for link in found}
    return found | {f"{reverse('verify')}?code={row.verification_code}" for row in Memorandum.objects.all()}


def of_documents():
    """Every page of a document, its draft asked for by number."""
    found = {reverse(name, args=["terms"]) for name in ("document", "document_versions", "document_changes")}
    found |= {f"{reverse('document_changes', args=['terms'])}?from={n}&to={m}" for n in (1, 2) for m in (1, 2)}
    return found | {reverse("document_version", args=["terms", n]) for n in (1, 2)}


def leave_traces(fiche, author):
    """What coordinators, readers and the machine write beside a fiche."""
    history.record(fiche, "note", by=author, note=f"{MARKER} internal note", internal=True)
    Opinion.objects.create(fiche=fiche, reader=author, text=f"{MARKER} opinion", question=f"{MARKER} question")
    ProblemReport.objects.create(path=f"/en/{MARKER}/", kind="other", text=MARKER, email="a@b.example", language="en")
    message = {"name": MARKER, "email": f"{MARKER}@x.example", "text": MARKER, "language": "en", "address_hash": "0"}
    RelayedMessage.objects.create(object=fiche, **message)
    Notification.objects.create(recipient=author, address=author.email, kind="x", key=MARKER, subject=fiche)


@pytest.fixture
def people(hidden):
    public = hidden["fiches"][-1]
    return {
        "visitor": None,
        "registered": UserFactory(),
        "member": MemberFactory(seat_at=public.authority),
        "translator": TranslatorFactory(),
    }


def patterns(resolver, namespace=""):
    """(name, number of arguments) of every named address."""
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            inner = f"{namespace}{entry.namespace}:" if entry.namespace else namespace
            yield from patterns(entry, inner)
        elif isinstance(entry, URLPattern) and entry.name:
            yield f"{namespace}{entry.name}", list(entry.pattern.regex.groupindex)


def addresses(hidden):
    """Every address of the portal, with the hidden rows as arguments, and the searches a stranger may try."""
    found = set()
    for name, arguments in {(name, tuple(arguments)) for name, arguments in patterns(get_resolver())}:
        if not arguments and "logout" not in name:
            found |= reversed_or_nothing(name, {})
        rows = hidden["attachments"] if name == "fiches:attachment" else hidden["fiches"]
        for row in rows if "pk" in arguments or "object_id" in arguments else []:
            values = {"pk": row.pk, "object_id": row.pk, "slug": getattr(row, "slug", None) or "x", "step": "story"}
            found |= reversed_or_nothing(name, {key: values[key] for key in arguments if key in values})
            for file_format in FORMATS if "file_format" in arguments else []:
                found |= reversed_or_nothing(name, {"pk": row.pk, "slug": values["slug"], "file_format": file_format})
    found |= taken_away(hidden) | earlier(hidden)
    found |= of_themes(hidden) | of_documents() | of_memoranda() | of_links() | applications.addresses(WORD)
    found |= hidden_authorities.addresses(WORD) | represented.addresses() | seated.addresses()
    every = "&".join(f"standing={standing}" for standing in Standing.values)
    found.add(f"{reverse('network:list')}?{every}&q={WORD}")
    for name in ("fiches:list", "fiches:suggestions", "network:list", "network:suggestions", "search"):
        found |= {f"{reverse(name)}?q={WORD}", f"{reverse(name)}?q={WORD[:5]}", f"{reverse(name)}?country=HR&q="}
    return sorted(found | {"/sitemap-fiches-1.xml"})


def of_themes(hidden):
    """The pages and briefs of every theme, of both levels, that a hidden fiche carries."""
    slugs = {theme.slug for fiche in hidden["fiches"] for theme in fiche.themes.all()}
    slugs |= {theme.parent.slug for fiche in hidden["fiches"] for theme in fiche.themes.all() if theme.parent}
    return {reverse(name, args=[slug]) for name in ("theme", "theme_pdf") for slug in slugs}


def taken_away(hidden):
    """Every file of a list: whole, searched, filtered, and of fiches named one by one."""
    named = "&".join(f"fiche={fiche.pk}" for fiche in hidden["fiches"])
    paths = [reverse("fiches:feed"), *(reverse("fiches:export", args=[name]) for name in FORMATS)]
    papers = {f"{reverse(name)}?{named}" for name in ("fiches:selection_pdf", "fiches:selection_brief")}
    return papers | {f"{path}{query}" for path in paths for query in ("", f"?q={WORD}", "?country=HR", f"?{named}")}


def earlier(hidden):
    """Every earlier version of every fiche, every two of them compared; all fiches ticked, some side by side."""
    found = set()
    for fiche in hidden["fiches"]:
        place = {"pk": fiche.pk, "slug": fiche.slug or "x"}
        for n in (1, 2, 3):
            found |= reversed_or_nothing("fiches:version", place | {"number": n})
            found |= {f"{reverse('fiches:changes', kwargs=place)}?from={n}&to={m}" for m in (1, 2, 3)}
        two = f"fiche={fiche.pk}&fiche={hidden['fiches'][-1].pk}&fiche={hidden['fiches'][-2].pk}"
        found.add(f"{reverse('fiches:compare')}?{two}")
    named = "&".join(f"fiche={fiche.pk}" for fiche in hidden["fiches"])
    return found | {
        f"{reverse('fiches:selection')}?{named}",
        f"{reverse('fiches:list')}?{named.replace('fiche', 'tick')}",
    }


def reversed_or_nothing(name, arguments):
    try:
        return {reverse(name, kwargs=arguments)}
    except NoReverseMatch:
        return set()


def words_of(body: bytes) -> str:
    """What can be read in an answer; in a PDF the text is packed."""
    if body.startswith(b"%PDF"):
        return " ".join(page.extract_text() for page in PdfReader(BytesIO(body)).pages)
    return body.decode("utf-8", "replace")


@pytest.mark.parametrize("role", STRANGERS)
def test_no_address_shows_a_stranger_what_is_hidden(hidden, people, role, page_language):
    client = Client()
    if people[role]:
        client.force_login(people[role])
    with translation.override(page_language):
        urls = addresses(hidden)
    assert len(urls) > 60
    leaks = []
    for url in urls:
        response = client.get(url)
        body = response.getvalue() if response.streaming else response.content
        text = (words_of(body) + str(response.headers)).lower()
        if MARKER in text:
            leaks.append((response.status_code, url, text[text.index(MARKER) - 60 :][:120]))
        assert response.status_code < 500, url
    assert not leaks


def test_the_marker_is_found_where_it_may_be_seen(hidden):
    """A test that cannot fail is a defect: the coordinator sees what the strangers must not."""
    client = Client()
    client.force_login(CoordinatorFactory())
    submitted = hidden["fiches"][1]
    response = client.get(reverse("fiches:preview", args=[submitted.pk]))
    assert MARKER in response.content.decode()
    assert MARKER in client.get(reverse("document_version", args=["terms", 2])).content.decode()
    for memorandum in Memorandum.objects.all():
        assert (
            MARKER
            in client.get(reverse("admin:network_memorandum_preview", args=[memorandum.pk, "en"])).content.decode()
        )


def test_a_draft_is_nobody_elses_not_even_a_coordinators(hidden):
    client = Client()
    client.force_login(CoordinatorFactory())
    draft = hidden["fiches"][0]
    for language in settings.LANGUAGE_CODES:
        with translation.override(language):
            assert client.get(reverse("fiches:preview", args=[draft.pk])).status_code == 404
