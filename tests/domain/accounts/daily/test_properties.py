"""Money in any order by any rule: rows sum to what was lent, parts to what was received."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from domain.accounts import Account, fold
from domain.accounts.events import (
    AfterWriteOff,
    Charge,
    Event,
    InterestPause,
    Payoff,
    RateSet,
    Receipt,
    ReceiptKind,
    WriteOff,
)
from domain.accounts.terms import (
    AccountTerms,
    AllocationRule,
    FutureMoney,
    InterestBasis,
    Processing,
    every_timing,
)
from domain.repayments import Bucket
from tests.domain.accounts.notes import drawn, terms
from tests.properties import examples

START = date(2024, 1, 1)
LENT = Decimal(1000)
ORDERS = (
    (Bucket.PENALTY, Bucket.FEE, Bucket.PRINCIPAL, Bucket.INTEREST),
    (Bucket.INTEREST, Bucket.PRINCIPAL, Bucket.PENALTY, Bucket.FEE),
)
AHEAD = (FutureMoney.NEXT_INSTALMENT, FutureMoney.LAST_INSTALMENT, FutureMoney.HOLD)


@st.composite
def rules(draw: st.DrawFn) -> AllocationRule:
    """Any order, ahead or not, an instalment or a kind of debt first."""
    order = every_timing(draw(st.sampled_from(ORDERS)))
    return AllocationRule(order, draw(st.sampled_from(Processing)), draw(st.sampled_from(AHEAD)))


@st.composite
def loans(draw: st.DrawFn) -> AccountTerms:
    """A loan by its daily balance, with a rule of its own for refunds."""
    rate = draw(st.sampled_from(("0", "0.07", "0.3599")))
    made = terms("1000", rate, draw(st.sampled_from((1, 3, 6))), drawn_on=START)
    rule = draw(rules())
    return replace(
        made,
        interest_basis=InterestBasis.DAILY_BALANCE,
        allocation=rule,
        non_accrual_allocation=rule,
        receipt_allocation=((ReceiptKind.MERCHANT_REFUND, draw(rules())),),
    )


@st.composite
def happenings(draw: st.DrawFn) -> list[Event]:
    """Up to eight events on any days of the loan's life and some time after."""
    events: list[Event] = []
    for n in range(draw(st.integers(0, 8))):
        day = START + timedelta(days=draw(st.integers(0, 240)))
        named: dict[str, Any] = {"key": f"e{n}", "value_on": day, "recorded_on": day}
        kind = draw(st.integers(0, 9))
        if kind <= 5:
            of = draw(st.sampled_from((ReceiptKind.REPAYMENT, ReceiptKind.MERCHANT_REFUND)))
            amount = draw(st.decimals("0.01", "900", places=2))
            events.append(Receipt(**named, amount=amount, kind=of))
        elif kind == 6:
            due_on = day + timedelta(days=draw(st.integers(0, 60)))
            events.append(Charge(**named, bucket=Bucket.FEE, amount=Decimal(10), due_on=due_on))
        elif kind == 7:
            events.append(RateSet(**named, yearly_rate=draw(st.decimals("0", "0.4", places=4))))
        elif kind == 8:
            events.append(InterestPause(**named, to_on=day + timedelta(days=20)))
        else:
            events.append(Payoff(**named))
    return events


def checked(account: Account) -> None:
    assert sum(line.owed.get(Bucket.PRINCIPAL, Decimal(0)) for line in account.lines) == LENT
    assert account.outstanding == account.open_amount(Bucket.PRINCIPAL) >= 0
    assert account.held >= 0
    if account.held:
        due = [line for line in account.lines if line.due_on <= account.as_of]
        assert not any(line.open_total for line in due)
    for line in account.lines:
        for bucket in Bucket:
            assert 0 <= line.paid.get(bucket, Decimal(0)) <= line.owed.get(bucket, Decimal(0))
    for movement in account.movements:
        if movement.kind in ("receipt", "payoff"):
            parts = sum((part.amount for part in movement.portions), Decimal(0))
            assert parts + movement.held == movement.amount
    assert sum(account.positions.values(), Decimal(0)) == 0


@examples(80)
@given(loans(), happenings(), st.integers(0, 300))
def test_rows_sum_to_the_loan_and_parts_to_the_money(
    loan: AccountTerms, events: list[Event], days: int
) -> None:
    checked(fold(loan, [drawn(loan), *events], START + timedelta(days=days)))


@examples(40)
@given(loans(), happenings(), st.sampled_from(AfterWriteOff), st.integers(1, 200))
def test_rows_still_sum_once_the_claim_is_written_off(
    loan: AccountTerms, events: list[Event], after: AfterWriteOff, days: int
) -> None:
    day = START + timedelta(days=days)
    events = [one for one in events if one.value_on < day or isinstance(one, Receipt)]
    off = WriteOff(key="off", value_on=day, recorded_on=day, after=after)
    checked(fold(loan, [drawn(loan), *events, off], START + timedelta(days=300)))


def test_money_held_pays_what_falls_due_on_its_day() -> None:
    loan = replace(
        terms("1000", "0.12", 4, drawn_on=START), interest_basis=InterestBasis.DAILY_BALANCE
    )
    early = Receipt(
        key="early",
        value_on=date(2024, 1, 5),
        recorded_on=date(2024, 1, 5),
        amount=Decimal(100),
    )
    before = fold(loan, [drawn(loan), early], date(2024, 1, 31))
    after = fold(loan, [drawn(loan), early], date(2024, 2, 5))
    assert before.held == 100
    assert after.held == 0
    assert after.lines[0].open_total == after.lines[0].total - 100
    used = after.movements[-1]
    assert (used.kind, used.value_on) == ("held_money_used", date(2024, 2, 1))
