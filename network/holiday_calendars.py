"""Calendars of public holidays that an authority may follow: its country’s, or one of a part of it."""

from functools import cache

from django.utils.translation import gettext as _

from .countries import country_name


@cache
def parts(country: str) -> dict[str, str]:
    """Code → name of the parts of a country that have holidays of their own, as package `holidays` knows them."""
    import holidays  # it knows every country: only where somebody asks

    if country not in holidays.list_supported_countries():
        return {}
    calendar = holidays.country_holidays(country)
    names = {}
    for name, code in calendar.subdivisions_aliases.items():
        names.setdefault(code, name)
    return {code: names.get(code, code) for code in calendar.subdivisions if code.isascii() and len(code) <= 7}


def choices(country: str) -> list[tuple[str, str]]:
    """(code, name): empty for the whole country, else such as IT-BZ."""
    found = sorted((name, f"{country}-{code}") for code, name in parts(country).items())
    whole = _("{country}, national holidays").format(country=country_name(country))
    return [("", whole), *((code, name) for name, code in found)]
