"""The steps in which each kind of fiche is written: one table, read by form, template, completeness and tests."""

from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from .sections import SECTIONS
from .vocabularies import Kind


class Step(NamedTuple):
    """One page of the form: the columns and sections it asks for, and the tables of rows it holds."""

    key: str
    label: Promise
    help: Promise
    fields: tuple[str, ...] = ()
    sections: tuple[str, ...] = ()
    rows: tuple[str, ...] = ()  # of results, sources, attachments

    @property
    def names(self) -> tuple[str, ...]:
        return self.fields + self.sections + self.rows


PLACE = ("governance_level", "region", "place", "population_band")
YEARS = ("development_stage", "start_year", "end_year", "ongoing")
COST = Step(
    "cost",
    _("Cost and people"),
    _("What a colleague asks first. A range is enough."),
    (
        *("cost_band", "funding_sources", "budget_amount", "budget_currency", "budget_year", "budget_note"),
        *("staff_fte", "months_to_set_up"),
    ),
    ("resources", "governance"),
)
RESULTS = Step(
    "results",
    _("Results and evidence"),
    _("What came of it, and how you know. One good figure is worth more than ten."),
    ("evidence_strength",),
    (),
    ("results", "sources"),
)
DETAILS = ("tags", "isced_levels", "eqf_levels", "quick_win")
FILES = Step(
    "files",
    _("Files"),
    _("Documents that help others to do the same. You can leave this step out."),
    rows=("attachments",),
)
LANGUAGES = Step(
    "languages",
    _("Languages"),
    _("Your text is found in all nine languages. A title and a summary in English help most readers."),
)
CHECK = Step(
    "check", _("Check and submit"), _("Read it once more as others will see it, then hand it in."), ("licence",)
)
STORY = _("Plain words, short sentences. Write as if you told it to a colleague in another country.")


def sections_of(kind: str, *elsewhere: str) -> tuple[str, ...]:
    """The sections of a kind that authors write, in reading order, without those asked for in another step."""
    return tuple(section.name for section in SECTIONS[kind] if section.name not in ("caveats", *elsewhere))


STEPS: dict[str, tuple[Step, ...]] = {
    Kind.BEST_PRACTICE: (
        Step(
            "basics",
            _("Basics and place"),
            _("What it is called, whose it is and where it happens."),
            ("title", "summary", "on_behalf_of", "authority", "country", *PLACE, *YEARS),
        ),
        Step(
            "story", _("The story"), STORY, (), sections_of(Kind.BEST_PRACTICE, "evidence", "resources", "governance")
        ),
        RESULTS._replace(sections=("evidence",)),
        COST,
        Step(
            "classification",
            pgettext_lazy("step of the form", "Classification"),
            _("So that the right people find it."),
            ("policy_stages", "themes", "target_groups", "conditions", *DETAILS),
        ),
        FILES,
        LANGUAGES,
        CHECK,
    ),
    Kind.LESSON_LEARNED: (
        Step(
            "basics",
            _("Basics and place"),
            _("What it is called, whose it is, where it happened – and what of that others may see."),
            (
                *("title", "summary", "on_behalf_of", "authority", "country", *PLACE, *YEARS),
                *("disclosure", "disclosed", "embargo_until"),
            ),
        ),
        Step("story", _("The story"), STORY, (), sections_of(Kind.LESSON_LEARNED, "resources", "governance")),
        RESULTS,
        COST,
        Step(
            "classification",
            pgettext_lazy("step of the form", "Classification"),
            _("So that the right people find it."),
            ("policy_stages", "themes", "target_groups", "cause_types", *DETAILS),
        ),
        FILES,
        LANGUAGES,
        CHECK,
    ),
    Kind.PRACTICAL_EXAMPLE: (
        Step(
            "short",
            _("The example"),
            _("This page is all you need to submit. It takes about ten minutes."),
            ("title", "summary", "on_behalf_of", "authority", "country", "policy_stages", "themes", "target_groups"),
            ("problem", "step"),
        ),
        Step(
            "more",
            _("More about it"),
            _("Everything here is optional."),
            (*PLACE, *YEARS, *DETAILS),
            sections_of(Kind.PRACTICAL_EXAMPLE, "problem", "step", "resources", "governance"),
        ),
        RESULTS,
        COST,
        FILES,
        LANGUAGES,
        CHECK,
    ),
}


def steps_of(fiche) -> tuple[Step, ...]:
    """The steps for one fiche: a revision changes the original text only, so it has no step for languages."""
    return tuple(step for step in STEPS[fiche.kind] if not (fiche.revises_id and step is LANGUAGES))


def find(fiche, key: str) -> Step | None:
    return next((step for step in steps_of(fiche) if step.key == key), None)


def where(kind: str, name: str) -> str:
    """The key of the step that asks for a column, section or table; the last step for anything else."""
    return next((step.key for step in STEPS[kind] if name in step.names), STEPS[kind][-1].key)
