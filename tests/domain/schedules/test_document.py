"""What a contract keeps of a schedule is all of it, and nothing else is read."""

from __future__ import annotations

import json
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.day_counts import DayCount
from domain.money import Currency
from domain.schedules import (
    Amortisation,
    CustomRow,
    HolidayRule,
    MonthEnd,
    PeriodUnit,
    RepaymentMethod,
    Rounding,
    RoundingMode,
    ScheduleTerms,
    build_schedule,
)
from domain.schedules.document import (
    agreed_document,
    drawn_from_document,
    terms_document,
    terms_from_document,
)
from domain.violations import LoanRuleViolation

DRAWN_ON = date(2026, 3, 31)
CENTS = st.integers(100, 10**11)


def _shares(count: int) -> tuple[Decimal, ...]:
    each = (Decimal(1) / count).quantize(Decimal("0.00000000000001"))
    return (each,) * (count - 1) + (1 - each * (count - 1),)


@st.composite
def any_terms(draw: st.DrawFn) -> ScheduleTerms:
    """Terms of every kind the engine takes."""
    cents = draw(CENTS)
    count = draw(st.integers(2, 30))  # at two years each still within 2100
    method = draw(st.sampled_from(list(RepaymentMethod)))
    principal = Decimal(cents).scaleb(-2)
    settled = draw(st.booleans()) and method is not RepaymentMethod.CUSTOM
    grace = draw(st.integers(0, count - 1)) if method is not RepaymentMethod.CUSTOM else 0
    values: dict[str, Any] = {
        "principal": principal,
        "currency": Currency.CNY,
        "yearly_rate": Decimal(draw(st.integers(0, 10**10))).scaleb(-10),
        "method": method,
        "drawn_on": DRAWN_ON + timedelta(days=draw(st.integers(0, 2000))),
        "instalments": count,
        "unit": draw(
            st.sampled_from([PeriodUnit.MONTH, PeriodUnit.QUARTER] if settled else list(PeriodUnit))
        ),
        "every": draw(st.integers(1, 2)),
        "day_count": draw(st.sampled_from(list(DayCount))),
        "month_end": draw(st.sampled_from(list(MonthEnd))),
        "holiday": draw(st.sampled_from(list(HolidayRule))),
        "amortisation": draw(st.sampled_from(list(Amortisation))),
        "rounding": Rounding(
            draw(st.sampled_from(list(RoundingMode))),
            draw(st.none() | st.just(Decimal("0.05")) | st.just(Decimal(100))),
            rebalance=draw(st.booleans()),
        ),
        "principal_grace": grace,
        "interest_payment_grace": draw(st.integers(0, count - 1)),
        "interest_free": draw(st.integers(0, count - 1)),
        "down_payment_share": Decimal(draw(st.integers(0, 99))).scaleb(-2),
    }
    if settled:
        values |= {"settlement_day": draw(st.integers(1, 27))}
        values |= {"matures_on": values["drawn_on"] + timedelta(days=400)}
    elif draw(st.booleans()):
        values |= {"first_due_on": values["drawn_on"] + timedelta(days=draw(st.integers(1, 60)))}
    if method is RepaymentMethod.BALLOON:
        values |= {"balloon": Decimal(draw(st.integers(1, cents))).scaleb(-2)}
    if method is RepaymentMethod.STEP_UP:
        values |= {"step_shares": _shares(count - grace)}
    if method is RepaymentMethod.CUSTOM:
        first = (principal / 3).quantize(Decimal("0.01"))
        parts = [first, *[Decimal(0)] * (count - 2), principal - first]
        days = [values["drawn_on"] + timedelta(days=7 * n) for n in range(1, count + 1)]
        values |= {"custom": tuple(map(CustomRow, days, parts)), "down_payment_share": Decimal(0)}
    return ScheduleTerms(**values)


def plain() -> dict[str, Any]:
    """A document of a loan over a year."""
    return {
        "principal": "1000000.00",
        "currency": "CNY",
        "yearly_rate": "0.0435",
        "method": "equal_instalment",
        "drawn_on": "2026-01-15",
        "instalments": 12,
    }


@given(any_terms())
def test_terms_come_back_as_they_were_through_json(terms: ScheduleTerms) -> None:
    document = json.loads(json.dumps(terms_document(terms)))
    again = terms_from_document(document)
    assert again == terms
    assert terms_document(again) == document


