"""A theme whole: its fiches by stage, the lessons that warn, the figures, who knows about it, and what lies near.

At most seven statements for a stranger, one of which reads the facet index when it is not there, however many fiches a
theme has: each part is cut and says what it leaves out.
"""

import re
from functools import reduce
from operator import or_
from typing import NamedTuple

from django.conf import settings
from django.db.models import Count, F, Max, Q
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from fiches import counting, facet_index, facts, languages
from fiches.facets import Selection
from fiches.models import Fiche, Result, Section
from fiches.views import reading
from fiches.vocabularies import Disclosure, EvidenceStrength, EvidenceType, Kind, PolicyStage
from network.countries import country_name
from network.models import Authority, Expertise, Theme
from translations import markdown, search

EACH_STAGE, LESSONS, EXAMPLES, RESULTS, AUTHORITIES, NEAR = 12, 6, 6, 30, 12, 6  # rows of each part
LOOKED_AT = 200  # of the strongest fiches for figures, before all of them are
KINDS = {Kind.LESSON_LEARNED: LESSONS, Kind.PRACTICAL_EXAMPLE: EXAMPLES}  # parts of their own
SENTENCE = re.compile(r".+?[.?!](?=\s)", re.DOTALL)
PASSAGE = 320  # characters that are quoted of a lesson
ORDER = (F("evidence_strength").desc(nulls_last=True), "-published_at", "-pk")
COLUMNS = (
    *("slug", "kind", "source_language", "country", "start_year", "end_year", "ongoing", "disclosure", "origin"),
    *("demonstration", "policy_stages", "evidence_strength", "authority_claimed", "published_at"),
)
QUOTED = {
    Kind.LESSON_LEARNED: ("happened", "warning_signs", "differently"),
    Kind.PRACTICAL_EXAMPLE: ("tools",),
}


# --- themes ----------------------------------------------------------------------------------------------------


class Named(NamedTuple):
    """A theme in the reader's language; what is shown in English instead says so."""

    pk: int
    slug: str
    parent: int | None
    name: str
    name_lang: str
    description: str
    description_lang: str

    @property
    def beginning(self) -> str:
        """The first sentence of what it means."""
        found = SENTENCE.match(self.description)
        return found[0] if found else self.description


def table() -> dict[str, Named]:
    """Every theme by its slug, in the order that coordinators gave them; one statement."""
    language = get_language()
    columns = {f"{field}_{code}" for field in ("name", "description") for code in (language, "en")}
    rows = Theme.objects.order_by("position", "slug").values("pk", "slug", "parent_id", *columns)
    made = {}
    for row in rows:
        texts = [*_text(row, "name", language), *_text(row, "description", language)]
        texts[0] = texts[0] or row["slug"]
        made[row["slug"]] = Named(row["pk"], row["slug"], row["parent_id"], *texts)
    return made


def _text(row, field: str, language: str) -> tuple[str, str]:
    own, english = row[f"{field}_{language}"] or "", row[f"{field}_en"] or ""
    return (own, "") if own or not english else (english, "en")


# --- fiches ----------------------------------------------------------------------------------------------------


def fiches_of(theme: Named, themes: dict[str, Named], user):
    """What `user` may read of published fiches on a theme; an upper theme has those of its parts, each once."""
    family = [row.pk for row in themes.values() if theme.pk in (row.pk, row.parent)]
    links = Fiche.themes.through.objects.filter(theme__in=family)
    return reading.published(user).filter(pk__in=links.values("fiche_id"))


def count(theme: Named, rows, user) -> counting.Counts:
    """How many there are of each kind, stage, country, language and other theme; at most one statement."""
    if user.is_authenticated:
        return counting.count_by_sql(rows, {})
    index = facet_index.current()
    base = index.conditions(Selection(chosen={"theme": [theme.slug]}))["theme"]
    return counting.count_by_index(index, base, {})


