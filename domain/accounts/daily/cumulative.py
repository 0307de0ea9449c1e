"""Money on a daily balance where instalments keep their interest: what comes early is principal."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

from domain.accounts.daily.instalment import DailyInstalment
from domain.accounts.daily.paying import Paying
from domain.accounts.daily.plan import Plan
from domain.accounts.daily.state import DailyFold
from domain.accounts.events import Event, ReceiptKind
from domain.accounts.terms import EarlyMoney, FutureMoney, Rest
from domain.repayments import Bucket

_OWN = (Bucket.PENALTY, Bucket.FEE, Bucket.INTEREST, Bucket.PRINCIPAL)


def lay_early(fold: DailyFold, event: Event, amount: Decimal, kind: ReceiptKind) -> None:
    """What is due first, in the contract's order; the rest is principal of the instalment's own.

    An instalment that gets more principal than its level asked for lowers the levels behind it, or
    saves the last ones, as the contract says.
    """
    plan, on = fold.plan, event.value_on
    rule = replace(fold.terms.allocation_of(kind), future=FutureMoney.HOLD)
    paying = Paying(plan, on, amount, rule, _rest_after(fold, on), [])
    paying.run()
    if paying.left > 0 and plan.open_principal > 0:
        _pay_ahead(fold, paying)
    fold.held += paying.left
    fold.move(event, amount, paying.portions(), paying.left)


def _pay_ahead(fold: DailyFold, paying: Paying) -> None:
    plan, on = fold.plan, paying.on
    row = next((r for r in plan.rows if r.period.due_on >= on and not r.down_payment), None)
    if row is None:
        return
    counts_from = _rest_after(fold, on)
    if fold.terms.rest is Rest.INSTALMENT:
        for bucket in _OWN:
            _pay(paying, row, bucket, row.open_amount(bucket), counts_from)
    asked = row.principal
    _pay(paying, row, Bucket.PRINCIPAL, plan.open_principal, counts_from)
    if plan.open_principal == 0:
        _end(paying, row)
    elif row.principal > asked:
        _answer(fold, plan.rows.index(row) + 1, row.principal - asked)
    drop_empty(plan)


def _rest_after(fold: DailyFold, on: date) -> date:
    """The day from which money of a day counts: its own, or the next due date."""
    if fold.terms.rest is Rest.DAY:
        return on
    return min((r.period.due_on for r in fold.plan.rows if r.period.due_on >= on), default=on)


def _answer(fold: DailyFold, first: int, beyond: Decimal) -> None:
    """What the instalments from one on do about principal beyond what was asked for."""
    plan, early = fold.plan, fold.terms.early_money
    if early is EarlyMoney.LOWER_INSTALMENTS:
        plan.relevel(first)
    elif early is EarlyMoney.NEXT_INSTALMENTS:
        _take_off(plan, first, beyond)


def _take_off(plan: Plan, first: int, beyond: Decimal) -> None:
    for row in plan.rows[first:]:
        row.level = row.agreed_level
    plan.restate()
    for row in plan.rows[first:]:
        less = min(beyond, row.principal)
        row.level -= less
        row.agreed_level = row.level
        beyond -= less
        plan.restate()
    plan.settle()


def _pay(
    paying: Paying, row: DailyInstalment, bucket: Bucket, asked: Decimal, counts_from: date
) -> None:
    amount = min(paying.left, asked)
    if amount > 0:
        row.pay(bucket, amount, paying.on, counts_from)
        paying.left -= amount
        paying.taken.append((row, bucket, amount))
        paying.plan.settle()


def _end(paying: Paying, row: DailyInstalment) -> None:
    """Nothing is left to repay: the instalment ends with the interest earned by now."""
    if paying.on > row.period.start_on:
        paying.plan.end_row_on(row, paying.on)
        paying.plan.settle()
    for bucket in _OWN:
        _pay(paying, row, bucket, row.open_amount(bucket), paying.on)


def drop_empty(plan: Plan) -> None:
    """Instalments at the end that ask for nothing are no longer needed."""
    while len(plan.rows) > 1:
        last = plan.rows[-1]
        if last.to_pay or last.paid or last.open_total or last.charged or last.down_payment:
            return
        plan.rows.pop()
