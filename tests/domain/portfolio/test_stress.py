"""A shock leaves a sheet that balances, and worse figures than before."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.financials.statement import FinancialStatement
from domain.portfolio.stress import Restated, Shock, distribution, movers, stressed
from domain.violations import LoanRuleViolation
from runner.demo.synthetic import SyntheticFirm, synthetic_firms
from tests.domain.portfolio.notes_of_book import an_id

YEAR = FinancialStatement(
    2025,
    "CNY",
    {
        **{"cash": Decimal("100.00"), "receivables": Decimal("300.00")},
        **{"inventory": Decimal("200.00"), "current_assets": Decimal("600.00")},
        **{"fixed_assets": Decimal("400.00"), "total_assets": Decimal("1000.00")},
        **{"short_term_debt": Decimal("200.00"), "payables": Decimal("100.00")},
        **{"current_liabilities": Decimal("300.00"), "long_term_debt": Decimal("200.00")},
        **{"total_liabilities": Decimal("500.00"), "equity": Decimal("500.00")},
        **{"retained_earnings": Decimal("250.00"), "revenue": Decimal("2000.00")},
        **{"cost_of_sales": Decimal("1500.00"), "operating_expenses": Decimal("300.00")},
        **{"depreciation": Decimal("40.00"), "ebit": Decimal("200.00")},
        **{"interest_expense": Decimal("20.00"), "tax": Decimal("45.00")},
        **{"net_profit": Decimal("135.00"), "operating_cash_flow": Decimal("120.00")},
    },
)
FIRMS = synthetic_firms(40, date(2026, 11, 28))


def _lines(**shock: str) -> dict[str, Decimal]:
    made = Shock(**{name: Decimal(value) for name, value in shock.items()})
    return dict(stressed(YEAR, made).lines)


def _told(lines: dict[str, Decimal], *names: str) -> str:
    return " ".join(f"{lines[name]}" for name in names)


def test_a_fifth_less_sales_by_hand() -> None:
    """Margin 25 %: sales 1,600, cost 1,200, so 100 less profit, 75 after tax."""
    lines = _lines(sales="-0.2")
    assert _told(lines, "revenue", "cost_of_sales") == "1600.00 1200.00"
    assert _told(lines, "ebit", "tax", "net_profit") == "100.00 20.00 60.00"
    assert _told(lines, "cash", "total_assets", "equity") == "25.00 925.00 425.00"
    assert _told(lines, "retained_earnings", "short_term_debt") == "175.00 200.00"


def test_points_off_the_margin_by_hand() -> None:
    """Ten points of 2,000 are 200: no profit, no tax; cash pays 100 and the bank 55 more."""
    lines = _lines(margin="0.1")
    assert _told(lines, "ebit", "tax", "net_profit") == "0.00 0.00 -20.00"
    assert _told(lines, "cash", "short_term_debt", "equity") == "0.00 255.00 345.00"
    assert _told(lines, "current_liabilities", "total_liabilities") == "355.00 555.00"


def test_dearer_debt_by_hand() -> None:
    """Two points on 400 of debt are 8, 6 after tax."""
    lines = _lines(interest="0.02")
    assert _told(lines, "interest_expense", "ebit", "net_profit") == "28.00 200.00 129.00"
    assert _told(lines, "cash") == "94.00"


@given(
    sales=st.decimals("-0.9", "0.9", places=2),
    margin=st.decimals("-0.5", "0.5", places=2),
    interest=st.decimals("0", "0.2", places=3),
    firm=st.sampled_from(FIRMS),
)
def test_every_sheet_balances_after_every_shock(
    sales: Decimal, margin: Decimal, interest: Decimal, firm: SyntheticFirm
) -> None:
    for firm_year in firm.statements:
        after = stressed(firm_year, Shock(sales, margin, interest)).lines
        assert after["total_assets"] == after["total_liabilities"] + after["equity"]
        current = after["cash"] + after["receivables"] + after["prepayments"] + after["inventory"]
        assert after["current_assets"] == current
        assert after["total_assets"] == current + after["fixed_assets"]
        spent = after["cost_of_sales"] + after["operating_expenses"]
        assert after["ebit"] == after["revenue"] - spent
        assert after["net_profit"] == after["ebit"] - after["interest_expense"] - after["tax"]
        assert after["cash"] >= 0


def test_no_shock_changes_nothing() -> None:
    assert stressed(YEAR, Shock()) == YEAR


def test_lines_nobody_stated_stay_unstated() -> None:
    bare = FinancialStatement(2025, "CNY", {"revenue": Decimal("10.00"), "ebit": Decimal("1.00")})
    assert dict(stressed(bare, Shock(sales=Decimal("-0.5"))).lines) == dict(bare.lines)


@pytest.mark.parametrize("shock", [Shock(sales=Decimal(-1)), Shock(interest=Decimal("-0.01"))])
def test_a_shock_out_of_range_is_refused(shock: Shock) -> None:
    with pytest.raises(LoanRuleViolation) as caught:
        shock.refuse_unlikely()
    assert caught.value.code == "stress.range"


def test_grades_before_and_after_and_who_moves() -> None:
    found = [
        Restated(an_id("a"), "甲", "AA", "B"),
        Restated(an_id("b"), "乙", "AA", "AA"),
        Restated(an_id("c"), "丙", "A", "BBB"),
        Restated(an_id("d"), "丁", None, None),
    ]
    shifts = {one.grade: (one.before, one.after) for one in distribution(found)}
    assert shifts["AA"] == (2, 1)
    assert (shifts["B"], shifts["BBB"], shifts["unrated"]) == ((0, 1), (0, 1), (1, 1))
    assert [one.name for one in movers(found)] == ["甲", "丙"]
    assert movers(found)[0].notches == 3
