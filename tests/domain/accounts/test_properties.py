"""Whatever happens to a loan, in whatever order: no cent is lost and the ledger balances."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from domain.accounts import Account, fold
from domain.accounts.events import (
    Charge,
    Event,
    Extension,
    InterestPause,
    Misuse,
    PaymentHoliday,
    RateSet,
    Receipt,
    Refund,
    Reversal,
    WriteOff,
)
from domain.ledger import LedgerAccount
from domain.repayments import Bucket
from domain.schedules import RepaymentMethod
from tests.domain.accounts.notes import DRAWN_ON, drawn, terms

METHODS = (
    RepaymentMethod.EQUAL_INSTALMENT,
    RepaymentMethod.EQUAL_PRINCIPAL,
    RepaymentMethod.INTEREST_FIRST_BULLET,
    RepaymentMethod.MATURITY,
)
LAST = DRAWN_ON + timedelta(days=900)


@st.composite
def happenings(draw: st.DrawFn) -> list[Event]:
    """Up to a dozen events on any days of a loan's life, some of them taken back."""
    events: list[Event] = []
    for n in range(draw(st.integers(0, 12))):
        day = DRAWN_ON + timedelta(days=draw(st.integers(1, 600)))
        named: dict[str, Any] = {"key": f"e{n}", "value_on": day, "recorded_on": day}
        amount = draw(st.decimals("0.01", "400000", places=2))
        kind = draw(st.integers(0, 9))
        if kind <= 4:
            events.append(Receipt(**named, amount=amount))
        elif kind == 5:
            fee = min(amount, Decimal(5000))
            events.append(Charge(**named, bucket=Bucket.FEE, amount=fee, due_on=day))
        elif kind == 6:
            events.append(RateSet(**named, yearly_rate=draw(st.decimals("0", "0.2", places=4))))
        elif kind == 7:
            events.append(InterestPause(**named, to_on=day + timedelta(days=20)))
        elif kind == 8:
            events.append(Misuse(**named, amount=amount))
        else:
            events.append(Refund(**named, amount=amount))
    for event in list(events):
        if isinstance(event, Receipt) and draw(st.integers(0, 9)) == 0:
            back: dict[str, Any] = {"key": f"not-{event.key}", "value_on": event.value_on}
            events.append(Reversal(**back, recorded_on=event.value_on, reversed_key=event.key))
    return events


def checked(account: Account, events: list[Event]) -> None:
    undone = {event.reversed_key for event in events if isinstance(event, Reversal)}
    counted = [e for e in events if e.key not in undone and e.value_on <= account.as_of]
    received = sum((e.amount for e in counted if isinstance(e, Receipt)), Decimal(0))
    refunded = sum((e.amount for e in counted if isinstance(e, Refund)), Decimal(0))
    paid = sum((sum(line.paid.values(), Decimal(0)) for line in account.lines), Decimal(0))
    owed_again = sum(line.owed.get(Bucket.PRINCIPAL, Decimal(0)) for line in account.lines) - (
        Decimal(1_200_000)
    )
    assert received - refunded + owed_again == paid + account.held
    assert account.outstanding == account.open_amount(Bucket.PRINCIPAL)
    assert account.outstanding >= 0
    assert account.held >= 0
    assert sum(account.positions.values(), Decimal(0)) == 0
    assert account.positions.get(LedgerAccount.LOANS, Decimal(0)) == account.outstanding
    for line in account.lines:
        for bucket in Bucket:
            assert 0 <= line.paid.get(bucket, Decimal(0)) <= line.owed.get(bucket, Decimal(0))
            assert line.owed.get(bucket, Decimal(0)) == round(line.owed.get(bucket, Decimal(0)), 2)


@settings(max_examples=150, deadline=None)
@given(happenings(), st.sampled_from(METHODS), st.integers(0, 900))
def test_no_cent_is_lost_and_the_ledger_balances(
    events: list[Event], method: RepaymentMethod, days: int
) -> None:
    loan = terms(method=method)
    account = fold(loan, [drawn(loan), *events], DRAWN_ON + timedelta(days=days))
    checked(account, events)


