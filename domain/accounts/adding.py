"""Rows that come and go: added, laid over a new series, or become one that is due now."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from domain.accounts.due_dates import DueDates
from domain.accounts.earning import put_off_before
from domain.accounts.reshape import ahead, balance_ahead, earned_on, regular
from domain.accounts.rows import NOTHING, Row
from domain.accounts.running import Running
from domain.repayments import Bucket
from domain.schedules import RepaymentMethod
from domain.schedules.periods import Period
from domain.violations import LoanRuleViolation

_LAID = (Bucket.PRINCIPAL, Bucket.INTEREST)


def added_rows(running: Running, count: int) -> list[Row]:
    """Whole periods behind the last row, on the contract's own dates.

    Where interest and principal fall due together at maturity, the one row reaches further.
    """
    last, dates = regular(running)[-1], _dates(running)
    of_one_row = running.terms.schedule.method is RepaymentMethod.MATURITY
    parts = last.parts or (last.period,)
    running.dates, dues = dates.extended(parts[-1], count)
    found = running.dates.periods(parts[-1].start_on, dues)
    if found[0].due_on == last.due_on:
        found[0] = parts[-1]
    if of_one_row:
        last.parts = (*parts[:-1], *found)
        last.set_dates(last.period.start_on, found[-1].due_on)
        return []
    if found[0] is not parts[-1] and last.period.n > 1:
        last.period = found[0]
    last.set_dates(last.period.start_on, found[0].due_on)
    return [Row(period, period.due_on, NOTHING, {}) for period in found[1:]]


def fresh_rows(running: Running, on: date, first_due_on: date, count: int) -> list[Row]:
    """Rows of a restructured debt: the first from that day to its due date, then whole periods."""
    running.dates = _dates(running).restarted(first_due_on)
    found = running.dates.fresh_periods(on, first_due_on, count)
    if running.terms.schedule.method is RepaymentMethod.MATURITY:
        whole = Period(0, on, found[-1].due_on, 1)
        return [Row(whole, whole.due_on, NOTHING, {}, parts=tuple(found))]
    return [Row(period, period.due_on, NOTHING, {}) for period in found]


def _dates(running: Running) -> DueDates:
    if running.dates is None:
        raise LoanRuleViolation("account.not_drawn")
    return running.dates


def in_order(running: Running) -> None:
    """Rows stand in the order they fall due."""
    running.rows.sort(key=lambda row: row.due_on)


def earned_ahead(running: Running, rows: Sequence[Row], on: date) -> Decimal:
    """All interest earned by a day and not yet due, put off or brought along too."""
    current, balance = rows[0], balance_ahead(rows)
    earned = earned_on(running, current, balance, balance, on)
    return earned + current.brought + put_off_before(running, current)


def nothing_waits(running: Running) -> None:
    """Interest that was put off has joined what is owed now: no later row asks for it again."""
    for row in running.rows:
        row.deferred, row.put_off = False, NOTHING


def take_out(running: Running, gone: Sequence[Row], heir: Row) -> None:
    """Rows leave the account; what they were paid, and what else they ask for, stays with another.

    Their principal and interest are laid anew or merged by whoever takes them out.
    """
    for row in gone:
        running.rows = [other for other in running.rows if other is not row]
        for bucket, amount in row.paid.items():
            heir.paid[bucket] = heir.paid.get(bucket, NOTHING) + amount
        for bucket, amount in row.lump.items():
            if bucket not in _LAID:
                heir.lump[bucket] = heir.lump.get(bucket, NOTHING) + amount
        for bucket, amount in row.late_exact.items():
            heir.late_exact[bucket] = heir.late_exact.get(bucket, NOTHING) + amount
        heir.paid_in_advance += row.paid_in_advance
        heir.paid_late += row.paid_late
        heir.charged_on += row.charged_on


def merged_now(running: Running, on: date) -> Row | None:
    """Everything ahead becomes one row due on that day, with the interest earned up to it."""
    rows = ahead(running, on)
    if not rows:
        return None
    current, balance = rows[0], balance_ahead(rows)
    interest = earned_ahead(running, rows, on)
    nothing_waits(running)
    take_out(running, rows[1:], current)
    current.lump[Bucket.PRINCIPAL] = balance
    current.lump[Bucket.INTEREST] = max(interest, current.paid.get(Bucket.INTEREST, NOTHING))
    current.lump = {bucket: amount for bucket, amount in current.lump.items() if amount}
    current.waits = False
    current.brought = current.uncharged = current.owed_again = NOTHING
    current.balance_after = NOTHING
    current.set_dates(current.period.start_on, max(on, current.period.start_on))
    if current.open_total(running.currency):
        current.paid_on = None
    in_order(running)
    return current
