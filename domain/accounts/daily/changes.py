"""Changes of the contract on a daily-balance loan."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from domain.accounts.daily.clock import whole_periods
from domain.accounts.daily.instalment import NOTHING
from domain.accounts.daily.state import DailyFold
from domain.accounts.events import (
    Acceleration,
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
    """The claim leaves the balance sheet; what is owed stays owed."""
    fold.written_off_on = event.value_on
    fold.move(event, fold.plan.open_principal)


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
    plan, fold.accelerated_on = fold.plan, event.value_on
    if event.value_on < plan.rows[-1].period.due_on:
        index = plan.index_on(event.value_on)
        row, gone = plan.rows[index], plan.rows[index + 1 :]
        plan.end_row_on(row, event.value_on)
        row.paid_principal += sum((each.paid_principal for each in gone), NOTHING)
        row.paid_interest += sum((each.paid_interest for each in gone), NOTHING)
        row.payments += [paid for each in gone for paid in each.payments]
        row.credits += [back for each in gone for back in each.credits]
        del plan.rows[index + 1 :]
    plan.settle()
    fold.move(event, plan.open_principal, ())


def extend(fold: DailyFold, event: Extension) -> None:
    """More instalments; what falls due from the day on is levelled anew over all of them."""
    from_on = event.from_due_on or event.value_on
    due = (n for n, r in enumerate(fold.plan.rows) if r.period.due_on >= from_on)
    first = next(due, len(fold.plan.rows) - 1)
    fold.add_rows(event.extra_instalments)
    fold.plan.relevel(first)
