"""Changes of the contract on a daily-balance loan."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from domain.accounts.daily.clock import whole_periods
from domain.accounts.daily.instalment import DailyInstalment
from domain.accounts.daily.state import DailyFold
from domain.accounts.events import (
    Acceleration,
    AfterWriteOff,
    DueDateMove,
    Extension,
    InterestPause,
    RateSet,
    WriteOff,
)
from domain.schedules.periods import dues_from

_ONE_DAY = timedelta(days=1)


def set_rate(fold: DailyFold, event: RateSet) -> None:
    """Another rate; the level follows from the instalment that contains the day.

    The cumulative family knows one rate an instalment: the whole of it changes.
    """
    plan, from_on = fold.plan, event.value_on
    if event.yearly_rate == plan.clock.contract_rate(from_on):
        return
    index = plan.index_on(from_on)
    if plan.cumulative:
        from_on = plan.rows[index].period.start_on
    plan.clock.set_on.append((from_on, event.yearly_rate))
    plan.relevel(index)


def pause(fold: DailyFold, event: InterestPause) -> None:
    """No interest for a while; levels stay, the last instalment asks for less."""
    fold.plan.clock.paused.append((event.value_on, event.to_on + _ONE_DAY))
    fold.plan.settle()


def write_off(fold: DailyFold, event: WriteOff) -> None:
    """The claim leaves the balance sheet; what is owed stays owed, or is fixed as agreed."""
    plan, fold.written_off_on = fold.plan, event.value_on
    if event.after is AfterWriteOff.NO_INTEREST:
        plan.clock.paused.append((event.value_on, date.max))
        plan.settle()
    if event.after is AfterWriteOff.ALL_DUE:
        _all_due(fold, event.value_on)
    plan.fixed = event.after is not AfterWriteOff.AS_BEFORE
    fold.move(event, plan.open_principal)


def move_dates(fold: DailyFold, event: DueDateMove) -> None:
    """Due dates move on; the levels stay, the longer period bears more interest."""
    rows, terms = fold.plan.rows, fold.terms.schedule
    first = next(n for n, row in enumerate(rows) if row.period.due_on >= event.from_due_on)
    dues = dues_from(event.to_due_on, len(rows) - first, terms, event.to_due_on - event.from_due_on)
    for n, (row, due) in enumerate(zip(rows[first:], dues, strict=True)):
        start = rows[first + n - 1].period.due_on if first + n else row.period.start_on
        row.period = replace(row.period, start_on=start, due_on=due)
    moved = rows[first].period
    fold.plan.clock.stretched[moved.due_on] = whole_periods(moved, terms)
    fold.plan.settle()


def accelerate(fold: DailyFold, event: Acceleration) -> None:
    """Everything falls due on the day; what was to come folds into the row in progress."""
    fold.accelerated_on = event.value_on
    _all_due(fold, event.value_on)
    fold.move(event, fold.plan.open_principal, ())


def _all_due(fold: DailyFold, on: date) -> None:
    plan = fold.plan
    if on < plan.rows[-1].period.due_on:
        index = next(
            n for n, row in enumerate(plan.rows) if row.period.due_on >= on and not row.down_payment
        )
        row, gone = plan.rows[index], plan.rows[index + 1 :]
        plan.end_row_on(row, on)
        _take_over(row, gone)
        del plan.rows[index + 1 :]
        _keep_charges(fold, gone)
    plan.settle()


def _take_over(row: DailyInstalment, gone: Sequence[DailyInstalment]) -> None:
    """What was paid and came back on rows that go is the one row's own now."""
    for each in gone:
        row.paid_principal += each.paid_principal
        row.paid_interest += each.paid_interest
        row.payments += each.payments
        row.credits += each.credits
        row.credited_interest += each.credited_interest
        row.last_paid_on = max(
            (day for day in (row.last_paid_on, each.last_paid_on) if day), default=None
        )
        if each.paid:
            row.in_advance += each.in_advance


def _keep_charges(fold: DailyFold, gone: Sequence[DailyInstalment]) -> None:
    """Charges of rows that go stay owed on their own day, behind the last row."""
    charged = [row for row in gone if row.charged]
    if charged:
        last = max(row.charged_to or row.period.due_on for row in charged)
        kept = fold.row_after_end(last)
        for row in charged:
            for bucket, amount in row.charged.items():
                kept.charged[bucket] = kept.owed(bucket) + amount
            for bucket, amount in row.charges_paid.items():
                kept.charges_paid[bucket] = kept.already(bucket) + amount


def extend(fold: DailyFold, event: Extension) -> None:
    """More instalments; what falls due from the day on is levelled anew over all of them."""
    from_on = event.from_due_on or event.value_on
    due = (n for n, r in enumerate(fold.plan.rows) if r.period.due_on >= from_on)
    first = next(due, len(fold.plan.rows) - 1)
    fold.add_rows(event.extra_instalments)
    fold.plan.relevel(first)