def test_every_member_of_the_terms_is_said() -> None:
    document = terms_document(terms_from_document(plain()))
    assert set(document) == set(ScheduleTerms.__dataclass_fields__)


def test_a_member_that_is_not_there_is_what_the_house_does() -> None:
    terms = terms_from_document(plain())
    assert (terms.unit, terms.every, terms.holiday) == (PeriodUnit.MONTH, 1, HolidayRule.NONE)
    assert terms.rounding == Rounding()


@pytest.mark.parametrize(
    ("member", "value", "where", "problem"),
    [
        ("colour", "red", "colour", "unknown"),
        ("principal", 1000000, "principal", "not_a_number"),
        ("principal", "1e6", "principal", "not_a_number"),
        ("yearly_rate", 0.0435, "yearly_rate", "not_a_number"),
        ("yearly_rate", "NaN", "yearly_rate", "not_a_number"),
        ("currency", "XAU", "currency", "unknown_choice"),
        ("method", "by_mood", "method", "unknown_choice"),
        ("day_count", "ACT/366", "day_count", "unknown_choice"),
        ("drawn_on", "2026-02-30", "drawn_on", "not_a_date"),
        ("drawn_on", "15/01/2026", "drawn_on", "not_a_date"),
        ("matures_on", 20270115, "matures_on", "not_a_date"),
        ("instalments", "12", "instalments", "not_a_whole_number"),
        ("instalments", True, "instalments", "not_a_whole_number"),
        ("principal_grace", -1, "principal_grace", "not_a_whole_number"),
        ("rounding", "half_up", "rounding", "not_a_mapping"),
        ("rounding", {"mode": "up"}, "rounding.mode", "unknown_choice"),
        ("rounding", {"mode": "half_up", "to": "1"}, "rounding.to", "unknown"),
        ("step_shares", "0.5", "step_shares", "not_a_list"),
        ("step_shares", ["0.5", 0.5], "step_shares.2.share", "not_a_number"),
        ("custom", [{"due_on": "2026-02-15"}], "custom.1.principal", "missing"),
        ("custom", [{"due_on": "x", "principal": "1"}], "custom.1.due_on", "not_a_date"),
    ],
)
def test_what_is_unknown_or_bad_is_refused_by_name(
    member: str, value: object, where: str, problem: str
) -> None:
    with pytest.raises(LoanRuleViolation) as refused:
        terms_from_document(plain() | {member: value})
    assert refused.value.code == "schedule.malformed"
    assert dict(refused.value.params) == {"where": where, "problem": problem}


@pytest.mark.parametrize("member", sorted(plain()))
def test_a_member_that_must_be_there_is_missed_by_name(member: str) -> None:
    document = {name: value for name, value in plain().items() if name != member}
    with pytest.raises(LoanRuleViolation) as refused:
        terms_from_document(document)
    assert dict(refused.value.params) == {"where": member, "problem": "missing"}


def test_terms_that_do_not_add_up_are_refused_as_everywhere() -> None:
    with pytest.raises(LoanRuleViolation, match=r"terms\.instalments"):
        terms_from_document(plain() | {"instalments": 0})


def test_a_drawdown_on_another_day_moves_all_days_counted_from_it() -> None:
    drawn = drawn_from_document(plain(), date(2026, 2, 3))
    assert build_schedule(drawn)[0].due_on == date(2026, 3, 3)


def test_a_settled_loan_ends_its_tenor_after_the_day_it_was_drawn() -> None:
    terms = terms_from_document(
        plain() | {"unit": "quarter", "settlement_day": 20, "matures_on": "2027-01-15"}
    )
    kept = agreed_document(terms, tenor_months=12)
    drawn = drawn_from_document(kept, date(2026, 3, 21))
    lines = build_schedule(drawn)
    assert [line.due_on.isoformat() for line in lines] == [
        "2026-06-21",
        "2026-09-21",
        "2026-12-21",
        "2027-03-21",
    ]
    assert drawn.instalments == len(lines)


def test_a_fixed_first_due_date_that_has_passed_is_refused() -> None:
    agreed = plain() | {"first_due_on": "2026-02-01"}
    with pytest.raises(LoanRuleViolation, match=r"terms\.first_due"):
        drawn_from_document(agreed, date(2026, 2, 1))


def test_a_contracts_schedule_must_be_a_document() -> None:
    with pytest.raises(LoanRuleViolation, match=r"schedule\.malformed"):
        drawn_from_document([], DRAWN_ON)
