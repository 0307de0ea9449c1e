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


def test_interest_paid_ahead_of_its_row_meets_the_interest_moved_into_it() -> None:
    """Rows 2 and 3 are paid up; row 1 paid a cent of their interest before it grew."""
    refunds = AllocationRule(every_timing(ORDERS[1]), future=FutureMoney.LAST_INSTALMENT)
    loan = replace(
        terms("1000", "0.07", 3, drawn_on=START),
        interest_basis=InterestBasis.DAILY_BALANCE,
        receipt_allocation=((ReceiptKind.MERCHANT_REFUND, refunds),),
    )
    named: dict[str, Any] = {"value_on": START, "recorded_on": START}
    late: dict[str, Any] = {"value_on": date(2024, 2, 2), "recorded_on": date(2024, 2, 2)}
    of = ReceiptKind.MERCHANT_REFUND
    events = [
        drawn(loan),
        Receipt(key="most", **named, amount=Decimal("694.42"), kind=of),
        InterestPause(key="pause", **named, to_on=date(2024, 1, 21)),
        Receipt(key="cent", **named, amount=Decimal("0.01"), kind=of),
        Receipt(key="late", **late, amount=Decimal("0.58"), kind=of),
    ]
    account = fold(loan, events, date(2024, 10, 27))
    checked(account)
    assert account.lines[0].owed[Bucket.INTEREST] == Decimal("4.13")  # 0.57 and 3.56 of the others


def test_all_due_on_a_row_whose_principal_was_paid_asks_for_its_interest_and_the_rest() -> None:
    ahead = AllocationRule(every_timing(ORDERS[0]), future=FutureMoney.NEXT_INSTALMENT)
    loan = replace(
        terms("1000", "0.07", 6, drawn_on=START),
        interest_basis=InterestBasis.DAILY_BALANCE,
        allocation=ahead,
    )
    named: dict[str, Any] = {"value_on": START, "recorded_on": START}
    off = date(2024, 1, 23)
    events = [
        drawn(loan),
        Receipt(key="paid", **named, amount=Decimal("169.94")),
        InterestPause(key="pause", **named, to_on=date(2024, 1, 21)),
        WriteOff(key="off", value_on=off, recorded_on=off, after=AfterWriteOff.ALL_DUE),
    ]
    account = fold(loan, events, date(2024, 10, 27))
    checked(account)
    [line] = account.lines
    assert line.owed[Bucket.INTEREST] == Decimal("0.16")  # 830.06 x 7 % x 1 / 360


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
