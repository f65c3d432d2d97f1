"""All hits of a query as primary keys, best first: one row from the database instead of thousands."""

from django.contrib.contenttypes.models import ContentType
from django.db import connection

from .matching import compiled, compiled_loosely, literal
from .parsing import clean, parse


def ranked(model, query: str, language: str) -> list[int]:
    """Primary keys of the rows of `model` that `matching` would find, in its order; one statement.

    What nothing in its head tells from the others is not ranked: sorting thousands of equals costs more than finding them.
    Rows of every state: only for those who keep of them what the reader may see (fiches.facet_index does).
    """
    read = parse(query, language)
    if not read and clean(query):
        return []
    wanted, words = compiled(read, language) if read else ("", ())
    loosely, loose_words = compiled_loosely(read, language)
    own, content_type = literal(language).sql, ContentType.objects.get_for_model(model).pk
    best = f"array_agg(object_id ORDER BY ts_rank(head, {wanted}) DESC, object_id DESC) FILTER (WHERE {{}} AND told)"
    others = "array_agg(object_id ORDER BY object_id DESC) FILTER (WHERE {} AND NOT told)"
    parts = [part.format(where) for where in ("own", "NOT own") for part in ((best, others) if loosely else (others,))]
    statement = f"""
        SELECT {", ".join(parts)} FROM (
            SELECT object_id, head, shown_language = {own} AS own, {f"head @@ ({loosely})" if loosely else "false"} AS told
            FROM translations_edition
            WHERE language = {own} AND content_type_id = %s AND {f"document @@ {wanted}" if read else "true"}
        ) AS found
    """  # noqa: S608 – our own SQL; words are parameters
    ranks = [*words, *words] if loosely else []
    with connection.cursor() as cursor:
        cursor.execute(statement, [*ranks, *loose_words, content_type, *words])
        return [key for part in cursor.fetchone() for key in part or ()]
