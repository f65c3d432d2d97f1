"""All hits of a query as primary keys, best first: one row from the database instead of thousands."""

from django.contrib.contenttypes.models import ContentType
from django.db import connection

from .matching import compiled, literal
from .parsing import clean, parse


def ranked(model, query: str, language: str) -> list[int]:
    """Primary keys of the rows of `model` that `matching` would find, in its order; one statement.

    Rows of every state: only for those who keep of them what the reader may see (fiches.facet_index does).
    """
    read = parse(query, language)
    if not read and clean(query):
        return []
    wanted, words = compiled(read, language) if read else ("NULL", ())
    answers, rank = (f"document @@ {wanted}", f"ts_rank(head, {wanted})") if read else ("true", "0")
    code = literal(language).sql
    statement = f"""
        SELECT array_agg(object_id ORDER BY shown_language = {code} DESC, {rank} DESC, object_id DESC)
        FROM translations_edition WHERE language = {code} AND content_type_id = %s AND {answers}
    """  # noqa: S608 – our own SQL; words are parameters
    with connection.cursor() as cursor:
        cursor.execute(statement, [*(words if read else ()), ContentType.objects.get_for_model(model).pk, *words])
        return cursor.fetchone()[0] or []
