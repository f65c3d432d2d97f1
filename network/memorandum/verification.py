"""What everybody may learn about a memorandum: what was signed, by whom and when, and which of its files a file is.

It imports no model. A file that is checked is hashed as it arrives and never stored.
"""

import hashlib
import re
from typing import NamedTuple

from django.conf import settings
from django.core.files.uploadhandler import FileUploadHandler, StopUpload
from django.utils.translation import gettext as _

HASH = re.compile(r"[0-9a-f]{64}")
CODE = re.compile(r"[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}")


class Hashed(NamedTuple):
    """Of an uploaded file only this is kept, until the answer is sent."""

    name: str
    size: int
    sha256: str


class HashOnly(FileUploadHandler):
    """Reads a file piece by piece into its SHA-256; nothing of it is stored, in memory or on disk."""

    def new_file(self, *args, **kwargs):
        super().new_file(*args, **kwargs)
        self.digest, self.length = hashlib.sha256(), 0

    def receive_data_chunk(self, raw_data, start):
        self.digest.update(raw_data)
        self.length += len(raw_data)
        if self.length > settings.ATTACHMENT_MAX_BYTES:
            raise StopUpload(connection_reset=True)

    def file_complete(self, file_size):
        return Hashed(self.file_name, file_size, self.digest.hexdigest())


def hash_in(text: str) -> str:
    """A SHA-256 as people paste it: with spaces, in capitals, with the name of the file behind; empty if there is none."""
    found = HASH.search(text.lower()) or HASH.search("".join(text.lower().split()))
    return found[0] if found else ""


def code_in(text: str) -> str:
    """A verification code however it is typed: small letters, with spaces, without hyphens."""
    letters = "".join(letter for letter in text.upper() if letter.isalnum())
    return "-".join(letters[n : n + 4] for n in range(0, len(letters), 4))


def can_be_code(text: str) -> bool:
    return bool(CODE.fullmatch(code_in(text)))


def find(memoranda, typed: str):
    """The memorandum with this code; None without asking the database where it cannot be one."""
    return memoranda.filter(verification_code=code_in(typed)).first() if can_be_code(typed) else None


# --- which file it is ------------------------------------------------------------------------------------------


def known(memorandum, sha256: str) -> dict:
    """What we know of a hash: `state` is genuine, old (of a text that was taken back), refused or unknown."""
    if file := memorandum.files.filter(sha256=sha256).exclude(kind="annex").select_related("party").first():
        return _file(memorandum, file)
    if text := memorandum.texts.filter(sha256=sha256).first():
        state = _state(memorandum, text.round)
        return {"state": state, "what": _("The locked text itself"), "language": text.language}
    annexes = memorandum.files.filter(sha256=sha256, kind="annex")
    if memorandum.status not in ("draft", "discarded") and (file := annexes.first()):
        return {"state": "genuine", "what": _("An annex of the memorandum"), "language": file.language}
    return {"state": "unknown"}


def _file(memorandum, file) -> dict:
    names = {
        "frozen": _("The PDF of the locked text, without signatures"),
        "final": _("The PDF with all signatures"),
        "signed": _("The signed copy of a party"),
    }
    found = {"state": _state(memorandum, file.round), "what": names[file.kind], "language": file.language}
    if file.kind == "signed":
        found["party"] = file.party.official_name
        if file.check_state != "accepted":
            found["state"] = "waiting" if file.check_state == "waiting" else "refused"
    return found


def _state(memorandum, round_: int) -> str:
    withdrawn = memorandum.status in ("draft", "discarded") or round_ != memorandum.round
    return "old" if withdrawn else "genuine"


# --- what is shown ---------------------------------------------------------------------------------------------


def context(memorandum) -> dict:
    """The texts of this round and its signatures; of a text that was taken back only that it was."""
    withdrawn = memorandum.status in ("draft", "discarded")
    signed = {row.party_id: row for row in memorandum.counting_signatures()}
    parties = [] if withdrawn else list(memorandum.parties.select_related("authority"))
    return {
        "withdrawn": withdrawn,
        "earlier": memorandum.round - (0 if withdrawn else 1),
        "parties": [{"party": party, "signature": signed.get(party.pk)} for party in parties],
        "signed": len(signed),
        "total": len(parties),
        "texts": [] if withdrawn else memorandum.current_texts(),
        "files": [] if withdrawn else _files(memorandum),
        "demonstration": memorandum.demonstration or any(row.method == "demonstration" for row in signed.values()),
    }


def _files(memorandum) -> list:
    """The hashes of the files that are known; the files themselves are for the parties."""
    rows = memorandum.files.filter(round=memorandum.round).exclude(kind="annex").select_related("party__authority")
    return [row for row in rows if row.kind != "signed" or row.check_state == "accepted"]
