"""Money that comes in or goes back, and charges, on a daily-balance loan."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

from domain.accounts.account import Portion
from domain.accounts.daily.cumulative import lay_early
from domain.accounts.daily.instalment import NOTHING, DailyInstalment
from domain.accounts.daily.paying import Paying
from domain.accounts.daily.state import DailyFold
from domain.accounts.events import Charge, Chargeback, Event, Payoff, ReceiptKind, Refund
from domain.accounts.terms import FutureMoney, Rest
from domain.repayments import Bucket


def lay(fold: DailyFold, event: Event, amount: Decimal, kind: ReceiptKind) -> None:
    """Allocate money by the rule of its kind; what nothing asks for is held."""
    if fold.plan.cumulative:
        lay_early(fold, event, amount, kind)
        return
    rule = fold.terms.allocation_of(kind)
    paying = Paying(fold.plan, event.value_on, amount, rule, _counts_from(fold, event), [])
    if paying.counts_from > event.value_on and fold.terms.rest is Rest.DAY:
        fold.plan.whole_periods = True
        if amount < _owed_on(fold, paying.counts_from):
            paying.counts_from, fold.plan.whole_periods = event.value_on, False
    paying.run()
    fold.held += paying.left
    fold.move(event, amount, paying.portions(), paying.left)


def use_held(fold: DailyFold, until: date) -> None:
    """Money held pays what falls due by a day, on its own day; what may be paid ahead, at once."""
    rule, plan = fold.terms.allocation_of(ReceiptKind.REPAYMENT), fold.plan
    while fold.held > 0:
        due = min((r.period.due_on for r in plan.rows if r.open_total > 0), default=date.max)
        day = max(due, plan.known_to) if rule.future is FutureMoney.HOLD else until
        if day > until or due == date.max:
            return
        plan.known_to = max(plan.known_to, day)
        plan.settle()
        paying = Paying(plan, day, fold.held, rule, day, [])
        paying.run()
        used, fold.held = fold.held - paying.left, paying.left
        if not used:
            return
        fold.use(day, used, paying.portions())


def _counts_from(fold: DailyFold, event: Event) -> date:
    """The day advance money counts from: at a payoff, perhaps the end of the instalment."""
    if fold.terms.payoff_rest is Rest.DAY:
        return event.value_on
    running = fold.plan.rows[fold.plan.index_on(event.value_on)].period
    return max(running.due_on, event.value_on)


def _owed_on(fold: DailyFold, on: date) -> Decimal:
    tried = fold.plan.copied()
    tried.clock.ended_on = on
    tried.settle()
    buckets = (row.open_amount(bucket) for row in tried.rows for bucket in Bucket)
    return sum(buckets, NOTHING)


def pay_off(fold: DailyFold, event: Payoff) -> None:
    """Everything owed on the day is paid."""
    fold.plan.whole_periods |= fold.terms.payoff_rest is Rest.INSTALMENT
    amount = _owed_on(fold, _counts_from(fold, event))
    fold.received += amount
    if fold.plan.cumulative:
        lay_early(fold, event, amount, ReceiptKind.REPAYMENT)
        return
    rule = fold.terms.allocation_of(ReceiptKind.REPAYMENT)
    if rule.future is FutureMoney.HOLD:
        rule = replace(rule, future=FutureMoney.NEXT_INSTALMENT)
    paying = Paying(fold.plan, event.value_on, amount, rule, _counts_from(fold, event), [])
    paying.run()
    fold.held += paying.left
    fold.move(event, amount, paying.portions(), paying.left)


def charge(fold: DailyFold, event: Charge) -> None:
    """A fee or a lump penalty joins the instalment its due date lies in."""
    row = row_of_charge(fold.plan.rows, event.due_on)
    if row is None:
        row = fold.row_after_end(event.due_on)
    row.charged[event.bucket] = row.owed(event.bucket) + event.amount
    row.charged_to = max(row.charged_to or event.due_on, event.due_on)
    fold.move(event, event.amount, ())


def row_of_charge(rows: Sequence[DailyInstalment], due_on: date) -> DailyInstalment | None:
    """The instalment a due date lies in, if any."""
    return next((row for row in rows if due_on <= row.period.due_on), None)


def refund(fold: DailyFold, event: Refund) -> None:
    """Held money goes back; money beyond it is lent again."""
    fold.refunded += event.amount
    beyond = max(event.amount - fold.held, NOTHING)
    fold.held -= event.amount - beyond
    if beyond:
        fold.owe_again(event.value_on, beyond)
    fold.move(event, event.amount, (), beyond - event.amount)


def charge_back(fold: DailyFold, event: Chargeback) -> None:
    """What the receipt paid is owed again, principal first; what it left over is taken back."""
    fold.charged_back += event.amount
    paid = _still_standing(fold, event)
    principal = min(event.amount, paid[Bucket.PRINCIPAL])
    interest = min(event.amount - principal, paid[Bucket.INTEREST])
    rest = event.amount - principal - interest
    from_held = min(fold.held, rest)
    fold.held -= from_held
    n = fold.owe_again(event.value_on, principal + rest - from_held, interest)
    back = ((Bucket.PRINCIPAL, principal + rest - from_held), (Bucket.INTEREST, interest))
    portions = tuple(Portion(n, bucket, amount) for bucket, amount in back if amount)
    fold.move(event, event.amount, portions, -from_held)


def _still_standing(fold: DailyFold, event: Chargeback) -> dict[Bucket, Decimal]:
    """What the receipt paid and no earlier chargeback took back."""
    paid = _paid_by(fold, event.receipt_key)
    for earlier in fold.taken:
        if isinstance(earlier, Chargeback) and earlier.receipt_key == event.receipt_key:
            for bucket, amount in _paid_by(fold, earlier.key).items():
                paid[bucket] = max(paid[bucket] - amount, NOTHING)
    return paid


def _paid_by(fold: DailyFold, key: str) -> dict[Bucket, Decimal]:
    paid = dict.fromkeys(Bucket, NOTHING)
    for movement in fold.movements:
        for portion in movement.portions if movement.key == key else ():
            paid[portion.bucket] += portion.amount
    return paid
