"""Synthetic firms: sheets that balance and roll forward, numbers that check, no slip unnamed."""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from itertools import combinations, pairwise

import pytest

from domain.applications.fields import INDUSTRIES
from domain.financials.statement import LINES, REQUIRED_LINES
from domain.identifiers import parse_registration_number
from domain.texts import clean_name, name_key
from runner.demo.firms import demo_cases
from runner.demo.synthetic import Fraud, Oddity, SyntheticFirm, Year, synthetic_firms

TODAY = date(2026, 11, 28)
FIRMS = synthetic_firms(220, TODAY)
OTHERS = synthetic_firms(400, date(2027, 2, 14), seed="another")
BOTH = (*FIRMS, *OTHERS)


def _years(firms: tuple[SyntheticFirm, ...]) -> Iterator[Year]:
    return (year for firm in firms for year in firm.years)


def _line(year: Year, *names: str) -> Decimal:
    return sum((year.statement.lines[name] for name in names), Decimal(0))


def test_every_year_balances_to_the_cent() -> None:
    for year in _years(BOTH):
        current = _line(year, "cash", "receivables", "prepayments", "inventory")
        short = _line(year, "short_term_debt", "payables", "advances_received")
        assert _line(year, "current_assets") == current
        assert _line(year, "total_assets") == current + _line(year, "fixed_assets")
        assert _line(year, "current_liabilities") == short
        assert _line(year, "total_liabilities") == short + _line(year, "long_term_debt")
        assert _line(year, "total_assets") == _line(year, "total_liabilities", "equity")
        assert _line(year, "equity") - _line(year, "retained_earnings") == year.paid_in_capital


def test_profit_follows_from_the_lines_above_it() -> None:
    for year in _years(BOTH):
        spent = _line(year, "cost_of_sales", "operating_expenses")
        assert _line(year, "ebit") == _line(year, "revenue") - spent
        less = _line(year, "interest_expense", "tax")
        assert _line(year, "net_profit") == _line(year, "ebit") - less


def test_a_year_rolls_into_the_next() -> None:
    for firm in BOTH:
        for before, after in pairwise(firm.years):
            assert after.statement.year == before.statement.year + 1
            kept = _line(after, "net_profit") - after.dividends
            earned = _line(after, "retained_earnings")
            assert earned == _line(before, "retained_earnings") + kept
            moved = _line(
                after, "operating_cash_flow", "investing_cash_flow", "financing_cash_flow"
            )
            assert _line(after, "cash") - _line(before, "cash") == moved
            assert after.paid_in_capital == before.paid_in_capital


def test_the_cash_flow_follows_from_both_sheets() -> None:
    for firm in BOTH:
        for before, after in pairwise(firm.years):
            bound = [
                _line(year, "receivables", "prepayments", "inventory")
                - _line(year, "payables", "advances_received")
                for year in (before, after)
            ]
            earned = _line(after, "net_profit", "depreciation")
            assert _line(after, "operating_cash_flow") == earned - (bound[1] - bound[0])
            debt = [_line(year, "short_term_debt", "long_term_debt") for year in (before, after)]
            assert _line(after, "financing_cash_flow") == debt[1] - debt[0] - after.dividends
            gained = _line(after, "fixed_assets") - _line(before, "fixed_assets")
            spent = gained + _line(after, "depreciation")
            assert _line(after, "investing_cash_flow") == -spent


def test_lines_are_the_sheets_lines_with_two_places_and_their_sign() -> None:
    known = {line.name: line for line in LINES}
    for year in _years(BOTH):
        lines = year.statement.lines
        assert set(REQUIRED_LINES) <= set(lines) <= set(known)
        for name, amount in lines.items():
            assert amount.as_tuple().exponent == -2
            assert amount >= 0 or known[name].signed, name


def test_three_filed_years_end_before_today() -> None:
    assert {firm.statements[-1].year for firm in FIRMS} == {2025}
    assert {firm.statements[-1].year for firm in OTHERS} == {2025}
    assert {len(firm.statements) for firm in BOTH} == {3}


def test_the_same_seed_gives_the_same_bytes_and_more_firms_leave_the_first_as_they_are() -> None:
    told = hashlib.sha256(repr(synthetic_firms(220, TODAY)).encode()).hexdigest()
    assert told == hashlib.sha256(repr(FIRMS).encode()).hexdigest()
    assert synthetic_firms(40, TODAY) == FIRMS[:40]
    assert synthetic_firms(40, TODAY, seed="another") != FIRMS[:40]


def test_numbers_check_and_are_nobody_elses() -> None:
    for firm in FIRMS:
        assert parse_registration_number(firm.number.scheme, firm.number.value) == firm.number
    numbers = {firm.number.value for firm in FIRMS}
    assert len(numbers) == len(FIRMS)
    assert not numbers & {case.firm.number.value for case in demo_cases()}


