"""Gunicorn's settings: few processes with threads, loaded once and then forked.

Numbers come from the environment: PORT or BIND, WEB_PROCESSES, WEB_THREADS.
"""

import ctypes
import gc
import os
from pathlib import Path

from gunicorn.http import message

M_ARENA_MAX = -8  # mallopt(3)

bind = os.environ.get("BIND") or f"127.0.0.1:{os.environ.get('PORT', '8000')}"
worker_class = "gthread"
workers = int(os.environ.get("WEB_PROCESSES", "2"))
threads = int(os.environ.get("WEB_THREADS", "4"))
preload_app = True
control_socket_disable = True
# Nothing that is loaded before the fork is ever garbage: looking for some takes a fifth of the start.
gc.disable()
# Threads share two heaps of the C library: with one each, what a large page needed was kept four times.
ctypes.CDLL(None).mallopt(M_ARENA_MAX, 2)
# The heartbeat never waits for a disk.
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108
# A search of 10 kB is answered by a page of ours in the reader's language, not by the server's “URI Too Long”.
message.MAX_REQUEST_LINE = 32 * 1024
limit_request_line = message.MAX_REQUEST_LINE
graceful_timeout = 10
timeout = 30
keepalive = 5
max_requests = 20_000
max_requests_jitter = 2_000
accesslog = "-" if os.environ.get("ACCESS_LOG") == "1" else None
loglevel = os.environ.get("GUNICORN_LOG_LEVEL", "warning")


def when_ready(server):
    """Everything is loaded once. The collector never touches it again, so it stays memory that all processes share."""
    from clavet import warming

    warming.warm()
    gc.freeze()


def pre_fork(server, worker):
    """No connection crosses the fork."""
    from django.db import connections

    connections.close_all()


def post_fork(server, worker):
    gc.enable()
