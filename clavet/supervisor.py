"""Runs the portal's processes side by side and lets none outlive it: what `make demo` and `make run` share."""

import ctypes
import fcntl
import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import contextmanager

from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.management import CommandError, call_command, get_commands
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from clavet import catalogues

MANAGE = [sys.executable, str(settings.BASE_DIR / "manage.py")]
WORKER = [*MANAGE, "procrastinate", "worker"]
STOP_SECONDS = 15
RESTART_SECONDS = 3


class CannotStart(Exception):
    """Says to a person what to do."""


@contextmanager
def alone():
    """One supervisor for each state folder; the kernel frees the lock however the other one ended."""
    settings.VAR.mkdir(parents=True, exist_ok=True)
    with (settings.VAR / "supervisor.lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise CannotStart(f"A portal already runs on {settings.VAR}: stop it, or choose another VAR=…") from None
        yield


def free(port, seconds=12):
    """Wait until a port is ours to take: a killed run's server may need a moment to notice."""
    deadline = time.monotonic() + seconds
    while True:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
                return
            except OSError:
                if time.monotonic() > deadline:
                    raise CannotStart(f"Port {port} is in use: choose another with PORT=…") from None
        time.sleep(0.2)


def end_with_parent(sign=signal.SIGTERM):
    """The kernel sends us `sign` when our parent is gone (Linux)."""
    try:
        ctypes.CDLL(None).prctl(1, sign)  # PR_SET_PDEATHSIG
    except (OSError, AttributeError):
        pass


# --- getting ready ---------------------------------------------------------------------------------------------


def migrate():
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        call_command("migrate", verbosity=0, interactive=False)
    call_command("createcachetable", verbosity=0)


def collect_static():
    """Collect, hash and compress, unless nothing changed since the last time."""
    parts = []
    for finder in finders.get_finders():
        for path, storage in finder.list([]):
            parts.append(f"{path} {storage.size(path)} {storage.get_modified_time(path).timestamp()}")
    now, stamp = "\n".join(sorted(parts)), settings.STATIC_ROOT / ".collected"
    if not (stamp.exists() and stamp.read_text() == now):
        call_command("collectstatic", verbosity=0, interactive=False, clear=settings.STATIC_ROOT.exists())
        stamp.write_text(now)


def available(name):
    """A step that is a command of its own; absent steps are left out."""
    return [lambda: call_command(name)] if name in get_commands() else []


def prepare(steps, say):
    """Run (name, function) steps, each with its time; a name that ends in a colon draws a bar of its own below."""
    for name, step in steps:
        began = time.monotonic()
        say(f"· {name}" if name.endswith(":") else f"· {name} …", ending="\n" if name.endswith(":") else "")
        step()
        say(f"  {time.monotonic() - began:.1f} s")


def ground():
    """The steps every start needs, in order."""
    return [
        ("Catalogues", catalogues.compile_stale),
        ("Database", migrate),
        *[("Regions, themes, reasons", step) for step in available("setup")],
    ]


def session(server, port, steps, say, ready):
    """Prepare, run and stop; what a person sees of failures is one sentence. Exits the process."""
    os.environ["PORT"] = str(port)  # gunicorn listens there, and links in mails lead there
    try:
        with alone():
            free(port)
            prepare(steps, say)
            status = supervise(server, port, ready)
    except CannotStart as error:
        raise CommandError(str(error)) from None
    except KeyboardInterrupt:
        status = 130
    say("Stopped.")
    sys.exit(status)


# --- running ---------------------------------------------------------------------------------------------------


def launch(command, **environment):
    """Start a child in its own session, so that Ctrl-C reaches only us and we stop all in order."""
    return subprocess.Popen(
        command,
        cwd=settings.BASE_DIR,
        env={**os.environ, **environment},
        start_new_session=True,
        preexec_fn=end_with_parent,
    )


def supervise(server, port, ready):
    """Run server (a command) and worker until a signal or the server's end; returns the exit status."""
    asked = []
    for sign in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(sign, lambda number, _frame: asked.append(number))
    if "MAKELEVEL" in os.environ:
        end_with_parent()
    children = {"server": launch(server, CLAVET_ROLE="web")}
    children["worker"] = launch(WORKER, CLAVET_ROLE="worker")
    try:
        while not asked and children["server"].poll() is None:
            if ready and answers(port):
                ready()
                ready = None
            if children["worker"].poll() is not None:
                time.sleep(RESTART_SECONDS)
                children["worker"] = launch(WORKER, CLAVET_ROLE="worker")
            time.sleep(0.1)
        return 0 if asked else children["server"].returncode or 1
    finally:
        stop(children.values())


def answers(port):
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True


def stop(children):
    """Ask, wait, then insist."""
    for child in children:
        if child.poll() is None:
            child.terminate()
    deadline = time.monotonic() + STOP_SECONDS
    for child in children:
        try:
            child.wait(max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            os.killpg(child.pid, signal.SIGKILL)
            child.wait()
