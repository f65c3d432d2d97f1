"""Words as search sees them: folded, lemmatised, stemmed, sorted."""

import logging
import os
import re
import threading
import unicodedata
from functools import cache, lru_cache
from importlib.metadata import version
from itertools import product

from django.conf import settings
from marisa_trie import BytesTrie
from simplemma import Lemmatizer
from simplemma.strategies import DefaultStrategy
from simplemma.strategies.dictionaries.trie_dictionary_factory import TrieDictionaryFactory, TrieWrapDict

from .alphabets import ACCENTS, ALPHABETS, FIELD_LEMMAS, SMALL_WORDS

logger = logging.getLogger(__name__)

LANGUAGES = tuple(ALPHABETS)
WORD = re.compile(r"[^\W_]+")
MAX_SPELLINGS = 256  # spellings with accents tried for one word of a query
DICTIONARIES = {"hr": "hbs"}  # simplemma's code where it is not ours
STEMMERS = {
    "en": "english",
    "es": "spanish",
    "it": "italian",
    "fr": "french",
    "nl": "dutch_porter",  # what PostgreSQL calls dutch
    "el": "greek",
    "ro": "romanian",
    "hr": "serbian",
    "tr": "turkish",
}
TURKISH = str.maketrans("İI", "iı")
ROMANIAN = str.maketrans("ŞşŢţ", "ȘșȚț")
LETTERS = str.maketrans({"ı": "i", "đ": "d", "ð": "d", "ł": "l", "ø": "o", "æ": "ae", "œ": "oe", "ß": "ss", "ς": "σ"})


def fold(text: str, language: str) -> str:
    """The text in lower case, in one spelling: NFC, Turkish i, Romanian commas (§7). The length may change."""
    text = unicodedata.normalize("NFC", text).replace("’", "'").replace("\u00ad", "").replace("\u200b", "")
    if language == "tr":
        text = text.translate(TURKISH)
    elif language == "ro":
        text = text.translate(ROMANIAN)
    return text.replace("İ", "i").lower()


def words(text: str) -> list[str]:
    """The runs of letters and digits, in order; hyphens, slashes and apostrophes part words."""
    return WORD.findall(text)


@lru_cache(10_000)
def plain(word: str) -> str:
    """A folded word without any accent, as PostgreSQL's `unaccent` writes it; final sigma as sigma."""
    bare = "".join(c for c in unicodedata.normalize("NFD", word) if not unicodedata.combining(c))
    return bare.translate(LETTERS)


class Tries(TrieDictionaryFactory):
    """simplemma's tries, mapped from their files: what is not looked at takes no memory, and processes share it.

    They are written so that two processes that build one at the same time do no harm.
    """

    __slots__ = ()

    def _get_dictionary_uncached(self, lang):
        path = self._cache_dir / f"{lang}.dic"
        if not path.exists():
            self._write_trie_to_disk(lang, built := self._create_trie_from_pickled_dict(lang))
            if not path.exists():  # a folder that cannot be written
                return TrieWrapDict(built)
        return TrieWrapDict(BytesTrie().mmap(str(path)))

    def _write_trie_to_disk(self, lang, trie):
        path = self._cache_dir / f"{lang}.dic"
        draft = path.with_suffix(f".{os.getpid()}-{threading.get_ident()}")
        try:
            self._cache_dir.mkdir(parents=True, exist_ok=True)
            trie.save(str(draft))
            draft.replace(path)
        except OSError as error:
            logger.warning("The %s lemmas cannot be kept in %s: %s", lang, path.parent, error)


@cache
def tries() -> Tries:
    """The dictionaries of this process; a language is opened when first used (files of 20 MB for all nine)."""
    return Tries(cache_max_size=len(LANGUAGES), disk_cache_dir=str(settings.VAR / "lemmas" / version("simplemma")))


@cache
def lemmatizer() -> Lemmatizer:
    """The one lemmatiser of this process."""
    return Lemmatizer(cache_max_size=0, lemmatization_strategy=DefaultStrategy(dictionary_factory=tries()))


def warm() -> None:
    """Open the dictionaries and stemmers of all nine languages: about 15 seconds the first time, then 50 milliseconds."""
    for language in LANGUAGES:
        forms("a", language)
        small_words(language)


@lru_cache(5_000)
def lemma(word: str, language: str) -> str:
    """The dictionary form of a folded word, folded; the word itself when it is not known."""
    known = FIELD_LEMMAS.get(language, {}).get(word)
    return known or fold(lemmatizer().lemmatize(word, DICTIONARIES.get(language, language)), language)


def lemmas(text: str, language: str) -> str:
    """The dictionary forms of the text's words, parted by spaces."""
    return " ".join(lemma(word, language) for word in words(fold(text, language)))


@lru_cache(10_000)
def restored(word: str, language: str) -> tuple[str, ...]:
    """Dictionary forms of the known words that this folded word is when its accents were left off."""
    accents = ACCENTS[language]
    choices = [letter + accents.get(letter, "") for letter in word]
    total = 1
    for choice in choices:
        total *= len(choice)
    if total == 1 or total > MAX_SPELLINGS:
        return ()
    found = (_known("".join(spelling), language) for spelling in product(*choices))
    return tuple(sorted({fold(known, language) for known in found if known}))


def _known(word: str, language: str) -> str | None:
    """The dictionary form of a word that a dictionary holds, without guessing."""
    own = FIELD_LEMMAS.get(language, {}).get(word)
    return own or tries().get_dictionary(DICTIONARIES.get(language, language)).get(word)


@cache
def small_words(language: str) -> frozenset[str]:
    """Words without a meaning of their own, folded, with and without accents."""
    listed = fold(SMALL_WORDS[language], language).split()
    return frozenset(listed) | frozenset(plain(word) for word in listed)


@cache
def stemmer(language: str):
    """The Snowball stemmer that PostgreSQL also has, in Python."""
    import snowballstemmer  # with the stemmers of thirty languages: only where one is needed

    return snowballstemmer.stemmer(STEMMERS[language])


@lru_cache(2_000)
def forms(word: str, language: str) -> frozenset[str]:
    """Everything under which a folded word of this language is indexed; two words agree when they share one."""
    base = lemma(word, language)
    bare = {plain(word), plain(base)}
    stem = stemmer(language).stemWord
    stems = {plain(stem(known)) for known in bare | {word, base}}
    if language == "hr":
        stems |= {re.sub("c$", "k", re.sub("z$", "g", known)) for known in stems}
    return frozenset(bare | stems)


@cache
def weights(language: str) -> dict[str, str]:
    """Each letter of the alphabet, digraphs too, with the character that puts it in its place."""
    letters = ALPHABETS[language].split()
    return {letter: chr(ord("A") + place) for place, letter in enumerate(letters)}


def sort_key(text: str, language: str) -> str:
    """A string that sorts by the language's alphabet where characters sort by their code (the C collation).

    Accents that are not letters of their own decide only between words that are otherwise the same; digits come
    before letters, a Greek reader's letters before Latin ones, other scripts last.
    """
    folded = fold(text, language)
    order, key = weights(language), []
    for word in words(folded):
        key.append("".join(_weigh(word, order)))
    return f"{' '.join(key)}\t{folded}"


def _weigh(word: str, order: dict[str, str]):
    place = 0
    while place < len(word):
        for length in (2, 1):
            letter = word[place : place + length]
            if len(letter) == length and letter in order:
                yield order[letter]
                break
        else:
            length = 1
            yield "".join(order.get(bare, bare) for bare in plain(word[place]))
        place += length
