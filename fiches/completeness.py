"""What a fiche of each kind needs before it is submitted, and what makes it better: read by form, page and `submit`."""

from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from .sections import SECTIONS
from .steps import STEPS, where
from .texts import section_texts
from .vocabularies import Kind


class Requirement(NamedTuple):
    """One thing that is asked for: where, whether it is there, and whether one can submit without it."""

    key: str  # the name of the column, section or table
    label: str | Promise
    step: str
    done: bool
    required: bool


def requirements(fiche) -> list[Requirement]:
    """Everything asked of `fiche`, in the order of its steps."""
    asked = [*_facts(fiche), *_sections(fiche), *_rows(fiche), *_languages(fiche)]
    order = {step.key: number for number, step in enumerate(STEPS[fiche.kind])}
    return sorted(asked, key=lambda row: order[row.step])


def missing(asked: list[Requirement]) -> list[Requirement]:
    """What must still be filled in before `fiche` can be submitted."""
    return [row for row in asked if row.required and not row.done]


def percent(asked: list[Requirement]) -> int:
    """How complete it is: a required thing counts twice; a section that is not documented counts as missing."""
    weights = [(2 if row.required else 1, row.done) for row in asked]
    return round(100 * sum(weight for weight, done in weights if done) / sum(weight for weight, _done in weights))


def _facts(fiche):
    full = fiche.kind != Kind.PRACTICAL_EXAMPLE
    values = {
        "title": (fiche.source("title"), True),
        "summary": (fiche.source("summary"), True),
        "authority": (fiche.authority_id or fiche.authority_claimed, True),
        "country": (fiche.country, True),
        "governance_level": (fiche.governance_level, False),
        "region": (fiche.region_id, False),
        "development_stage": (fiche.development_stage, full),
        "start_year": (fiche.start_year, full),
        "policy_stages": (fiche.policy_stages, True),
        "themes": (fiche.themes.exists(), True),
        "target_groups": (fiche.target_groups, True),
        "cost_band": (fiche.cost_band, False),
        "funding_sources": (fiche.funding_sources, False),
        "evidence_strength": (fiche.evidence_strength, False),
    }
    if fiche.kind == Kind.LESSON_LEARNED:
        values["cause_types"] = (fiche.cause_types, False)
    for name, (value, required) in values.items():
        label = fiche._meta.get_field(name).verbose_name
        yield Requirement(name, label, where(fiche.kind, name), bool(value), required)


def _sections(fiche):
    written = {key for key, text in section_texts(fiche).items() if text.strip()}
    measured = fiche.results.exists()
    for section in SECTIONS[fiche.kind]:
        if section.name == "caveats":
            continue
        done = all((section.name, position) in written for position in range(1, section.rows + 1))
        if section.name == "evidence":
            done = done or measured
        required = section.required and section.name not in fiche.not_documented
        if section.required or section.name in ("context", "resources"):
            yield Requirement(section.name, section.heading, where(fiche.kind, section.name), done, required)


def _rows(fiche):
    if fiche.kind != Kind.PRACTICAL_EXAMPLE:
        yield Requirement("results", _("A result with a figure"), "results", fiche.results.exists(), False)
        yield Requirement("sources", _("A source that others can read"), "results", fiche.sources.exists(), False)
    files = list(fiche.attachments.all())
    if files:
        done = all(file.rights_declared and file.title for file in files)
        yield Requirement("attachments", _("Title of each file and your right to share it"), "files", done, True)


def _languages(fiche):
    if fiche.source_language == "en" or fiche.revises_id:
        return
    label = _("Title and summary in English")
    yield Requirement("english", label, "languages", bool(fiche.title_en and fiche.summary_en), False)
