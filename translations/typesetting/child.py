"""The child process itself: reads orders, sets them with typst, writes documents. It knows neither Django nor data.

What it sets is bounded: memory and processor time by the kernel, files to the folder of the templates (typst reads
nothing outside its root, and user texts reach it as JSON values only), no packages, no network addresses in templates.
"""

import errno
import json
import os
import re
import resource
import struct
import sys
from pathlib import Path

SHORTEN = re.compile(r"shorten:((?: \d+)+)")


def main(packages: str, templates: str, memory_mb: str, seconds: str) -> None:
    sys.path[:0] = [str(Path(__file__).parent), packages]
    import characters
    import typst

    limit(resource.RLIMIT_FSIZE, 0)
    limit(resource.RLIMIT_CORE, 0)
    families = typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=characters.font_folders()
    )
    compiler = typst.Compiler(
        root=templates,
        font_paths=families,
        ignore_system_fonts=True,
        package_path="/nowhere",
        package_cache_path="/nowhere",
    )
    limit(resource.RLIMIT_AS, int(memory_mb) * 1024**2)
    while head := sys.stdin.buffer.read(4):
        order = json.loads(sys.stdin.buffer.read(struct.unpack(">I", head)[0]))
        limit_cpu(int(seconds))
        try:
            status, answer = b"+", typeset(compiler, templates, order, characters)
        except MemoryError:
            raise
        except Exception as error:  # whatever the template says, the parent hears it
            status, answer = b"-", str(error).encode()
        sys.stdout.buffer.write(struct.pack(">cI", status, len(answer)) + answer)
        sys.stdout.buffer.flush()


def limit(what: int, value: int) -> None:
    resource.setrlimit(what, (value, value))


def limit_cpu(seconds: int) -> None:
    """The kernel ends this process after so many more seconds of work, even if nobody waits for it any more."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    soft = int(used.ru_utime + used.ru_stime) + seconds + 1
    resource.setrlimit(resource.RLIMIT_CPU, (soft, resource.getrlimit(resource.RLIMIT_CPU)[1]))


def typeset(compiler, templates: str, order: dict, characters) -> bytes:
    """Set the order; if a letter is refused after all, once more with the plainest letters."""
    for strict in (False, True):
        data, replaced = characters.drawable(order["data"], strict=strict, unit=order["data"].get("unit"))
        try:
            return fitted(compiler, f"{templates}/{order['template']}.typ", {**data, "replaced": replaced})
        except RuntimeError as error:
            if strict or "could not be displayed" not in str(error):
                raise
    raise AssertionError


def fitted(compiler, path: str, data: dict) -> bytes:
    """The document; parts that the template calls too long are shortened one level after the other until they fit.

    A template says “shorten: 0 2” (by panic) for parts that pass their limit. The first levels come in
    `data["levels"]`; so the same data always ends with the same levels.
    """
    levels = list(data.get("levels", []))
    while True:
        document, long = attempt(compiler, path, {**data, "levels": levels})
        if document is not None:
            return document
        for part in long:
            levels[part] += 1
            if levels[part] >= len(data["budgets"]):
                raise RuntimeError(f"Part {part} fits at no level")


def attempt(compiler, path: str, data: dict) -> tuple[bytes | None, list[int]]:
    """(document, nothing) or (None, the parts that are too long)."""
    inputs = {"data": json.dumps(data)}
    try:
        document = compiler.compile(
            input=path, format="pdf", sys_inputs=inputs, pdf_standards=["ua-1"], timestamp=int(data.get("at") or 0)
        )
    except RuntimeError as error:
        if found := SHORTEN.search(str(error)):
            return None, [int(part) for part in found[1].split()]
        raise
    return document, []


if __name__ == "__main__":
    try:
        main(*sys.argv[1:])
    except MemoryError:
        os._exit(errno.ENOMEM)  # told apart from other ends: nobody should try the same again
