"""Laying rows not yet due anew: after a rate, a tranche, a prepayment, an extension."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal, localcontext
from functools import lru_cache

from domain.accounts.rows import NOTHING, Row
from domain.accounts.running import Running
from domain.repayments import Bucket
from domain.schedules import (
    Amortisation,
    RepaymentMethod,
    ScheduleLine,
    ScheduleTerms,
    build_schedule,
)
from domain.schedules.annuity import EXACT, AnnuityRow, rows_of
from domain.schedules.methods import METHODS, flat_rows, with_interest
from domain.schedules.periods import Period, WorkingDay, dues_from, periods, stepped

_SHARED_OUT = (RepaymentMethod.STEP_UP, RepaymentMethod.CUSTOM)


def first_rows(
    running: Running, principal: Decimal, drawn_on: date, working_day: WorkingDay | None
) -> list[Row]:
    """The rows of the first drawdown, from the day the money really went out."""
    rate = running.rates.rate_on(drawn_on)
    terms = replace(
        running.terms.schedule, principal=principal, drawn_on=drawn_on, yearly_rate=rate
    )
    rows: list[Row] = []
    for period, line in _planned(terms, working_day):
        lump = {Bucket.PRINCIPAL: line.principal, Bucket.INTEREST: line.interest}
        rows.append(Row(period, line.due_on, line.balance_after, lump))
        rows[-1].down_payment = line.due_on == terms.drawn_on
    return rows


@lru_cache(maxsize=64)
def _planned(
    terms: ScheduleTerms, working_day: WorkingDay | None
) -> tuple[tuple[Period, ScheduleLine], ...]:
    """The first schedule and its periods, remembered: every run of an account begins with it."""
    lines = build_schedule(terms, working_day)
    cut = periods(terms, working_day)
    extra = len(lines) - len(cut)
    planned = []
    for line in lines:
        whole = cut[line.n - 1 - extra] if extra in (0, 1) and line.n > extra else None
        period = whole or Period(line.n, line.period_start_on, line.due_on, 1)
        period = replace(period, n=line.n, start_on=line.period_start_on, due_on=line.due_on)
        planned.append((period, line))
    return tuple(planned)


def ahead(running: Running, on: date) -> list[Row]:
    """Rows that fall due after a day and may be laid anew."""
    return [row for row in running.rows if row.due_on > on and not row.apart]


def balance_ahead(rows: Sequence[Row]) -> Decimal:
    """Principal of rows that are not yet due."""
    return sum((row.lump.get(Bucket.PRINCIPAL, NOTHING) for row in rows), NOTHING)


def accrued_on(running: Running, row: Row, amount: Decimal, on: date) -> Decimal:
    """Contract interest on an amount from the start of its row's period to a day."""
    exact = amount * running.rates.factor(row.period, row.period.start_on, on)
    return running.terms.schedule.rounding.amount(exact, running.currency)


def lay_anew(
    running: Running,
    rows: Sequence[Row],
    balance: Decimal,
    *,
    uncharged: Decimal = NOTHING,
    added_interest: Decimal = NOTHING,
    holiday: int = 0,
) -> None:
    """Spread a balance over given rows by the contract's method and today's rates.

    `uncharged` is exact interest the first row must not bear (a tranche that came within it),
    `added_interest` what it bears besides; `holiday` rows carry interest only.
    """
    if not rows or balance < 0:
        return
    with localcontext(EXACT):
        factors = [
            running.rates.factor(row.period, row.period.start_on, row.due_on) for row in rows
        ]
        bearing = _bearing(running, rows, balance)
        if bearing and uncharged:
            factors[0] -= uncharged / bearing
        parts = _parts(running, rows, balance, factors, holiday)
    unit = running.currency.smallest_unit
    for n, (row, part) in enumerate(zip(rows, parts, strict=True)):
        row.lump[Bucket.PRINCIPAL] = part.principal.quantize(unit)
        row.lump[Bucket.INTEREST] = part.interest.quantize(unit) + (0 if n else added_interest)
        row.balance_after = part.balance_after.quantize(unit)


def _parts(
    running: Running,
    rows: Sequence[Row],
    balance: Decimal,
    factors: Sequence[Decimal],
    holiday: int,
) -> list[AnnuityRow]:
    terms, bearing = running.terms.schedule, _bearing(running, rows, balance)
    if terms.amortisation is Amortisation.CUMULATIVE:
        rate = running.rates.rate_on(rows[0].period.start_on)
        terms = replace(terms, yearly_rate=rate)
    waiting = min(max(holiday, _grace_left(running, rows)), len(rows) - 1)
    first = [
        AnnuityRow(NOTHING, terms.rounding.amount(bearing * factor, terms.currency), balance)
        for factor in factors[:waiting]
    ]
    if terms.method is RepaymentMethod.FLAT and bearing:
        terms = replace(terms, principal=bearing)
        return [*first, *flat_rows(terms, balance, factors[waiting:], bearing)]
    if terms.method in _SHARED_OUT:
        shares = _scaled(rows[waiting:], balance, terms)
        return [*first, *with_interest(terms, balance, shares, factors[waiting:])]
    return [*first, *METHODS[terms.method](terms, balance, factors[waiting:])]


