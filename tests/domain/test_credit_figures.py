"""Need, cover, loss and duty: the bank's worked numbers, and what is refused."""

from __future__ import annotations

from decimal import Decimal

import pytest

from domain.credit_figures import (
    TurnoverDays,
    WorkingCapital,
    debt_service_cover,
    expected_loss,
    exposure_at_default,
    interest_cover,
    loan_to_value,
    loan_within,
    stamp_duty,
    turnover_days,
    working_capital,
)
from domain.money import Currency
from domain.violations import LoanRuleViolation

D = Decimal


def need(cycle_days: D = D(95), **changed: D) -> WorkingCapital:
    values = {
        "sales": D(120_000_000),
        "profit_margin": D("0.10"),
        "growth": D("0.08"),
        "own": D(10_000_000),
        "existing_loans": D(8_000_000),
        "other": D(2_000_000),
    }
    return working_capital(cycle_days=cycle_days, **{**values, **changed})


def test_the_need_for_working_capital_of_the_worked_example() -> None:
    days = TurnoverDays(
        inventory=D(60), receivable=D(75), payable=D(45), prepaid=D(15), advance=D(10)
    )
    found = need(days.cycle)
    assert days.cycle == 95
    assert found.turns is not None
    assert round(found.turns, 6) == D("3.789474")
    assert [round(found.need, 2), round(found.new_loan, 2)] == [30_780_000, 10_780_000]


def test_the_need_of_the_published_sheet_from_its_balances() -> None:
    sales, cost = D("20315.74"), D("19178.09")
    days = TurnoverDays(
        inventory=turnover_days(cost, D("1029.665")),
        receivable=turnover_days(sales, D("1222.43")),
        payable=turnover_days(cost, D("1.00")),
        prepaid=turnover_days(cost, D("1845.39")),
        advance=turnover_days(sales, D("79.55")),
    )
    found = working_capital(
        sales=sales,
        profit_margin=D("903.12") / sales,
        growth=D(36500) / sales - 1,
        cycle_days=days.cycle,
        own=D("3001.22"),
        existing_loans=D(0),
        other=D(0),
    )
    assert found.turns is not None
    assert round(found.turns, 4) == D("4.8516")
    assert (round(found.need, 2), round(found.new_loan, 2)) == (D("7188.84"), D("4187.62"))


@pytest.mark.parametrize("cycle", [D(0), D(-12)])
def test_a_firm_its_suppliers_finance_needs_nothing(cycle: D) -> None:
    assert need(cycle) == WorkingCapital(None, D(0), D(0))


def test_a_new_loan_is_never_below_zero() -> None:
    assert need(own=D(90_000_000)).new_loan == 0


def test_expected_loss_of_the_worked_example() -> None:
    exposure = exposure_at_default(D(8_000_000), D(2_000_000), D("0.40"))
    assert exposure == 8_800_000
    assert expected_loss(exposure, D("0.012"), D("0.40")) == 42_240


def test_ratios_of_the_worked_example() -> None:
    cover = debt_service_cover(D("18.5"), D(0), D(0), D(9), D("3.2"))
    assert round(cover, 4) == D("1.5164")
    assert interest_cover(D(14), D("3.2")) == D("4.375")
    assert loan_to_value(D(30), D(50)) == D("0.6")
    assert loan_within(D(50), D("0.70")) == 35


def test_stamp_duty_is_half_a_ten_thousandth_rounded_half_up() -> None:
    assert stamp_duty(D(10_000_000), Currency.CNY) == 500
    assert str(stamp_duty(D("12345.67"), Currency.CNY)) == "0.62"


@pytest.mark.parametrize(
    "impossible",
    [
        lambda: turnover_days(D(0), D(1)),
        lambda: turnover_days(D(1), D(-1)),
        lambda: need(sales=D(-1)),
        lambda: need(profit_margin=D("1.01")),
        lambda: need(growth=D("-1.01")),
        lambda: exposure_at_default(D(-1), D(0), D(0)),
        lambda: exposure_at_default(D(1), D(1), D("1.01")),
        lambda: expected_loss(D(1), D("-0.01"), D(0)),
        lambda: debt_service_cover(D(1), D(0), D(0), D(0), D(0)),
        lambda: interest_cover(D(1), D(0)),
        lambda: loan_to_value(D(1), D(0)),
        lambda: loan_within(D(1), D(2)),
        lambda: stamp_duty(D(-1), Currency.CNY),
    ],
)
def test_what_cannot_be_is_refused_by_name(impossible: object) -> None:
    assert callable(impossible)
    with pytest.raises(LoanRuleViolation, match=r"figures\.range"):
        impossible()
