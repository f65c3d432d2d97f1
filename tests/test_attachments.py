"""Files: what is accepted by content, what is refused, who may fetch one, and that no accepted file is lost."""

import io
import zipfile

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from accounts import uploads
from fiches.models import Attachment
from tests.browserless import fields
from tests.factories import FicheFactory, UserFactory

PDF = b"%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF"


def file(name, content):
    return SimpleUploadedFile(name, content)


def container(entries, compression=zipfile.ZIP_DEFLATED):
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", compression) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return made.getvalue()


def docx(**more):
    return container({"[Content_Types].xml": "<Types/>", "word/document.xml": "<w:document/>", **more})


def picture(kind="JPEG", size=(20, 10), **options):
    made = io.BytesIO()
    Image.new("RGB", size, "teal").save(made, kind, **options)
    return made.getvalue()


@pytest.mark.parametrize(
    ("content", "extension"),
    [
        (PDF, ".pdf"),
        (docx(), ".docx"),
        (container({"[Content_Types].xml": "<Types/>", "xl/workbook.xml": "<workbook/>"}), ".xlsx"),
        (container({"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": "<x/>"}), ".odt"),
        (picture("JPEG"), ".jpg"),
        (picture("PNG"), ".png"),
        (picture("WEBP"), ".webp"),
    ],
    ids=["pdf", "docx", "xlsx", "odt", "jpg", "png", "webp"],
)
def test_content_decides_what_a_file_is(content, extension):
    checked = uploads.check(file("../../etc/pass\x00wd.exe", content))
    assert checked.filename == f"passwd{extension}"
    assert len(checked.sha256) == 64 and checked.size == len(checked.file.read())


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>', id="svg"),
        pytest.param(b"<!doctype html><script>alert(1)</script>", id="html"),
        pytest.param(b"<?xml version='1.0'?><svg/>", id="xml"),
        pytest.param(b"MZ\x90\x00" + bytes(200), id="program"),
        pytest.param(b"just text", id="text"),
        pytest.param(b"PK\x03\x04 broken", id="broken-zip"),
        pytest.param(container({"photo.jpg": "x"}), id="zip"),
        pytest.param(container({"mimetype": "application/vnd.oasis.opendocument.text-master"}), id="master-document"),
        pytest.param(docx(**{"word/vbaProject.bin": "macro"}), id="macros"),
        pytest.param(picture("GIF"), id="gif"),
        pytest.param(picture("PNG")[:40], id="cut-png"),
        pytest.param(b"", id="empty"),
    ],
)
def test_everything_else_is_refused_whatever_its_name(content):
    with pytest.raises(ValidationError):
        uploads.check(file("report.pdf", content))


def test_zip_bombs_are_refused():
    with pytest.raises(ValidationError, match="unpacks"):
        uploads.check(file("report.docx", docx(**{"word/media/x.xml": bytes(60 * 1024 * 1024)})))
    with pytest.raises(ValidationError):
        uploads.check(file("report.docx", docx(**{f"word/{number}": "" for number in range(uploads.MAX_ENTRIES)})))


def test_a_damaged_document_is_refused():
    content = bytearray(docx(**{"word/media/x.xml": "".join(map(str, range(3000)))}))
    for place in range(200, len(content) - 600, 7):
        content[place] ^= 0xFF
    with pytest.raises(ValidationError):
        uploads.check(file("report.docx", bytes(content)))


def test_pictures_lose_what_they_tell_about_the_person():
    exif = Image.Exif()
    exif[0x010F] = "Camera of Jane Doe"
    content = picture("JPEG", exif=exif) + b"<script>trailing</script>"
    assert b"Jane Doe" in content
    kept = uploads.check(file("me.jpg", content)).file.read()
    assert b"Jane Doe" not in kept and b"script" not in kept


def test_pictures_of_too_many_pixels_are_refused(settings):
    settings.ATTACHMENT_MAX_PIXELS = 100
    with pytest.raises(ValidationError, match="pixels"):
        uploads.check(file("me.png", picture("PNG")))


# --- on the page -------------------------------------------------------------------------------------------------


@pytest.fixture
def draft(client):
    fiche = FicheFactory(status="draft")
    client.force_login(fiche.submitted_by)
    return fiche


def upload(client, fiche, content, name="report.pdf", **typed):
    url = reverse("fiches:edit", args=[fiche.pk, "files"])
    return client.post(url, fields(client.get(url), "writing") | {"upload": file(name, content)} | typed)


