"""Finding an authority by what people call it, so that none is born twice: names in nine languages, town, trigrams."""

from django.conf import settings
from django.db import connection
from django.db.models import Func, TextField, Value
from django.db.models.functions import Lower, Replace

from translations.letters import folded

from ..models import Authority

NEAR = 0.45  # similarity of whole words from which a name counts as close (0–1)
LONG, ONE_WORD = 4, 0.55  # letters of a word that says something by itself, and what it counts
COMPARED = 300  # rows whose similarity is computed: those with most pieces in common
SHOWN = 8
# What many names share: it says nothing about which authority is meant. Folded: small letters without accents.
SHARED = """
    metropolitan greater metropolitana metropolitaine metropool
    the of and for municipality city town county province region regional provincial council authority district office
    commune ville departement conseil collectivite communaute metropole de la le les du des et d l
    comune citta provincia regione ente di del della delle dei il lo gli
    ayuntamiento municipio ciudad diputacion comunidad concello ajuntament y el los las
    gemeente stad provincie gewest van het een en
    δημος περιφερεια νομος κοινοτητα του της των
    primaria municipiul orasul comuna judetul judetean consiliul si
    opcina grad zupanija grada i
    belediyesi belediye buyuksehir valiligi il ilce mudurlugu ve
    euroregion euroregio euroregione eurorregion euroregija euroregiune
"""


def telling_words(name: str) -> str:
    """The name without what many names share; the whole name where nothing else is left."""
    words = [word.strip("’'.,()–-") for word in folded(name.replace("’", " ").replace("'", " ")).split()]
    generic = {folded(word) for word in SHARED.split()}
    return " ".join(word for word in words if word and word not in generic) or folded(name)


def _names():
    """Every name of a row and its town, as one text in small letters without accents."""
    columns = ["official_name", *(f"name_{code}" for code in settings.LANGUAGE_CODES), "town"]
    text = Func(Value(" · "), *columns, function="concat_ws", output_field=TextField())
    plain = Lower(Func(text, function="unaccent", output_field=TextField()))
    return Replace(plain, Value("ς"), Value("σ"), output_field=TextField())


def _chunks(words: list[str]) -> list[str]:
    """Pieces of which a name that is close has at least one, although a letter may be mistyped: cheap to look for."""
    pieces = {piece for word in words for piece in (word[:LONG], word[2 : 2 + LONG], word[-LONG:])}
    return [f"%{piece.translate({37: None, 95: None, 92: None})}%" for piece in sorted(pieces)]


def _scored(rows, name: str, limit: int) -> dict[int, float]:
    """Primary key → closeness: of the whole of what was typed, or of one long word of it, which counts less.

    The names of each row are put together once, and compared only where a piece of a word occurs.
    """
    typed = telling_words(name)[:200]
    words = typed.split()
    single = [word for word in words if len(word) >= LONG and word != typed][:4]
    inner, params = rows.order_by().annotate(names=_names()).values("id", "names").query.sql_with_params()
    scores = ["strict_word_similarity(%s, names)", *[f"{ONE_WORD} * strict_word_similarity(%s, names)"] * len(single)]
    # Only our own expressions are put together here; what people type comes in as parameters.
    sql = f"""WITH named AS MATERIALIZED ({inner}),
        likely AS (SELECT id, names FROM named WHERE names LIKE ANY(%s::text[])
            ORDER BY (SELECT count(*) FROM unnest(%s::text[]) AS piece WHERE names LIKE piece) DESC, id LIMIT {COMPARED}),
        scored AS (SELECT id, greatest({", ".join(scores)}) AS score FROM likely)
        SELECT id, score FROM scored WHERE score >= {NEAR} ORDER BY score DESC, id LIMIT {limit:d}"""  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(sql, [*params, _chunks(words), _chunks(words), typed, *single])
        return dict(cursor.fetchall())


def near(name: str, user, *, country: str = "", limit: int = SHOWN) -> list[Authority]:
    """Authorities that `user` may see whose name or town is close to `name`, closest first.

    One that became part of another is found by its old name and answered with the other.
    """
    if not name.strip():
        return []
    within = {"country": country} if country else {}
    seen = Authority.objects.visible_to(user)
    scores = _scored(seen.filter(merged_into=None, **within), name, limit)
    old = _scored(Authority.objects.filter(merged_into__in=seen.values("pk"), **within), name, limit)
    for row in Authority.objects.filter(pk__in=old):
        scores[row.merged_into_id] = max(old[row.pk], scores.get(row.merged_into_id, 0))
    found = Authority.objects.filter(pk__in=scores)
    return sorted(found, key=lambda row: (-scores[row.pk], row.slug))[:limit]
