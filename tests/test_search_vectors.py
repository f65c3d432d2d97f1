"""The vectors made in Python are those that PostgreSQL makes."""

import tomllib

import pytest
from django.conf import settings
from django.db import connection

from translations.search import lexemes
from translations.search.lexemes import Vector, lexicon
from translations.search.words import LANGUAGES, fold, lemmas, words

FICHES = settings.BASE_DIR / "clavet" / "demonstration" / "fiches"
ODD = "3D e-mail aujourd’hui 2019 1e5 10€ A4 covid19 l’été İstanbul ΟΔΟΣ ς x² ½ ﬁ naïve 𝒳 Œuvre straße ١٢ बच्चे 学校"


def texts_in(values):
    for value in values:
        if isinstance(value, str):
            yield value
        elif isinstance(value, dict | list):
            yield from texts_in(value.values() if isinstance(value, dict) else value)


def demonstration(language):
    """All that the demonstration says in a language, and what parsers stumble over."""
    for path in sorted(FICHES.glob(f"*/{language}.toml")):
        yield from texts_in(tomllib.loads(path.read_text()).values())
    yield ODD


@pytest.mark.django_db
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_vector_is_what_the_database_makes(language):
    # A vector has 16,383 positions: not more of the texts than fits.
    texts = ["The 3 schools of a town", "", ODD, " ".join(demonstration(language))[:20_000]]
    weights = "ABBC"
    split = [words(fold(text, language)) for text in texts]
    vector = Vector()
    known = lexicon((language, text) for text in split)
    for text, weight in zip(split, weights, strict=True):
        vector.add(text, language, weight, known)
    parts = " || ".join(f"setweight(clavet_vector(%s, %s, %s), '{weight}')" for weight in weights)
    params = [
        value for one, text in zip(split, texts, strict=True) for value in (" ".join(one), lemmas(text, language))
    ]
    with connection.cursor() as cursor:
        params = [value for pair in zip(params[::2], params[1::2], strict=True) for value in (language, *pair)]
        cursor.execute(f"SELECT %s::tsvector::text, ({parts})::text", [str(vector), *params])
        made, expected = cursor.fetchone()
    assert made == expected


@pytest.mark.django_db
def test_words_are_asked_for_once(django_assert_num_queries):
    lexemes._known.clear()
    with django_assert_num_queries(1):
        lexicon([("en", ["apprentices", "learn"]), ("el", ["μάθηση"])])
    with django_assert_num_queries(0):
        assert lexicon([("en", ["learn"])]).keys() == {("en", "learn")}
