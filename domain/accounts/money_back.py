"""Money that goes back: refunds of what is held, and receipts taken back by the payer's bank."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from domain.accounts import events as ev
from domain.accounts.account import Account, Portion
from domain.accounts.debts import add_debt, positive
from domain.accounts.rows import NOTHING
from domain.accounts.running import Running
from domain.repayments import Bucket
from domain.violations import LoanRuleViolation

Taken = tuple[Decimal, list[Portion], Decimal]
"""What an event moved: its amount, the debts it paid, what went into suspense."""


def refuse_refund(account: Account, amount: Decimal) -> None:
    """Only money that is held, and not promised already, can be promised back.

    Asked before a refund is recorded, never when an account runs again. Unit: the currency.
    Violation: `account.refund_above_held` with what is held.
    """
    if not amount.is_finite() or not 0 < amount <= account.held:
        raise LoanRuleViolation("account.refund_above_held", held=str(account.held))


def promise_refund(running: Running, event: ev.RefundDue) -> Taken:
    """Held money is owed to its payer from now on (应付退款) and pays no debt any more.

    Less held than promised, as for `refund`: the promise stands, the rest is owed again.
    """
    amount = positive(running, event.amount)
    from_held = _taken_back(running, event.value_on, amount)
    running.totals.promises[event.key] = amount
    return amount, [], -from_held


def pay_refund(running: Running, event: ev.RefundPaid) -> Taken:
    """The promised money left the bank."""
    return _promise(running, event.due_key), [], NOTHING


def hold_again(running: Running, event: ev.RefundFailed) -> Taken:
    """The promised money could not be paid: it pays what is due by now, the rest is held again."""
    amount = _promise(running, event.due_key)
    running.totals.refunded -= amount
    portions, left = running.pay(amount, event.value_on)
    running.held += left
    return amount, portions, left


def _promise(running: Running, key: str) -> Decimal:
    amount = running.totals.promises.pop(key, None)
    if amount is None:
        raise LoanRuleViolation("account.unknown_refund")
    return amount


def refund(running: Running, event: ev.Refund) -> Taken:
    """Held money goes back to its payer.

    Where an account runs again and less is held than was paid back, the rest is owed again: the
    money has left. Whether a refund may be made at all is asked before it is.
    """
    amount = positive(running, event.amount)
    return amount, [], -_taken_back(running, event.value_on, amount)


def _taken_back(running: Running, on: date, amount: Decimal) -> Decimal:
    """Money leaves: first what is held, the rest is principal owed with the next instalment."""
    from_held = min(amount, running.held)
    running.held -= from_held
    running.totals.refunded += from_held
    owed = amount - from_held
    if owed:
        add_debt(running, on, Bucket.PRINCIPAL, owed, by_due_day=on >= running.rows[-1].due_on)
        running.totals.charged_back += owed
    return from_held


def charge_back(running: Running, event: ev.Chargeback) -> Taken:
    """Part of a receipt is taken back: it is principal owed again, with the next instalment.

    Money still held goes first. What the receipt paid stays paid; a receipt that never counted is
    a `Reversal` instead.
    """
    amount = positive(running, event.amount)
    taken_from = next((m for m in running.movements if m.key == event.receipt_key), None)
    if taken_from is None or amount > taken_from.amount:
        raise LoanRuleViolation("account.unknown_receipt")
    return amount, [], -_taken_back(running, event.value_on, amount)
