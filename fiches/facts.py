"""The facts of a fiche as people read them: period, place, money, figures – in the active language.

What an anonymised lesson hides never passes through here: each fact asks `fiche.shows()` or `fiche.authority_for()`.
"""

from datetime import date
from decimal import Decimal

from babel import Locale
from babel.numbers import format_currency, format_decimal, format_percent
from django.utils.formats import date_format
from django.utils.translation import get_language, ngettext, pgettext
from django.utils.translation import gettext as _

from accounts.workdays import today
from network.models import Authority
from network.vocabularies import PopulationBand
from translations.languages import language_name  # noqa: F401 – one of the facts
from translations.letters import capitalised

from .vocabularies import FundingSource, Isced, PolicyStage, TargetGroup, Unit

SHARED_BY = 5  # authorities that must share country, level and population before a band is shown of one of them


def embargo(until: date | None) -> date | None:
    """The day before which strangers do not read it; None where it has come or was never set."""
    return until if until and until > today() else None


def embargo_note(until: date | None) -> str:
    """“Not before 3 May 2027”, for those who read it earlier and hand it on."""
    day = embargo(until)
    return capitalised(_("not before %(date)s") % {"date": date_format(day)}) if day else ""


# --- numbers ---------------------------------------------------------------------------------------------------


def number(value) -> str:
    """With the reader's separators, without trailing zeros."""
    return format_decimal(_bare(value), locale=get_language(), decimal_quantization=False)


def money(value, currency: str = "EUR") -> str:
    locale = Locale.parse(get_language())
    pattern = locale.currency_formats["standard"].pattern.replace(".00", ".##")
    return format_currency(_bare(value), currency, format=pattern, locale=locale, currency_digits=False)


def quantity(value, unit: str) -> str:
    """A figure with its unit: 9 %, €1,200, 30 hours."""
    if unit == Unit.PERCENT:
        return format_percent(_bare(value) / 100, locale=get_language(), decimal_quantization=False)
    if unit == Unit.EUR:
        return money(value)
    if unit == Unit.HOURS:
        return ngettext("{number} hour", "{number} hours", int(value)).format(number=number(value))
    if unit == Unit.MONTHS:
        return ngettext("{number} month", "{number} months", int(value)).format(number=number(value))
    return number(value)


def _bare(value) -> Decimal:
    value = Decimal(value)
    return value.quantize(1) if value == value.to_integral() else value.normalize()


# --- one fact each ---------------------------------------------------------------------------------------------


def period(fiche) -> str:
    """When it ran: 2019–2022, since 2019, 2019."""
    if fiche.start_year and fiche.end_year and fiche.end_year != fiche.start_year:
        return f"{fiche.start_year}–{fiche.end_year}"
    if fiche.start_year and fiche.ongoing:
        return _("since {year}").format(year=fiche.start_year)
    if fiche.end_year and not fiche.start_year:
        return _("until {year}").format(year=fiche.end_year)
    return str(fiche.start_year or "")


def authority_name(fiche) -> str:
    """What everybody may know of who did it; nothing for an anonymised lesson."""
    if fiche.is_anonymised:
        return ""
    if fiche.authority_id:
        return in_language(fiche.authority, "name") or fiche.authority.official_name
    return fiche.authority_claimed


def where(fiche) -> str:
    """Place, region, country – as far as they are shown."""
    parts = [fiche.place if fiche.shows("place") else ""]
    if fiche.region_id and fiche.shows("region") and _bare_name(fiche.region.name) != _bare_name(fiche.place):
        parts.append(fiche.region.name)
    return ", ".join(part for part in [*parts, fiche.country_name] if part)


def _bare_name(name: str) -> str:
    """For comparing: Friuli Venezia Giulia is Friuli-Venezia Giulia."""
    return "".join(letter for letter in name.casefold() if letter.isalnum())


