"""Files that people upload: what they are is decided by their content, never by their name."""

import hashlib
import io
import re
import unicodedata
import uuid
import zipfile
import zlib
from pathlib import PurePath
from typing import NamedTuple

import puremagic
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile, File
from django.template.defaultfilters import filesizeformat
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageOps, UnidentifiedImageError

OFFICE = "application/vnd.openxmlformats-officedocument"
OPEN = "application/vnd.oasis.opendocument"
EXTENSIONS = {
    "application/pdf": ".pdf",
    f"{OFFICE}.wordprocessingml.document": ".docx",
    f"{OFFICE}.spreadsheetml.sheet": ".xlsx",
    f"{OFFICE}.presentationml.presentation": ".pptx",
    f"{OPEN}.text": ".odt",
    f"{OPEN}.spreadsheet": ".ods",
    f"{OPEN}.presentation": ".odp",
    "image/png": ".png",
    "image/jpeg": ".jpg",
    "image/webp": ".webp",
}
ACCEPT = ",".join([*EXTENSIONS.values(), ".jpeg"])
WHAT = _("PDF, Word, Excel, PowerPoint, OpenDocument, PNG, JPEG or WebP, at most 20 MB.")  # the same in words
IMAGES = {"image/png": "PNG", "image/jpeg": "JPEG", "image/webp": "WEBP"}
PARTS = {"word/document.xml": ".docx", "xl/workbook.xml": ".xlsx", "ppt/presentation.xml": ".pptx"}
MAX_ENTRIES = 5_000  # of one office document
MAX_RATIO = 100  # of an office document unpacked to packed …
RATIO_COUNTS_FROM = 10 * 1024 * 1024  # … once it is larger than this; short texts pack well
MAX_UNPACKED = 200 * 1024 * 1024
CHUNK = 256 * 1024
# What reading a container that is damaged or made to do harm may raise.
DAMAGED = (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, OSError, EOFError, UnicodeError, KeyError)


class Checked(NamedTuple):
    """A file that may be kept: its bytes (pictures made anew), what it is, its size and hash."""

    file: File
    filename: str
    media_type: str
    size: int  # bytes
    sha256: str


def storage_path(attachment, filename: str) -> str:
    """A random name: nobody can guess it and it says nothing about the content."""
    return f"attachments/{uuid.uuid4().hex}{PurePath(filename).suffix.lower()[:6]}"


def check(upload) -> Checked:
    """Decide what an uploaded file is and whether it may be kept; ValidationError says what to do instead."""
    if upload.size > settings.ATTACHMENT_MAX_BYTES:
        raise ValidationError(
            _("This file has %(size)s. Choose one of at most %(limit)s."),
            code="too_large",
            params={"size": filesizeformat(upload.size), "limit": filesizeformat(settings.ATTACHMENT_MAX_BYTES)},
        )
    if not upload.size:
        raise ValidationError(_("This file is empty. Choose another."), code="empty")
    media_type = _media_type(upload)
    file = _picture(upload, IMAGES[media_type]) if media_type in IMAGES else upload
    file.seek(0)
    digest = hashlib.sha256()
    for chunk in file.chunks():
        digest.update(chunk)
    file.seek(0)
    return Checked(file, safe_name(upload.name, media_type), media_type, file.size, digest.hexdigest())


def safe_name(name: str, media_type: str) -> str:
    """The person's name for the file, without path and control characters, with the ending of what it is."""
    stem = PurePath(unicodedata.normalize("NFC", name.replace("\\", "/"))).stem
    stem = re.sub(r"[\x00-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2066-\u2069\"<>|:*?]", "", stem).strip(" .")
    return (stem[:150] or "file") + EXTENSIONS[media_type]


def _refused():
    return ValidationError(
        format_lazy("{} {}", _("This is not a file we accept. Choose one of these:"), WHAT), code="refused"
    )


def _media_type(upload) -> str:
    upload.seek(0)
    head = upload.read(8192)
    if head.startswith(b"PK\x03\x04"):
        return _office_type(upload)
    try:
        found = puremagic.magic_string(head)
    except puremagic.PureError:
        raise _refused() from None
    media_type = found[0].mime_type if found else ""
    if media_type == "application/pdf" and not head.startswith(b"%PDF-"):
        raise _refused()
    if media_type == "application/pdf" or media_type in IMAGES:
        return media_type
    raise _refused()


def _office_type(upload) -> str:
    """What kind of office document a ZIP container is; refuses macros, bombs and every other archive."""
    upload.seek(0)
    try:
        with zipfile.ZipFile(upload) as container:
            entries = container.infolist()
            names = {entry.filename for entry in entries}
            if len(entries) > MAX_ENTRIES or any(name.lower().endswith("vbaproject.bin") for name in names):
                raise _refused()
            _unpack(container, entries, upload.size)
            return _container_type(container, names)
    except DAMAGED:
        raise _refused() from None


def _unpack(container, entries, packed: int) -> None:
    """Read every entry through, and stop as soon as there is more than a document can hold: sizes on paper may lie."""
    unpacked = 0
    for entry in entries:
        with container.open(entry) as content:
            while chunk := content.read(CHUNK):
                unpacked += len(chunk)
                if unpacked > MAX_UNPACKED or (unpacked > RATIO_COUNTS_FROM and unpacked > packed * MAX_RATIO):
                    raise ValidationError(
                        _("This file unpacks to far more than it seems. Choose another."), code="bomb"
                    )


def _container_type(container, names) -> str:
    by_extension = {extension: media_type for media_type, extension in EXTENSIONS.items()}
    if "[Content_Types].xml" in names:
        for part, extension in PARTS.items():
            if part in names:
                return by_extension[extension]
    if "mimetype" in names:
        declared = container.read("mimetype")[:100].decode("ascii").strip()
        if declared in EXTENSIONS:
            return declared
    raise _refused()


def _picture(upload, kind: str) -> ContentFile:
    """The picture drawn anew: without metadata (place, camera, person) and without whatever else was in the file."""
    upload.seek(0)
    try:
        with Image.open(upload, formats=[kind]) as picture:
            if picture.width * picture.height > settings.ATTACHMENT_MAX_PIXELS:
                raise ValidationError(_("This picture has too many pixels. Make it smaller first."), code="pixels")
            upright = ImageOps.exif_transpose(picture)
            modes = {"JPEG": {"RGB", "L"}}.get(kind, {"RGB", "RGBA", "L", "LA", "P"})
            drawn = upright if upright.mode in modes else upright.convert("RGB" if kind == "JPEG" else "RGBA")
            clean = Image.new(drawn.mode, drawn.size)
            if drawn.mode == "P":
                clean = drawn.convert("RGBA")
            else:
                clean.paste(drawn)
            output = io.BytesIO()
            clean.save(output, format=kind, **({} if kind == "PNG" else {"quality": 90}))
    except (UnidentifiedImageError, Image.DecompressionBombError, OSError, ValueError, SyntaxError):
        raise _refused() from None
    return ContentFile(output.getvalue())
