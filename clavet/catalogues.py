"""The nine gettext catalogues: compiled here without gettext, and checked against the code they come from."""

import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import polib
from django.conf import settings

EXTRACTION = [
    "--no-obsolete",
    "--no-wrap",
    "--add-location=file",
    "--ignore=tests/*",
    "--ignore=var/*",
    "--ignore=docs/*",
]
NOT_COPIED = shutil.ignore_patterns(".git", ".venv", "var", "locale", "__pycache__", "node_modules")
PLACEHOLDER = re.compile(r"%\(\w+\)[sdf]|%[sd]|\{\w*\}")


def catalogues():
    """(language, path of its .po) for each language of the portal."""
    return [(code, settings.LOCALE_PATHS[0] / code / "LC_MESSAGES" / "django.po") for code in settings.LANGUAGE_CODES]


def compile_stale():
    """Write each .mo that is missing or older than its .po; returns how many."""
    done = 0
    for _code, path in catalogues():
        compiled = path.with_suffix(".mo")
        if path.exists() and not (compiled.exists() and compiled.stat().st_mtime >= path.stat().st_mtime):
            half = compiled.with_name(f".{compiled.name}.{id(path)}.{done}")
            polib.pofile(path).save_as_mofile(half)
            half.replace(compiled)  # another process may compile at the same moment
            done += 1
    return done


def problems():
    """What is missing, fuzzy, empty or ill-formed, one sentence each."""
    found = []
    for code, path in catalogues():
        if not path.exists():
            found.append(f"{code}: no catalogue")
            continue
        catalogue = polib.pofile(path)
        plurals = re.search(r"nplurals\s*=\s*(\d+)", catalogue.metadata.get("Plural-Forms", ""))
        if not plurals:
            found.append(f"{code}: no Plural-Forms")
            continue
        for entry in catalogue:
            found += [f"{code}: {fault}: {entry.msgid!r}" for fault in faults(entry, int(plurals[1]))]
        found += well_formed(code, path)
    return found


def complete_english():
    """English is what the code says: its catalogue repeats it."""
    path = dict(catalogues())["en"]
    catalogue = polib.pofile(path, wrapwidth=0)
    for entry in catalogue:
        if entry.msgid_plural:
            entry.msgstr_plural = {0: entry.msgid, 1: entry.msgid_plural}
        else:
            entry.msgstr = entry.msgid
        entry.flags = [flag for flag in entry.flags if flag != "fuzzy"]
        entry.previous_msgctxt = entry.previous_msgid = entry.previous_msgid_plural = None
    catalogue.save()


def faults(entry, plurals):
    """What is wrong with one entry."""
    if entry.obsolete:
        return ["obsolete"]
    texts = list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]
    wrong = ["fuzzy"] if entry.fuzzy else []
    if not all(texts):
        wrong.append("not translated")
    if entry.msgid_plural and len(texts) != plurals:
        wrong.append(f"{len(texts)} plural forms instead of {plurals}")
    allowed = set(PLACEHOLDER.findall(entry.msgid)) | set(PLACEHOLDER.findall(entry.msgid_plural or ""))
    if any(set(PLACEHOLDER.findall(text)) - allowed for text in texts):
        wrong.append("a placeholder that is not in the English text")
    return wrong


def well_formed(code, path):
    """What `msgfmt --check` says, where it is installed."""
    if not shutil.which("msgfmt"):
        return []
    done = subprocess.run(["msgfmt", "--check", "--output-file=/dev/null", path], capture_output=True, text=True)
    return [f"{code}: {line}" for line in done.stderr.splitlines()] if done.returncode else []


def keys(path):
    return {
        (entry.msgctxt, entry.msgid, entry.msgid_plural or "") for entry in polib.pofile(path) if not entry.obsolete
    }


def extracted():
    """The keys that a fresh extraction from the code yields. Needs xgettext."""
    with tempfile.TemporaryDirectory(prefix="clavet-messages-") as place:
        copy = Path(place) / "copy"
        shutil.copytree(settings.BASE_DIR, copy, ignore=NOT_COPIED)
        (copy / "locale").mkdir()
        command = [sys.executable, "manage.py", "makemessages", "-l", "en", *EXTRACTION]
        environment = {"PATH": "/usr/local/bin:/usr/bin:/bin", "VAR": f"{place}/var"}
        done = subprocess.run(command, cwd=copy, env=environment, capture_output=True, text=True)
        if done.returncode:
            raise RuntimeError(done.stderr)
        return keys(copy / "locale" / "en" / "LC_MESSAGES" / "django.po")


def stale():
    """Texts of the code that a catalogue lacks, and entries whose text has left the code."""
    now, found = extracted(), []
    for code, path in catalogues():
        if path.exists():
            have = keys(path)
            found += [f"{code}: run make messages, missing: {key[1]!r}" for key in sorted(now - have, key=str)]
            found += [f"{code}: run make messages, no longer used: {key[1]!r}" for key in sorted(have - now, key=str)]
    return found
