"""Laying rows not yet due anew: after a rate, a tranche, a prepayment, an extension.

What was granted stays with its row: no principal (`waits`), interest put off (`deferred`), interest
that was earned before (`brought`) or never ran (`uncharged`). Days free of interest are pauses of
the rate.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal, localcontext

from domain.accounts.earning import put_off_before
from domain.accounts.rows import NOTHING, Row
from domain.accounts.running import Running
from domain.repayments import Bucket
from domain.schedules import Amortisation, RepaymentMethod, ScheduleTerms
from domain.schedules.annuity import EXACT, AnnuityRow
from domain.schedules.methods import METHODS, flat_rows, with_interest
from domain.schedules.periods import dues_from

_SHARED_OUT = (RepaymentMethod.STEP_UP, RepaymentMethod.CUSTOM)


def ahead(running: Running, on: date) -> list[Row]:
    """Rows that fall due after a day and may be laid anew."""
    return [row for row in regular(running) if row.due_on > on]


def regular(running: Running) -> list[Row]:
    """The instalments of the schedule: no row of its own event, no down payment."""
    return [row for row in running.rows if not (row.apart or row.down_payment)]


def balance_ahead(rows: Sequence[Row]) -> Decimal:
    """Principal of rows that are not yet due."""
    return sum((row.lump.get(Bucket.PRINCIPAL, NOTHING) for row in rows), NOTHING)


def charged_base(running: Running, amount: Decimal, balance: Decimal) -> Decimal:
    """What interest counts on for an amount of the balance: itself, or its share if flat."""
    if running.terms.schedule.method is not RepaymentMethod.FLAT or not balance:
        return amount
    return amount * running.flat_base / balance


def earned_on(running: Running, row: Row, amount: Decimal, balance: Decimal, on: date) -> Decimal:
    """Contract interest on an amount of the balance from the start of a row's period to a day.

    Unit: the currency. Rounding: as the contract says.
    """
    start, terms = row.period.start_on, running.terms.schedule
    with localcontext(EXACT):
        share = running.factor(row, start, max(on, start))
        exact = charged_base(running, amount, balance) * share
        if never_ran := _never_ran(running, row, share):
            exact = max(exact - never_ran * amount / balance, NOTHING)
        return terms.rounding.interest(exact, Decimal(1), running.currency)


def factors_of(running: Running, rows: Sequence[Row], balance: Decimal) -> list[Decimal]:
    """What each row's period bears on one unit; the first without what never ran in it."""
    found = [running.factor(row, row.period.start_on, row.due_on) for row in rows]
    base = charged_base(running, balance, balance)
    never_ran = _never_ran(running, rows[0], found[0])
    if never_ran and base:
        found[0] = max(found[0] - never_ran / base, NOTHING)
    return found


def _never_ran(running: Running, row: Row, share: Decimal) -> Decimal:
    """Interest the balance would bear in a row but for what came within its period. Unrounded."""
    flat = running.terms.schedule.method is RepaymentMethod.FLAT
    return row.uncharged + (NOTHING if flat else row.owed_again * share)


def lay_anew(running: Running, rows: Sequence[Row], balance: Decimal) -> None:
    """Spread a balance over given rows by the contract's method and today's rates."""
    if not rows or balance < 0:
        return
    with localcontext(EXACT):
        parts = _parts(running, rows, balance, factors_of(running, rows, balance))
    write(running, rows, parts)


def _parts(
    running: Running, rows: Sequence[Row], balance: Decimal, factors: Sequence[Decimal]
) -> list[AnnuityRow]:
    terms, waiting = running.terms.schedule, waiting_rows(rows)
    if terms.amortisation is Amortisation.CUMULATIVE:
        terms = replace(terms, yearly_rate=running.rates.rate_on(rows[0].period.start_on))
    first = without_principal(running, balance, factors[:waiting])
    rest = factors[waiting:]
    if terms.method in _SHARED_OUT:
        shares = _scaled(rows[waiting:], balance, terms)
        return [*first, *with_interest(terms, balance, shares, rest)]
    if terms.method is RepaymentMethod.FLAT:
        base = charged_base(running, balance, balance)
        return [*first, *flat_rows(terms, balance, rest, base)]
    return [*first, *METHODS[terms.method](terms, balance, rest)]


