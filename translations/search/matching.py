"""Which rows a query finds, and in what order."""

from functools import lru_cache

from django.conf import settings
from django.contrib.postgres.search import SearchQueryField
from django.db.models import BooleanField, F, FilteredRelation, FloatField, Func, Q, QuerySet, Value
from django.db.models.expressions import RawSQL

from .parsing import Query, Term, clean, parse
from .words import LANGUAGES, fold, lemma, restored


class Holds(Func):
    """document @@ query."""

    template = "%(expressions)s"
    arg_joiner = " @@ "
    output_field = BooleanField()


class Rank(Func):
    """How well a head answers a query; 0 where only names or the body do."""

    function = "ts_rank"
    output_field = FloatField()


def matching(queryset: QuerySet, query: str, language: str) -> QuerySet:
    """The rows whose Edition for readers of `language` answers `query`: in their language first, best first.

    For every model with a generic relation `editions`; start from `visible_to(user)`. Annotates `rank` (0 … 1) and
    `in_language` (whether the body is shown in `language`); the Edition's own columns are at hand as `found__title`.
    A blank query finds every row, one without a searchable word none. The words are tried in all nine languages,
    since an Edition may hold text of another one, and names in all.
    """
    rows = queryset.annotate(
        found=FilteredRelation("editions", condition=Q(editions__language=literal(language))),
        in_language=Q(found__shown_language=literal(language)),
    )
    read = parse(query, language)
    if not read:
        rows = rows.annotate(rank=Value(0.0)).filter(found__isnull=False)
        return rows.order_by("-in_language", "-pk") if not clean(query) else rows.none()
    wanted = tsquery(read, language)
    # As aliases the conditions share the join of `found`; filters of their own would join the Editions once more.
    text = "found__search_text"
    rows = rows.alias(answers=Holds(F(f"{text}__document"), wanted), searched=F(f"{text}__language"))
    rows = rows.annotate(rank=Rank(F(f"{text}__head"), wanted))
    # The language first: where PostgreSQL reads all rows, it looks at the documents of that one only.
    return rows.filter(searched=literal(language)).filter(answers=True).order_by("-in_language", "-rank", "-pk")


def count(queryset: QuerySet, cap: int | None = None) -> tuple[int, bool]:
    """How many rows, and whether counting stopped at the cap: (1000, True) is shown as “1,000+”."""
    cap = cap or settings.SEARCH_COUNT_CAP
    found = queryset.order_by().values("pk")[: cap + 1].count()
    return min(found, cap), found > cap


def literal(language: str) -> RawSQL:
    """The language written into the statement, so that PostgreSQL takes the partial index of that language."""
    if language not in LANGUAGES:
        raise ValueError(f"{language!r} is not a language of the portal")
    return RawSQL(f"'{language}'", ())  # noqa: S611 – one of nine codes


def tsquery(read: Query, language: str) -> RawSQL:
    """The query for PostgreSQL. Each term may be met by any leg in any language; exclusions hold in all of them."""
    sql, params = compiled(read, language)
    return RawSQL(sql, params, output_field=SearchQueryField())  # noqa: S611 – words are parameters


@lru_cache(1000)
def compiled(read: Query, language: str) -> tuple[str, tuple[str, ...]]:
    """The query for PostgreSQL as SQL and its parameters."""
    params, groups = [], []
    for group in read.anyof:
        groups.append(" && ".join(_any(term, language, params) for term in group))
    parts = [f"({' || '.join(groups)})"] if groups else []
    parts += [f"!!{_any(term, language, params)}" for term in read.excluded]
    return f"({' && '.join(parts)})", tuple(params)


@lru_cache(1000)
def compiled_loosely(read: Query, language: str) -> tuple[str, tuple[str, ...]]:
    """The same for a query that any one of its terms answers; empty where it only excludes."""
    params = []
    return " || ".join(_any(term, language, params) for group in read.anyof for term in group), tuple(params)


def _any(term: Term, language: str, params: list[str]) -> str:
    alternatives = dict.fromkeys(_alternatives(term, language))
    params.extend(text for _sql, text in alternatives)
    return f"clavet_any(ARRAY[{', '.join(sql for sql, _text in alternatives)}])"


def _alternatives(term: Term, reader: str):
    """(SQL with one parameter, that parameter) of each leg in each language that the term's letters allow."""
    greek = any(
        "\u0370" <= letter <= "\u03ff" or "\u1f00" <= letter <= "\u1fff" for word in term.words for letter in word
    )
    for language in {reader: None} | dict.fromkeys(["el"] if greek else LANGUAGES):
        folded = [fold(word, language) for word in term.words]
        leg = f"phraseto_tsquery('clavet_{language}', %s)"
        yield leg, " ".join(folded)
        yield leg, " ".join(lemma(word, language) for word in folded)
        if language == reader and len(folded) == 1:
            for known in restored(folded[0], language):
                yield leg, known
        exact = "clavet_roots(%s)" if language == "hr" else "%s"
        yield f"phraseto_tsquery('clavet_{language}_exact', {exact})", " ".join(folded)
