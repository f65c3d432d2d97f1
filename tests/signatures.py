"""Signing for tests: `ready()` is a memorandum whose text is locked and whose PDFs are there; `sign()` signs for a party."""

import datetime
import hashlib
import io

from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from pypdf import PdfWriter

from accounts.workdays import today
from network.memorandum import signing
from tests import memoranda as made
from tests.factories import CoordinatorFactory


@transaction.atomic
def ready(authorities=None, **fields):
    """Open to sign from today on, with small files instead of typeset ones."""
    day = today()
    dates = {
        "in_force_from": day,
        "in_force_until": day + datetime.timedelta(days=1460),
        "review_due": day + datetime.timedelta(days=900),
    }
    memorandum = made.locked(authorities, **{**dates, **fields})
    for text in memorandum.current_texts():
        keep(memorandum, "frozen", f"%PDF-1.7 {text.sha256}".encode(), text.language)
    return memorandum


def keep(memorandum, kind, content, language="en", **fields):
    return memorandum.files.create(
        round=memorandum.round,
        kind=kind,
        language=language,
        file=ContentFile(content, "memorandum.pdf"),
        filename=f"{memorandum.code}-{language}.pdf",
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        **fields,
    )


def person(party):
    """Its representative; for the network a coordinator."""
    return party.authority.seats.first().user if party.authority_id else CoordinatorFactory()


def seen(memorandum, language="en"):
    text = memorandum.current_texts().get(language=language)
    return {"language": language, "text_sha256": text.sha256, "round": text.round}


def sign(party, language="en", **more):
    party.refresh_from_db()
    more = {"by": person(party), "method": "portal", **seen(party.memorandum, language), **more}
    return signing.sign(party, name="Ana Sample", title="Mayor", **more)


def in_force(authorities=None, **fields):
    """Signed by all, in force."""
    memorandum = ready(authorities, **fields)
    for party in memorandum.parties.all():
        sign(party)
    memorandum.refresh_from_db()
    return memorandum


def typed(memorandum, party, language="en", **more):
    """What the form of the page sends."""
    sent = seen(memorandum, language)
    confirmed = dict.fromkeys(("read", "entitled", "intends"), "on")
    return {
        "party": party.pk,
        "round": sent["round"],
        "language": language,
        "sha256": sent["text_sha256"],
        "name": "Ana Sample",
        "title": "Mayor",
        "place": "Sample",
        **confirmed,
        **more,
    }


def pdf(name="signed.pdf", title="Signed"):
    output, writer = io.BytesIO(), PdfWriter()
    writer.add_blank_page(100, 100)
    writer.add_metadata({"/Title": title})
    writer.write(output)
    return SimpleUploadedFile(name, output.getvalue(), "application/pdf")
