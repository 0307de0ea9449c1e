"""What is undrawn, until when, and which loan gets no more money."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from domain.accounts import Account, AccountTerms, fold
from domain.accounts.events import (
    Acceleration,
    Drawdown,
    Event,
    Misuse,
    MisuseEnded,
    Payoff,
    Receipt,
    Reversal,
    WriteOff,
)
from domain.drawdowns import Commitment, refuse_request
from domain.money import Currency
from domain.schedules import LoanTerms, RepaymentMethod
from domain.violations import LoanRuleViolation

DRAWN_ON = date(2026, 1, 15)
FIRST = Decimal("300000.00")
TERMS = AccountTerms(
    schedule=LoanTerms(
        Decimal("600000.00"),
        Currency.CNY,
        Decimal("0.0435"),
        12,
        RepaymentMethod.EQUAL_INSTALMENT,
        DRAWN_ON,
    ).schedule_terms()
)
LEFT = Commitment(
    currency=Currency.CNY,
    principal=Decimal("600000.00"),
    drawn=FIRST,
    under_way=Decimal(0),
    lapsed=Decimal(0),
    lapsed_on=None,
    drawdowns=1,
    drawdowns_max=3,
    available_to_on=date(2026, 10, 15),
)
SOON = DRAWN_ON + timedelta(days=10)


def event(kind: type[Event], on: date, **figures: Any) -> Event:
    return kind(key=f"{kind.__name__}:{on}", value_on=on, recorded_on=on, **figures)


def account(on: date, *happened: Event) -> Account:
    drawn = event(Drawdown, DRAWN_ON, amount=FIRST)
    return fold(TERMS, [drawn, *happened], on)


def refusal(amount: str, commitment: Commitment | None, found: Account, on: date) -> str:
    with pytest.raises(LoanRuleViolation) as refused:
        refuse_request(Decimal(amount), commitment, found, on)
    return refused.value.code


@pytest.mark.parametrize("amount", ["0.01", "150000.00", "300000.00"])
def test_whatever_is_undrawn_may_be_asked_for(amount: str) -> None:
    refuse_request(Decimal(amount), LEFT, account(SOON), SOON)


@pytest.mark.parametrize(
    ("amount", "code"),
    [
        ("300000.01", "drawdown.above_undrawn"),
        ("0.00", "drawdown.above_undrawn"),
        ("-0.01", "drawdown.above_undrawn"),
        ("0.001", "amount.scale"),
        ("NaN", "amount.format"),
        ("Infinity", "amount.format"),
        ("1e13", "amount.range"),
    ],
)
def test_an_amount_beyond_it_is_refused(amount: str, code: str) -> None:
    assert refusal(amount, LEFT, account(SOON), SOON) == code


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"under_way": Decimal(1)}, "drawdown.under_way"),
        ({"drawdowns": 3}, "drawdown.count"),
        ({"lapsed_on": SOON}, "drawdown.availability_ended"),
        ({"available_to_on": SOON - timedelta(days=1)}, "drawdown.availability_ended"),
        ({"drawn": Decimal("600000.00")}, "drawdown.above_undrawn"),
        ({"lapsed": Decimal("300000.00")}, "drawdown.above_undrawn"),
    ],
)
def test_what_was_agreed_is_kept_to(change: dict[str, Any], code: str) -> None:
    assert refusal("1.00", replace(LEFT, **change), account(SOON), SOON) == code
    assert not replace(LEFT, **change).is_open(SOON) or "under_way" in change


def test_the_last_day_of_availability_is_still_one() -> None:
    refuse_request(Decimal(1), replace(LEFT, available_to_on=SOON), account(SOON), SOON)
    assert replace(LEFT, available_to_on=SOON).is_open(SOON)


def test_a_loan_drawn_at_once_has_nothing_left() -> None:
    assert refusal("1.00", None, account(SOON), SOON) == "drawdown.drawn_at_once"


@pytest.mark.parametrize(
    ("happened", "on", "code"),
    [
        ((), date(2026, 2, 16), "drawdown.arrears"),
        ((), date(2026, 5, 17), "drawdown.non_accrual"),
        ((event(Acceleration, SOON),), SOON, "drawdown.accelerated"),
        ((event(WriteOff, SOON),), SOON, "drawdown.written_off"),
        ((event(Misuse, SOON, amount=Decimal(1000)),), SOON, "drawdown.misused"),
        ((event(Payoff, SOON),), SOON, "drawdown.repaid"),
    ],
)
def test_a_loan_that_does_not_stand_well_gets_no_more(
    happened: tuple[Event, ...], on: date, code: str
) -> None:
    assert refusal("1.00", LEFT, account(on, *happened), on) == code


def test_a_misuse_that_was_no_misuse_is_forgotten() -> None:
    misuse = event(Misuse, SOON, amount=Decimal(1000))
    undone = Reversal(key="undone", value_on=SOON, recorded_on=SOON, reversed_key=misuse.key)
    refuse_request(Decimal(1), LEFT, account(SOON, misuse, undone), SOON)


def test_a_misuse_that_has_ended_is_in_nobodys_way() -> None:
    misuse = event(Misuse, SOON, amount=Decimal(1000))
    ended = event(MisuseEnded, SOON, amount=Decimal(1000))
    refuse_request(Decimal(1), LEFT, account(SOON, misuse, ended), SOON)


def test_an_instalment_due_today_is_no_arrears_yet_and_five_days_before_the_end_is_too_late() -> (
    None
):
    due_on = date(2026, 2, 15)
    refuse_request(Decimal(1), LEFT, account(due_on), due_on)
    paid = [
        event(Receipt, line.due_on, amount=line.open_total) for line in account(DRAWN_ON).lines[:11]
    ]
    open_to = replace(LEFT, available_to_on=date(2027, 1, 15))
    last_on = date(2027, 1, 15)
    early, late = last_on - timedelta(days=6), last_on - timedelta(days=5)
    refuse_request(Decimal(1), open_to, account(early, *paid), early)
    assert refusal("1.00", open_to, account(late, *paid), late) == "drawdown.matures"
