"""Times of day stand with their zone."""

from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.template import engines
from django.utils import timezone, translation

AT = datetime(2026, 11, 22, 8, 42, tzinfo=UTC)


@pytest.mark.parametrize(
    ("zone", "said"),
    [
        ("UTC", "22 November 2026, 08:42\xa0UTC"),
        ("Europe/Athens", "22 November 2026, 10:42\xa0UTC+2"),
        ("America/St_Johns", "22 November 2026, 05:12\xa0UTC−3:30"),
    ],
)
def test_a_time_names_the_zone_of_its_reader(zone, said):
    page = engines["django"].from_string("{% load tz %}{{ at|moment }} / {{ at|utc|moment }} / {{ nothing|moment }}")
    with timezone.override(ZoneInfo(zone)), translation.override("en"):
        assert page.render({"at": AT}) == f"{said} / 22 November 2026, 08:42\xa0UTC / "


def test_no_page_says_a_time_of_day_without_its_zone():
    pages = Path(__file__).parent.parent.glob("templates/**/*.html")
    assert not [page.name for page in pages if "DATETIME_FORMAT" in page.read_text(encoding="utf-8")]
