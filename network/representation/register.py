"""A register of authorities in memory, for a list of many names: the same name, and names much like it.

It is read once, each name is then compared without asking the database; one name alone is found by directory.finding.
"""

import re
from collections import Counter, defaultdict
from functools import lru_cache
from urllib.parse import urlsplit

from django.conf import settings

from ..directory import finding

NEAR = 0.55  # share of common letter triples from which two names are offered as perhaps the same
OFFERED = 5
KINDS = {finding.folded(word) for word in finding.SHARED.split()}  # what kind of body it is, not which one


@lru_cache(maxsize=4096)
def fold(name: str) -> str:
    """Letters and figures only, without accents and capitals: what two spellings of one name have in common."""
    return " ".join(re.findall(r"\w+", finding.folded(name.replace("đ", "d").replace("Đ", "d"))))


@lru_cache(maxsize=4096)
def core(name: str) -> str:
    """The folded name without the words for its kind, in the order of the alphabet; the whole where nothing is left."""
    words = [word for word in fold(name).split() if word not in KINDS]
    return " ".join(sorted(words)) or fold(name)


def triples(text: str) -> set[str]:
    return {f"  {word} "[n : n + 3] for word in text.split() for n in range(len(word) + 1)}


def host(website: str) -> str:
    return (urlsplit(website).hostname or "").removeprefix("www.")


def names_of(authority) -> set[str]:
    """Every name it has in any language."""
    own = [authority.official_name, *(getattr(authority, f"name_{code}") for code in settings.LANGUAGE_CODES)]
    return {name for name in own if name}


class Register:
    """The authorities that somebody may know of, by country; `rows` is a QuerySet that starts at visible_to."""

    def __init__(self, rows):
        self.rows = {row.pk: row for row in rows}
        self.exact, self.cores, self.hosts = defaultdict(dict), defaultdict(set), defaultdict(set)
        self.holding = defaultdict(set)  # (country, triple) → numbers in `known`
        self.known = []  # (pk, how many triples) of each name
        for row in self.rows.values():
            self._add(row)

    def _add(self, row) -> None:
        for name in names_of(row):
            self.exact[row.country, fold(name)][row.pk] = row
        for bare in {core(name) for name in names_of(row)}:
            self.cores[row.country, bare].add(row.pk)
            own = triples(bare)
            for triple in own:
                self.holding[row.country, triple].add(len(self.known))
            self.known.append((row.pk, len(own)))
        if row.website:
            self.hosts[host(row.website)].add(row.pk)

    def same(self, name: str, country: str) -> list:
        """Those that bear this name, letter for letter but for accents and capitals."""
        return list(self.exact.get((country, fold(name)), {}).values())

    def near(self, name: str, country: str, website="") -> list:
        """Those that may be meant, likeliest first: the same name but for its kind, the same website, a like name."""
        found = Counter(dict.fromkeys(self.cores.get((country, core(name)), ()), 2.0))
        for pk in self.hosts.get(host(website), ()) if website else ():
            found[pk] = max(found[pk], 1.5)
        own = triples(core(name))
        common = Counter(number for triple in own for number in self.holding.get((country, triple), ()))
        for number, shared in common.items():
            pk, size = self.known[number]
            likeness = 2 * shared / (len(own) + size)
            if likeness >= NEAR:
                found[pk] = max(found[pk], likeness)
        return [self.rows[pk] for pk, _likeness in found.most_common(OFFERED)]
