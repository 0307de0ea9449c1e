"""Whatever happens to a loan, in whatever order: no cent is lost and the ledger balances."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.accounts import Account, AccountTerms, fold
from domain.accounts.events import (
    Chargeback,
    Drawdown,
    Event,
    Extension,
    InterestPause,
    PaymentHoliday,
    Payoff,
    Prepayment,
    RateSet,
    Receipt,
    Refund,
    RefundDue,
    RefundFailed,
    Reversal,
    Waiver,
    WriteOff,
)
from domain.accounts.terms import InterestBasis
from domain.changes import payoff_quote
from domain.day_counts import DayCount
from domain.ledger import LedgerAccount
from domain.repayments import Bucket
from domain.schedules import RepaymentMethod
from domain.schedules.periods import periods
from domain.violations import LoanRuleViolation
from tests.domain.accounts.lives import (
    BY_DAYS,
    LAST,
    SCHEDULE_EVENTS,
    Case,
    allowed,
    calendar_of,
    cases,
    lives,
    loans,
)
from tests.domain.accounts.notes import DRAWN_ON, drawn, paid, terms
from tests.properties import examples

CENT = Decimal("0.01")


def summed(events: Sequence[Event], *kinds: type[Any]) -> Decimal:
    return sum((e.amount for e in events if isinstance(e, kinds)), Decimal(0))


@examples(400)
@given(cases())
def test_no_cent_is_lost_and_the_ledger_balances(
    case: Case,
) -> None:
    loan, events, day = case
    account = fold(loan, events, day, calendar_of(loan))
    undone = {event.reversed_key for event in events if isinstance(event, Reversal)}
    counted = [e for e in events if e.key not in undone and e.value_on <= day]
    moved = {m.key: m for m in account.movements if not m.reversed}
    by_money = sum(
        (sum(line.paid.values(), Decimal(0)) for line in account.lines), Decimal(0)
    ) - summed(counted, Waiver)
    paid_in = summed(counted, Receipt) + sum(
        (moved[e.key].amount for e in counted if isinstance(e, Payoff | Prepayment)), Decimal(0)
    )
    promised = {e.key: e.amount for e in counted if isinstance(e, RefundDue)}
    failed = {e.due_key for e in counted if isinstance(e, RefundFailed)}
    gone = sum((amount for key, amount in promised.items() if key not in failed), Decimal(0))
    out = summed(counted, Refund, Chargeback) + gone
    owed = account_principal(account)
    again = owed - summed(counted, Drawdown)
    # I1: the books balance
    assert sum(account.positions.values(), Decimal(0)) == 0
    off = account.written_off_on is not None
    held_claim = LedgerAccount.MEMO_WRITTEN_OFF if off else LedgerAccount.LOANS
    assert account.positions.get(held_claim, Decimal(0)) == account.outstanding
    # I5: every cent that came in is posted, held or sent back
    assert account.held >= 0
    assert again >= 0
    assert paid_in + again == by_money + account.held + out
    # I6: what is left of the principal is what is still asked for
    repaid = sum(
        (line.paid.get(Bucket.PRINCIPAL, Decimal(0)) for line in account.lines), Decimal(0)
    )
    assert account.outstanding == account.open_amount(Bucket.PRINCIPAL) == owed - repaid
    assert account.outstanding >= 0
    checked_lines(account)


def account_principal(account: Account) -> Decimal:
    return sum((line.owed.get(Bucket.PRINCIPAL, Decimal(0)) for line in account.lines), Decimal(0))


def checked_lines(account: Account) -> None:
    """I16: amounts in scale and range, rows in order, and all of the principal comes back."""
    assert account.lines[-1].balance_after == 0
    dues = [line.due_on for line in account.lines]
    assert dues == sorted(dues)
    for line in account.lines:
        for bucket in Bucket:
            amount, paid = (part.get(bucket, Decimal(0)) for part in (line.owed, line.paid))
            assert 0 <= paid <= amount
            assert amount.is_finite()
            assert amount == round(amount, 2)


@st.composite
def daily_cases(draw: st.DrawFn) -> tuple[AccountTerms, list[Event]]:
    """Loans whose interest is days times balance: an oracle of a few lines knows it."""
    methods = [method for method in RepaymentMethod if method is not RepaymentMethod.FLAT]
    loan = draw(loans(methods, tuple(BY_DAYS)))
    return loan, draw(lives(loan, SCHEDULE_EVENTS))


def interest_by_days(
    loan: AccountTerms, events: Sequence[Event], account: Account, to_on: date
) -> Decimal:
    """Balance times rate, day by day, from the rows and the events alone."""
    schedule, total = loan.schedule, Decimal(0)
    free_to = DRAWN_ON
    if schedule.interest_free:
        free_to = periods(schedule, calendar_of(loan))[schedule.interest_free - 1].due_on
    day = DRAWN_ON
    while day < to_on:
        lent = sum(
            (e.amount for e in events if isinstance(e, Drawdown) and e.value_on <= day), Decimal(0)
        )
        back = sum(
            (li.owed.get(Bucket.PRINCIPAL, 0) for li in account.lines if li.due_on <= day),
            Decimal(0),
        )
        set_by = sorted(
            (e for e in events if isinstance(e, RateSet) and e.value_on <= day),
            key=lambda e: e.value_on,
        )
        paused = any(isinstance(e, InterestPause) and e.value_on <= day <= e.to_on for e in events)
        if day >= free_to and not paused:
            total += (lent - back) * (set_by[-1].yearly_rate if set_by else schedule.yearly_rate)
        day += timedelta(days=1)
    return total / BY_DAYS[schedule.day_count]


@examples(150)
@given(daily_cases())
def test_interest_is_what_a_sum_over_the_days_comes_to(
    case: tuple[AccountTerms, list[Event]],
) -> None:
    loan, events = case
    account = fold(loan, events, LAST, calendar_of(loan))
    last = account.lines[-1].due_on
    interest = sum(
        (line.owed.get(Bucket.INTEREST, Decimal(0)) for line in account.lines), Decimal(0)
    )
    expected = interest_by_days(loan, events, account, last)
    assert abs(interest - expected) <= CENT / 2 * (len(account.lines) + len(events))


@examples(200)
@given(cases())
def test_paying_off_costs_the_balance_and_the_interest_earned(
    case: Case,
) -> None:
    loan, events, day = case
    told = [event for event in events if event.value_on <= day]
    account = fold(loan, told, day, calendar_of(loan))
    quote = payoff_quote(loan, told, day, working_day=calendar_of(loan))
    due = account.open_amount(Bucket.INTEREST, due_by=day)
    ahead = [line for line in account.lines if line.due_on > day]
    paid = sum((line.paid.get(Bucket.INTEREST, Decimal(0)) for line in ahead), Decimal(0))
    earned = max(account.accrued_interest - paid, Decimal(0))
    assert quote.principal == account.outstanding
    assert abs(quote.interest - due - earned) <= CENT * (1 + _spare_cents(loan, account))


def _spare_cents(loan: AccountTerms, account: Account) -> int:
    """Where the last row carries what rounding left over, its days carry it too."""
    return len(account.lines) if loan.schedule.settlement_day is not None else 0


def rows_of(account: Account) -> list[tuple[date, dict[Bucket, Decimal]]]:
    return [(line.due_on, dict(line.owed)) for line in account.lines]


@examples(200)
@given(cases())
def test_a_fixing_at_the_rate_that_already_counts_changes_no_row(
    case: Case,
) -> None:
    loan, events, day = case
    told = [event for event in events if event.value_on <= day]
    before = fold(loan, told, day, calendar_of(loan))
    same = RateSet(key="same", value_on=day, recorded_on=day, yearly_rate=before.yearly_rate)
    assert rows_of(fold(loan, [*told, same], day, calendar_of(loan))) == rows_of(before)


@examples(200)
@given(loans(), st.integers(0, 400))
def test_rows_laid_anew_keep_what_was_granted(loan: AccountTerms, days: int) -> None:
    day = DRAWN_ON + timedelta(days=days)
    there, back = (
        RateSet(key=key, value_on=day, recorded_on=day, yearly_rate=rate)
        for key, rate in (("there", Decimal("0.05")), ("back", loan.schedule.yearly_rate))
    )
    before = fold(loan, [drawn(loan)], day, calendar_of(loan))
    account = fold(loan, [drawn(loan), there, back], day, calendar_of(loan))
    for old, new in zip(before.lines, account.lines, strict=True):
        assert old.due_on == new.due_on
        for bucket in (Bucket.PRINCIPAL, Bucket.INTEREST):
            gap = abs(old.owed.get(bucket, Decimal(0)) - new.owed.get(bucket, Decimal(0)))
            assert gap <= CENT * len(before.lines), (old, new)


@examples(60)
@given(cases())
def test_the_order_of_recording_does_not_matter_between_days(
    case: Case,
) -> None:
    loan, events, _ = case
    one_a_day = list({event.value_on: event for event in events}.values())
    if not allowed(loan, one_a_day):
        return
    shuffled = [one_a_day[0], *reversed(one_a_day[1:])]
    straight = fold(loan, one_a_day, LAST, calendar_of(loan))
    assert fold(loan, shuffled, LAST, calendar_of(loan)) == straight


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


@pytest.mark.parametrize("basis", InterestBasis)
def test_what_has_not_happened_yet_cannot_be_taken_back(basis: InterestBasis) -> None:
    loan = replace(terms(), interest_basis=basis)
    day, next_day = date(2026, 3, 11), date(2026, 3, 12)
    receipt = Receipt(key="r", value_on=next_day, recorded_on=next_day, amount=CENT)
    back = Reversal(key="x", value_on=day, recorded_on=day, reversed_key="r")
    with pytest.raises(LoanRuleViolation, match=r"account\.dates"):
        fold(loan, [drawn(loan), receipt, back], LAST)
    with pytest.raises(LoanRuleViolation, match=r"account\.unknown_event"):
        fold(loan, [drawn(loan), back], LAST)


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


@pytest.mark.parametrize("day_count", BY_DAYS)
def test_an_extension_leaves_an_instalment_as_it_was_paid_that_day(day_count: DayCount) -> None:
    loan = terms(instalments=3, day_count=day_count)
    due = date(2026, 4, 10)
    untouched = fold(loan, [drawn(loan)], due).lines[0]
    more = Extension(key="c", value_on=due, recorded_on=due, extra_instalments=1)
    events = [drawn(loan), paid(due, untouched.total), more]
    account = fold(loan, events, due)
    assert account.lines[0].owed == untouched.owed
    assert [line.total for line in account.lines[2:3]] == [account.lines[1].total]
    interest = sum(line.owed[Bucket.INTEREST] for line in account.lines)
    expected = interest_by_days(loan, events, account, account.lines[-1].due_on)
    assert abs(interest - expected) <= CENT / 2 * len(account.lines)


def test_nothing_is_left_to_extend_once_a_loan_is_paid_off() -> None:
    loan = terms(instalments=3)
    named: dict[str, Any] = {"value_on": date(2026, 3, 11), "recorded_on": date(2026, 3, 11)}
    events = [Payoff(key="p", **named), Extension(key="c", **named, extra_instalments=1)]
    with pytest.raises(LoanRuleViolation, match=r"account\.extension"):
        fold(loan, [drawn(loan), *events], LAST)


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
