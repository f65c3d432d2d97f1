"""CSV of fiches: the columns; how a table is written stands in translations.exports.table."""

from django.utils.translation import gettext_lazy

from network.countries import country_name
from network.vocabularies import GovernanceLevel, PopulationBand
from translations.exports import table
from translations.exports.table import BETWEEN, Column, label, plain, yes
from translations.models import Edition

from .. import facts
from ..vocabularies import (
    CauseType,
    Condition,
    CostBand,
    DevelopmentStage,
    EvidenceStrength,
    FundingSource,
    Isced,
    Kind,
    Origin,
    PolicyStage,
    TargetGroup,
    Vouched,
)
from .records import Taking


def figures(record) -> str:
    """Each result in words: Share of early leavers: 14 % → 9 % (2023)."""
    written = []
    for row in record["results"]:
        values = [facts.quantity(str(row[when]), row["unit"]) for when in ("before", "after") if row[when] is not None]
        year = f" ({row['year']})" if row["year"] else ""
        written.append(f"{row['indicator']}: {' → '.join(values)}{year}")
    return BETWEEN.join(written)


COLUMNS = (
    Column("reference", gettext_lazy("reference"), plain("reference")),
    Column("title", gettext_lazy("Title"), plain("title")),
    Column("summary", gettext_lazy("summary"), plain("summary")),
    Column("kind_label", gettext_lazy("Kind"), label("kind", Kind)),
    Column("authority", gettext_lazy("Authority"), plain("authority")),
    Column(
        "country_label",
        gettext_lazy("Country"),
        lambda record: country_name(record["country"]) if record["country"] else "",
    ),
    Column("region_label", gettext_lazy("Region"), plain("region", "name")),
    Column("place", gettext_lazy("Place"), plain("place")),
    Column(
        "themes_label", gettext_lazy("Themes"), lambda record: BETWEEN.join(row["name"] for row in record["themes"])
    ),
    Column("keywords", gettext_lazy("Keywords"), plain("keywords")),
    Column("target_groups_label", gettext_lazy("For whom"), label("target_groups", TargetGroup)),
    Column("policy_stages_label", gettext_lazy("Policy stage"), label("policy_stages", PolicyStage)),
    Column("governance_level_label", gettext_lazy("Governance level"), label("governance_level", GovernanceLevel)),
    Column("population_label", gettext_lazy("Inhabitants"), label("population_band", PopulationBand)),
    Column("isced_levels_label", gettext_lazy("Level of education"), label("isced_levels", Isced)),
    Column("eqf_levels", gettext_lazy("EQF levels"), plain("eqf_levels")),
    Column("start_year", gettext_lazy("From year"), plain("start_year")),
    Column("end_year", gettext_lazy("To year"), plain("end_year")),
    Column("ongoing_label", gettext_lazy("still running"), yes("ongoing")),
    Column(
        "development_stage_label", gettext_lazy("Stage of development"), label("development_stage", DevelopmentStage)
    ),
    Column("cost_label", gettext_lazy("Cost"), label("cost_band", CostBand)),
    Column("budget_amount", gettext_lazy("budget"), plain("budget", "amount")),
    Column("budget_currency", gettext_lazy("currency"), plain("budget", "currency")),
    Column("budget_year", gettext_lazy("year of the budget"), plain("budget", "year")),
    Column("staff_fte", gettext_lazy("staff (full-time posts)"), plain("staff_fte")),
    Column("months_to_set_up", gettext_lazy("months to set up"), plain("months_to_set_up")),
    Column("funding_label", gettext_lazy("Funding"), label("funding_sources", FundingSource)),
    Column("quick_win_label", gettext_lazy("Quick win"), yes("quick_win")),
    Column("evidence_label", gettext_lazy("Strength of the evidence"), label("evidence_strength", EvidenceStrength)),
    Column("results", gettext_lazy("Results"), figures),
    Column("conditions_label", gettext_lazy("conditions"), label("conditions", Condition)),
    Column("causes_label", gettext_lazy("types of cause"), label("cause_types", CauseType)),
    Column("vouched_label", gettext_lazy("Who stands behind it"), label("vouched", Vouched)),
    Column("origin_label", gettext_lazy("origin"), label("origin", Origin)),
    Column("language_label", gettext_lazy("Language"), lambda record: facts.language_name(record["language"]["title"])),
    Column(
        "text_language_label",
        gettext_lazy("Language of the full text"),
        lambda record: facts.language_name(record["language"]["text"]),
    ),
    Column("state_label", gettext_lazy("Translation"), lambda record: Edition.State(record["language"]["state"]).label),
    Column("outdated_label", gettext_lazy("Translation outdated"), yes("language", "outdated")),
    Column("licence_label", gettext_lazy("licence"), plain("licence", "name")),
    Column("citation", gettext_lazy("Citation"), plain("citation")),
    Column("address", gettext_lazy("web address"), plain("address")),
    Column("published", gettext_lazy("Published"), lambda record: (record["published"] or "")[:10]),
    Column("changed", gettext_lazy("Last changed"), lambda record: (record["changed"] or "")[:10]),
    Column("last_verified", gettext_lazy("last checked"), plain("last_verified")),
    Column("embargo_until", gettext_lazy("not before"), plain("embargo_until")),
    Column("demonstration_label", gettext_lazy("Demonstration"), yes("demonstration")),
    # The same as codes: the same words in every language and release.
    *(
        Column(name, name, plain(*path))
        for name, *path in [
            ("kind", "kind"),
            ("country", "country"),
            ("region", "region", "code"),
            ("target_groups", "target_groups"),
            ("policy_stages", "policy_stages"),
            ("governance_level", "governance_level"),
            ("population", "population_band"),
            ("isced_levels", "isced_levels"),
            ("development_stage", "development_stage"),
            ("cost", "cost_band"),
            ("funding", "funding_sources"),
            ("evidence", "evidence_strength"),
            ("conditions", "conditions"),
            ("causes", "cause_types"),
            ("vouched", "vouched"),
            ("origin", "origin"),
            ("language", "language", "title"),
            ("text_language", "language", "text"),
            ("source_language", "language", "source"),
            ("available_languages", "language", "available"),
            ("state", "language", "state"),
            ("licence", "licence", "address"),
        ]
    ),
    Column("themes", "themes", lambda record: BETWEEN.join(row["code"] for row in record["themes"])),
)


def head(taking: Taking) -> str:
    return table.head(COLUMNS, codes=taking.codes, separator=taking.separator)


def entry(taking: Taking, record: dict) -> str:
    return table.entry(COLUMNS, record, taking.separator)
