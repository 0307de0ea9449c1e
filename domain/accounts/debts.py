"""Debts that join the rows of a running account, and rows that are paid at once."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from domain.accounts import events as ev
from domain.accounts.account import Portion
from domain.accounts.rows import NOTHING, Row
from domain.accounts.running import Running
from domain.money import checked_amount
from domain.repayments import Bucket
from domain.schedules.periods import Period
from domain.violations import LoanRuleViolation


def add_debt(
    running: Running, on: date, bucket: Bucket, amount: Decimal, *, by_due_day: bool
) -> Row:
    """Add a debt to the row in whose period a day lies, its due day in or out."""
    rows = [row for row in running.rows if not row.apart and not row.down_payment]
    row = next((r for r in rows if on < r.due_on or (by_due_day and on == r.due_on)), None)
    if row is None:
        row = own_row(running, running.rows[-1].due_on, on, {})
    row.lump[bucket] = row.lump.get(bucket, NOTHING) + amount
    row.paid_on = None
    if bucket is Bucket.PRINCIPAL:
        row.owed_again += amount
    return row


def own_row(running: Running, start_on: date, due_on: date, lump: dict[Bucket, Decimal]) -> Row:
    """A row no re-amortisation touches, behind those due up to its day."""
    row = Row(Period(0, start_on, due_on, 1), due_on, NOTHING, lump, apart=True)
    position = sum(other.due_on <= due_on for other in running.rows)
    running.rows.insert(position, row)
    return row


def settle(running: Running, row: Row, event: ev.Event) -> list[Portion]:
    """Pay all that is open on one row."""
    n = next(n for n, other in enumerate(running.rows, start=1) if other is row)
    portions: list[Portion] = []
    for bucket in Bucket:
        part = row.open_amount(bucket, running.currency)
        if part > 0:
            row.pay(bucket, part, event.value_on, running.currency)
            portions.append(Portion(n, bucket, part))
    return portions


def positive(running: Running, amount: Decimal) -> Decimal:
    """An amount in the currency's scale, above zero. Violation: `amount.range`."""
    checked = checked_amount(amount, running.currency)
    if checked <= 0:
        raise LoanRuleViolation("amount.range")
    return checked