@settings(max_examples=60, deadline=None)
@given(happenings(), st.sampled_from(METHODS))
def test_an_account_is_the_same_however_often_it_was_looked_at(
    events: list[Event], method: RepaymentMethod
) -> None:
    loan = terms(method=method)
    once = fold(loan, [drawn(loan), *events], LAST)
    assert fold(loan, [drawn(loan), *events], LAST) == once


@settings(max_examples=60, deadline=None)
@given(happenings(), st.sampled_from(METHODS))
def test_the_order_of_recording_does_not_matter_between_days(
    events: list[Event], method: RepaymentMethod
) -> None:
    loan = terms(method=method)
    one_a_day = list({event.value_on: event for event in events}.values())
    one_a_day = [event for event in one_a_day if not isinstance(event, Reversal)]
    shuffled = list(reversed(one_a_day))
    straight = fold(loan, [drawn(loan), *one_a_day], LAST)
    assert fold(loan, [drawn(loan), *shuffled], LAST) == straight


def test_a_reversed_receipt_leaves_the_account_as_if_it_had_not_been() -> None:
    loan = terms()
    day = date(2026, 4, 10)
    receipt = Receipt(key="r", value_on=day, recorded_on=day, amount=Decimal("102371.88"))
    back = Reversal(key="x", value_on=day, recorded_on=date(2026, 5, 2), reversed_key="r")
    untouched = fold(loan, [drawn(loan)], LAST)
    account = fold(loan, [drawn(loan), receipt, back], LAST)
    assert account.lines == untouched.lines
    assert account.positions == untouched.positions
    assert [movement.reversed for movement in account.movements] == [False, True, False]


def test_late_debit_value_dated_to_its_due_day_leaves_no_late_charge() -> None:
    loan = terms()
    due, known = date(2026, 4, 10), date(2026, 4, 14)
    receipt = Receipt(key="r", value_on=due, recorded_on=known, amount=Decimal("102371.88"))
    account = fold(loan, [drawn(loan), receipt], known)
    assert account.lines[0].open_total == 0
    assert account.days_past_due == 0


def test_an_extension_agreed_ahead_shows_in_the_rows_at_once() -> None:
    loan = terms()
    agreed, from_on = date(2026, 5, 1), date(2026, 9, 10)
    event = Extension(key="c", value_on=from_on, recorded_on=agreed, extra_instalments=3)
    before = fold(loan, [drawn(loan)], agreed)
    after = fold(loan, [drawn(loan), event], agreed)
    assert len(after.lines) == len(before.lines) + 3
    assert after.lines[:5] == before.lines[:5]
    assert after.lines[5].total < before.lines[5].total


def test_a_holiday_carries_interest_only_and_is_made_up_afterwards() -> None:
    loan = terms()
    day = date(2026, 5, 1)
    event = PaymentHoliday(key="c", value_on=day, recorded_on=day, instalments=3)
    lines = fold(loan, [drawn(loan), event], day).lines
    assert [line.owed.get(Bucket.PRINCIPAL, Decimal(0)) for line in lines[1:4]] == [Decimal(0)] * 3
    assert sum(line.owed.get(Bucket.PRINCIPAL, Decimal(0)) for line in lines) == 1_200_000


def test_what_is_written_off_stays_a_claim_beside_the_books() -> None:
    loan = terms()
    day = date(2027, 6, 1)
    event = WriteOff(key="w", value_on=day, recorded_on=day)
    recovered = Receipt(
        key="r", value_on=day + timedelta(days=9), recorded_on=day, amount=Decimal(10_000)
    )
    account = fold(loan, [drawn(loan), event, recovered], day + timedelta(days=9))
    claim = account.outstanding
    assert claim == Decimal(1_190_000)
    assert LedgerAccount.LOANS not in account.positions
    assert account.positions[LedgerAccount.MEMO_WRITTEN_OFF] == claim
    assert account.positions[LedgerAccount.LOAN_LOSS_ALLOWANCE] == claim


def test_a_loan_written_off_while_it_still_accrued_earns_no_more_income() -> None:
    loan = terms()
    day = date(2026, 3, 25)
    event = WriteOff(key="w", value_on=day, recorded_on=day)
    later = fold(loan, [drawn(loan), event], day + timedelta(days=60))
    assert LedgerAccount.INTEREST_INCOME not in later.positions
    assert LedgerAccount.INTEREST_RECEIVABLE not in later.positions
    assert later.positions[LedgerAccount.MEMO_INTEREST] > 0
