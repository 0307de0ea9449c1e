"""Statements that hold pass; each way they may not is refused by name or put to a person."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.financials import LINES, REQUIRED_LINES, FinancialStatement
from domain.financials.checks import (
    StatementFinding,
    Weight,
    balance_gap,
    balances,
    check_statement,
    check_statements,
    doubts_of,
    errors_of,
    tolerance,
)
from tests.domain.financials.firms import sound, three_years

AMOUNTS = st.decimals(
    min_value=-(10**12), max_value=10**12, places=2, allow_nan=False, allow_infinity=False
)


def codes(findings: tuple[StatementFinding, ...]) -> list[tuple[int, str, str]]:
    return [(each.year, each.line, each.code) for each in findings]


def of_one(statement: FinancialStatement) -> list[tuple[str, str]]:
    return [(each.line, each.code) for each in check_statement(statement)]


def test_three_years_that_roll_forward_have_no_finding() -> None:
    assert check_statements(three_years(), today=date(2026, 4, 1)) == ()


@pytest.mark.parametrize("name", REQUIRED_LINES)
def test_a_required_line_left_out_is_an_error_at_its_field(name: str) -> None:
    found = errors_of(tuple(check_statement(sound(without=(name,)))))
    assert (f"statements.2025.{name}", "statement.line_missing") in [
        (each.field, each.code) for each in found
    ]


@pytest.mark.parametrize("name", [line.name for line in LINES if not line.signed])
def test_a_line_below_zero_is_an_error_where_none_may_be(name: str) -> None:
    assert (name, "statement.line_negative") in of_one(sound(changed={name: "-1"}))


def test_losses_may_be_below_zero() -> None:
    lost = sound(changed={"net_profit": "-75000", "ebit": "-30000", "cost_of_sales": "990000"})
    assert "statement.line_negative" not in [code for _, code in of_one(lost)]


@pytest.mark.parametrize(
    ("changed", "finding"),
    [
        ({"total_assets": "1001002"}, ("total_assets", "statement.unbalanced")),
        ({"total_assets": "0"}, ("total_assets", "statement.no_assets")),
        ({"inventory": "651000"}, ("inventory", "statement.part_exceeds_whole")),
        ({"inventory": "300000"}, ("current_assets", "statement.parts_exceed_whole")),
        ({"fixed_assets": "400000"}, ("total_assets", "statement.parts_exceed_whole")),
        ({"payables": "200000"}, ("current_liabilities", "statement.parts_exceed_whole")),
        ({"long_term_debt": "200000"}, ("total_liabilities", "statement.parts_exceed_whole")),
        ({"goodwill": "1"}, ("goodwill", "statement.line_unknown")),
    ],
)
def test_a_sheet_that_does_not_hold_is_an_error(
    changed: dict[str, str], finding: tuple[str, str]
) -> None:
    found = tuple(check_statement(sound(changed=changed)))
    assert finding in [(each.line, each.code) for each in found if each.weight is Weight.ERROR]


@pytest.mark.parametrize(
    ("changed", "finding"),
    [
        ({"retained_earnings": "600000"}, ("retained_earnings", "statement.retained_above_equity")),
        ({"ebit": "300000"}, ("ebit", "statement.ebit_differs")),
        ({"net_profit": "200000"}, ("net_profit", "statement.profit_differs")),
        ({"revenue": "0"}, ("revenue", "statement.no_revenue")),
    ],
)
def test_what_may_be_true_but_seldom_is_goes_to_a_person(
    changed: dict[str, str], finding: tuple[str, str]
) -> None:
    found = tuple(check_statement(sound(changed=changed)))
    assert finding in [(each.line, each.code) for each in found if each.weight is Weight.DOUBT]


def test_a_profit_out_of_a_loss_is_doubted_where_the_tax_is_unknown() -> None:
    odd = sound(changed={"ebit": "10000"}, without=("tax", "operating_expenses"))
    assert ("net_profit", "statement.profit_sign") in of_one(odd)


def test_unaudited_years_are_doubted() -> None:
    unaudited = replace(sound(), audited=False)
    assert of_one(unaudited) == [("total_assets", "statement.unaudited")]


def test_the_missing_year_is_named() -> None:
    found = check_statements([sound(2022), sound(2025)])
    assert [each.params["year"] for each in found if each.code == "statement.year_missing"] == [
        "2023",
        "2024",
    ]


def test_a_known_year_fills_the_gap_and_a_filed_one_replaces_it() -> None:
    first, second, third = three_years()
    assert check_statements([first, third], [second]) == ()
    assert check_statements([second], [first, replace(second, lines={}), third]) == ()
    assert check_statements([], [replace(second, lines={})])[0].code == "statement.few_years"


def test_years_twice_not_over_or_in_two_currencies_are_errors() -> None:
    first, second, third = three_years()
    assert (2023, "year", "statement.year_twice") in codes(check_statements([first, first]))
    found = check_statements([first, second, third], today=date(2025, 12, 31))
    assert codes(found) == [(2025, "year", "statement.year_not_over")]
    mixed = check_statements([first, second, replace(third, currency="USD")])
    assert (2025, "currency", "statement.currencies") in codes(mixed)


def test_fewer_than_three_years_are_said() -> None:
    found = check_statements([sound(2025)])
    assert [(each.code, dict(each.params)) for each in found] == [
        ("statement.few_years", {"wanted": "3", "found": "1"})
    ]


@pytest.mark.parametrize(
    ("changed", "finding"),
    [
        ({"cash": "150000"}, ("cash", "statement.cash_roll")),
        ({"retained_earnings": "300000"}, ("retained_earnings", "statement.retained_rose_more")),
        ({"retained_earnings": "210000"}, ("retained_earnings", "statement.retained_rose_less")),
    ],
)
def test_a_year_that_does_not_follow_the_one_before_is_doubted(
    changed: dict[str, str], finding: tuple[str, str]
) -> None:
    first, second, _ = three_years()
    found = check_statements([first, second, sound(2025, changed)])
    assert [(each.line, each.code) for each in found] == [finding]
    assert doubts_of(found) == found


def test_yuan_beside_ten_thousands_is_doubted() -> None:
    first, second, third = three_years()
    small = {name: amount / 10000 for name, amount in second.lines.items()}
    found = check_statements([first, replace(second, lines=small), third])
    assert {each.line for each in found if each.code == "statement.unit_jump"} == {"total_assets"}
    assert errors_of(found) == ()


@given(assets=AMOUNTS, owed=AMOUNTS, gap=AMOUNTS)
def test_a_sheet_balances_within_the_tolerance_and_never_beyond(
    assets: Decimal, owed: Decimal, gap: Decimal
) -> None:
    lines = {"total_assets": assets, "total_liabilities": owed, "equity": assets - owed - gap}
    statement = FinancialStatement(2025, "CNY", lines)
    assert balance_gap(statement) == gap
    assert balances(statement) is (abs(gap) <= max(Decimal("0.01"), abs(assets) / 1000))


@given(st.dictionaries(st.sampled_from([line.name for line in LINES]), AMOUNTS))
def test_any_figures_are_checked_without_an_exception(lines: dict[str, Decimal]) -> None:
    statement = FinancialStatement(2025, "CNY", lines)
    found = check_statements([statement, replace(statement, year=2024)])
    refused = {(each.line, each.code) for each in found if each.weight is Weight.ERROR}
    for name in REQUIRED_LINES:
        assert ((name, "statement.line_missing") in refused) is (name not in lines)
    assert all(
        value.isdigit() or value.isascii() for each in found for value in each.params.values()
    )
    assert tolerance(Decimal(0)) == Decimal("0.01")
