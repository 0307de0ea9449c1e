"""The bank's worked examples, to the cent."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from domain.day_counts import DayCount
from domain.schedules import CustomRow, PeriodUnit, RepaymentMethod
from tests.domain.schedules.notes import interest, lines


def shown(line: object) -> tuple[str, ...]:
    names = ("total", "principal", "interest", "balance_after")
    return tuple(str(getattr(line, name)) for name in names)


def test_equal_instalment() -> None:
    rows = lines()
    assert shown(rows[0]) == ("102371.88", "98021.88", "4350.00", "1101978.12")
    assert shown(rows[1]) == ("102371.88", "98377.21", "3994.67", "1003600.91")
    assert shown(rows[11]) == ("102371.89", "102002.13", "369.76", "0.00")
    assert interest(rows) == Decimal("28462.57")


def test_equal_principal() -> None:
    rows = lines(method=RepaymentMethod.EQUAL_PRINCIPAL)
    assert [str(row.total) for row in (rows[0], rows[1], rows[11])] == [
        "104350.00",
        "103987.50",
        "100362.50",
    ]
    assert interest(rows) == Decimal("28275.00")


def test_interest_first_bullet() -> None:
    rows = lines(method=RepaymentMethod.INTEREST_FIRST_BULLET)
    assert {str(row.interest) for row in rows} == {"4350.00"}
    assert str(rows[-1].total) == "1204350.00"


def test_three_months_of_grace_then_nine_level_instalments() -> None:
    rows = lines(principal_grace=3)
    assert [str(row.total) for row in rows[:3]] == ["4350.00"] * 3
    assert [str(row.total) for row in rows[3:11]] == ["135761.66"] * 8
    assert shown(rows[11]) == ("135761.65", "135271.29", "490.36", "0.00")
    assert interest(rows) == Decimal("34904.93")


def test_step_up_by_shares_of_principal_each_quarter() -> None:
    shares = tuple(map(Decimal, ("0.1", "0.2", "0.3", "0.4")))
    rows = lines(
        method=RepaymentMethod.STEP_UP,
        instalments=4,
        unit=PeriodUnit.QUARTER,
        step_shares=shares,
    )
    assert [str(row.total) for row in rows] == ["133050.00", "251745.00", "369135.00", "485220.00"]
    assert interest(rows) == Decimal("39150.00")


def test_quarterly_settlement_on_the_20th_sums_to_the_interest_of_the_whole() -> None:
    rows = lines(
        principal=Decimal(10000000),
        yearly_rate=Decimal("0.0345"),
        method=RepaymentMethod.INTEREST_FIRST_BULLET,
        day_count=DayCount.ACT_360,
        unit=PeriodUnit.QUARTER,
        instalments=5,
        settlement_day=20,
        matures_on=date(2027, 3, 10),
    )
    assert [(row.period_start_on, row.due_on, str(row.interest)) for row in rows] == [
        (date(2026, 3, 10), date(2026, 3, 21), "10541.67"),
        (date(2026, 3, 21), date(2026, 6, 21), "88166.67"),
        (date(2026, 6, 21), date(2026, 9, 21), "88166.67"),
        (date(2026, 9, 21), date(2026, 12, 21), "87208.33"),
        (date(2026, 12, 21), date(2027, 3, 10), "75708.33"),
    ]
    assert interest(rows) == Decimal("349791.67")


def test_interest_and_principal_once_at_maturity() -> None:
    for day_count, cost in (
        (DayCount.ACT_360, "349791.67"),
        (DayCount.ACT_365F, "345000.00"),
        (DayCount.THIRTY_360, "345000.00"),
    ):
        (row,) = lines(
            principal=Decimal(10000000),
            yearly_rate=Decimal("0.0345"),
            method=RepaymentMethod.MATURITY,
            day_count=day_count,
        )
        assert (row.n, row.due_on, str(row.interest)) == (1, date(2027, 3, 10), cost)


def test_balloon_leaves_the_agreed_amount_to_the_last_instalment() -> None:
    rows = lines(method=RepaymentMethod.BALLOON, balloon=Decimal(400000))
    level = rows[0].total
    assert {row.total for row in rows[:-1]} == {level}
    assert abs(rows[-1].total - level - 400000) < Decimal("0.12")


def test_agreed_rows_are_paid_on_their_days() -> None:
    rows = lines(
        method=RepaymentMethod.CUSTOM,
        day_count=DayCount.ACT_360,
        instalments=2,
        custom=(
            CustomRow(date(2026, 5, 15), Decimal(200000)),
            CustomRow(date(2027, 1, 31), Decimal(1000000)),
        ),
    )
    assert [(row.due_on, str(row.interest), str(row.balance_after)) for row in rows] == [
        (date(2026, 5, 15), "9570.00", "1000000.00"),
        (date(2027, 1, 31), "31537.50", "0.00"),
    ]
