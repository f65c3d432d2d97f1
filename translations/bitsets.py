"""Rows as the bits of numbers: what filters leave is counted without asking the database.

Bit i of a number stands for the i-th row of an index, in the order in which the index names them.
"""

import threading
from array import array
from collections import defaultdict
from itertools import compress, islice

from django.conf import settings

from accounts.workdays import today

from . import corpus

DIGITS = bytes.maketrans(b"\x00\x01", b"01")
FLAGS = bytes.maketrans(b"01", b"\x00\x01")


def number(flags: bytes) -> int:
    """One byte for each row, 0 or 1 → the number with those bits."""
    return int(flags[::-1].translate(DIGITS) or b"0", 2)


def flags(bits: int) -> bytes:
    """The inverse of number(), as far as the last bit that is set."""
    return bin(bits)[:1:-1].encode().translate(FLAGS)


def any_of(numbers) -> int:
    found = 0
    for bits in numbers:
        found |= bits
    return found


class Rows:
    """The primary keys of the rows of an index, in its order."""

    def __init__(self, keys):
        self.keys = array("q", keys)
        self.all = (1 << len(self.keys)) - 1

    def bits(self, keys) -> int:
        """The rows with these primary keys."""
        wanted = set(keys)
        return number(bytes(map(wanted.__contains__, self.keys)))

    def part(self, bits: int, start: int, stop: int) -> list[int]:
        """Primary keys of the start-th to the stop-th of some rows."""
        if bits == self.all:
            return self.keys[start:stop].tolist()
        return list(islice(compress(self.keys, flags(bits)), start, stop))


# --- counting --------------------------------------------------------------------------------------------------


def all_but(name: str, base: int, conditions: dict[str, int]) -> int:
    """What the conditions leave of `base`, the one called `name` apart."""
    for other, bits in conditions.items():
        if other != name:
            base &= bits
    return base


def counted(of: dict, base: int, everything: int, conditions: dict[str, int]) -> tuple[dict, dict[str, int]]:
    """(facet → value → number with its own choice apart, facet → number if it were not filtered by)."""
    left = {name: all_but(name, base, conditions) for name in conditions}
    total, numbers = all_but("", base, conditions), defaultdict(dict)
    for name, values in of.items():
        among = left.get(name, total)
        for value, bits in values.items():
            if base == everything or bits & base:
                numbers[name][value] = (bits & among).bit_count()
    return numbers, {name: bits.bit_count() for name, bits in left.items()}


# --- from the database -----------------------------------------------------------------------------------------


def lines(text: str | None) -> list[str]:
    """A column that was fetched as one text."""
    return text.split("\n") if text is not None else []


def by_value(text: str | None) -> dict[str, int]:
    """Value → the rows that have it; a line holds none, one, or several parted by commas."""
    rows = lines(text)
    found = defaultdict(lambda: bytearray(len(rows)))
    of_line = {line: [found[value] for value in line.split(",") if value] for line in set(rows)}
    for place, line in enumerate(rows):
        for flags_ in of_line[line]:
            flags_[place] = 1
    return {value: number(bytes(flags_)) for value, flags_ in found.items()}


class Kept:
    """What read() makes of the corpus, kept by this process until the corpus or the date changes."""

    def __init__(self, read):
        self.read, self.lock, self.made = read, threading.Lock(), None

    def current(self):
        """At most CORPUS_VERSION_MAX_AGE seconds old."""
        if not settings.PAGE_CACHE_BYTES:
            return self.read()
        if (made := self.made) is not None and made[0] == _key():
            return made[1]
        with self.lock:  # one reads it, the others wait for that
            if self.made is None or self.made[0] != _key():
                key = _key()  # before reading: what is committed meanwhile belongs to the next
                self.made = key, self.read()
            return self.made[1]


def _key() -> tuple:
    return corpus.recent(), today()
