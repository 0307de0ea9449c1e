"""The seeded calendar follows the official notices, and says where none exists yet."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest

from domain.business_time import BusinessCalendar
from persistence.seed.working_calendar import CalendarRow, calendar_rows


@pytest.fixture(scope="module")
def rows() -> list[CalendarRow]:
    return calendar_rows()


@pytest.fixture(scope="module")
def calendar(rows: list[CalendarRow]) -> BusinessCalendar:
    provisional = frozenset(row.day.year for row in rows if row.year_status == "provisional")
    return BusinessCalendar.of_days({row.day: row.is_working for row in rows}, provisional)


def test_every_day_of_2018_to_2040_is_there_once_and_in_order(rows: list[CalendarRow]) -> None:
    days = [row.day for row in rows]
    assert (days[0], days[-1]) == (date(2018, 1, 1), date(2040, 12, 31))
    assert all(b - a == timedelta(days=1) for a, b in pairwise(days))


def test_years_without_a_notice_are_provisional(rows: list[CalendarRow]) -> None:
    statuses = {row.day.year: row.year_status for row in rows}
    assert [year for year, status in statuses.items() if status == "official"] == list(
        range(2018, 2027)
    )


@pytest.mark.parametrize(
    ("day", "n", "expected"),
    [
        (date(2026, 2, 13), 1, date(2026, 2, 14)),
        (date(2026, 2, 13), 2, date(2026, 2, 24)),
        (date(2026, 4, 30), 1, date(2026, 5, 6)),
        (date(2026, 4, 30), 2, date(2026, 5, 7)),
        (date(2026, 9, 30), 1, date(2026, 10, 8)),
        (date(2026, 9, 30), 2, date(2026, 10, 9)),
    ],
)
def test_working_days_of_2026_follow_the_notice(
    calendar: BusinessCalendar, day: date, n: int, expected: date
) -> None:
    assert calendar.add_working_days(day, n) == expected


# Weekend days worked in exchange for holidays, from the State Council's notices.
@pytest.mark.parametrize(
    ("year", "worked"),
    [
        (2024, "02-04 02-18 04-07 04-28 05-11 09-14 09-29 10-12"),
        (2025, "01-26 02-08 04-27 09-28 10-11"),
        (2026, "01-04 02-14 02-28 05-09 09-20 10-10"),
        (2027, ""),
    ],
)
def test_swap_days_are_worked(calendar: BusinessCalendar, year: int, worked: str) -> None:
    found = sorted(day for day in calendar.working_weekends if day.year == year)
    assert [f"{day:%m-%d}" for day in found] == worked.split()
