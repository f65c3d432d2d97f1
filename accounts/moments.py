"""Times for people: a time of day never stands without its zone."""

from datetime import timedelta

from django.utils.formats import date_format


def moment(at) -> str:
    """“22 November 2026, 10:42 UTC+2”, in the zone that `at` has; in templates {{ at|moment }} takes the reader’s."""
    if not at:
        return ""
    offset = at.utcoffset()
    minutes = abs(offset) // timedelta(minutes=1)
    hours = f"{'−' if offset < timedelta(0) else '+'}{minutes // 60}" if minutes else ""
    part = f":{minutes % 60:02}" if minutes % 60 else ""
    return f"{date_format(at, 'DATETIME_FORMAT')}\N{NO-BREAK SPACE}UTC{hours}{part}"
