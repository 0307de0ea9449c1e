"""Due dates: anchors, short months, days off, settlement days, first and last periods."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from domain.day_counts import DayCount
from domain.schedules import (
    HolidayRule,
    MonthEnd,
    PeriodUnit,
    RepaymentMethod,
    build_schedule,
)
from domain.violations import LoanRuleViolation
from tests.domain.schedules.notes import lines, note


@pytest.mark.parametrize(
    ("month_end", "dues"),
    [
        (MonthEnd.LAST_DAY, [date(2025, 2, 28), date(2025, 3, 31), date(2025, 4, 30)]),
        (MonthEnd.FIRST_OF_NEXT, [date(2025, 3, 1), date(2025, 3, 31), date(2025, 5, 1)]),
    ],
)
def test_the_anchor_day_is_kept_through_short_months(month_end: MonthEnd, dues: list[date]) -> None:
    rows = lines(drawn_on=date(2025, 1, 31), instalments=3, month_end=month_end)
    assert [row.due_on for row in rows] == dues


@pytest.mark.parametrize(
    ("unit", "every", "second"),
    [
        (PeriodUnit.DAY, 10, date(2026, 3, 30)),
        (PeriodUnit.WEEK, 2, date(2026, 4, 7)),
        (PeriodUnit.MONTH, 2, date(2026, 7, 10)),
        (PeriodUnit.QUARTER, 1, date(2026, 9, 10)),
        (PeriodUnit.YEAR, 1, date(2028, 3, 10)),
    ],
)
def test_a_period_is_any_number_of_any_unit(unit: PeriodUnit, every: int, second: date) -> None:
    assert lines(unit=unit, every=every)[1].due_on == second


def test_a_due_date_on_a_day_off_moves_on_and_interest_runs_to_it() -> None:
    terms = note(holiday=HolidayRule.FOLLOWING, day_count=DayCount.ACT_360, instalments=2)
    rows = build_schedule(terms, lambda day: day.weekday() < 5)
    # 10 May 2026 is a Sunday
    assert [row.due_on for row in rows] == [date(2026, 4, 10), date(2026, 5, 11)]
    assert rows[1].period_start_on == date(2026, 4, 10)


def test_days_off_cannot_be_avoided_without_a_calendar() -> None:
    with pytest.raises(LoanRuleViolation, match=r"terms\.calendar"):
        build_schedule(note(holiday=HolidayRule.FOLLOWING))


def test_a_first_due_date_becomes_the_anchor_and_its_period_costs_its_days() -> None:
    rows = lines(
        first_due_on=date(2026, 3, 25), instalments=3, method=RepaymentMethod.INTEREST_FIRST_BULLET
    )
    assert [row.due_on for row in rows] == [
        date(2026, 3, 25),
        date(2026, 4, 25),
        date(2026, 5, 25),
    ]
    # three days of a whole month are not a whole month: 15 of 31 days of 4,350.00
    assert rows[0].interest == Decimal("2104.84")
    assert rows[1].interest == Decimal("4350.00")


def test_interest_is_settled_each_month_on_the_20th_and_the_last_day_is_maturity() -> None:
    rows = lines(
        settlement_day=20,
        matures_on=date(2026, 6, 10),
        instalments=4,
        method=RepaymentMethod.INTEREST_FIRST_BULLET,
        day_count=DayCount.ACT_360,
    )
    assert [row.due_on for row in rows] == [
        date(2026, 3, 21),
        date(2026, 4, 21),
        date(2026, 5, 21),
        date(2026, 6, 10),
    ]


def test_schedules_reach_the_year_2100_and_no_further() -> None:
    rows = lines(drawn_on=date(2099, 12, 31), instalments=12)
    assert rows[-1].due_on == date(2100, 12, 31)
    with pytest.raises(LoanRuleViolation, match=r"terms\.date"):
        lines(drawn_on=date(2099, 12, 31), instalments=13)
