"""Search vectors, made here from words that PostgreSQL has analysed once.

What `to_tsvector` makes of a word in a configuration is always the same, and texts repeat their words: asking once a
word costs a fifth of sending the three legs of every text. A test compares this with the database's `clavet_vector`.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from django.db import connection

from .words import lemma

MOST_WORDS = 50_000  # words that a process remembers, of all languages (about 20 MB); then it begins anew
WORDS, LEMMAS, EXACT = LEGS = range(3)  # unaccented stems, the same of the lemmas, PostgreSQL's own configuration

Word = tuple[str, str]  # language, folded word
# The lexemes of a word, each with its distance from the word's position: 0 but for the rare word that is parted.
Lexemes = tuple[tuple[str, int], ...]
Lexicon = Mapping[Word, tuple[Lexemes, Lexemes, Lexemes]]  # word → lexemes in each leg

_known: dict[Word, tuple[Lexemes, Lexemes, Lexemes]] = {}


class Vector:
    """A tsvector in the making; each text stands behind the one before, as with `||` in SQL."""

    def __init__(self, *before: "Vector"):
        self.places = defaultdict(list)  # lexeme → positions with their weight: “12A”
        self.last = 0  # the last position taken
        for vector in before:
            self.last = vector.last
            self.places.update((lexeme, list(places)) for lexeme, places in vector.places.items())

    def add(self, words: list[str], language: str, weight: str, lexicon: Lexicon) -> None:
        """The three legs of a text, one behind the other."""
        legs = [lexicon[language, word] for word in words]
        for leg in LEGS:
            position = self.last
            for lexemes in legs:
                position += bool(lexemes[leg] or lexemes[WORDS])  # a small word takes a place; ½ is no word
                for lexeme, distance in lexemes[leg]:
                    self.last = position + distance
                    self.places[lexeme].append(f"{self.last}{weight}")
                if len(lexemes[leg]) > 1:
                    position = max(position, self.last)

    def __str__(self):
        """As PostgreSQL reads a tsvector."""
        return " ".join(f"{_quoted(lexeme)}:{','.join(places)}" for lexeme, places in self.places.items())


def _quoted(lexeme: str) -> str:
    escaped = lexeme.replace("\\", "\\\\").replace("'", "''")
    return f"'{escaped}'"


def lexicon(texts: Iterable[tuple[str, list[str]]]) -> Lexicon:
    """What PostgreSQL makes of the words of these texts (language, folded words); one statement, or none."""
    needed = {(language, word) for language, words in texts for word in words}
    if len(_known) > MOST_WORDS:
        _known.clear()
    found = {word: legs for word in needed if (legs := _known.get(word))}
    found |= (new := _analysed(needed - found.keys()))
    _known.update(new)
    return found


def _analysed(words: set[Word]) -> Lexicon:
    asked = {(language, word): _asked(language, word) for language, word in words}
    numbers = {pair: number for number, pair in enumerate({pair for pairs in asked.values() for pair in pairs})}
    made = defaultdict(list)
    if numbers:
        with connection.cursor() as cursor:
            cursor.execute(
                """
                SELECT number, lexeme, unnest(positions)
                FROM unnest(%s::text[], %s::text[]) WITH ORDINALITY AS asked (configuration, word, number),
                    unnest(to_tsvector(configuration::regconfig,
                        CASE configuration WHEN 'clavet_hr_exact' THEN clavet_roots(word) ELSE word END))
                """,
                [[configuration for configuration, _word in numbers], [word for _configuration, word in numbers]],
            )
            for number, lexeme, position in cursor.fetchall():
                made[number - 1].append((lexeme, position - 1))
    lexemes = {pair: tuple(sorted(made[number], key=lambda one: one[1])) for pair, number in numbers.items()}
    return {word: tuple(lexemes[pair] for pair in pairs) for word, pairs in asked.items()}


def _asked(language: str, word: str) -> list[tuple[str, str]]:
    """Configuration and word of each leg."""
    plain = f"clavet_{language}"
    return [(plain, word), (plain, lemma(word, language)), (f"{plain}_exact", word)]
