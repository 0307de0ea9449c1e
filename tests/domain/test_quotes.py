"""A quote: the schedule, what it costs in all and a year, and several drawdowns."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.accounts import fold
from domain.accounts.events import Drawdown
from domain.day_counts import DayCount
from domain.money import Currency
from domain.quotes import Quote, Tranche, quote
from domain.repayments import Bucket
from domain.schedules import (
    HolidayRule,
    MonthEnd,
    PeriodUnit,
    RepaymentMethod,
    Rounding,
    ScheduleTerms,
)
from domain.violations import LoanRuleViolation
from language.messages import MESSAGES
from tests.domain.accounts.notes import terms as account_terms
from tests.properties import examples

DRAWN_ON = date(2026, 3, 2)


def terms(**changes: object) -> ScheduleTerms:
    agreed: dict[str, object] = {
        "principal": Decimal(1_200_000),
        "currency": Currency.CNY,
        "yearly_rate": Decimal("0.0435"),
        "method": RepaymentMethod.EQUAL_INSTALMENT,
        "drawn_on": DRAWN_ON,
        "instalments": 12,
    }
    return ScheduleTerms(**(agreed | changes))  # type: ignore[arg-type]  # a test names the fields


def test_the_worked_loan_with_a_fee_costs_both_rates() -> None:
    found = quote(terms(), Decimal(12_000))
    assert found.effective_rate is not None
    assert found.unit_period_rate is not None
    assert round(found.effective_rate, 4) == Decimal("0.0641")
    assert round(found.unit_period_rate, 6) == Decimal("0.062288")
    assert found.cost == found.interest + 12_000


def test_without_costs_the_unit_period_rate_is_the_contracts() -> None:
    for unit, instalments in ((PeriodUnit.MONTH, 12), (PeriodUnit.QUARTER, 8)):
        found = quote(terms(unit=unit, instalments=instalments), Decimal(0))
        assert found.unit_period_rate is not None
        assert round(found.unit_period_rate, 5) == Decimal("0.04350")


def test_a_down_payment_lowers_what_is_lent() -> None:
    found = quote(terms(down_payment_share=Decimal("0.2")), Decimal(0))
    assert found.down_payment == Decimal("240000.00")
    assert found.unit_period_rate is not None
    assert round(found.unit_period_rate, 5) == Decimal("0.04350")


def test_a_tranche_is_laid_as_the_account_engine_lays_it() -> None:
    later = Tranche(date(2026, 5, 20), Decimal(400_000))
    found = quote(terms(), Decimal(0), tranches=[later])
    assert [one.amount for one in found.drawdowns] == [Decimal(800_000), Decimal(400_000)]
    loan = account_terms(drawn_on=DRAWN_ON)
    events = [
        Drawdown(key=str(n), value_on=one.drawn_on, recorded_on=one.drawn_on, amount=one.amount)
        for n, one in enumerate(found.drawdowns)
    ]
    account = fold(loan, events, later.drawn_on)
    assert [(line.principal, line.interest) for line in found.lines] == [
        (line.owed[Bucket.PRINCIPAL], line.owed[Bucket.INTEREST]) for line in account.lines
    ]
    assert sum(line.principal for line in found.lines) == Decimal(1_200_000)
    assert found.effective_rate is not None
    assert abs(found.effective_rate - Decimal("0.0444")) < Decimal("0.0005")
    assert found.unit_period_rate is None


@pytest.mark.parametrize(
    ("tranches", "code"),
    [
        ([Tranche(DRAWN_ON, Decimal(1))], "terms.tranche_dates"),
        ([Tranche(date(2026, 2, 1), Decimal(1))], "terms.tranche_dates"),
        ([Tranche(date(2026, 4, 1), Decimal(1_200_000))], "terms.tranches"),
        ([Tranche(date(2026, 4, 1), Decimal(0))], "terms.tranches"),
        ([Tranche(date(2027, 4, 1), Decimal(1))], "account.matured"),
    ],
)
def test_tranches_that_cannot_be_are_refused_by_name(tranches: list[Tranche], code: str) -> None:
    with pytest.raises(LoanRuleViolation) as refused:
        quote(terms(), Decimal(0), tranches=tranches)
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"method": RepaymentMethod.MATURITY, "principal_grace": 1}, "terms.grace"),
        ({"method": RepaymentMethod.MATURITY, "interest_payment_grace": 1}, "terms.grace"),
        (
            {
                "unit": PeriodUnit.QUARTER,
                "settlement_day": 20,
                "matures_on": date(2026, 9, 2),
                "principal_grace": 5,
            },
            "terms.grace",
        ),
        (
            {
                "instalments": 3,
                "settlement_day": 1,
                "matures_on": date(2026, 4, 1),
                "interest_free": 2,
            },
            "terms.grace",
        ),
        (
            {
                "method": RepaymentMethod.STEP_UP,
                "instalments": 2,
                "step_shares": (Decimal("0.5"), Decimal("0.5")),
                "unit": PeriodUnit.QUARTER,
                "settlement_day": 20,
                "matures_on": date(2027, 3, 2),
            },
            "terms.step_shares",
        ),
    ],
)
def test_what_the_cut_periods_cannot_hold_is_refused_by_name(
    changes: dict[str, object], code: str
) -> None:
    with pytest.raises(LoanRuleViolation) as refused:
        quote(terms(**changes), Decimal(0))
    assert refused.value.code == code


def _maybe(strategy: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.none() | strategy


@given(st.data())
@examples(150)
def test_any_terms_are_quoted_to_the_last_cent_or_refused_by_name(data: st.DataObject) -> None:
    draw = data.draw
    count = draw(st.integers(1, 30))
    method = draw(st.sampled_from(RepaymentMethod))
    wanted: dict[str, object] = {
        "principal": draw(st.sampled_from([Decimal(1), Decimal(1200), Decimal(9_999_999_999_999)])),
        "currency": draw(st.sampled_from(Currency)),
        "yearly_rate": draw(st.sampled_from([Decimal(0), Decimal("0.0435"), Decimal(1)])),
        "method": method,
        "instalments": count,
        "unit": draw(st.sampled_from(PeriodUnit)),
        "every": draw(st.sampled_from([1, 2, 366])),
        "day_count": draw(st.sampled_from([d for d in DayCount if d != DayCount.ACT_ACT_ISMA])),
        "month_end": draw(st.sampled_from(MonthEnd)),
        "holiday": draw(st.sampled_from(HolidayRule)),
        "principal_grace": draw(st.integers(0, 3)),
        "interest_payment_grace": draw(st.integers(0, 3)),
        "interest_free": draw(st.integers(0, 3)),
        "down_payment_share": draw(st.decimals(0, "0.9", places=2)),
        "first_due_on": draw(_maybe(st.dates(date(2026, 3, 1), date(2026, 6, 1)))),
        "matures_on": draw(_maybe(st.dates(date(2026, 3, 1), date(2030, 6, 1)))),
        "settlement_day": draw(_maybe(st.integers(1, 27))),
        "balloon": Decimal(1) if method is RepaymentMethod.BALLOON else None,
    }
    later = draw(st.lists(st.dates(DRAWN_ON, date(2028, 1, 1)), max_size=2))
    tranches = [Tranche(day, Decimal("0.25") * 4) for day in sorted(later)]
    found, refused = _quoted(wanted, tranches)
    if found is None:
        assert refused in MESSAGES
    else:
        assert sum(line.principal for line in found.lines) == wanted["principal"]
        assert all(line.interest >= 0 and line.principal >= 0 for line in found.lines)


def _quoted(wanted: dict[str, object], tranches: list[Tranche]) -> tuple[Quote | None, str]:
    try:
        agreed = terms(**wanted)
        return quote(agreed, Decimal(0), lambda day: day.weekday() < 5, tranches), ""
    except LoanRuleViolation as refused:
        return None, refused.code


def test_instalments_are_a_multiple() -> None:
    rounding = Rounding(instalment_multiple_of=Decimal(1000))
    found = quote(terms(rounding=rounding), Decimal(0))
    assert {line.total % 1000 for line in found.lines[:-1]} == {Decimal(0)}