def best(rows, counts) -> Q:
    """The fiches of each part of the page, in ORDER: for strangers by the index, for others by the database."""
    if counts.found is None:
        parts = [(rows.filter(policy_stages__contains=[stage]), EACH_STAGE) for stage in PolicyStage.values]
        parts += [(rows.filter(kind=kind), number) for kind, number in KINDS.items()]
        return reduce(or_, (Q(pk__in=part.order_by(*ORDER).values("pk")[:number]) for part, number in parts))
    index, own = counts.found.index, counts.found.bits
    parts = [(index.of["policy_stage"].get(stage, 0), EACH_STAGE) for stage in PolicyStage.values]
    parts += [(index.of["kind"].get(kind, 0), number) for kind, number in KINDS.items()]
    return Q(pk__in=[key for bits, number in parts for key in strongest(index, bits & own, number)])


def strongest(index, bits: int, number: int) -> list[int]:
    """Some of the fiches of `bits` in ORDER."""
    found = []
    for strength in sorted(EvidenceStrength.values, reverse=True):
        rated = bits & index.of["evidence"].get(str(strength), 0)
        found += index.part(rated, 0, number - len(found))
        bits &= ~rated
    return found + index.part(bits, 0, number - len(found))


def chosen(rows, counts, results) -> list:
    """The fiches that the page names, strongest evidence first, with what their Editions show; one statement."""
    wanted = best(rows, counts) | Q(pk__in={row["fiche_id"] for row in results})
    names = [f"authority__{name}" for name in ("official_name", "name_en", f"name_{get_language()}")]
    found = search.matching(rows.filter(wanted), "", get_language()).order_by(*ORDER)
    found = found.annotate(
        shown_title=F("found__title"),
        shown_summary=F("found__summary"),
        title_language=F("found__title_language"),
        body_language=F("found__shown_language"),
    )
    return list(found.select_related("authority").only(*COLUMNS, *names))


def entry(fiche) -> dict:
    """One fiche in a list of the page: nothing here says what an anonymised lesson hides."""
    return {
        "fiche": fiche,
        "kind": fiche.kind,
        "url": fiche.get_absolute_url(),
        "title": fiche.shown_title,
        "summary": fiche.shown_summary,
        "lang": languages.foreign(fiche.title_language),
        "authority": facts.authority_name(fiche),
        "country": fiche.country_name,
        "period": facts.period(fiche),
        "note": _note(fiche),
    }


def _note(fiche) -> str:
    """In which language it is, where that is not the reader's."""
    if languages.foreign(fiche.title_language):
        return _("Shown in {language}").format(language=facts.language_name(fiche.title_language))
    if languages.foreign(fiche.body_language):
        return _("Full text in {language}").format(language=facts.language_name(fiche.body_language))
    return ""


def stages(fiches, counts) -> list[dict]:
    """The three stages of a policy; a fiche stands in each of its stages."""
    made = []
    for stage in PolicyStage:
        here = [entry(fiche) for fiche in fiches if stage in fiche.policy_stages][:EACH_STAGE]
        number = counts.get("policy_stage", stage)
        made.append({"code": stage.value, "label": stage.label, "entries": here, "number": number})
    return made


def of_kind(fiches, kind: str, number: int) -> list[dict]:
    return [entry(fiche) for fiche in fiches if fiche.kind == kind][:number]


# --- what their bodies say -------------------------------------------------------------------------------------


def quote(entries) -> None:
    """Give each entry the passages of QUOTED as its page shows them, shortened; one statement."""
    fiches = {made["fiche"].pk: made for made in entries}
    codes = {code for made in entries for code in _languages(made["fiche"])}
    names = {name for made in entries for name in QUOTED[made["kind"]]}
    rows = Section.objects.filter(fiche__in=fiches, name__in=names).order_by("position", "pk")
    for row in rows.values("fiche_id", "name", *(f"text_{code}" for code in codes)) if fiches else []:
        made = fiches[row["fiche_id"]]
        text, lang = _shown(row, "text", made["fiche"])
        if text and row["name"] in QUOTED[made["kind"]]:
            short = search.excerpt(markdown.plain(text), "", lang or get_language(), PASSAGE)
            made.setdefault(row["name"], {"text": short, "lang": lang})


def _languages(fiche) -> tuple[str, str]:
    return fiche.body_language, fiche.source_language


def _shown(row, field: str, fiche) -> tuple[str, str]:
    """(text, language to mark): in the language of the body, or of the original where that is missing."""
    text, language = languages.text(row, field, *_languages(fiche))
    return text, languages.foreign(language) if text else ""