def waiting_rows(rows: Sequence[Row]) -> int:
    """How many of the rows carry no principal; they stand in front, and never all of them."""
    return min(sum(row.waits for row in rows), len(rows) - 1)


def without_principal(
    running: Running, balance: Decimal, factors: Sequence[Decimal]
) -> list[AnnuityRow]:
    """Rows that carry interest only."""
    terms, base = running.terms.schedule, charged_base(running, balance, balance)
    interest = (terms.rounding.interest(base, factor, terms.currency) for factor in factors)
    return [AnnuityRow(NOTHING, part, balance) for part in interest]


def _scaled(rows: Sequence[Row], balance: Decimal, terms: ScheduleTerms) -> list[Decimal]:
    """The agreed proportions over another balance; the last takes what is left.

    A row that was added takes as much as the last agreed one; a new series equal parts.
    """
    agreed: list[Decimal] = []
    for row in rows:
        usual = agreed[-1] if agreed else Decimal(1)
        agreed.append(row.lump.get(Bucket.PRINCIPAL, usual))
    whole, left = sum(agreed, NOTHING), balance
    parts: list[Decimal] = []
    for share in agreed[:-1]:
        part = terms.rounding.amount(share * balance / whole, terms.currency) if whole else NOTHING
        parts.append(min(part, left))
        left -= parts[-1]
    return [*parts, left]


def write(running: Running, rows: Sequence[Row], parts: Sequence[AnnuityRow]) -> None:
    """Put laid parts into their rows; interest put off waits for the next row that is not."""
    unit = running.currency.smallest_unit
    waiting = put_off_before(running, rows[0])
    for row, part in zip(rows, parts, strict=True):
        own = part.interest.quantize(unit) + row.brought
        row.deferred = row.deferred and row is not rows[-1]
        row.put_off = own if row.deferred else NOTHING
        row.lump[Bucket.PRINCIPAL] = part.principal.quantize(unit)
        row.lump[Bucket.INTEREST] = NOTHING if row.deferred else own + waiting
        row.balance_after = part.balance_after.quantize(unit)
        waiting = waiting + own if row.deferred else NOTHING
    _keep_paid(running, rows)


def _keep_paid(running: Running, rows: Sequence[Row]) -> None:
    """No row asks for less than it was paid: the rows behind it give way, the last one first."""
    short = NOTHING
    for row in rows:
        paid = {b: row.paid.get(b, NOTHING) for b in (Bucket.PRINCIPAL, Bucket.INTEREST)}
        row.lump[Bucket.INTEREST] = max(row.lump[Bucket.INTEREST], paid[Bucket.INTEREST])
        short += max(paid[Bucket.PRINCIPAL] - row.lump[Bucket.PRINCIPAL], NOTHING)
        row.lump[Bucket.PRINCIPAL] = max(row.lump[Bucket.PRINCIPAL], paid[Bucket.PRINCIPAL])
    if short:
        _give_way(running, rows, short)
    for row in rows:
        if row.open_total(running.currency):
            row.paid_on = None


def _give_way(running: Running, rows: Sequence[Row], short: Decimal) -> None:
    left = balance_ahead(rows) - short
    for row in reversed(rows):
        part = min(short, row.open_amount(Bucket.PRINCIPAL, running.currency))
        row.lump[Bucket.PRINCIPAL] -= part
        short -= part
    for row in rows:
        left -= row.lump[Bucket.PRINCIPAL]
        row.balance_after = left


def take_open_principal(running: Running, on: date) -> Decimal:
    """Take the overdue principal out of the rows it was due with: it will be due anew.

    What each row was paid stays with it, and its interest stays due.
    """
    taken = NOTHING
    for row in running.rows:
        if row.due_on <= on:
            part = row.open_amount(Bucket.PRINCIPAL, running.currency)
            row.lump[Bucket.PRINCIPAL] = row.lump.get(Bucket.PRINCIPAL, NOTHING) - part
            taken += part
            row.balance_after += taken
    return taken


def moved_rows(rows: Sequence[Row], days: timedelta, terms: ScheduleTerms) -> None:
    """Shift due dates; whole periods follow the first moved one, so the day of month is its own."""
    dues = dues_from(rows[0].due_on + days, len(rows), terms, days)
    for n, (row, due) in enumerate(zip(rows, dues, strict=True)):
        start = row.period.start_on if n == 0 else rows[n - 1].due_on
        row.set_dates(start, due)
