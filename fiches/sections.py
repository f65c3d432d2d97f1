"""Which sections each kind of fiche has, in reading order: read by form, page, completeness and tests."""

from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from .vocabularies import Kind


class SectionSpec(NamedTuple):
    """One section of a kind: its name in the data, its heading, the help for writers, whether it is required."""

    name: str
    heading: Promise
    help: Promise
    required: bool = False
    rows: int = 1  # how many Section rows, by position


PROBLEM = SectionSpec(
    "problem", _("What was the problem?"), _("Who was affected, how many, since when. Two or three sentences."), True
)
CONTEXT = SectionSpec(
    "context", _("What was the situation?"), _("The place, the competences of your authority, what existed before.")
)
OBJECTIVES = SectionSpec(
    "objectives", _("What was to be achieved?"), _("The aims, and how you would have recognised success.")
)
ACTIONS = SectionSpec(
    "actions", _("What was done?"), _("The steps in the order in which they happened, and who did them.")
)
GOVERNANCE = SectionSpec(
    "governance", _("Who decides and who takes part?"), _("The lead, the partners, how they meet.")
)
RESOURCES = SectionSpec("resources", _("What did it take?"), _("Money, staff, rooms, time: what was paid and by whom."))
CAVEATS = SectionSpec("caveats", _("What is not certain?"), _("Doubts about figures, dates or sources."))

SECTIONS: dict[str, tuple[SectionSpec, ...]] = {
    Kind.BEST_PRACTICE: (
        PROBLEM,
        CONTEXT,
        OBJECTIVES._replace(required=True),
        ACTIONS._replace(required=True),
        GOVERNANCE,
        RESOURCES,
        SectionSpec(
            "evidence",
            _("What changed?"),
            _("What you observed or measured. Required unless you enter at least one result with a figure."),
            True,
        ),
        SectionSpec(
            "success_factors", _("What made it work?"), _("Three or four factors without which it would fail."), True
        ),
        SectionSpec("difficulties", _("What was difficult?"), _("Obstacles, and what you did about them."), True),
        SectionSpec(
            "transferability",
            _("What does it take elsewhere?"),
            _("What another authority can copy, and what not."),
            True,
        ),
        CAVEATS,
    ),
    Kind.LESSON_LEARNED: (
        PROBLEM,
        CONTEXT,
        OBJECTIVES,
        ACTIONS,
        SectionSpec(
            "expected", _("What was expected?"), _("The result you counted on, with figures if you had them."), True
        ),
        SectionSpec("happened", _("What happened?"), _("What came out instead. Facts first."), True),
        SectionSpec("causes", _("Why?"), _("The causes as you see them now."), True),
        SectionSpec("warning_signs", _("Which signs were there?"), _("What could have told you earlier.")),
        SectionSpec(
            "differently", _("What would be done differently?"), _("What you would change if you began tomorrow."), True
        ),
        SectionSpec("advice", _("Advice to others"), _("One or two sentences to a colleague in another authority.")),
        GOVERNANCE,
        RESOURCES,
        CAVEATS,
    ),
    Kind.PRACTICAL_EXAMPLE: (
        PROBLEM,
        SectionSpec(
            "step", _("Three steps"), _("What to do first, second and third: one or two sentences each."), True, 3
        ),
        CONTEXT,
        OBJECTIVES,
        ACTIONS,
        SectionSpec("tools", _("Tools and templates"), _("Forms, checklists or software that helped.")),
        SectionSpec("time_needed", _("How long does it take?"), _("From the decision to the first result.")),
        SectionSpec("prerequisites", _("What must be in place?"), _("Without which you could not have begun.")),
        GOVERNANCE,
        RESOURCES,
        CAVEATS,
    ),
}


def spec(kind: str, name: str) -> SectionSpec:
    """The specification of one section; KeyError when the kind has no such section."""
    return {section.name: section for section in SECTIONS[kind]}[name]
