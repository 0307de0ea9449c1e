"""The cumulative family: level instalments by the closed formula, flat interest over the term."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

from domain.day_counts import DayCount
from domain.money import Currency
from domain.schedules import (
    Amortisation,
    PeriodUnit,
    RepaymentMethod,
    Rounding,
    RoundingMode,
    ScheduleTerms,
    build_schedule,
)

TO_THE_EVEN = Rounding(RoundingMode.HALF_EVEN)
IN_WHOLE = Rounding(RoundingMode.HALF_EVEN, Decimal(1))


def terms(principal: str, rate: str, count: int, **others: object) -> ScheduleTerms:
    base = ScheduleTerms(
        principal=Decimal(principal),
        currency=Currency.EUR,
        yearly_rate=Decimal(rate),
        method=RepaymentMethod.EQUAL_INSTALMENT,
        drawn_on=date(2024, 1, 1),
        instalments=count,
        rounding=TO_THE_EVEN,
        amortisation=Amortisation.CUMULATIVE,
    )
    return replace(base, **others)  # type: ignore[arg-type] # the names are checked


def parts(asked: ScheduleTerms) -> list[tuple[str, str]]:
    return [(str(line.principal), str(line.interest)) for line in build_schedule(asked)]


def test_the_level_instalment_counts_months_of_thirty_days_and_interest_the_real_ones() -> None:
    lines = build_schedule(terms("10000", "0.12", 3, day_count=DayCount.ACT_365F))
    # 10,000 x q / (1 - (1 + q)^-3) with q = 0.12 x 30 / 365
    assert [str(line.total) for line in lines[:2]] == ["3399.30", "3399.30"]
    assert [str(line.interest) for line in lines] == ["101.92", "63.90", "34.32"]


def test_periods_free_of_interest_leave_the_instalment_as_it_is() -> None:
    free, paid = terms("1200", "0.12", 6, interest_free=2), terms("1200", "0.12", 6)
    assert build_schedule(free)[0].total == build_schedule(paid)[0].total
    assert build_schedule(free)[-1].total < build_schedule(paid)[-1].total


def test_level_instalments_rounded_up_end_the_loan_before_its_last_period() -> None:
    lines = build_schedule(terms("10", "0", 12, rounding=IN_WHOLE))
    assert [str(line.principal) for line in lines] == ["1.00"] * 10


def test_equal_principal_is_in_cents_whatever_the_instalment_is_a_multiple_of() -> None:
    asked = terms("1000", "0.12", 3, method=RepaymentMethod.EQUAL_PRINCIPAL, rounding=IN_WHOLE)
    assert parts(asked) == [("333.33", "10.00"), ("333.33", "6.67"), ("333.34", "3.33")]


def test_flat_instalments_are_multiples_although_their_interest_is_none() -> None:
    asked = terms("1250", "0.1236", 3, method=RepaymentMethod.FLAT, rounding=IN_WHOLE)
    assert parts(asked) == [("417.13", "12.87"), ("417.13", "12.87"), ("415.74", "12.88")]


def test_flat_interest_that_a_grace_puts_off_is_spread_over_the_rest() -> None:
    asked = terms("1000", "0.12", 4, method=RepaymentMethod.FLAT, interest_payment_grace=1)
    assert parts(asked) == [
        ("250.00", "0.00"),
        ("250.00", "13.33"),
        ("250.00", "13.33"),
        ("250.00", "13.34"),
    ]


def test_flat_interest_is_due_while_principal_waits() -> None:
    asked = terms("1000", "0.07", 3, method=RepaymentMethod.FLAT, principal_grace=1)
    assert parts(asked) == [("0.00", "5.83"), ("500.00", "5.83"), ("500.00", "5.84")]


def test_a_tie_is_one_although_its_rate_has_no_last_digit() -> None:
    tie = terms(
        "937.50",
        "0.24",
        1,
        unit=PeriodUnit.WEEK,
        every=15,
        amortisation=Amortisation.PROGRESSIVE,
    )
    # 937.50 x 0.24 x 105 / 360 = 65.625
    assert build_schedule(tie)[0].interest == Decimal("65.62")
    assert build_schedule(replace(tie, rounding=Rounding()))[0].interest == Decimal("65.63")
