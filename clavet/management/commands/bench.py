import http.client
import json
import shutil
import tempfile
from contextlib import ExitStack, contextmanager
from pathlib import Path
from statistics import median

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.core.management import BaseCommand, CommandError, call_command
from django.db import connection, connections
from django.test.utils import override_settings

from clavet import embedded_postgres
from clavet.bench import load, report, seeding
from clavet.bench.cases import cases
from fiches.models import Fiche

PLAIN_STATIC = {
    **settings.STORAGES,
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
COLD_STARTS = 3  # of which the median is told
SETTLING = 0.5  # seconds before the memory is read


class Command(BaseCommand):
    """Prints what each page type costs beside floors of the same run; figures, never a verdict."""

    help = __doc__
    requires_system_checks = []

    def add_arguments(self, parser):
        sizes = "how many, each in nine languages (200); several sizes are compared"
        parser.add_argument("--fiches", type=int, nargs="+", default=[200], help=sizes)
        parser.add_argument("--authorities", type=int, default=10_000, help="how many are in the directory (10000)")
        parser.add_argument("--seconds", type=float, default=3.0, help="for each page type (3)")
        parser.add_argument("--readers", type=int, default=2, help="who ask at the same time (2)")
        parser.add_argument("--processes", type=int, default=2, help="of the server (2)")
        parser.add_argument("--kept", type=Path, help="a folder for the made fiches: a second run does not make them")
        parser.add_argument("--only", default="", help="measure only pages whose name holds this")
        parser.add_argument("--seed-only", action="store_true", help="make the fiches (in --kept) and measure nothing")
        parser.add_argument("--write", action="store_true", help="also write docs/benchmarks.md")

    def handle(self, **options):
        runs = [self.run(number, options) for number in options["fiches"]]
        if options["seed_only"]:
            return
        if len(runs) > 1:
            self.stdout.write(report.comparison(runs))
        if options["write"]:
            report.write(runs, options)

    def run(self, number, options):
        with place(options["kept"], number) as (cluster, folder):
            run = report.Run(number, self.seeded(cluster, folder, number, options["authorities"]))
            url = f"postgresql:///clavet?host={cluster.socket}&user=clavet"
            if not options["seed_only"]:
                self.measure(run, url, folder / "var", cluster.pid(), options)
                self.stdout.write(f"\n{run.text()}")
            connections.close_all()
        return run

    def seeded(self, cluster, folder, number, authorities):
        """The corpus is there, made now or before; returns what is told of it."""
        connections.close_all()
        connection.settings_dict.update(embedded_postgres.settings_for(cluster.address(), role="command"))
        ContentType.objects.clear_cache()
        call_command("migrate", verbosity=0, interactive=False)
        told = folder / "seeded.json"
        if not told.exists():
            self.stdout.write(f"Making {number} fiches in nine languages …")
            told.write_text(json.dumps(self.seed(number, authorities)))
            copy_lemmas(folder / "var")
        if (there := Fiche.objects.count()) != number:
            raise CommandError(f"{folder} holds {there} fiches, not {number}: give another folder.")
        return json.loads(told.read_text())

    def seed(self, number, authorities):
        call_command("createcachetable", verbosity=0)
        call_command("setup", verbosity=0)
        with override_settings(STORAGES=PLAIN_STATIC):
            rows, editions, copies = seeding.seed(number, authorities, self.stdout.write)
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_database_size(current_database())")
            size = cursor.fetchone()[0] / 1024**2
        different = min(number, seeding.DIFFERENT)
        return [
            f"{number:,} fiches × 9 languages, {authorities:,} authorities; database {size:,.0f} MB",
            f"made in {rows + editions + copies:,.0f} s: rows of {different / rows:,.0f} and Editions of"
            f" {different / editions:,.0f} fiches a second; copies and indexes {copies:,.0f} s",
        ]

    def measure(self, run, url, var, postmaster, options):
        starts = []
        for _ in range(COLD_STARTS - 1):
            with load.server(url, var, options["processes"]) as (_port, _pid, seconds):
                starts.append(seconds)
        with load.server(url, var, options["processes"]) as (port, pid, seconds):
            starts.append(seconds)

            def pids():
                return [*load.family(pid), *load.family(postmaster)]

            timing = {"seconds": options["seconds"], "readers": options["readers"]}
            load.measure("warm", port, pids, lambda n: f"/en/fiches/?warm={n}", seconds=1, readers=4)
            listed, body = load.ask(http.client.HTTPConnection("127.0.0.1", port, timeout=30), "/en/fiches/", PLAIN)
            for name, paths, headers in cases(len(body), listed.headers.get("ETag", "")):
                if options["only"] in name or name == report.EMPTY:
                    run.table.append(load.measure(name, port, pids, paths, headers=headers, **timing))
                    self.stdout.write(f"  {name}: {run.table[-1].cpu_ms:.2f} CPU ms")
            shares = [load.memory_mb(child) for child in load.family(pid)[1:]]
            master = load.memory_mb(pid)
        run.facts += [
            f"cold start to the first page: {median(starts):.1f} s (median of {len(starts)})",
            f"memory (PSS): {max(shares):.0f} MB a worker, {master:.0f} MB their parent",
        ]


PLAIN = {"Accept-Encoding": "identity"}


@contextmanager
def place(kept: Path | None, number: int):
    """A cluster of the benchmark's own, never the live one, and the folder it lies in; gone at the end unless kept."""
    with ExitStack() as stack:
        if kept:
            folder = kept.resolve() / str(number)
            folder.mkdir(parents=True, exist_ok=True)
            cluster = embedded_postgres.kept(folder)
            stack.callback(cluster.stop)
        else:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="clavet-bench-")))
            cluster = stack.enter_context(embedded_postgres.throwaway())
        yield cluster, folder


def copy_lemmas(var: Path) -> None:
    """What `setup` warmed, for the server: its state folder is another than ours."""
    shutil.copytree(settings.VAR / "lemmas", var / "lemmas", dirs_exist_ok=True)
