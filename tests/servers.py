"""Servers of their own for tests that need several processes, or a database that goes away."""

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import contextmanager

from django.conf import settings
from django.db import connection


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def database_url():
    """The address of the test database."""
    parameters = connection.get_connection_params()
    return f"postgresql:///{parameters['dbname']}?host={parameters['host']}&user={parameters['user']}"


@contextmanager
def serving(database, var):
    """One gunicorn process on a database, with the page cache on; yields its address."""
    port = free_port()
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "tests.cache_settings",
        "DATABASE_URL": database,
        "VAR": str(var),
        "CLAVET_ROLE": "web",
    }
    flags = ["--no-control-socket", "-k", "gthread", "-w", "1", "--threads", "4", "--log-level", "error"]
    command = [sys.executable, "-m", "gunicorn", "clavet.wsgi", *flags, "-b", f"127.0.0.1:{port}"]
    process = subprocess.Popen(command, cwd=settings.BASE_DIR, env=environment)
    try:
        while process.poll() is None:
            try:
                socket.create_connection(("127.0.0.1", port), timeout=1).close()
                break
            except OSError:
                time.sleep(0.1)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(20)


def read(url, **headers):
    """(status, headers, text); the first answer of a cold server may take a while."""
    try:
        with urllib.request.urlopen(urllib.request.Request(url, headers=headers), timeout=60) as response:
            return response.status, response.headers, response.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.headers, error.read().decode()
