"""What a claim that left the balance sheet still asks its borrower for, by contract."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

from domain.accounts.debts import own_row
from domain.accounts.rows import NOTHING, Row
from domain.accounts.running import Running
from domain.repayments import Bucket


def stop_interest(running: Running, on: date) -> None:
    """No interest from a day on: rows ask for as much in all, the last ones for what is left.

    Unit: the currency. Rounding: by the contract, once for the row in progress.
    """
    ahead = [row for row in running.rows if row.due_on > on and not row.apart]
    for row in ahead:
        interest = row.lump.get(Bucket.INTEREST, NOTHING)
        earned = _earned(running, row, on)
        row.lump[Bucket.INTEREST] = earned
        row.lump[Bucket.PRINCIPAL] = row.lump.get(Bucket.PRINCIPAL, NOTHING) + interest - earned
    if ahead:
        running.rates.pauses.append((on, ahead[-1].due_on))
        _cut_back(running, ahead)


def make_all_due(running: Running, on: date) -> None:
    """Everything ahead is one row due on the day, with the interest earned by then.

    Charges of the rows that go stay owed on their own last day.
    """
    rows = [row for row in running.rows if row.due_on >= on and not row.apart]
    if not rows or on >= rows[-1].due_on:
        return
    row, gone = rows[0], rows[1:]
    row.lump[Bucket.INTEREST] = _earned(running, row, on)
    row.due_on, row.period = on, replace(row.period, due_on=on)
    for each in gone:
        _take_over(running, row, each)
        running.rows.remove(each)
    row.balance_after = NOTHING
    if row.open_total(running.currency) > 0:
        row.paid_on = None
    _keep_charges(running, row, gone)


def _earned(running: Running, row: Row, on: date) -> Decimal:
    """Interest of a row by a day: open interest by its share of the days; what was paid stays."""
    paid = row.paid.get(Bucket.INTEREST, NOTHING)
    if row.due_on <= on:
        return row.lump.get(Bucket.INTEREST, NOTHING)
    days = max((on - row.period.start_on).days, 0)
    exact = row.open_amount(Bucket.INTEREST, running.currency) * days
    part = exact / (row.due_on - row.period.start_on).days
    return paid + running.terms.schedule.rounding.amount(part, running.currency)


def _cut_back(running: Running, ahead: Sequence[Row]) -> None:
    """Rows from the last one back give up principal that nobody was lent."""
    lent = running.totals.drawn + running.totals.charged_back
    beyond = -lent + sum((row.lump.get(Bucket.PRINCIPAL, NOTHING) for row in running.rows), NOTHING)
    for row in reversed(ahead):
        part = min(beyond, row.open_amount(Bucket.PRINCIPAL, running.currency))
        row.lump[Bucket.PRINCIPAL] -= part
        beyond -= part
    left = sum((row.lump[Bucket.PRINCIPAL] for row in ahead), NOTHING)
    for row in ahead:
        left -= row.lump[Bucket.PRINCIPAL]
        row.balance_after = left


def _take_over(running: Running, row: Row, gone: Row) -> None:
    row.lump[Bucket.PRINCIPAL] = row.lump.get(Bucket.PRINCIPAL, NOTHING) + gone.lump.get(
        Bucket.PRINCIPAL, NOTHING
    )
    paid = gone.paid.get(Bucket.INTEREST, NOTHING)
    row.lump[Bucket.INTEREST] += paid
    for bucket in (Bucket.PRINCIPAL, Bucket.INTEREST):
        row.paid[bucket] = row.paid.get(bucket, NOTHING) + gone.paid.get(bucket, NOTHING)
    row.paid_in_advance += gone.paid_in_advance


def _keep_charges(running: Running, row: Row, gone: Sequence[Row]) -> None:
    charges = [charge for each in gone for charge in each.charged_on]
    if not charges:
        return
    lump: dict[Bucket, Decimal] = {}
    for _, bucket, amount in charges:
        lump[bucket] = lump.get(bucket, NOTHING) + amount
    kept = own_row(running, row.due_on, max(day for day, _, _ in charges), lump)
    for each in gone:
        for bucket in lump:
            kept.paid[bucket] = kept.paid.get(bucket, NOTHING) + each.paid.get(bucket, NOTHING)
