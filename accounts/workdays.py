"""Days: today for everybody, and working days – Monday to Friday without the public holidays of one country."""

import calendar
import datetime
from functools import cache

from django.utils import timezone


def today() -> datetime.date:
    """Today in UTC: an embargo or a seat ends for all readers at the same moment, whatever their time zone."""
    return timezone.now().date()


@cache
def public_holidays(country: str, year: int) -> frozenset[datetime.date]:
    """National holidays of an ISO 3166-1 country; none where the package `holidays` does not know it."""
    import holidays  # it knows every country: only where somebody asks

    try:
        return frozenset(holidays.country_holidays(country, years=year))
    except NotImplementedError:
        return frozenset()


def is_working_day(day: datetime.date, country: str = "") -> bool:
    return day.weekday() < 5 and not (country and day in public_holidays(country, day.year))


def working_days(start: datetime.date, end: datetime.date, country: str = "") -> int:
    """How many working days after `start` have begun by `end`: from Friday to the Monday after it is one."""
    days = (start + datetime.timedelta(days=n) for n in range(1, (end - start).days + 1))
    return sum(is_working_day(day, country) for day in days)


def months_after(day: datetime.date, months: int) -> datetime.date:
    """The same day so many months later; the last of the month where it has no such day: 31 August + 6 = 28 February."""
    years, month = divmod(day.month - 1 + months, 12)
    last = calendar.monthrange(day.year + years, month + 1)[1]
    return datetime.date(day.year + years, month + 1, min(day.day, last))
