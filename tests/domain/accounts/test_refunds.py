"""Money held beyond the debt goes back to its payer: promised, paid, or held again."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from domain.accounts import Account, fold
from domain.accounts.events import Event, RefundDue, RefundFailed, RefundPaid, Reversal
from domain.accounts.money_back import refuse_refund
from domain.ledger import LedgerAccount
from domain.repayments import Bucket
from domain.violations import LoanRuleViolation
from tests.domain.accounts.notes import drawn, paid, terms

LEVEL = Decimal("102371.88")
CAME_ON = date(2026, 4, 10)
PROMISED_ON = date(2026, 4, 13)
PAID_ON = date(2026, 4, 15)
LOAN = terms()
SURPLUS = paid(CAME_ON, LEVEL + 500)


def promised(amount: str = "500", key: str = "refund:1") -> RefundDue:
    return RefundDue(
        key=key,
        value_on=PROMISED_ON,
        recorded_on=PROMISED_ON,
        amount=Decimal(amount),
        receipt_key=SURPLUS.key,
    )


def settled(due_key: str = "refund:1") -> RefundPaid:
    return RefundPaid(key="refund:paid", value_on=PAID_ON, recorded_on=PAID_ON, due_key=due_key)


def failed(on: date = PAID_ON) -> RefundFailed:
    return RefundFailed(key="refund:failed", value_on=on, recorded_on=on, due_key="refund:1")


def after(*events: Event, on: date = PAID_ON) -> Account:
    return fold(LOAN, [drawn(LOAN), SURPLUS, *events], on)


def balance(account: Account, of: LedgerAccount) -> Decimal:
    return account.positions.get(of, Decimal(0))


def test_a_promise_moves_held_money_to_what_the_bank_owes() -> None:
    before, promise = after(), after(promised())
    assert [before.held, before.refund_payable] == [500, 0]
    assert [promise.held, promise.refund_payable] == [0, 500]
    assert balance(promise, LedgerAccount.SUSPENSE) == 0
    assert balance(promise, LedgerAccount.REFUND_PAYABLE) == -500
    assert balance(promise, LedgerAccount.CLEARING) == balance(before, LedgerAccount.CLEARING)


def test_a_payment_ends_the_promise_and_the_money_leaves_the_bank() -> None:
    promise, gone = after(promised()), after(promised(), settled())
    assert gone.refund_payable == 0
    assert balance(gone, LedgerAccount.REFUND_PAYABLE) == 0
    clearing = LedgerAccount.CLEARING
    assert balance(promise, clearing) - balance(gone, clearing) == 500


def test_promised_money_pays_no_later_instalment() -> None:
    due = date(2026, 5, 10)
    account = after(promised(), on=due)
    assert account.lines[1].open_total == LEVEL
    assert after(on=due).lines[1].open_total == LEVEL - 500


def test_money_that_could_not_be_paid_is_held_again() -> None:
    assert after(promised(), failed()).positions == after().positions
    later = date(2026, 5, 10)
    assert after(promised(), failed(), on=later).lines[1].open_total == LEVEL - 500


def test_money_that_could_not_be_paid_pays_first_what_has_fallen_due_meanwhile() -> None:
    account = after(promised(), failed(date(2026, 5, 12)), on=date(2026, 5, 12))
    assert account.held == 0
    assert account.movements[-1].portions[-1].bucket is Bucket.INTEREST
    assert sum(part.amount for part in account.movements[-1].portions) == 500


def test_a_promise_that_was_a_mistake_never_counted() -> None:
    undo = Reversal(key="x", value_on=PROMISED_ON, recorded_on=PAID_ON, reversed_key="refund:1")
    assert after(promised(), undo).positions == after().positions


def test_a_promise_stands_though_its_receipt_turns_out_never_to_have_counted() -> None:
    undo = Reversal(key="x", value_on=CAME_ON, recorded_on=PAID_ON, reversed_key=SURPLUS.key)
    account = after(promised(), undo)
    assert account.refund_payable == 500
    assert account.outstanding == 1_200_500
    assert sum(account.positions.values()) == 0


@pytest.mark.parametrize("amount", ["500.01", "0", "-1", "NaN"])
def test_only_held_money_may_be_promised(amount: str) -> None:
    with pytest.raises(LoanRuleViolation) as refused:
        refuse_refund(after(), Decimal(amount))
    assert refused.value.code == "account.refund_above_held"
    refuse_refund(after(), Decimal(500))


@pytest.mark.parametrize(
    "events",
    [
        [settled()],
        [promised(), settled("refund:2")],
        [promised(), settled(), failed(PAID_ON + timedelta(days=1))],
    ],
)
def test_only_an_open_promise_can_be_paid_or_fail(events: list[Event]) -> None:
    with pytest.raises(LoanRuleViolation) as refused:
        after(*events, on=PAID_ON + timedelta(days=2))
    assert refused.value.code == "account.unknown_refund"
