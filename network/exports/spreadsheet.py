"""CSV of authorities: the columns; how a table is written stands in translations.exports.table."""

from django.utils.translation import gettext_lazy, pgettext_lazy

from translations.exports import table
from translations.exports.table import BETWEEN, Column, label, plain, yes
from translations.languages import language_name

from ..countries import country_name
from ..models import Authority, Membership
from ..vocabularies import GovernanceLevel
from .records import Taking

LEADING = 3  # expertise from which a theme is named


def word(name: str, choices):
    """The label of one of the codes of a membership."""

    def words(record):
        return str(choices(record["membership"][name]).label) if record["membership"] else ""

    return words


def themes(level: str, least: int, name="name"):
    return lambda record: BETWEEN.join(row[name] for row in record["expertise"] if (row[level] or 0) >= least)


COLUMNS = (
    Column("name", gettext_lazy("name"), plain("name")),
    Column("official_name", gettext_lazy("official name"), plain("official_name")),
    Column("kind_label", gettext_lazy("Kind"), label("kind", Authority.Kind)),
    Column("governance_level_label", gettext_lazy("Governance level"), label("governance_level", GovernanceLevel)),
    Column("country_label", gettext_lazy("Country"), lambda record: country_name(record["country"])),
    Column("region_label", gettext_lazy("Region"), plain("region", "name")),
    Column("town", gettext_lazy("town"), plain("town")),
    Column("population", gettext_lazy("population"), plain("population")),
    Column("population_year", gettext_lazy("year of the population figure"), plain("population_year")),
    Column(
        "working_languages_label",
        gettext_lazy("working languages"),
        lambda record: BETWEEN.join(map(language_name, record["working_languages"])),
    ),
    Column("class_label", pgettext_lazy("membership", "Class"), word("class", Membership.Class)),
    Column("status_label", pgettext_lazy("membership", "Status"), word("status", Membership.Status)),
    Column("since", gettext_lazy("member since"), plain("membership", "since")),
    Column(
        "represented_by_label",
        gettext_lazy("Represented by"),
        lambda record: BETWEEN.join(row["name"] for row in record["represented_by"]),
    ),
    Column("expertise_label", gettext_lazy("Can advise on"), themes("expertise", LEADING)),
    Column("needs_label", gettext_lazy("Looks for advice on"), themes("need", LEADING)),
    Column("fiches", gettext_lazy("Fiches"), plain("fiches")),
    Column("website", gettext_lazy("website"), plain("website")),
    Column("address", gettext_lazy("web address"), plain("address")),
    Column("demonstration_label", gettext_lazy("Demonstration"), yes("demonstration")),
    # The same as codes: the same words in every language and release.
    *(
        Column(name, name, plain(*path))
        for name, *path in [
            ("code", "code"),
            ("kind", "kind"),
            ("governance_level", "governance_level"),
            ("country", "country"),
            ("region", "region", "code"),
            ("working_languages", "working_languages"),
            ("class", "membership", "class"),
            ("status", "membership", "status"),
        ]
    ),
    Column(
        "represented_by", "represented_by", lambda record: BETWEEN.join(r["code"] for r in record["represented_by"])
    ),
    Column("expertise", "expertise", themes("expertise", LEADING, "theme")),
    Column("needs", "needs", themes("need", LEADING, "theme")),
)


def head(taking: Taking) -> str:
    return table.head(COLUMNS, codes=taking.codes, separator=taking.separator)


def entry(taking: Taking, record: dict) -> str:
    return table.entry(COLUMNS, record, taking.separator)
