"""Instalments that wait: with their principal, with their interest, or with both."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import localcontext

from domain.accounts import events as ev
from domain.accounts.equal_parts import equal_parts
from domain.accounts.money_back import Taken
from domain.accounts.reshape import ahead, balance_ahead, lay_anew
from domain.accounts.rows import NOTHING, Row
from domain.accounts.running import Running
from domain.repayments import Bucket
from domain.schedules import Amortisation, RepaymentMethod
from domain.schedules.annuity import EXACT, rows_of
from domain.violations import LoanRuleViolation


def grant_holiday(running: Running, event: ev.PaymentHoliday) -> Taken:
    """The next instalments carry interest only, principal only or nothing, made up afterwards.

    Violation: `account.holiday` where no instalment is left to pay, or nothing waits.
    """
    rows, count = ahead(running, event.value_on), event.instalments
    waits = event.principal_too or event.interest_too
    if not (waits and 1 <= count < len(rows)):
        raise LoanRuleViolation("account.holiday")
    if not _keeps_level(running):
        for row in rows[:count]:
            row.waits = row.waits or event.principal_too
            row.deferred = row.deferred or event.interest_too
        lay_anew(running, rows, balance_ahead(rows))
        return NOTHING, [], NOTHING
    if event.principal_too:
        _leave_to_last(running, rows, count)
    if event.interest_too:
        _put_off_interest(running, rows, count)
    return NOTHING, [], NOTHING


def _keeps_level(running: Running) -> bool:
    """The cumulative family does not spread what waited: its last instalment takes it."""
    schedule = running.terms.schedule
    levelled = schedule.method in (RepaymentMethod.EQUAL_INSTALMENT, RepaymentMethod.FLAT)
    return schedule.amortisation is Amortisation.CUMULATIVE and levelled


def _leave_to_last(running: Running, rows: Sequence[Row], count: int) -> None:
    schedule, left = running.terms.schedule, balance_ahead(rows)
    if schedule.method is RepaymentMethod.FLAT:
        whole = [row for row in running.rows if not row.apart and not row.down_payment]
        part = balance_ahead(whole) / (len(whole) - count)
        part = min(schedule.rounding.instalment(part, schedule.currency), left)
        interest = [row.lump.get(Bucket.INTEREST, NOTHING) for row in rows]
        principal = [*[NOTHING] * count, *equal_parts(left, len(rows) - count, part)]
    else:
        both = (Bucket.PRINCIPAL, Bucket.INTEREST)
        level = sum((rows[0].lump.get(bucket, NOTHING) for bucket in both), NOTHING)
        with localcontext(EXACT):
            factors = [running.rates.factor(r.period, r.period.start_on, r.due_on) for r in rows]
            parts = rows_of(left, factors[count:], level, schedule.rounding, schedule.currency)
        waiting = [schedule.rounding.amount(left * f, schedule.currency) for f in factors[:count]]
        interest = [*waiting, *(part.interest for part in parts)]
        principal = [*[NOTHING] * count, *(part.principal for part in parts)]
    for row, repaid, cost in zip(rows, principal, interest, strict=True):
        left -= repaid
        row.lump[Bucket.PRINCIPAL], row.lump[Bucket.INTEREST] = repaid, cost
        row.balance_after = left


def _put_off_interest(running: Running, rows: Sequence[Row], count: int) -> None:
    """The first instalment after them bears it; flat interest of the cumulative family all do."""
    schedule, after = running.terms.schedule, rows[count:]
    put_off = sum((row.lump.get(Bucket.INTEREST, NOTHING) for row in rows[:count]), NOTHING)
    for row in rows[:count]:
        row.lump[Bucket.INTEREST] = NOTHING
    if not (_keeps_level(running) and schedule.method is RepaymentMethod.FLAT):
        after[0].lump[Bucket.INTEREST] = after[0].lump.get(Bucket.INTEREST, NOTHING) + put_off
        return
    total = put_off + sum((row.lump.get(Bucket.INTEREST, NOTHING) for row in after), NOTHING)
    part = schedule.rounding.amount(total / len(after), schedule.currency)
    for row, amount in zip(after, equal_parts(total, len(after), part), strict=True):
        row.lump[Bucket.INTEREST] = amount