def test_names_are_clean_and_two_look_alike_only_where_it_is_meant() -> None:
    by_key: defaultdict[str, list[SyntheticFirm]] = defaultdict(list)
    for firm in FIRMS:
        assert clean_name(firm.name) == firm.name
        by_key[name_key(firm.name)].append(firm)
    alike = [firms for firms in by_key.values() if len(firms) > 1]
    assert len({firm.name for firm in FIRMS}) == len(FIRMS)
    assert [[firm.oddity for firm in firms] for firms in alike] == [[None, Oddity.LOOK_ALIKE]]
    assert not set(by_key) & {name_key(case.firm.name) for case in demo_cases()}


def test_firms_of_different_groups_share_no_brand() -> None:
    brands = {firm.name[2:4]: firm for firm in FIRMS if firm.group is None and not firm.oddity}
    groups = {firm.name[2:4] for firm in FIRMS if firm.group is not None}
    assert not set(brands) & groups


def test_shares_make_up_the_whole_and_holders_are_there() -> None:
    numbers = {firm.number for firm in FIRMS}
    for firm in FIRMS:
        assert sum(holding.basis_points for holding in firm.holdings) == 10_000
        assert all(holding.basis_points > 0 for holding in firm.holdings)
        held = {holding.number for holding in firm.holdings if holding.number is not None}
        assert held <= numbers - {firm.number}


def test_holdings_go_round_in_circles_only_where_it_is_named() -> None:
    owners = {firm.number: [held.number for held in firm.holdings] for firm in FIRMS}

    def returns(start: SyntheticFirm) -> bool:
        asked, seen = [start.number], set()
        while asked:
            for owner in owners[asked.pop()]:
                if owner == start.number:
                    return True
                if owner is not None and owner not in seen:
                    seen.add(owner)
                    asked.append(owner)
        return False

    round_ones = {firm.serial for firm in FIRMS if returns(firm)}
    named = {firm.serial for firm in FIRMS if firm.oddity is Oddity.CROSS_HOLDING}
    assert round_ones == named
    assert len(named) >= 4


def test_a_groups_firms_have_one_controller() -> None:
    groups: defaultdict[str, list[SyntheticFirm]] = defaultdict(list)
    for firm in FIRMS:
        if firm.group is not None:
            groups[firm.group].append(firm)
    assert len(groups) >= 15
    assert {len(firms) for firms in groups.values()} == {4}
    assert all(len({firm.controller for firm in firms}) == 1 for firms in groups.values())


def test_the_tax_office_contradicts_a_firm_that_inflates_its_revenue_and_nobody_else() -> None:
    for firm in FIRMS:
        for year in firm.years:
            stated = _line(year, "revenue")
            away = abs(stated - year.revenue_for_tax) / stated
            assert (away > Decimal("0.15")) == (firm.fraud is Fraud.INFLATED_REVENUE)


def test_the_bureau_knows_of_more_debt_only_where_it_is_hidden() -> None:
    for firm in FIRMS:
        for year in firm.years:
            stated = _line(year, "short_term_debt", "long_term_debt")
            assert (year.debt_at_bureau > stated) == (firm.fraud is Fraud.HIDDEN_DEBT)
            assert year.debt_at_bureau >= stated
    assert all(Counter(firm.fraud for firm in FIRMS)[kind] >= 2 for kind in Fraud)


@pytest.mark.parametrize("kind", ["owner_change", "court_case", "licence_expired"])
def test_two_years_hold_events_of_each_kind(kind: str) -> None:
    found = [event for firm in FIRMS for event in firm.events if event.kind == kind]
    assert len(found) >= 10


def test_events_lie_in_the_two_years_and_weak_firms_have_more_trouble() -> None:
    for firm in FIRMS:
        days = [event.on for event in firm.events]
        assert days == sorted(days)
        assert all(TODAY - timedelta(days=730) <= day <= TODAY for day in days)
        assert sum(event.kind == "statement_filed" for event in firm.events) == 2
    weak = [len(firm.events) for firm in FIRMS if firm.quality < 350]
    strong = [len(firm.events) for firm in FIRMS if firm.quality > 650]
    assert sum(weak) / len(weak) > sum(strong) / len(strong) + 0.5


def test_stronger_firms_earn_more_and_owe_less() -> None:
    ordered = sorted(FIRMS, key=lambda firm: firm.quality)
    weak, strong = ordered[:70], ordered[-70:]

    def average(firms: list[SyntheticFirm], above: str, below: str) -> Decimal:
        shares = [_line(f.years[-1], above) / _line(f.years[-1], below) for f in firms]
        return sum(shares, Decimal(0)) / len(shares)

    assert average(weak, "ebit", "total_assets") < average(strong, "ebit", "total_assets")
    owed = ("total_liabilities", "total_assets")
    assert average(weak, *owed) > average(strong, *owed) + Decimal("0.2")


def test_every_size_province_and_industry_is_a_code_in_use() -> None:
    assert {firm.size for firm in FIRMS} == {"micro", "small", "medium", "large"}
    assert {firm.industry for firm in FIRMS} <= set(INDUSTRIES)
    assert len({firm.province for firm in FIRMS}) >= 15
    assert len({firm.industry for firm in FIRMS}) >= 10


def test_no_two_firms_are_the_same_but_for_the_name() -> None:
    sheets = [firm.statements[-1].lines["total_assets"] for firm in FIRMS]
    assert all(one != other for one, other in combinations(sheets, 2))
