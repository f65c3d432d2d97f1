"""How many long files one process writes at once.

A reader on a slow line keeps a thread for as long as the download takes. Without a limit eight of them would keep all
threads, and nobody could read a page.
"""

import threading
from collections.abc import Iterator

from django.conf import settings

_lock = threading.Lock()
_taken = 0


class Turn:
    """The pieces of a file; its place is free again when the server closes it, read to its end or not."""

    def __init__(self, pieces: Iterator[str]):
        self.pieces, self.closed = pieces, False

    def __iter__(self):
        return self.pieces

    def close(self):
        global _taken
        self.pieces.close()
        with _lock:
            _taken -= not self.closed
            self.closed = True

    __del__ = close  # an answer that fell to an error on its way was never closed


def taking_turns(pieces: Iterator[str]) -> Turn | None:
    """`pieces` with a place of their own, or None while settings.LONG_EXPORTS are under way."""
    global _taken
    with _lock:
        if _taken >= settings.LONG_EXPORTS:
            return None
        _taken += 1
    return Turn(pieces)