def best_results(rows, counts) -> list[dict]:
    """The figures of the strongest fiches, with one more than is shown; one statement, or two where few have any."""
    if counts.found and counts.total > LOOKED_AT:
        index, own = counts.found.index, counts.found.bits
        found = results_of(strongest(index, own, LOOKED_AT))
        if len(found) > RESULTS:
            return found
    return results_of(rows.order_by().values("pk"))


def results_of(fiches) -> list[dict]:
    """The figures of these fiches, in ORDER."""
    order = [F("fiche__evidence_strength").desc(nulls_last=True), "-fiche__published_at", "-fiche", "position", "pk"]
    texts = [f"{field}_{code}" for field in ("indicator", "note") for code in settings.LANGUAGE_CODES]
    found = Result.objects.filter(fiche__in=fiches).order_by(*order)
    columns = ("fiche_id", "unit", "baseline", "value", "year", "evidence_type", *texts)
    return list(found.values(*columns)[: RESULTS + 1])


def figures(results, fiches) -> list[dict]:
    """The table: for each fiche its figures, the indicator as the fiche's page shows it, numbers as the reader writes."""
    known = {fiche.pk: fiche for fiche in fiches}
    made = {}
    for row in results[:RESULTS]:
        if fiche := known.get(row["fiche_id"]):  # archived since the figures were read, a moment ago
            made.setdefault(fiche.pk, entry(fiche) | {"rows": []})["rows"].append(figure(row, fiche))
    return list(made.values())


def figure(row, fiche) -> dict:
    indicator, lang = _shown(row, "indicator", fiche)
    note, note_lang = _shown(row, "note", fiche)
    return {
        "indicator": indicator,
        "lang": lang,
        "note": note,
        "note_lang": note_lang,
        "before": "" if row["baseline"] is None else facts.quantity(row["baseline"], row["unit"]),
        "after": facts.quantity(row["value"], row["unit"]),
        "year": str(row["year"] or ""),
        "evidence": dict(EvidenceType.choices).get(row["evidence_type"], ""),
    }


# --- who knows about it ----------------------------------------------------------------------------------------


def authorities(theme: Named, rows, user) -> dict[str, list[dict]]:
    """Members that rate their own knowledge of it, and apart from them who has published about it; two statements.

    An anonymised lesson counts for nobody: who reads the page must not be able to guess.
    """
    named = rows.filter(disclosure=Disclosure.OPEN, authority__isnull=False).order_by()
    numbers = dict(named.values_list("authority").annotate(Count("pk", distinct=True)))
    rated = Expertise.objects.on(theme.pk).of_members().filter(expertise__isnull=False)
    mine = Q(pk__in=rated.values("authority")) | Q(pk__in=numbers)
    found = Authority.objects.visible_to(user).filter(mine).order_by()
    found = found.annotate(level=Max("expertise__expertise", filter=Q(expertise__in=rated.order_by().values("pk"))))
    names = {"official_name", "official_language", "name_en", f"name_{get_language()}"}
    made = [
        _authority(row | {"number": numbers.get(row["pk"], 0)})
        for row in found.values("pk", "slug", "country", "demonstration", "level", *names)
    ]
    made.sort(key=lambda row: (-(row["level"] or 0), -row["number"], search.sort_key(row["name"], get_language())))
    return {"rated": [row for row in made if row["level"]], "published": [row for row in made if not row["level"]]}


def _authority(row) -> dict:
    shown, lang = _text(row, "name", get_language())
    return row | {
        "name": shown or row["official_name"],
        "lang": lang if shown else row["official_language"],
        "country": country_name(row["country"]),
        "label": dict(Expertise.Level.choices).get(row["level"], ""),
    }


# --- what lies near --------------------------------------------------------------------------------------------


def near(theme: Named, themes: dict[str, Named], counts) -> list[dict]:
    """Themes that share fiches with it, most first; neither its own parts nor the one that it is part of."""
    family = {theme.pk, theme.parent}
    others = [row for row in themes.values() if row.parent and row.parent != theme.pk and row.pk not in family]
    shared = [{"theme": row, "number": counts.get("theme", row.slug)} for row in others]
    return sorted((row for row in shared if row["number"]), key=lambda row: -row["number"])[:NEAR]
