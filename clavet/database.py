"""Whether the database answers: after a failed connection one thread asks until it does, so that no reader waits."""

import threading
import time

import psycopg
from django.db import connections

BETWEEN = 0.3  # seconds between two attempts
# A connection cannot be made or was lost: none given, class 08, the server shuts down or starts.
UNREACHABLE = (None, "57P01", "57P02", "57P03")

_lock = threading.Lock()
_watcher = None


def is_down() -> bool:
    """Whether the last attempt to reach the database failed."""
    return _watcher is not None


def is_unreachable(exception) -> bool:
    """Whether an OperationalError means that there is no connection, rather than a query that took too long."""
    state = getattr(exception.__cause__, "sqlstate", None)
    return state in UNREACHABLE or state.startswith("08")


def watch() -> None:
    """Remember that the database is down until it answers again."""
    global _watcher  # one per process
    with _lock:
        if _watcher is None:
            _watcher = threading.Thread(target=_until_it_answers, daemon=True)
            _watcher.start()


def _until_it_answers():
    global _watcher
    parameters = connections["default"].get_connection_params()
    parameters = {key: value for key, value in parameters.items() if key not in ("cursor_factory", "context")}
    while True:
        try:
            psycopg.connect(**parameters).close()
            break
        except psycopg.Error:
            time.sleep(BETWEEN)
    _watcher = None
