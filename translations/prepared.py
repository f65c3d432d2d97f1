"""Statements that are composed and planned once and run with other values.

Composing the statement of a fiche's page takes the ORM ten times as long as PostgreSQL needs to answer it, and
planning it four times as long.
"""

from copy import copy
from functools import lru_cache, wraps
from itertools import count
from weakref import WeakKeyDictionary

from django.contrib.contenttypes.models import ContentType
from django.db import DEFAULT_DB_ALIAS, connection
from django.db.models.expressions import RawSQL
from django.utils.translation import get_language

from accounts.workdays import today

MARKS = ("the value that changes", "the values that change", "other values that change")
VALUE = RawSQL("%s", MARKS[:1])
VALUES = RawSQL("SELECT unnest(%s::bigint[])", MARKS[1:2])
OTHERS = RawSQL("SELECT unnest(%s::bigint[])", MARKS[2:])


def prepared(model):
    """A function that makes rows of `model` with VALUE, VALUES, OTHERS left open becomes a function of these, to a list.

    It may depend on the language and the date (an embargo ends by itself) and on nothing else.
    """

    def decorate(make):
        @lru_cache(50)
        def statement(_language, _day, _content_type):
            return Statement(make())

        @wraps(make)
        def run(*values) -> list:
            content_type = ContentType.objects.get_for_model(model).pk
            return statement(get_language(), today(), content_type).run(values)

        return run

    return decorate


class Statement:
    """A queryset with the SQL that Django composed for it, and a name under which PostgreSQL keeps its plan."""

    def __init__(self, rows):
        self.rows, self.name = rows, f"clavet_{next(_numbers)}"
        self.compiler = rows.query.get_compiler(DEFAULT_DB_ALIAS)
        self.sql, self.params = self.compiler.as_sql()
        self.open = [mark for mark in MARKS if mark in self.params]
        self.converters = self.compiler.get_converters([column for column, *_sql in self.compiler.select])

    def run(self, values) -> list:
        """The rows for `values`, as the queryset itself would make them."""
        compiler, rows = copy(self.compiler), self.rows.all()
        compiler.connection = connection  # of this thread
        statement = self._with(values)
        compiler.as_sql = lambda *_args, **_kwargs: statement
        compiler.get_converters = lambda _columns: self.converters
        rows.query.get_compiler = lambda *_args, **_kwargs: compiler
        return list(rows)

    def _with(self, values) -> tuple[str, list]:
        if connection.settings_dict.get("DISABLE_SERVER_SIDE_CURSORS"):  # sessions of a pooler change
            given = dict(zip(self.open, values, strict=True))
            return self.sql, [given.get(one, one) if isinstance(one, str) else one for one in self.params]
        connection.close_if_health_check_failed()
        connection.ensure_connection()
        session = connection.connection
        known = _known.setdefault(session, set())
        if self.name not in known:
            cursor = session.cursor()
            text = cursor.mogrify(self.sql, self.params)
            for place, mark in enumerate(self.open, 1):
                text = text.replace(f"'{mark}'", f"${place}")
            cursor.execute(f"PREPARE {self.name} AS {text}")
            known.add(self.name)
        return f"EXECUTE {self.name} ({', '.join(['%s'] * len(values))})", list(values)


_numbers = count(1)
_known = WeakKeyDictionary()  # session with PostgreSQL → names of the statements that it has
