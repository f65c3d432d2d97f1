"""Closed vocabularies of the fiches, with their labels."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Kind(models.TextChoices):
    BEST_PRACTICE = "best_practice", _("Best practice")
    LESSON_LEARNED = "lesson_learned", _("Lesson learned")
    PRACTICAL_EXAMPLE = "practical_example", _("Practical example")


class Origin(models.TextChoices):
    SUBMITTED = "submitted", _("Submitted by a policy maker")
    COMPILED = "compiled", _("Compiled by CLAVET from public sources")


class Status(models.TextChoices):
    DRAFT = "draft", pgettext_lazy("fiche status", "Draft")
    SUBMITTED = "submitted", pgettext_lazy("fiche status", "Submitted")
    IN_REVIEW = "in_review", pgettext_lazy("fiche status", "In review")
    CHANGES_REQUESTED = "changes_requested", pgettext_lazy("fiche status", "Changes requested")
    PUBLISHED = "published", pgettext_lazy("fiche status", "Published")
    REJECTED = "rejected", pgettext_lazy("fiche status", "Rejected")
    ARCHIVED = "archived", pgettext_lazy("fiche status", "Archived")


class Vouched(models.TextChoices):
    AUTHORITY = "authority", _("Confirmed by the authority")
    PERSON = "person", _("Submitted by a person, not confirmed by the authority")
    COMPILED = "compiled", _("Compiled by CLAVET from public sources")


class PolicyStage(models.TextChoices):
    FORMULATION = "formulation", _("Policy formulation")
    IMPLEMENTATION = "implementation", _("Policy implementation")
    MONITORING = "monitoring", _("Policy monitoring")


class DevelopmentStage(models.TextChoices):
    PLANNED = "planned", pgettext_lazy("development stage", "Planned")
    PILOT = "pilot", pgettext_lazy("development stage", "Pilot")
    ESTABLISHED = "established", pgettext_lazy("development stage", "Established")
    SCALED_UP = "scaled_up", pgettext_lazy("development stage", "Scaled up")
    ENDED = "ended", pgettext_lazy("development stage", "Ended")


class TargetGroup(models.TextChoices):
    PUPILS_STUDENTS = "pupils_students", _("Pupils and students")
    FAMILIES = "families", _("Parents and families")
    YOUNG_PEOPLE = "young_people", _("Young people")
    NEET = "neet", _("Young people not in employment, education or training (NEET)")
    EARLY_LEAVERS = "early_leavers", _("Early leavers from education and training")
    ADULTS = "adults", _("Adults")
    LOW_SKILLED_ADULTS = "low_skilled_adults", _("Low-skilled adults")
    UNEMPLOYED = "unemployed", _("Unemployed people")
    MIGRANTS_REFUGEES = "migrants_refugees", _("Migrants and refugees")
    PEOPLE_WITH_DISABILITIES = "people_with_disabilities", _("People with disabilities")
    TEACHERS_TRAINERS = "teachers_trainers", _("Teachers and trainers")
    APPRENTICES = "apprentices", _("Apprentices")
    OLDER_WORKERS = "older_workers", _("Older workers")
    SMES = "smes", _("Small and medium-sized enterprises (SMEs)")
    WOMEN_RETURNING = "women_returning", _("Women returning to work")
    RURAL = "rural", _("People in rural areas")


class Isced(models.TextChoices):
    EARLY_CHILDHOOD = "0", _("ISCED 0 – Early childhood education")
    PRIMARY = "1", _("ISCED 1 – Primary education")
    LOWER_SECONDARY = "2", _("ISCED 2 – Lower secondary education")
    UPPER_SECONDARY = "3", _("ISCED 3 – Upper secondary education")
    POST_SECONDARY = "4", _("ISCED 4 – Post-secondary non-tertiary education")
    SHORT_CYCLE = "5", _("ISCED 5 – Short-cycle tertiary education")
    BACHELOR = "6", _("ISCED 6 – Bachelor’s or equivalent level")
    MASTER = "7", _("ISCED 7 – Master’s or equivalent level")
    DOCTORAL = "8", _("ISCED 8 – Doctoral or equivalent level")


class CostBand(models.TextChoices):
    UNDER_10K = "under_10k", _("less than €10,000")
    FROM_10K = "10k_50k", _("€10,000 to €50,000")
    FROM_50K = "50k_250k", _("€50,000 to €250,000")
    FROM_250K = "250k_1m", _("€250,000 to €1 million")
    OVER_1M = "over_1m", _("more than €1 million")


class FundingSource(models.TextChoices):
    OWN_BUDGET = "own_budget", _("Own budget")
    REGIONAL = "regional", _("Regional funds")
    NATIONAL = "national", _("National funds")
    ESF = "esf", _("European Social Fund")
    ERDF = "erdf", _("European Regional Development Fund")
    ERASMUS = "erasmus", _("Erasmus+")
    OTHER_EU = "other_eu", _("Other EU funds")
    INTERNATIONAL = "international", _("International organisations")
    PRIVATE = "private", _("Companies and foundations")
    FEES = "fees", _("Fees paid by participants")


class EvidenceStrength(models.IntegerChoices):
    DESCRIBED = 1, _("1 – described")
    MONITORED = 2, _("2 – monitored")
    MEASURED = 3, _("3 – measured against a target or a starting point")
    EVALUATED = 4, _("4 – evaluated independently")
    REPLICATED = 5, _("5 – repeated elsewhere with results")


class Condition(models.TextChoices):
    LEGAL = "legal", _("a legal basis")
    POLITICAL = "political", _("political support")
    STAFF = "staff", _("trained staff")
    PARTNERS = "partners", _("willing partners")
    BUDGET = "budget", _("a budget of its own")
    DATA = "data", _("data on the target group")


class CauseType(models.TextChoices):
    FUNDING = "funding", pgettext_lazy("cause", "Funding")
    STAFFING = "staffing", pgettext_lazy("cause", "Staffing")
    COORDINATION = "coordination", pgettext_lazy("cause", "Coordination between bodies")
    LEGAL = "legal", pgettext_lazy("cause", "Legal framework")
    DATA = "data", pgettext_lazy("cause", "Missing data")
    PARTICIPATION = "participation", pgettext_lazy("cause", "Low participation")
    PARTNERS = "partners", pgettext_lazy("cause", "Partners")
    TIMING = "timing", pgettext_lazy("cause", "Timing")
    DESIGN = "design", pgettext_lazy("cause", "Design of the measure")
    EXTERNAL = "external", pgettext_lazy("cause", "Outside events")


class Licence(models.TextChoices):
    CC_BY_4 = "cc_by_4", "CC BY 4.0"
    CC_BY_SA_4 = "cc_by_sa_4", "CC BY-SA 4.0"
    CC0 = "cc0", "CC0 1.0"


LICENCE_URLS = {
    Licence.CC_BY_4: "https://creativecommons.org/licenses/by/4.0/",
    Licence.CC_BY_SA_4: "https://creativecommons.org/licenses/by-sa/4.0/",
    Licence.CC0: "https://creativecommons.org/publicdomain/zero/1.0/",
}


class Disclosure(models.TextChoices):
    OPEN = "open", _("Open: the authority is named")
    ANONYMISED = "anonymised", _("Anonymised: only country, level and size are shown")


class Detail(models.TextChoices):
    """What the author of an anonymised lesson may tick to show nevertheless."""

    REGION = "region", _("Region")
    PLACE = "place", _("Place")
    TAGS = "tags", _("Keywords")
    CONTACT = "contact", _("Contact")
    SUBMITTER = "submitter", _("Name of the submitter")
    SOURCES = "sources", _("Sources")
    ATTACHMENTS = "attachments", _("Attachments")


class Unit(models.TextChoices):
    NUMBER = "number", pgettext_lazy("unit", "number")
    PERCENT = "percent", pgettext_lazy("unit", "%")
    EUR = "eur", pgettext_lazy("unit", "€")
    HOURS = "hours", pgettext_lazy("unit", "hours")
    MONTHS = "months", pgettext_lazy("unit", "months")


class EvidenceType(models.TextChoices):
    MONITORING = "monitoring", pgettext_lazy("evidence", "Own monitoring")
    SURVEY = "survey", pgettext_lazy("evidence", "Survey")
    ADMINISTRATIVE = "administrative", pgettext_lazy("evidence", "Administrative data")
    EVALUATION = "evaluation", pgettext_lazy("evidence", "Evaluation")
    ESTIMATE = "estimate", pgettext_lazy("evidence", "Estimate")
    PRESS = "press", pgettext_lazy("evidence", "Press report")
