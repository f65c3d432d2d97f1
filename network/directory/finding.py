"""Finding an authority by what people call it, so that none is born twice: names in nine languages, town, trigrams."""

from django.conf import settings
from django.db import connection
from django.db.models import Count, Func, Q, TextField, Value
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
    the of and for municipality municipal city town county provincial province region regional council authority district
    office hall borough commune ville mairie departement departemental conseil collectivite communaute metropole
    agglomeration de la le les du des et d l
    comune citta provincia regione ente unione comuni di del della delle dei il lo gli
    ayuntamiento municipio ciudad diputacion comunidad cabildo mancomunidad concello ajuntament y el los las
    gemeente stad provincie gewest van het een en
    δημος δημου περιφερεια περιφερειας περιφερειακη ενοτητα νομος νομαρχια κοινοτητα του της των και
    primaria municipiul municipiului orasul orasului comuna comunei judetul judetului judetean judeteana judetene
    consiliul consiliului prefectura regiunea si al a ale
    opcina opcine opcinska grad grada gradska uprava zupanija zupanije regija i
    belediyesi belediye buyuksehir baskanligi valiligi il ilce mudurlugu ozel idaresi ve
    euroregion euroregio euroregione eurorregion euroregija euroregiune
    inspectorate education inspectoratul scolar ministry university universitatea universita universite universidad
    universiteit universitesi sveuciliste πανεπιστημιο
"""
FREQUENT = 4  # names in the same country from which any other word is no help either


def telling_words(name: str) -> str:
    """The name without what many names share; the whole name where nothing else is left."""
    words = [word.strip("’'.,()–-") for word in _plain(name.replace("’", " ").replace("'", " ")).split()]
    generic = {folded(word) for word in SHARED.split()}
    return " ".join(word for word in words if word and word not in generic) or _plain(name)


def _plain(name: str) -> str:
    """Small letters as the database’s unaccent() leaves them: it takes đ for a d with an accent."""
    return folded(name).replace("đ", "d")


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


def _rare(rows, words: list[str]) -> str:
    """The words without those that many of these rows have in their names, unless nothing is left."""
    many = {word: Count("pk", filter=Q(names__contains=word)) for word in set(words) if len(word) >= LONG}
    if len(words) < 2 or not many:
        return " ".join(words)
    columns = {f"n{number}": count for number, count in enumerate(many.values())}
    found = rows.order_by().annotate(names=_names()).aggregate(**columns)
    frequent = {word for word, number in zip(many, found.values(), strict=True) if number >= FREQUENT}
    return " ".join([word for word in words if word not in frequent] or words)


def _scored(rows, name: str, limit: int) -> dict[int, float]:
    """Primary key → closeness: of the whole of what was typed, or of one long word of it, which counts less.

    The names of each row are put together once, and compared only where a piece of a word occurs.
    """
    typed = _rare(rows, telling_words(name)[:200].split())
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