def _bearing(running: Running, rows: Sequence[Row], balance: Decimal) -> Decimal:
    """What bears interest in a row: the balance, or all that was lent where interest is flat.

    The cumulative family counts in what was paid down on the day.
    """
    terms = running.terms.schedule
    if terms.method is not RepaymentMethod.FLAT:
        return balance
    down_too = terms.amortisation is Amortisation.CUMULATIVE
    laid = {id(row) for row in rows}
    others = (
        row.lump.get(Bucket.PRINCIPAL, NOTHING)
        for row in running.rows
        if id(row) not in laid and (down_too if row.down_payment else not row.apart)
    )
    return balance + sum(others, NOTHING)


def _grace_left(running: Running, rows: Sequence[Row]) -> int:
    return sum(row.period.n <= running.terms.schedule.principal_grace for row in rows)


def _scaled(rows: Sequence[Row], balance: Decimal, terms: ScheduleTerms) -> list[Decimal]:
    """The agreed proportions over another balance; the last takes what is left."""
    agreed = balance_ahead(rows)
    if agreed == 0:
        return [NOTHING] * (len(rows) - 1) + [balance]
    parts = [
        terms.rounding.amount(row.lump[Bucket.PRINCIPAL] * balance / agreed, terms.currency)
        for row in rows[:-1]
    ]
    return [*parts, balance - sum(parts, NOTHING)]


def keep_instalment(
    running: Running, rows: list[Row], balance: Decimal, level: Decimal
) -> list[Row]:
    """Go on paying the same until nothing is left; the rows that are no longer needed come back."""
    with localcontext(EXACT):
        factors = [
            running.rates.factor(row.period, row.period.start_on, row.due_on) for row in rows
        ]
        terms = running.terms.schedule
        parts = rows_of(balance, factors, level, terms.rounding, terms.currency)
    needed = next((n for n, part in enumerate(parts, start=1) if part.balance_after == 0), 0)
    for row, part in zip(rows, parts, strict=True):
        row.lump[Bucket.PRINCIPAL] = part.principal
        row.lump[Bucket.INTEREST] = part.interest
        row.balance_after = part.balance_after
    return rows[needed:]


def more_rows(running: Running, count: int) -> list[Row]:
    """Whole periods behind the last row."""
    terms, last = running.terms.schedule, running.rows[-1]
    rows: list[Row] = []
    start = last.due_on
    for n in range(1, count + 1):
        due = stepped(last.due_on, terms, n)
        period = Period(last.period.n + n, start, due, (due - start).days)
        rows.append(Row(period, due, NOTHING, {}))
        start = due
    return rows


def fresh_rows(running: Running, on: date, first_due_on: date, count: int) -> list[Row]:
    """Rows of a restructured debt: the first from that day to its due date, then whole periods.

    A whole period before the first due date tells how long a full one would be, so that a first
    period of a few days costs a few days.
    """
    terms = running.terms.schedule
    rows: list[Row] = []
    start, n_before = on, len([row for row in running.rows if not row.apart])
    for n in range(count):
        due = stepped(first_due_on, terms, n)
        regular = (stepped(due, terms, 1) - due).days
        stub = n == 0 and start != stepped(due, terms, -1)
        period = Period(n_before + n + 1, start, due, regular, stub)
        rows.append(Row(period, due, NOTHING, {}))
        start = due
    return rows


def merged_now(running: Running, on: date) -> Row | None:
    """Everything ahead becomes one row due on that day, with the interest earned up to it."""
    rows = ahead(running, on)
    if not rows:
        return None
    current = rows[0]
    balance = balance_ahead(rows)
    interest = accrued_on(running, current, balance, max(on, current.period.start_on))
    paid = sum((row.paid.get(Bucket.INTEREST, NOTHING) for row in rows), NOTHING)
    keep = {b: sum((r.lump.get(b, NOTHING) for r in rows), NOTHING) for b in Bucket}
    keep |= {Bucket.PRINCIPAL: balance, Bucket.INTEREST: max(interest, paid)}
    for row in rows[1:]:
        for bucket, amount in row.paid.items():
            current.paid[bucket] = current.paid.get(bucket, NOTHING) + amount
        running.rows.remove(row)
    current.lump = {bucket: amount for bucket, amount in keep.items() if amount}
    current.balance_after = NOTHING
    current.due_on = max(on, current.period.start_on)
    current.period = replace(current.period, due_on=current.due_on)
    return current


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
        row.due_on = due
        row.period = replace(row.period, start_on=start, due_on=due)
