"""What is searched: the two vectors of an Edition."""

from collections import defaultdict
from collections.abc import Iterable

from django.db import connection

from translations.models import Edition

from .words import LANGUAGES, fold, lemmas, words

MAX_LENGTH = 100_000  # characters of a body that are searched; a tsvector holds 1 MB
OWNERS_AT_ONCE = 50  # objects (of nine Editions) in one statement


def index(editions: Iterable[Edition]) -> None:
    """Compute and save `head` and `document` of saved Editions, one statement per 50 objects.

    Title and summary are analysed in `title_language`, the body in `shown_language`. The names of an object's nine
    Editions go into each of its documents, each analysed in its own language: who names a theme or an authority in
    any language finds what carries it. Weights: title A, summary and names B, body C.
    """
    owners = defaultdict(list)
    for edition in editions:
        owners[edition.content_type_id, edition.object_id].append(edition)
    keys = list(owners)
    for start in range(0, len(keys), OWNERS_AT_ONCE):
        chunk = keys[start : start + OWNERS_AT_ONCE]
        _write([owners[key] for key in chunk], [_names(key, owners[key]) for key in chunk])


def _names(owner: tuple[int, int], editions: list[Edition]) -> dict[str, str]:
    """Language → names of the object; of Editions that are not at hand, as they are stored."""
    names = {edition.language: edition.names for edition in editions}
    if len(names) < len(LANGUAGES):
        content_type_id, object_id = owner
        stored = Edition.objects.filter(content_type_id=content_type_id, object_id=object_id)
        names = dict(stored.values_list("language", "names")) | names
    return names


def _legs(text: str, language: str) -> tuple[str, str]:
    """Folded words and their lemmas, as the database's `clavet_vector` takes them."""
    text = text[:MAX_LENGTH]
    return " ".join(words(fold(text, language))), lemmas(text, language)


def _write(editions: list[list[Edition]], names: list[dict[str, str]]) -> None:
    named = [
        (number, *(leg for language in LANGUAGES for leg in _legs(known.get(language, ""), language)))
        for number, known in enumerate(names)
    ]
    texts = [
        (
            *(edition.pk, number, edition.title_language, edition.shown_language),
            *_legs(edition.title, edition.title_language),
            *_legs(edition.summary, edition.title_language),
            *_legs(edition.plain, edition.shown_language),
        )
        for number, group in enumerate(editions)
        for edition in group
    ]
    # Only language codes and placeholders are formatted into the statement.
    each_language = " || ".join(f"clavet_vector('{code}', {code}_words, {code}_lemmas)" for code in LANGUAGES)
    columns = ", ".join(f"{code}_words, {code}_lemmas" for code in LANGUAGES)
    statement = f"""
        WITH named (number, vector) AS MATERIALIZED (
            SELECT number, setweight({each_language}, 'B') FROM (VALUES {_rows(named)}) AS v (number, {columns})
        ), made (id, number, head, body) AS MATERIALIZED (
            SELECT id, number,
                setweight(clavet_vector(heading, title, title_lemmas), 'A')
                    || setweight(clavet_vector(heading, summary, summary_lemmas), 'B'),
                setweight(clavet_vector(content, body, body_lemmas), 'C')
            FROM (VALUES {_rows(texts)}) AS v
                (id, number, heading, content, title, title_lemmas, summary, summary_lemmas, body, body_lemmas)
        )
        UPDATE translations_edition AS edition SET head = made.head, document = made.head || named.vector || made.body
        FROM made JOIN named USING (number) WHERE edition.id = made.id
    """  # noqa: S608
    if texts:
        with connection.cursor() as cursor:
            cursor.execute(statement, [value for row in (*named, *texts) for value in row])


def _rows(rows: list[tuple]) -> str:
    return ", ".join(f"({', '.join(['%s'] * len(row))})" for row in rows)
