"""Finding an authority by what people call it, so that none is born twice: names in nine languages, town, trigrams."""

import unicodedata

from django.conf import settings
from django.db.models import FloatField, Func, TextField, Value
from django.db.models.functions import Greatest

from .models import Authority

NEAR = 0.45  # similarity of whole words from which a name counts as close (0–1)
LONG, ONE_WORD = 4, 0.55  # letters of a word that says something by itself, and what it counts
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


def folded(text: str) -> str:
    """Small letters without accents: İzmir and izmir, Δήμος and δημος are the same."""
    plain = unicodedata.normalize("NFKD", text.replace("ı", "i").casefold())
    return "".join(letter for letter in plain if not unicodedata.combining(letter)).replace("ς", "σ")


def telling_words(name: str) -> str:
    """The name without what many names share; the whole name where nothing else is left."""
    words = [word.strip("’'.,()–-") for word in folded(name.replace("’", " ").replace("'", " ")).split()]
    generic = {folded(word) for word in SHARED.split()}
    return " ".join(word for word in words if word and word not in generic) or folded(name)


def _plain(expression):
    return Func(expression, function="unaccent", output_field=TextField())


def _all_names():
    """Every name of a row and its town, as one text."""
    columns = ["official_name", *(f"name_{code}" for code in settings.LANGUAGE_CODES), "town"]
    return Func(Value(" · "), *columns, function="concat_ws", output_field=TextField())


def _scored(rows, name: str):
    """Rows that are close: in the whole of what was typed, or in one long word of it, which counts less."""
    typed, names = telling_words(name)[:200], _plain(_all_names())
    words = [word for word in typed.split() if len(word) >= LONG][:4]
    scores = [_similarity(typed, names), *(_similarity(word, names) * ONE_WORD for word in words if word != typed)]
    score = Greatest(*scores) if len(scores) > 1 else scores[0]
    return rows.annotate(score=score).filter(score__gte=NEAR)


def _similarity(words: str, names):
    said = _plain(Value(words, output_field=TextField()))
    return Func(said, names, function="strict_word_similarity", output_field=FloatField())


def near(name: str, user, *, country: str = "", limit: int = SHOWN) -> list[Authority]:
    """Authorities that `user` may see whose name or town is close to `name`, closest first.

    One that became part of another is found by its old name and answered with the other.
    """
    if not name.strip():
        return []
    seen = Authority.objects.visible_to(user)
    rows = _scored(seen.filter(merged_into=None), name)
    old = _scored(Authority.objects.filter(merged_into__in=seen.values("pk")), name)
    if country:
        rows, old = rows.filter(country=country), old.filter(country=country)
    found = {row.pk: row for row in rows.select_related("membership").order_by("-score", "slug")[:limit]}
    for row in old.select_related("merged_into__membership").order_by("-score")[:limit]:
        found.setdefault(row.merged_into_id, row.merged_into)
    return list(found.values())[:limit]
