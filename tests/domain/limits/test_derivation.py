"""The limit line by line: the published sheet, each cap, and what cannot be computed."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from domain.financials.statement import FinancialStatement
from domain.limits import Ask, Collateral, LineName, Origin, derive
from domain.limits.lines import Input, LimitLine
from domain.money import Currency
from tests.domain.limits.firms import D, case, shipped_terms, statement

TERMS = shipped_terms()


def line(found: tuple[LimitLine, ...], name: LineName) -> LimitLine:
    return next(each for each in found if each.name is name)


def value(of: LimitLine, name: str) -> Decimal:
    return next(each.value for each in of.inputs if each.name == name)


def published(inventory: str = "1029.665", prepaid: str = "1845.39") -> LimitLine:
    """The sheet printed beside the rule, in units of 10,000 yuan; balances already averaged."""
    balances = {
        "receivables": D("1222.43"),
        "inventory": D(inventory),
        "prepayments": D(prepaid),
        "payables": D("1.00"),
        "advances_received": D("79.55"),
    }
    year = FinancialStatement(
        2010,
        "CNY",
        {
            **balances,
            "revenue": D("20315.74"),
            "cost_of_sales": D("19178.09"),
            "net_profit": D("903.12"),
        },
    )
    growth = D(36500) / D("20315.74") - 1
    ask = Ask(D(1_000_000), 12, growth=growth, own=D("3001.22"), loans_elsewhere=D(0))
    found = derive(case(statements=(year,), ask=ask), TERMS)
    return line(found.lines, LineName.WORKING_CAPITAL)


def test_the_published_sheet_comes_out_to_the_digit() -> None:
    sheet = published()
    assert value(sheet, "turns").quantize(D("0.0001")) == D("4.8516")
    assert value(sheet, "need").quantize(D("0.01")) == D("7188.84")
    assert sheet.amount == D("4187.62")


def test_with_averages_rounded_to_two_places_the_sheet_is_the_verified_one() -> None:
    sheet = published("1029.66", "1845.40")
    assert value(sheet, "turns").quantize(D("0.0001")) == D("4.8516")
    assert value(sheet, "need").quantize(D("0.01")) == D("7188.85")
    assert sheet.amount == D("4187.63")


def test_every_line_is_there_with_its_figures_and_the_least_binds() -> None:
    found = derive(case(), TERMS)
    assert [each.name for each in found.lines] == [
        LineName.WORKING_CAPITAL,
        LineName.NET_WORTH,
        LineName.DEBT_SERVICE,
        LineName.SECURITY,
        LineName.SINGLE_NAME,
        LineName.PRODUCT,
        LineName.ASK,
    ]
    assert all(each.inputs for each in found.lines)
    assert found.limit == min(each.amount for each in found.lines if each.amount is not None)
    assert found.binding == (LineName.WORKING_CAPITAL,)
    assert not found.not_computable


def test_balances_are_averages_of_two_years_and_say_so() -> None:
    sheet = line(derive(case(), TERMS).lines, LineName.WORKING_CAPITAL)
    stock = next(each for each in sheet.inputs if each.name == "inventory")
    assert stock == Input("inventory", D(19_000_000), stock.unit, Origin.AVERAGE, 2025)
    one_year = case(statements=(statement(),), ask=Ask(D(30_000_000), 12, growth=D("0.05")))
    sheet = line(derive(one_year, TERMS).lines, LineName.WORKING_CAPITAL)
    stock = next(each for each in sheet.inputs if each.name == "inventory")
    assert (stock.value, stock.origin) == (D(20_000_000), Origin.YEAR_END)


def test_the_working_capital_line_recomputes_by_hand() -> None:
    sheet = line(derive(case(), TERMS).lines, LineName.WORKING_CAPITAL)
    days = 360 * (
        D(25_000_000) / D(120_000_000)
        + D(19_000_000) / D(95_000_000)
        + D(5_000_000) / D(95_000_000)
        - D(15_000_000) / D(95_000_000)
        - D(3_000_000) / D(120_000_000)
    )
    need = D(120_000_000) * (1 - D("12500000") / D(120_000_000)) * (D(120) / D(110)) * days / 360
    assert sheet.amount == (need - D(15_000_000) - D(8_000_000)).quantize(D("0.01"))


def test_the_caps_beside_it_are_the_tables_shares() -> None:
    secured = case(
        collateral=(Collateral("real_estate", D(20_000_000)),), group_owed=D(700_000_000)
    )
    found = derive(secured, TERMS).lines
    assert line(found, LineName.NET_WORTH).amount == D("28000000.00")
    assert line(found, LineName.SECURITY).amount == D("13000000.00") + D("17500000.00")
    assert line(found, LineName.SINGLE_NAME).amount == D("500000000.00")
    assert line(found, LineName.GROUP).amount == D("50000000.00")
    assert line(found, LineName.PRODUCT).amount == D("500000000.00")
    assert line(found, LineName.ASK).amount == D("30000000.00")


def test_debt_service_is_the_worth_of_level_payments_within_the_cover() -> None:
    found = derive(case(), TERMS)
    assert found.rates is not None
    service = line(found.lines, LineName.DEBT_SERVICE)
    room = (D(14_000_000) - D(3_000_000)) / D("1.25") - D(1_500_000)
    assert value(service, "yearly_room") == room
    rate = found.rates.rate
    paid = sum((room / (1 + rate) ** n for n in range(1, 6)), D(0))
    assert service.amount == paid.quantize(D("0.01"))


@pytest.mark.parametrize(
    ("changes", "name", "problem", "missing"),
    [
        ({"statements": ()}, LineName.NET_WORTH, "no_statement", ("statement",)),
        (
            {"statements": (statement(without=("payables", "prepayments")),)},
            LineName.WORKING_CAPITAL,
            "line_missing",
            ("prepayments", "payables"),
        ),
        (
            {"statements": (statement(without=("depreciation",)),)},
            LineName.DEBT_SERVICE,
            "line_missing",
            ("depreciation",),
        ),
        (
            {"statements": (statement(),)},
            LineName.WORKING_CAPITAL,
            "growth_unknown",
            ("growth",),
        ),
        (
            {"statements": (statement(2024), statement(revenue=D(0)))},
            LineName.WORKING_CAPITAL,
            "no_sales",
            (),
        ),
        (
            {"collateral": (Collateral("painting", D(9)),)},
            LineName.SECURITY,
            "collateral_kind",
            ("painting",),
        ),
        ({"currency": Currency.USD}, LineName.SINGLE_NAME, "capital_currency", ()),
        ({"currency": Currency.USD}, LineName.NET_WORTH, "statement_currency", ()),
        (
            {"statements": (statement(2024), statement(receivables=D(900_000_000)))},
            LineName.WORKING_CAPITAL,
            "cycle_implausible",
            (),
        ),
        (
            {"ask": Ask(D(1), 12, growth=D(-2))},
            LineName.WORKING_CAPITAL,
            "growth_below_nothing",
            (),
        ),
        (
            {"ask": Ask(D(1), 12, other=D(-2))},
            LineName.WORKING_CAPITAL,
            "figures_out_of_range",
            (),
        ),
    ],
)
def test_what_cannot_be_computed_says_why_and_goes_to_a_person(
    changes: dict[str, Any], name: LineName, problem: str, missing: tuple[str, ...]
) -> None:
    found = derive(case(**changes), TERMS)
    odd = line(found.lines, name)
    assert (odd.amount, odd.problem, odd.missing) == (None, problem, missing)
    assert odd in found.not_computable
    assert found.limit is None, "a line nobody could compute is never left out"
    assert found.at_most == min(each.amount for each in found.lines if each.amount is not None)


def test_a_firm_its_suppliers_finance_needs_nothing() -> None:
    paid_late = statement(payables=D(90_000_000))
    found = derive(case(statements=(statement(2024, payables=D(90_000_000)), paid_late)), TERMS)
    assert found.limit == 0
    assert found.binding == (LineName.WORKING_CAPITAL,)


def test_a_loss_or_a_negative_net_worth_never_widens_a_limit() -> None:
    years = (statement(2024), statement(net_profit=D(-60_000_000), tax=D(0), equity=D(-1)))
    found = derive(case(statements=years), TERMS)
    assert line(found.lines, LineName.NET_WORTH).amount == 0
    assert line(found.lines, LineName.SECURITY).amount == 0
    sheet = line(found.lines, LineName.WORKING_CAPITAL)
    assert value(sheet, "profit_margin") == 0
    assert found.limit == 0


@pytest.mark.parametrize("grade", ["BBB", "B", "C", "D"])
def test_a_grade_that_is_not_lent_to_gets_nothing_and_says_so(grade: str) -> None:
    found = derive(case(grade), TERMS)
    assert (found.limit, found.refused, found.lines) == (D(0), "grade_not_lent_to", ())
    assert found.rates is None
    assert found.tenor_months is None


def test_two_caps_that_meet_both_bind() -> None:
    asked = replace(case().ask, amount=D(500_000_000))
    tied = case("AAA", ask=asked, product_max=D("42000000.00"))
    wide = replace(asked, own=D(0), loans_elsewhere=D(0))
    found = derive(replace(tied, ask=wide), TERMS)
    met = {each.name: each.amount for each in found.lines}
    assert met[LineName.NET_WORTH] == met[LineName.PRODUCT] == D("42000000.00")
    if found.limit == D("42000000.00"):
        assert found.binding == (LineName.NET_WORTH, LineName.PRODUCT)
    else:
        assert LineName.NET_WORTH not in found.binding


@pytest.mark.parametrize(
    ("grade", "asked", "months", "binding"),
    [
        ("AAA", 12, 12, {"ask"}),
        ("AAA", 48, 36, {"product"}),
        ("AA", 48, 36, {"grade", "product"}),
        ("A", 24, 12, {"grade"}),
    ],
)
def test_the_tenor_is_the_shortest_of_grade_product_and_ask(
    grade: str, asked: int, months: int, binding: set[str]
) -> None:
    found = derive(case(grade, ask=Ask(D(1_000_000), asked)), TERMS)
    assert found.tenor_months == months
    assert {cap.name for cap in found.tenors if cap.binding} == binding
