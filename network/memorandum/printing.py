"""Memoranda as PDF/UA: the locked text in one language, with blank signature blocks or with the sheet of signatures.

frozen(text), final(text) -> bytes                the same text makes the same bytes
make_frozen(memorandum), finals(memorandum)       keep the files that are missing (MemorandumFile)
"""

import hashlib
from datetime import UTC

import segno
from django.conf import settings
from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override, pgettext

from translations import typesetting
from translations.letters import capitalised

from . import locked_text
from .memorandum_text import CAPACITIES, day, language_names


def frozen(text) -> bytes:
    """The locked text with blank signature blocks."""
    return _pdf(text, None)


def final(text) -> bytes:
    """The locked text with the sheet that says who signed it, when and how."""
    return _pdf(text, signatures(text.memorandum, text.round))


def make_frozen(memorandum) -> int:
    """Keep the PDF of each locked text that has none yet; returns how many were made."""
    return _keep(memorandum, "frozen", frozen)


def finals(memorandum) -> int:
    """Keep the PDF with all signatures in each language, where it is missing; returns how many were made."""
    return _keep(memorandum, "final", final)


def filename(text, kind: str) -> str:
    """CLV-MOU-2026-0007-el.pdf, and CLV-MOU-2026-0007-el-signed.pdf with the signatures."""
    return f"{text.memorandum.code}-{text.language}{'-signed' if kind == 'final' else ''}.pdf"


def _keep(memorandum, kind: str, make) -> int:
    """One file after the other: what the typesetter has made stays, whatever becomes of the next."""
    number = 0
    for text in memorandum.current_texts():
        files = memorandum.files.filter(kind=kind, round=text.round, language=text.language)
        if files.exists():
            continue
        content = make(text)
        with transaction.atomic():
            type(memorandum)._base_manager.select_for_update(of=("self",)).get(pk=memorandum.pk)
            if not files.exists():
                _save(memorandum, text, kind, content)
                number += 1
    return number


def _save(memorandum, text, kind: str, content: bytes):
    name = filename(text, kind)
    return memorandum.files.create(
        round=text.round,
        kind=kind,
        language=text.language,
        file=ContentFile(content, name),
        filename=name,
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
    )


# --- what stands in it -----------------------------------------------------------------------------------------


def signatures(memorandum, round_: int) -> list:
    """The signatures under the texts of one round, in the order of the parties."""
    parties = memorandum.parties.select_related("authority")
    found = [
        (party, row)
        for party in parties
        for row in party.signatures.filter(round=round_).select_related("file", "party")
    ]
    return sorted(found, key=lambda pair: (CAPACITIES.index(pair[0].capacity), pair[0].position))


def _pdf(text, signed: list | None) -> bytes:
    memorandum = text.memorandum
    with override(text.language):
        blocks = locked_text.blocks(text.text)
        url = settings.SITE_URL + memorandum.get_verification_url()
        data = {
            "at": int(max([text.locked_at, *(row.signed_at for _party, row in signed or [])]).timestamp()),
            "labels": labels(),
            "code": memorandum.code,
            "name": f"{memorandum.code} · {language_names([text.language])} · SHA-256 {text.sha256[:16]}…",
            "url": url,
            "qr": segno.make(url, error="l").svg_inline(border=0),
            "marks": marks(memorandum),
            "facts": [_fact(*row) for row in _facts(text)],
            "sha256": text.sha256,
            "signature": text.data["labels"]["signature"],
            "blocks": blocks,
            "sheet": None if signed is None else _sheet(signed),
        }
        title = f"{locked_text.title(text.text)} {memorandum.code}"
        return typesetting.pdf("memorandum", data, language=text.language, title=title)


def marks(memorandum) -> list[str]:
    """What nobody may overlook, on each page and paper."""
    found = []
    if memorandum.demonstration:
        found.append(_("Demonstration: nobody has agreed to this memorandum."))
    if not memorandum.reviewed():
        found.append(_("The template of this memorandum is not yet reviewed by a lawyer."))
    return found


def labels() -> dict[str, str]:
    return {
        "qr": _("QR code with the address of the verification page"),
        "hash": _("SHA-256 of the text"),
        "hash_of": _("It is computed from the whole locked text in UTF-8."),
        "sheet": _("Signature sheet"),
        "replaced": _("Square brackets hold Latin letters for others that this typeface does not have."),
    }


def _facts(text) -> list[tuple[str, str]]:
    status = _("Authentic text") if text.authentic else _("Courtesy translation")
    name = language_names([text.language])
    return [
        (_("Status of this text"), status),
        (_("Language of this text"), name[:1].upper() + name[1:]),
        (_("Text locked"), moment(text.locked_at)),
        (_("Verification code"), text.memorandum.verification_code),
    ]


def moment(at) -> str:
    """A time written out, in UTC: the paper is read in many zones."""
    return f"{day(at.astimezone(UTC).date())}, {at.astimezone(UTC):%H:%M} UTC"


def _fact(label: str, value: str) -> dict:
    return {"label": str(label), "value": str(value), "note": "", "note_lang": "", "unknown": False}


def _sheet(signed: list) -> dict:
    return {
        "introduction": _("This sheet is not part of the locked text. It says who signed the text, when and how."),
        "signatures": [_signature(party, row) for party, row in signed],
    }


def _signature(party, row) -> dict:
    facts = [
        (_("Capacity"), party.get_capacity_display()),
        (_("Name"), row.name),
        (pgettext("of a person", "Title"), row.title),
        (capitalised(_("in the place of")), row.in_place_of),
        (_("Signed"), moment(row.signed_at)),
        (_("Place"), row.place),
        (_("Method"), row.get_method_display()),
        (_("Language of the text read"), language_names([row.language])),
        (_("SHA-256 of that text"), row.text_sha256),
        (_("SHA-256 of the signed copy"), row.file.sha256 if row.file_id else ""),
    ]
    demonstration = _("Demonstration: not a real signature.") if row.method == "demonstration" else ""
    return {
        "party": party.official_name,
        "demonstration": demonstration,
        "facts": [_fact(label, value) for label, value in facts if value],
    }
