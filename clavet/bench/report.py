"""What the benchmark writes: one table for each size of the corpus, and how the sizes compare."""

import datetime
import os
import platform
from dataclasses import dataclass, field
from pathlib import Path

import django
from django.conf import settings

from . import load

DOCUMENT = settings.BASE_DIR / "docs" / "benchmarks.md"
LEARNT = "## What was learnt\n"  # from here on people write; what stands there is kept
EMPTY = "floor: empty view"


@dataclass
class Run:
    """One corpus, measured."""

    fiches: int
    facts: list[str] = field(default_factory=list)
    table: list[load.Measured] = field(default_factory=list)

    def text(self) -> str:
        empty = next((one.cpu_ms for one in self.table if one.name == EMPTY), 0)
        lines = [f"- {fact}" for fact in self.facts]
        return "\n".join([*lines, "", *aligned([load.COLUMNS, *(one.row(empty) for one in self.table)])]) + "\n"


def comparison(runs: list[Run]) -> str:
    """CPU ms of each page in each corpus, and how much dearer it is in the last than in the first."""
    costs = [{one.name: one.cpu_ms for one in run.table} for run in runs]
    rows = [["page", *(f"{run.fiches:,} fiches" for run in runs), "ratio"]]
    for name, first in costs[0].items():
        each = [cost.get(name, 0) for cost in costs]
        rows.append([name, *(f"{cost:.2f}" for cost in each), f"{each[-1] / first:.2f}" if first else ""])
    return "\n".join(aligned(rows)) + "\n"


def aligned(rows: list[list[str]]) -> list[str]:
    """A Markdown table that people can read as it stands; figures to the right."""
    widths = [max(len(row[at]) for row in rows) for at in range(len(rows[0]))]
    lines = []
    for row in rows:
        cells = [cell.rjust(width) if at else cell.ljust(width) for at, (cell, width) in enumerate(zip(row, widths))]  # noqa: B905
        lines.append(f"| {' | '.join(cells)} |")
    lines.insert(1, "|" + "|".join("-" * (width + 1) + (":" if at else "-") for at, width in enumerate(widths)) + "|")
    return lines


def write(runs: list[Run], options: dict) -> None:
    """docs/benchmarks.md anew; the part that people write stays."""
    parts = [introduction(options)]
    parts += [f"## {run.fiches:,} fiches in nine languages\n\n{run.text()}" for run in runs]
    if len(runs) > 1:
        parts.append(f"## CPU ms per request, side by side\n\n{comparison(runs)}")
    learnt = DOCUMENT.read_text().partition(LEARNT)[2] if DOCUMENT.exists() else ""
    DOCUMENT.write_text("\n".join(parts) + f"\n{LEARNT}{learnt}")


def introduction(options: dict) -> str:
    processors = os.cpu_count()
    kernel = platform.machine()
    memory = next(line for line in Path("/proc/meminfo").read_text().splitlines() if line.startswith("MemTotal"))
    today = datetime.datetime.now(datetime.UTC).date().isoformat()
    sizes = " ".join(map(str, options["fiches"]))
    return f"""# Benchmarks

Written by `make bench ARGS="--fiches {sizes} --write"` on {today}: {processors} processors ({kernel}), {int(memory.split()[1]) / 1024**2:.0f} GB,
Python {platform.python_version()}, Django {django.__version__}, release {settings.RELEASE}. Gunicorn as in production ({options["processes"]} processes of
four threads, loaded once and forked), PostgreSQL on the same machine, {options["readers"]} readers who ask one after the other,
{options["seconds"]:g} seconds for each page type. A benchmark prints figures; it is never a test.

- **CPU ms** is the figure to compare: the time that server and PostgreSQL together spent on the processors for one
  request, by the kernel’s books. Requests a second and percentiles depend on what else the machine does.
- **× empty** is that figure in multiples of an empty view of the same run, through which every middleware runs.
- The **floors** say how much of a page is the framework, one statement, the skeleton of every page, and the statements
  of list and search without anything around them.
- **SQL** counts include the version of the corpus, which each process reads at most once a second.
- **bytes** are those on the wire, for a browser that accepts gzip.
- Every measured page but the last two is rendered anew: each reading has an address of its own.
- **Memory** is the proportional share (PSS) of one worker after all page types were read. **Cold start** is the time
  from the start of Gunicorn to the first page, in a state folder that `setup` has warmed.
- Texts are made of the words of each language as often as the portal’s own texts use them, each fiche from two of
  those texts; up to 2,000 fiches differ, more are copies of them under other numbers.
"""
