"""The child process that typesets: started when first needed, never before a fork, and killed when it takes too long."""

import errno
import importlib.util
import os
import select
import signal
import struct
import subprocess
import sys
import threading
import time
from pathlib import Path

from django.conf import settings

CHILD = Path(__file__).with_name("child.py")
HEAD = struct.Struct(">cI")  # of an answer: "+" or "-", and how many bytes follow
WAITING = 1  # threads that wait for their turn; the others go on serving pages
OUT_OF_MEMORY = {-signal.SIGABRT, errno.ENOMEM}  # how the child ends then: in typst, in Python
DOCUMENTS = 500  # after which a new child is taken, so that nothing it keeps can pile up


class TooLong(Exception):
    """More than one document may have: of data (settings.PDF_DATA_BYTES), or of memory while it was set."""


class Failed(Exception):
    """The document was not made: it took too long or too much, or the template refused it."""


class Typesetter:
    """One child for all threads of this process, which take turns: one works, WAITING wait, the rest is sent away."""

    def __init__(self, templates: Path | None = None):
        self.templates = templates or settings.BASE_DIR / "templates" / "typst"
        self.lock, self.places = threading.Lock(), threading.Semaphore(1 + WAITING)
        self.child, self.owner, self.made = None, None, 0

    def set(self, message: bytes) -> bytes:
        """Hand the order over and wait for the document, PDF_SECONDS for one's turn and as long for the work."""
        if self.owner not in (None, os.getpid()):  # a fork: the child belongs to the parent
            self.__init__(self.templates)
        if not self.places.acquire(blocking=False):
            raise Failed("Too many documents are waiting")
        try:
            status, answer = self.in_turn(message)
        finally:
            self.places.release()
        if status != b"+":
            raise Failed(answer.decode(errors="replace"))
        return answer

    def in_turn(self, message: bytes) -> tuple[bytes, bytes]:
        if not self.lock.acquire(timeout=settings.PDF_SECONDS):
            raise Failed("The document before took too long")
        try:
            return self.exchange(self.running(), struct.pack(">I", len(message)) + message)
        except (OSError, EOFError) as error:
            ended = None if isinstance(error, TimeoutError) else self.ended()
            self.stop()
            if ended in OUT_OF_MEMORY:
                raise TooLong(len(message)) from error
            raise Failed(repr(error)) from error
        except BaseException:  # half an answer left in the pipe would be the next reader's document
            self.stop()
            raise
        finally:
            self.lock.release()

    def ended(self) -> int | None:
        """How the child ended by itself, a moment after it fell silent."""
        try:
            return self.child and self.child.wait(timeout=1)
        except subprocess.TimeoutExpired:
            return None

    def running(self):
        if self.child is None or self.child.poll() is not None or self.made >= DOCUMENTS:
            self.stop()
            self.child, self.owner, self.made = start(self.templates), os.getpid(), 0
        self.made += 1
        return self.child

    def exchange(self, child, message: bytes) -> tuple[bytes, bytes]:
        until = time.monotonic() + settings.PDF_SECONDS
        unsent = memoryview(message)
        while unsent:
            wait_for(until, write=child.stdin)
            unsent = unsent[os.write(child.stdin.fileno(), unsent[:65536]) :]
        status, length = HEAD.unpack(receive(child.stdout, HEAD.size, until))
        return status, receive(child.stdout, length, until)

    def stop(self):
        """End the child, whatever it is doing."""
        if self.child is None:
            return
        self.child.kill()
        self.child.wait()
        self.child.stdin.close()
        self.child.stdout.close()
        self.child = None


def wait_for(until: float, *, read=None, write=None) -> None:
    ready = select.select([read] if read else [], [write] if write else [], [], max(0, until - time.monotonic()))
    if not any(ready):
        raise TimeoutError("The document took too long")


def receive(pipe, size: int, until: float) -> bytes:
    received = bytearray()
    while len(received) < size:
        wait_for(until, read=pipe)
        part = os.read(pipe.fileno(), min(65536, size - len(received)))
        if not part:
            raise EOFError("The child has ended")
        received += part
    return bytes(received)


def start(templates: Path) -> subprocess.Popen:
    """A child without environment. It ends by itself as soon as its input is closed: when this process ends."""
    typst = Path(importlib.util.find_spec("typst").origin).parents[1]
    limits = [str(settings.PDF_MEMORY_MB), str(settings.PDF_SECONDS)]
    child = subprocess.Popen(
        [sys.executable, "-I", "-B", str(CHILD), str(typst), str(templates), *limits],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={},
        cwd="/",
        bufsize=0,
    )
    os.set_blocking(child.stdin.fileno(), False)
    return child
