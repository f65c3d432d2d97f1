"""The benchmark's fiches many times over, made by PostgreSQL: the rows that `editions.write` would make."""

from contextlib import contextmanager

from django.contrib.contenttypes.models import ContentType
from django.db import connection
from taggit.models import TaggedItem

from fiches.models import Fiche, Result, Section
from translations.models import Edition, SearchText, Translation

# Keys of a translation's fingerprints name rows: section:12:text.
FINGERPRINTS = """(
    SELECT jsonb_object_agg(
        CASE split_part(key, ':', 1)
            WHEN 'section' THEN 'section:' || split_part(key, ':', 2)::bigint + copy * {sections} || ':text'
            WHEN 'result' THEN 'result:' || split_part(key, ':', 2)::bigint + copy * {results} || ':indicator'
            ELSE key END, value)
    FROM jsonb_each(fingerprints)
)"""
ADDRESS = "'/fiches/' || {pk} || '/bench-' || ({pk} - {first}) || '/'"


@contextmanager
def without_search_indexes():
    """The GIN indexes of what is searched are built once at the end, not row by row."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT indexname, indexdef FROM pg_indexes WHERE indexdef ~ 'translations_(edition|searchtext) USING gin'"
        )
        indexes = cursor.fetchall()
        for name, _definition in indexes:
            cursor.execute(f"DROP INDEX {name}")
    yield
    with connection.cursor() as cursor:
        cursor.execute("SET maintenance_work_mem = '512MB'")
        for _name, definition in indexes:
            cursor.execute(definition)


def multiply(keys: list[int], number: int) -> None:
    """Copy the fiches with these consecutive keys, with all that belongs to them, until there are `number`."""
    first, step = keys[0], len(keys)
    if keys != list(range(first, first + step)):
        raise ValueError("The fiches to copy do not have consecutive keys.")
    if number <= step:
        return
    sections, results, editions = map(last, (Section, Result, Edition))
    limits = {"first": first, "step": step, "number": number, "model": Fiche}
    shifted = f"{{}} + copy * {step}"
    old, new = (ADDRESS.format(pk=pk, first=first) for pk in ("object_id", f"(object_id + copy * {step})"))
    html = {name: f"replace({name}, {old}, {new})" for name in ("card_html", "body_html")}
    of_fiche = {"object_id": shifted.format("object_id")}
    keys_of_texts = FINGERPRINTS.format(sections=sections, results=results)
    copy(Edition, "object_id", of_fiche | html | {"id": f"id + copy * {editions}"}, limits)
    copy(SearchText, "object_id", of_fiche | {"edition_id": f"edition_id + copy * {editions}"}, limits)
    copy(Translation, "object_id", of_fiche | {"fingerprints": keys_of_texts}, limits)
    copy(TaggedItem, "object_id", of_fiche, limits)
    own = {"id": shifted.format("id"), "published_at": f"published_at - copy * interval '{step} hours'"}
    own |= {"slug": f"'bench-' || (id + copy * {step} - {first})"}
    own |= {"reference": f"'CLV-BENCH-' || lpad((id + copy * {step} - {first})::text, 6, '0')"}
    copy(Fiche, "id", own, limits)
    of_fiche = {"fiche_id": shifted.format("fiche_id")}
    copy(Section, "fiche_id", of_fiche | {"id": f"id + copy * {sections}"}, limits)
    copy(Result, "fiche_id", of_fiche | {"id": f"id + copy * {results}"}, limits)
    copy(Fiche.themes.through, "fiche_id", of_fiche, limits)


def last(model) -> int:
    """The highest primary key."""
    return model.objects.order_by("-pk").values_list("pk", flat=True).first() or 0


def copy(model, key: str, replaced: dict[str, str], limits: dict) -> None:
    """Insert the rows once more for each copy of the object that `key` names; columns and expressions are our own."""
    columns = {field.column: f'"{field.column}"' for field in model._meta.concrete_fields} | replaced
    if "id" not in replaced:
        columns.pop("id", None)
    table, place = model._meta.db_table, f"{key} - {limits['first']}"
    condition = f"{place} >= 0 AND {place} < {limits['step']}"
    if key == "object_id":
        condition += f" AND content_type_id = {ContentType.objects.get_for_model(limits['model']).pk}"
    condition += f" AND copy * {limits['step']} + {place} < {limits['number']}"
    copies = (limits["number"] - 1) // limits["step"]
    names = ", ".join(f'"{name}"' for name in columns)
    statement = f"INSERT INTO {table} ({names}) SELECT {', '.join(columns.values())} FROM {table}, generate_series(1, {copies}) AS copy WHERE {condition}"  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
        cursor.execute(statement)
        if "id" in replaced:  # else the sequence gave the numbers
            cursor.execute(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), max(id)) FROM {table}")  # noqa: S608
