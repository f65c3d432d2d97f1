"""The server on loopback, readers that ask it, and what that cost by the kernel's own books."""

import http.client
import os
import socket
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import quantiles

from django.conf import settings

TIMEOUT = 120  # seconds a reader waits
TICK = os.sysconf("SC_CLK_TCK")


@dataclass
class Measured:
    """One row of the table."""

    name: str
    seconds: float = 0.0
    cpu_ms: float = 0.0  # per request, server and PostgreSQL
    latencies: list[float] = field(default_factory=list)  # seconds
    sql: str = ""
    bytes: int = 0
    status: int = 0

    def row(self, empty: float):
        """Cells for COLUMNS; `empty` is what the empty view cost (CPU ms)."""
        ms = [1000 * one for one in self.latencies]
        cuts = quantiles(ms, n=100) if len(ms) > 1 else [0.0] * 99
        rate = len(ms) / self.seconds if self.seconds else 0
        figures = [f"{rate:,.0f}", *(f"{cuts[at]:.1f}" for at in (49, 94, 98)), f"{self.cpu_ms:.2f}"]
        times = f"{self.cpu_ms / empty:.1f}" if empty else ""
        return [self.name, *figures, times, self.sql, f"{self.bytes:,}", str(self.status)]


COLUMNS = ["page", "requests/s", "p50 ms", "p95 ms", "p99 ms", "CPU ms", "× empty", "SQL", "bytes", "status"]


def cpu_seconds(pids):
    """User and system time of living processes and of children they have waited for."""
    total = 0
    for pid in pids:
        try:
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        total += sum(int(value) for value in fields[11:15])
    return total / TICK


def family(pid):
    """A process and its children."""
    children = [str(pid)]
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            if stat.read_text().rpartition(")")[2].split()[1] == str(pid):
                children.append(stat.parent.name)
        except OSError:
            continue
    return children


def memory_mb(pid):
    """A process's share of the memory (PSS): its own pages, and its part of those it shares with others."""
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) / 1024
    return 0.0


@contextmanager
def server(database_url, var, processes=2, threads=4):
    """Gunicorn as in production; yields (port, pid of the master, seconds until the first page)."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "clavet.bench.settings",
        "DATABASE_URL": database_url,
        "VAR": str(var),
        "CLAVET_ROLE": "web",
        "CLAVET_DEBUG": "0",
        "WEB_PROCESSES": str(processes),
        "WEB_THREADS": str(threads),
        "BIND": f"127.0.0.1:{port}",
    }
    command = [sys.executable, "-m", "gunicorn", "-c", "clavet/gunicorn.py", "clavet.wsgi"]
    began = time.perf_counter()
    process = subprocess.Popen(command, cwd=settings.BASE_DIR, env=environment)
    try:
        while True:
            try:
                ask(http.client.HTTPConnection("127.0.0.1", port, timeout=TIMEOUT), "/en/", {})
                break
            except OSError:
                if process.poll() is not None:
                    raise
                time.sleep(0.01)
        yield port, process.pid, time.perf_counter() - began
    finally:
        process.terminate()
        process.wait(30)


def ask(connection, path, headers):
    connection.request("GET", path, headers={"Accept-Language": "en", "Accept-Encoding": "gzip", **headers})
    response = connection.getresponse()
    return response, response.read()


WARMING = 20  # requests before the measuring, or as many as fit into the time


def measure(name, port, pids, paths, *, seconds, readers, headers=None):
    """Let `readers` ask paths(n) for a while, one request after the other each; the first ones do not count."""
    headers = headers or {}
    first, body = ask(http.client.HTTPConnection("127.0.0.1", port, timeout=TIMEOUT), paths(0), headers)
    began = time.perf_counter()
    for turn in range(WARMING):
        if time.perf_counter() - began < seconds:
            ask(http.client.HTTPConnection("127.0.0.1", port, timeout=TIMEOUT), paths(-1 - turn), headers)
    found = Measured(name, sql=first.headers.get("X-Bench-Sql", ""), bytes=len(body), status=first.status)
    lock, number = threading.Lock(), iter(range(1, 10**9))
    began, cpu = time.perf_counter(), cpu_seconds(pids())

    def read():
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=TIMEOUT)
        while time.perf_counter() - began < seconds:
            with lock:
                turn = next(number)
            start = time.perf_counter()
            ask(connection, paths(turn), headers)
            found.latencies.append(time.perf_counter() - start)

    threads = [threading.Thread(target=read) for _ in range(readers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    found.seconds = time.perf_counter() - began
    found.cpu_ms = 1000 * (cpu_seconds(pids()) - cpu) / max(1, len(found.latencies))
    return found
