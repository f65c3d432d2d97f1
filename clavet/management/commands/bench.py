import datetime
import http.client
import os
import platform
import tempfile
from pathlib import Path
from urllib.parse import quote

import django
from django.conf import settings
from django.core.management import BaseCommand, call_command
from django.db import connection, connections
from django.test.utils import override_settings

from clavet import embedded_postgres
from clavet.bench import load, seeding
from clavet.bench.words import SEARCHED
from fiches.models import Fiche

DOCUMENT = settings.BASE_DIR / "docs" / "benchmarks.md"
PLAIN_STATIC = {
    **settings.STORAGES,
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}


class Command(BaseCommand):
    """Prints what each page type costs beside floors of the same run; figures, never a verdict."""

    help = __doc__
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("--fiches", type=int, default=200, help="how many, each in nine languages (200)")
        parser.add_argument("--seconds", type=float, default=3.0, help="for each page type (3)")
        parser.add_argument("--readers", type=int, default=2, help="who ask at the same time (2)")
        parser.add_argument("--write", action="store_true", help="also write docs/benchmarks.md")

    def handle(self, **options):
        # A cluster of its own, never the live one; it is gone at the end.
        with embedded_postgres.throwaway() as cluster, tempfile.TemporaryDirectory(prefix="clavet-bench-") as var:
            self.use(cluster)
            with override_settings(STORAGES=PLAIN_STATIC):
                seeded = self.seed(options["fiches"])
            connections.close_all()
            url = f"postgresql:///clavet?host={cluster.socket}&user=clavet"
            with load.server(url, var, threads=4) as (port, pid, cold):
                table = self.measure(port, pid, cluster.pid(), options)
                memory = max(load.memory_mb(child) for child in load.family(pid))
            connections.close_all()
        facts = [*seeded, f"cold start to the first page: {cold:.1f} s; memory of the worker: {memory:.0f} MB"]
        facts.append(f"load of the machine at the end, all its work: {os.getloadavg()[0]:.1f}")
        text = as_text(table, facts)
        self.stdout.write(text)
        if options["write"]:
            DOCUMENT.write_text(document(text, options))

    def use(self, cluster):
        connections.close_all()
        connection.settings_dict.update(embedded_postgres.settings_for(cluster.address(), role="command"))

    def seed(self, number):
        self.stdout.write(f"Seeding {number} fiches in nine languages …")
        call_command("migrate", verbosity=0, interactive=False)
        call_command("createcachetable", verbosity=0)
        call_command("setup", verbosity=0)
        rows, editions = seeding.seed(number, self.stdout.write)
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_database_size(current_database())")
            size = cursor.fetchone()[0] / 1024**2
        return [
            f"{number} fiches × 9 languages; database {size:,.0f} MB",
            f"seeding: rows {number / rows:,.0f} fiches/s, Editions {9 * number / editions:,.0f} a second"
            f" ({1000 * editions / number:.0f} ms a fiche)",
        ]

    def measure(self, port, pid, postmaster, options):
        def pids():
            return [*load.family(pid), *load.family(postmaster)]

        timing = {"seconds": options["seconds"], "readers": options["readers"]}
        load.measure("warm", port, pids, lambda n: f"/en/fiches/?warm={n}", seconds=1, readers=2)
        table = []
        for name, paths, headers in cases(port):
            table.append(load.measure(name, port, pids, paths, headers=headers, **timing))
            self.stdout.write(f"  {name}")
        return table


def cases(port):
    """(name, n → path, headers). A query of its own makes each reading a new page; without one it is kept ready."""
    details = [f"/en{fiche.get_absolute_url()[3:]}" for fiche in Fiche.objects.only("pk", "slug").order_by("pk")[:200]]
    queries = [f"/{code}/fiches/?q={quote(words)}" for code, words in SEARCHED.items()]
    connection_ = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    listed, body = load.ask(connection_, "/en/fiches/", {})
    etag = {"If-None-Match": listed.headers.get("ETag", "")}
    return [
        ("floor: empty view", lambda n: f"/en/bench/empty/?n={n}", {}),
        ("floor: SELECT 1", lambda n: f"/en/bench/select/?n={n}", {}),
        ("floor: skeleton as long as the list", lambda n: f"/en/bench/page/?n={n}&size={max(0, len(body) - 9000)}", {}),
        ("floor: bare SQL of the list", lambda n: f"/en/bench/sql/?n={n}", {}),
        ("home", lambda n: f"/en/?n={n}", {}),
        ("list", lambda n: f"/en/fiches/?n={n}", {}),
        ("list, Greek, page 3", lambda n: f"/el/fiches/?page=3&n={n}", {}),
        ("faceted list", lambda n: f"/en/fiches/?kind=best_practice&target_group=adults&n={n}", {}),
        ("search, nine languages in turn", lambda n: f"{queries[n % 9]}&n={n}", {}),
        ("detail", lambda n: f"{details[n % len(details)]}?n={n}", {}),
        ("repeated anonymous read of the list", lambda n: "/en/fiches/", {}),
        ("304", lambda n: "/en/fiches/", etag),
    ]


def as_text(table, facts):
    """A Markdown table and the facts around it."""
    rows = [load.COLUMNS, *(one.row() for one in table)]
    widths = [max(len(row[at]) for row in rows) for at in range(len(load.COLUMNS))]
    lines = [
        "| "
        + " | ".join(
            cell.ljust(w) if at == 0 else cell.rjust(w) for at, (cell, w) in enumerate(zip(row, widths, strict=True))
        )
        + " |"
        for row in rows
    ]
    lines.insert(1, "|" + "|".join("-" * (w + 1) + (":" if at else "-") for at, w in enumerate(widths)) + "|")
    return "\n".join([*(f"- {fact}" for fact in facts), "", *lines]) + "\n"


def document(text, options):
    processors = Path("/proc/cpuinfo").read_text().count("processor\t")
    today = datetime.datetime.now(datetime.UTC).date().isoformat()
    with_what = f"Python {platform.python_version()}, Django {django.__version__}, release {settings.RELEASE}"
    return INTRODUCTION.format(today=today, processors=processors, with_what=with_what, **options) + text


INTRODUCTION = """# Benchmarks

Written by `make bench ARGS="--fiches {fiches} --write"` on {today}: {processors} processors, {with_what}; one server
process with four threads, PostgreSQL on the same machine, {readers} readers who ask one after the other,
{seconds:g} seconds for each page type. A benchmark prints figures; it is never a test.

**CPU ms** is the figure to compare: the time that server and PostgreSQL together spent on the processors for one
request, by the kernel's books. Requests per second and percentiles depend on what else the machine does.
The floors of the same run say how much of it is the framework (every middleware runs), one statement, the skeleton
of every page, and the statements of the list without the ORM. SQL counts include the version of the corpus, which
each process reads at most once a second. Every measured page but the last two is rendered anew.

"""
