"""All hits of a query as primary keys, best first: one row from the database instead of thousands."""

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import connection

from .matching import compiled, compiled_loosely, literal
from .parsing import Query, clean, parse

HEADS = [  # which of the hits say something in title or summary, the best kind first
    "ts_filter(head, '{a}') @@ wanted",  # all words in the title
    "head @@ wanted",  # all of them in title and summary
    "head @@ loosely",  # any of them there
]


def ranked(model, query: str, language: str) -> list[int]:
    """Primary keys of the rows of `model` that `matching` would find; one statement.

    They come in its order where at most SEARCH_RANKED of them have a word of the query in title or summary. Where
    more have, these are ranked: the newest so many of those with all words in the title, of those with all in title
    and summary, and of those with some there. All others follow, the newest first.
    Rows of every state: only for those who keep of them what the reader may see (fiches.facet_index does).
    """
    return ranked_each([model], query, language)[model]


def ranked_each(models: list, query: str, language: str) -> dict[type, list[int]]:
    """The same for several models, in one statement."""
    read = parse(query, language)
    if not read and clean(query):
        return {model: [] for model in models}
    content_types = [ContentType.objects.get_for_model(model).pk for model in models]
    with connection.cursor() as cursor:
        cursor.execute(*_statement(read, language, content_types))
        found = {content_type: keys for content_type, *keys in cursor.fetchall()}
    return {model: _in_order(*found[key]) for model, key in zip(models, content_types, strict=True)}


def _in_order(best_own, best_other, own, other) -> list[int]:
    told = {*(best_own or ()), *(best_other or ())}
    own, other = ([key for key in sorted(keys or (), reverse=True) if key not in told] for keys in (own, other))
    return [*(best_own or ()), *own, *(best_other or ()), *other]


def _statement(read: Query, language: str, content_types: list[int]) -> tuple[str, list]:
    """A row for each model; the query is made once."""
    wanted, words = compiled(read, language) if read else ("NULL::tsquery", ())
    loosely, loose_words = compiled_loosely(read, language)
    each = " UNION ALL ".join(_of_one(key, language, is_asked=bool(read)) for key in content_types)
    asked = f"SELECT {wanted} AS wanted, {loosely or 'NULL::tsquery'} AS loosely"
    return f"WITH asked AS MATERIALIZED ({asked}) {each}", [*words, *loose_words]


def _of_one(content_type: int, language: str, *, is_asked: bool) -> str:
    """The model, then the ranked hits in the reader's language, those in others, all in the language, all in others."""
    rows = f"language = {literal(language).sql} AND content_type_id = {content_type:d}"
    found = f"FROM translations_searchtext, asked WHERE {rows}" + (" AND document @@ wanted" if is_asked else "")
    newest = f"ORDER BY in_language DESC, object_id DESC LIMIT {settings.SEARCH_RANKED:d}"
    heads = [f"(SELECT object_id, in_language, head {found} AND {head} {newest})" for head in HEADS]
    best = "array_agg(object_id ORDER BY rank DESC, object_id DESC)"
    return f"""SELECT * FROM (
        WITH told AS (SELECT DISTINCT ON (object_id) * FROM ({" UNION ALL ".join(heads)}) AS heads),
        best AS (
            SELECT {best} FILTER (WHERE in_language) AS own, {best} FILTER (WHERE NOT in_language) AS other
            FROM (SELECT object_id, in_language, ts_rank(head, wanted) AS rank FROM told, asked) AS ranks
        )
        SELECT {content_type:d}, best.*, every.* FROM best, (
            SELECT array_agg(object_id) FILTER (WHERE in_language), array_agg(object_id) FILTER (WHERE NOT in_language)
            {found}
        ) AS every
    ) AS one"""  # noqa: S608 – our own SQL; words are parameters