def population(fiche) -> str:
    """The population band; of an anonymised lesson only where enough authorities could be meant."""
    if not fiche.population_band or (fiche.is_anonymised and not is_common(fiche)):
        return ""
    return _("Inhabitants: {number}").format(number=fiche.get_population_band_display())


def is_common(fiche) -> bool:
    """Whether at least SHARED_BY authorities have this country, level and population band."""
    alike = Authority.objects.filter(country=fiche.country, governance_level=fiche.governance_level)
    populations = alike.filter(population__isnull=False).values_list("population", flat=True)
    return sum(PopulationBand.of(number) == fiche.population_band for number in populations) >= SHARED_BY


def cost(fiche) -> str:
    if fiche.budget_amount is None:
        return fiche.get_cost_band_display()
    amount = money(fiche.budget_amount, fiche.budget_currency or "EUR")
    return f"{amount} ({fiche.budget_year})" if fiche.budget_year else amount


def staff(fiche) -> str:
    if fiche.staff_fte is None:
        return ""
    return ngettext("{number} full-time post", "{number} full-time posts", max(1, round(fiche.staff_fte))).format(
        number=number(fiche.staff_fte)
    )


def change(result) -> str:
    """A figure before and after: 14 % → 9 %."""
    after = quantity(result.value, result.unit)
    return f"{quantity(result.baseline, result.unit)} → {after}" if result.baseline is not None else after


def labels(values, choices) -> str:
    """Labels of vocabulary codes, in the order of the vocabulary."""
    return ", ".join(str(label) for value, label in choices.choices if value in values)


def in_language(obj, field: str) -> str:
    """A translated field in exactly the active language, or in English where there is none."""
    return getattr(obj, f"{field}_{get_language()}", "") or getattr(obj, f"{field}_en", "") or ""


# --- the almanac -----------------------------------------------------------------------------------------------


def glance(fiche, budget_note: tuple[str, str], indicator: tuple[str, str]) -> list[dict]:
    """What a reader must see first: who, where, since when, for how much, with how many people, with what result.

    `budget_note` and `indicator` (of the first result) come with the language to mark, if it is not the reader's.
    """
    first = next(iter(fiche.results.all()), None)
    unknown = pgettext("fact", "not stated")
    nobody = _("Not named: the lesson is anonymised") if fiche.is_anonymised else unknown
    return [
        {"label": _("Who"), "value": authority_name(fiche) or nobody},
        {"label": _("Where"), "value": where(fiche) or unknown},
        {"label": _("When"), "value": period(fiche) or unknown, "note": fiche.get_development_stage_display()},
        {"label": _("Cost"), "value": cost(fiche) or unknown, "note": budget_note[0], "note_lang": budget_note[1]},
        {"label": _("Staff"), "value": staff(fiche) or unknown},
        {
            "label": _("First result") if first else _("Result"),
            "value": change(first) if first else pgettext("fact", "no figure yet"),
            "note": indicator[0],
            "note_lang": indicator[1],
            "strong": bool(first),
        },
    ]


def details(fiche) -> list[dict]:
    """The other facts, for the end of the page."""
    months = fiche.months_to_set_up
    return [
        {"label": _("For whom"), "value": labels(fiche.target_groups, TargetGroup)},
        {"label": _("Policy stage"), "value": labels(fiche.policy_stages, PolicyStage)},
        {"label": _("Governance level"), "value": fiche.get_governance_level_display(), "note": population(fiche)},
        {"label": _("Level of education"), "value": labels(fiche.isced_levels, Isced)},
        {"label": _("EQF levels"), "value": ", ".join(map(str, fiche.eqf_levels))},
        {"label": _("Funding"), "value": labels(fiche.funding_sources, FundingSource)},
        {"label": _("Time to set up"), "value": quantity(months, Unit.MONTHS) if months else ""},
        {"label": _("Quick win"), "value": _("Yes: visible within a year") if fiche.quick_win else ""},
        {"label": _("Evidence"), "value": fiche.get_evidence_strength_display()},
    ]
