"""The data files of this folder, read: authorities, fiches in their languages, samples in every state."""

import tomllib
from pathlib import Path

from django.conf import settings

from fiches.models import Fiche, Result, Section, Source
from network.models import Authority, Region, Theme
from translations import release
from translations.models import Translation

HERE = Path(__file__).parent
FACTS = [
    *("governance_level", "country", "other_countries", "place", "policy_stages", "development_stage", "target_groups"),
    *("isced_levels", "eqf_levels", "population_band", "start_year", "end_year", "ongoing", "budget_amount"),
    *("budget_currency", "budget_year", "cost_band", "funding_sources", "quick_win", "evidence_strength"),
    *("cause_types", "conditions", "not_documented"),
]


def read(path: Path) -> dict:
    """One TOML file."""
    with path.open("rb") as file:
        return tomllib.load(file)


def authority_files() -> list[Path]:
    return sorted((HERE / "authorities").glob("*.toml"))


def fiche_folders() -> list[Path]:
    """One folder a fiche: facts.toml and a file for each language in which there is text."""
    return sorted(path.parent for path in (HERE / "fiches").glob("*/facts.toml"))


def add_authority(path: Path) -> Authority:
    """Add or update one authority from its file; its slug is the file's name."""
    data = read(path)
    names = {f"name_{code}": data["name"].get(code, "") for code in settings.LANGUAGE_CODES}
    texts = {f"description_{code}": data.get("description", {}).get(code, "") for code in settings.LANGUAGE_CODES}
    same = {key: data[key] for key in ("official_name", "official_language", "kind", "governance_level", "country")}
    fields = {
        "region": Region.objects.filter(code=data.get("region", "")).first(),
        "town": data.get("town", ""),
        "latitude": data.get("lat"),
        "longitude": data.get("lon"),
        "website": data.get("website", ""),
        "partner_role": data.get("partner_role", ""),
        "sources": data.get("sources", []),
        "demonstration": data.get("demonstration", False),
        "official_address": data.get("official_address", ""),
    }
    defaults = {**same, **fields, **names, **texts}
    authority = Authority.objects.update_or_create(slug=path.stem, defaults=defaults)[0]
    if authority.name_officially():
        authority.save()
    authority.rewrite()
    return authority


def add_fiche(folder: Path, **fields) -> Fiche:
    """Add the fiche of one folder as a draft with its text in the source language; `fields` are those of Fiche."""
    facts = read(folder / "facts.toml")
    language = facts["source_language"]
    text = read(folder / f"{language}.toml")
    fiche = Fiche.objects.create(
        kind=facts["kind"],
        source_language=language,
        authority=Authority.objects.get(slug=facts["authority"]),
        region=Region.objects.filter(code=facts.get("region", "")).first(),
        **{key: facts[key] for key in FACTS if facts.get(key) not in (None, "")},
        **{f"{key}_{language}": text.get(key, "") for key in ("title", "summary", "budget_note")},
        **fields,
    )
    fiche.themes.set(Theme.objects.filter(slug__in=facts["themes"]))
    fiche.tags.set(facts.get("tags", []))
    add_sections(fiche, text["sections"], language)
    add_sources_and_results(fiche, facts, text, language)
    return fiche


def add_sections(fiche: Fiche, sections: dict, language: str) -> None:
    for name, value in sections.items():
        for position, passage in enumerate([value] if isinstance(value, str) else value, start=1):
            Section.objects.create(fiche=fiche, name=name, position=position, **{f"text_{language}": passage.strip()})


def add_sources_and_results(fiche: Fiche, facts: dict, text: dict, language: str) -> None:
    sources = facts.get("sources", [])
    for position, source in enumerate(sources, start=1):
        Source.objects.create(fiche=fiche, position=position, **source)
    for position, result in enumerate(facts.get("results", []), start=1):
        texts = text["results"][result["key"]]
        Result.objects.create(
            fiche=fiche,
            position=position,
            source_url=sources[result["source"]]["url"] if "source" in result else "",
            **{key: result[key] for key in ("unit", "baseline", "value", "year", "evidence_type") if key in result},
            **{f"{key}_{language}": texts.get(key, "") for key in ("indicator", "note")},
        )


def keyed_texts(fiche: Fiche, facts: dict, text: dict) -> dict[str, str]:
    """A language file's texts by the keys under which the fiche keeps its translations."""
    texts = {key: text[key] for key in ("title", "summary", "budget_note") if text.get(key)}
    for row in fiche.sections.all():
        value = text.get("sections", {}).get(row.name)
        if value:
            texts[f"section:{row.pk}:text"] = value if isinstance(value, str) else value[row.position - 1]
    for row, result in zip(fiche.results.all(), facts.get("results", []), strict=True):
        for key, value in text.get("results", {}).get(result["key"], {}).items():
            texts[f"result:{row.pk}:{key}"] = value
    return texts


def add_translations(fiche: Fiche, folder: Path) -> None:
    """Release the texts of every other language file, with their provenance as it is written there."""
    facts = read(folder / "facts.toml")
    for path in sorted(folder.glob("??.toml")):
        if path.stem == fiche.source_language:
            continue
        text = read(path)
        provenance = text["provenance"]
        release.release(
            fiche,
            path.stem,
            keyed_texts(fiche, facts, text),
            method=Translation.Method(provenance["method"]),
            engine=provenance.get("engine", ""),
        )
