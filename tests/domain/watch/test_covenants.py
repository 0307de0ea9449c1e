"""Covenants: kept, in grace, waived, broken, or not to be judged."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from domain.financials import FinancialStatement
from domain.violations import FindingsViolation
from domain.watch.covenants import (
    CovenantKind,
    CovenantState,
    CovenantTerms,
    dates_of_test,
    judge,
    next_test_on,
    refuse_malformed,
)

DEBT = CovenantTerms(
    kind=CovenantKind.AT_MOST,
    ratio="debt_ratio",
    bound=Decimal("0.65"),
    every_months=3,
    first_test_on=date(2025, 11, 30),
    grace_days=30,
)
TESTED = date(2026, 2, 28)


def stating(liabilities: str, assets: str = "100", year: int = 2025) -> FinancialStatement:
    lines = {"total_liabilities": Decimal(liabilities), "total_assets": Decimal(assets)}
    return FinancialStatement(year, "CNY", lines)


def state(statement: FinancialStatement | None, today: date, waived: date | None = None) -> str:
    return judge(DEBT, statement, TESTED, today, waived).state


def test_at_the_bound_it_is_kept_and_above_it_there_is_grace_and_then_breach() -> None:
    assert state(stating("65"), TESTED) == CovenantState.MET
    assert state(stating("65.01"), TESTED) == CovenantState.IN_GRACE
    assert state(stating("65.01"), date(2026, 3, 30)) == CovenantState.IN_GRACE
    assert state(stating("65.01"), date(2026, 3, 31)) == CovenantState.BREACHED


def test_a_waiver_covers_test_dates_up_to_its_last_day() -> None:
    late = date(2026, 6, 1)
    assert state(stating("90"), late, TESTED) == CovenantState.WAIVED
    assert state(stating("90"), late, date(2026, 2, 27)) == CovenantState.BREACHED
    assert state(stating("10"), late, TESTED) == CovenantState.MET


def test_without_figures_it_is_not_to_be_judged() -> None:
    assert state(None, TESTED) == CovenantState.NOT_ASSESSABLE
    assert state(stating("1", "0"), TESTED) == CovenantState.NOT_ASSESSABLE


def test_a_floor_is_kept_from_the_bound_up() -> None:
    cover = replace(DEBT, kind=CovenantKind.AT_LEAST, ratio="interest_cover", bound=Decimal(2))
    lines = {"ebit": Decimal(4), "interest_expense": Decimal(2)}
    kept = judge(cover, FinancialStatement(2025, "CNY", lines), TESTED, TESTED)
    assert (kept.state, kept.value) == (CovenantState.MET, Decimal(2))


def test_statements_by_a_day_are_those_of_the_year_that_ended() -> None:
    delivery = replace(DEBT, kind=CovenantKind.STATEMENT_DELIVERY, ratio=None, bound=None)
    assert judge(delivery, stating("1"), TESTED, TESTED).state is CovenantState.MET
    old = stating("1", year=2024)
    assert judge(delivery, old, TESTED, TESTED).state is CovenantState.IN_GRACE
    assert judge(delivery, old, TESTED, date(2026, 4, 1)).state is CovenantState.BREACHED


def test_test_dates_keep_the_end_of_the_month() -> None:
    dates = (date(2025, 11, 30), TESTED, date(2026, 5, 30))
    assert dates_of_test(DEBT, date(2026, 6, 1)) == dates
    assert next_test_on(DEBT, date(2026, 5, 30)) == date(2026, 8, 30)
    assert dates_of_test(DEBT, date(2025, 11, 29)) == ()


@pytest.mark.parametrize(
    ("spoilt", "field"),
    [
        (replace(DEBT, ratio="moon"), "ratio"),
        (replace(DEBT, bound=None), "bound"),
        (replace(DEBT, bound=Decimal("NaN")), "bound"),
        (replace(DEBT, every_months=5), "every_months"),
        (replace(DEBT, grace_days=181), "grace_days"),
        (replace(DEBT, grace_days=-1), "grace_days"),
    ],
)
def test_a_covenant_that_says_nothing_is_refused_by_its_entry(
    spoilt: CovenantTerms, field: str
) -> None:
    with pytest.raises(FindingsViolation) as refused:
        refuse_malformed(spoilt)
    assert [found.field for found in refused.value.findings] == [field]