@pytest.mark.django_db
def test_a_file_is_kept_and_asks_for_its_rights(client, draft):
    assert upload(client, draft, PDF, then="next")["Location"] == reverse("fiches:edit", args=[draft.pk, "files"])
    row = draft.attachments.get()
    assert (row.title_en, row.media_type, row.scanned, row.rights_declared) == (
        "report",
        "application/pdf",
        False,
        False,
    )
    assert "report" not in row.file.name
    page = client.get(reverse("fiches:edit", args=[draft.pk, "check"]))
    assert "attachments" in {need.key for need in page.context["open_required"]}
    values = fields(client.get(reverse("fiches:edit", args=[draft.pk, "files"])), "writing")
    client.post(
        reverse("fiches:edit", args=[draft.pk, "files"]),
        values | {"attachments-0-title": "Annual report", "attachments-0-rights_declared": "on"},
    )
    row.refresh_from_db()
    assert row.rights_declared and row.title_en == "Annual report"


@pytest.mark.django_db
def test_a_file_that_is_taken_out_is_gone(client, draft, django_capture_on_commit_callbacks):
    upload(client, draft, PDF)
    row = draft.attachments.get()
    url = reverse("fiches:edit", args=[draft.pk, "files"])
    with django_capture_on_commit_callbacks(execute=True):
        client.post(url, fields(client.get(url), "writing") | {"attachments-0-DELETE": "on"})
    assert not draft.attachments.exists() and not row.file.storage.exists(row.file.name)


@pytest.mark.django_db
def test_an_accepted_file_stays_although_the_page_is_refused(client, draft):
    upload(client, draft, PDF)
    response = upload(client, draft, docx(), name="second.docx", **{"attachments-0-title": "x" * 201})
    assert response.status_code == 422 and draft.attachments.count() == 2
    assert fields(response, "writing")["attachments-0-title"] == ["x" * 201]
    again = fields(response, "writing") | {"attachments-0-title": "Shorter"}
    assert client.post(reverse("fiches:edit", args=[draft.pk, "files"]), again).status_code == 302
    assert sorted(row.title_en for row in draft.attachments.all()) == ["Shorter", "second"]


@pytest.mark.django_db
def test_60_megabytes_are_refused_and_what_was_typed_stays(client, draft):
    upload(client, draft, PDF)
    response = upload(client, draft, PDF + bytes(60 * 1024 * 1024), **{"attachments-0-title": "Typed just now"})
    assert response.status_code == 422 and "20.0" in str(response.context["form"].errors["upload"])
    assert fields(response, "writing")["attachments-0-title"] == ["Typed just now"]
    assert draft.attachments.count() == 1


@pytest.mark.django_db
def test_html_under_another_name_is_refused_on_the_page(client, draft):
    response = upload(client, draft, b"<html><script>alert(1)</script></html>")
    assert response.status_code == 422 and not draft.attachments.exists()


@pytest.mark.django_db
def test_at_most_ten_files(client, draft, settings):
    settings.ATTACHMENTS_PER_FICHE = 1
    upload(client, draft, PDF)
    assert upload(client, draft, PDF).status_code == 422


def attach(fiche):
    row = Attachment(
        fiche=fiche, filename="a.pdf", language="en", media_type="application/pdf", size=len(PDF), sha256="0"
    )
    row.title_en = "A"
    row.file.save("a.pdf", file("a.pdf", PDF))
    return row


@pytest.mark.django_db
def test_a_file_is_fetched_by_those_who_may_read_its_fiche(client):
    row, hidden = attach(FicheFactory()), attach(FicheFactory(status="draft"))
    response = client.get(reverse("fiches:attachment", args=[row.pk]))
    assert response.status_code == 200 and b"".join(response.streaming_content) == PDF
    assert response["Content-Disposition"].startswith("attachment") and response["X-Content-Type-Options"] == "nosniff"
    assert "private" in response["Cache-Control"]
    url = reverse("fiches:attachment", args=[hidden.pk])
    assert client.get(url).status_code == 404
    client.force_login(UserFactory())
    assert client.get(url).status_code == 404
    client.force_login(hidden.fiche.submitted_by)
    assert client.get(url).status_code == 200


@pytest.mark.django_db
@pytest.mark.parametrize(("disclosed", "status"), [([], 404), (["attachments"], 200)])
def test_files_of_an_anonymised_lesson_stay_hidden_unless_ticked(client, disclosed, status):
    fiche = FicheFactory(kind="lesson_learned", disclosure="anonymised", disclosed=disclosed)
    assert client.get(reverse("fiches:attachment", args=[attach(fiche).pk])).status_code == status
