"""The file of a backup: a tar with database.dump, media/…, and last manifest.json with the hash of each.

`manifest.sha256`, the very last, is the hash of the manifest: a file that was cut off or changed anywhere is noticed.
"""

import hashlib
import json
import tarfile
import time
from contextlib import contextmanager

DUMP = "database.dump"
FILES = "media/"
MANIFEST = "manifest.json"
SEAL = "manifest.sha256"
FORMAT = 1  # of the manifest
BLOCK = tarfile.BLOCKSIZE
CHUNK = 1024 * 1024


class BackupError(Exception):
    """Says to a person what is wrong and what to do."""


class Writer:
    """Writes members whose size is not known before their last byte, such as the output of pg_dump."""

    def __init__(self, file):
        self.file = file

    def add(self, name, chunks) -> dict:
        """Write one member; returns its size in bytes and its SHA-256. A member that fails leaves no trace."""
        info = tarfile.TarInfo(name)
        info.mode, info.mtime = 0o600, int(time.time())
        begin, digest = self.file.tell(), hashlib.sha256()
        self.file.write(header(info))
        try:
            for chunk in chunks:
                self.file.write(chunk)
                digest.update(chunk)
                info.size += len(chunk)
        except BaseException:
            self.file.seek(begin)
            self.file.truncate()
            raise
        self.file.write(bytes(-info.size % BLOCK))
        end = self.file.tell()
        self.file.seek(begin)
        self.file.write(header(info))  # now with its size; a header has the same length for each size
        self.file.seek(end)
        return {"size": info.size, "sha256": digest.hexdigest()}

    def close(self, manifest: dict) -> str:
        """Write the manifest and its seal; returns the seal, which stands for the whole backup."""
        text = json.dumps(manifest, indent=1, ensure_ascii=False, sort_keys=True).encode()
        seal = self.add(MANIFEST, [text])["sha256"]
        self.add(SEAL, [f"{seal}  {MANIFEST}\n".encode()])
        self.file.write(bytes(2 * BLOCK))
        return seal


def header(info) -> bytes:
    return info.tobuf(tarfile.GNU_FORMAT, "utf-8", "surrogateescape")


class Reader:
    """A backup whose manifest is sound; `verify` reads the rest through."""

    def __init__(self, tar, path):
        self.tar, self.path = tar, path
        try:
            self.members = {member.name: member for member in tar.getmembers()}
        except tarfile.TarError:
            raise self.broken("it was cut off") from None
        if not {DUMP, MANIFEST, SEAL} <= set(self.members):
            raise self.broken("it is no backup of CLAVET, or its end is missing")
        text = b"".join(self.chunks(MANIFEST))
        if hashlib.sha256(text).hexdigest() != b"".join(self.chunks(SEAL)).decode(errors="replace").split()[0]:
            raise self.broken("its manifest was changed")
        self.manifest = json.loads(text)
        if self.manifest["format"] > FORMAT:
            raise BackupError(f"{path} was made by a newer release ({self.manifest['release']}): install that first.")

    def broken(self, why):
        return BackupError(f"{self.path} cannot be used: {why}. Nothing was touched. Take another copy of it.")

    def chunks(self, name):
        with self.tar.extractfile(self.members[name]) as member:
            while chunk := member.read(CHUNK):
                yield chunk

    def open(self, name):
        return self.tar.extractfile(self.members[name])

    @property
    def expected(self) -> dict:
        """What must be in the tar: name → size and hash."""
        files = {FILES + name: entry for name, entry in self.manifest["files"].items()}
        return {DUMP: self.manifest["dump"], **files}

    def verify(self) -> None:
        """Read every member through; BackupError names the first that is not what was written."""
        if set(self.members) - {MANIFEST, SEAL} != set(self.expected):
            raise self.broken("it holds other files than its manifest says")
        for name, entry in self.expected.items():
            digest = hashlib.sha256()
            for chunk in self.chunks(name):
                digest.update(chunk)
            if self.members[name].size != entry["size"] or digest.hexdigest() != entry["sha256"]:
                raise self.broken(f"{name} is not what was written")


@contextmanager
def reading(path):
    """Open a backup; BackupError says what is wrong with the file."""
    try:
        tar = tarfile.open(path, "r:")  # noqa: SIM115 – closed below
    except FileNotFoundError:
        raise BackupError(f"There is no file {path}.") from None
    except (OSError, EOFError) as error:
        raise BackupError(f"{path} cannot be read: {error}.") from None
    except tarfile.TarError:
        raise BackupError(f"{path} is no backup of CLAVET. Nothing was touched.") from None
    with tar:
        yield Reader(tar, path)
