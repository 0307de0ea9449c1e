"""The working calendar a new book starts with: official years, then provisional ones."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from holidays import country_holidays

FIRST_YEAR, LAST_YEAR = 2018, 2040
LAST_OFFICIAL_YEAR = 2026
"""The last year whose State Council notice (with its swap days) the `holidays` package knows.

Later years hold the statutory days only, so they are marked provisional until an edited notice
replaces them.
"""

YearStatus = Literal["official", "provisional"]


@dataclass(frozen=True)
class CalendarRow:
    """One day of the calendar: whether the bank works, and how sure its year is."""

    day: date
    is_working: bool
    year_status: YearStatus


def calendar_rows() -> list[CalendarRow]:
    """Every day from 2018 to 2040, in order.

    `holidays` knows the weekend days worked in exchange for a holiday (调休) of official years.
    """
    china = country_holidays("CN", years=range(FIRST_YEAR, LAST_YEAR + 1))
    first, last = date(FIRST_YEAR, 1, 1), date(LAST_YEAR, 12, 31)
    days = (first + timedelta(days=i) for i in range((last - first).days + 1))
    return [CalendarRow(day, china.is_working_day(day), _status(day.year)) for day in days]


def _status(year: int) -> YearStatus:
    return "official" if year <= LAST_OFFICIAL_YEAR else "provisional"
