"""Money that goes out: the first drawdown starts the plan, a tranche changes it."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from domain.accounts.daily.instalment import NOTHING, DailyInstalment
from domain.accounts.daily.money import lay
from domain.accounts.daily.plan import Plan
from domain.accounts.daily.state import DailyFold
from domain.accounts.events import Drawdown, ReceiptKind
from domain.schedules.cumulative import cumulative_level
from domain.schedules.periods import Period


def draw(fold: DailyFold, event: Drawdown) -> None:
    """A drawdown; money held from before pays at once."""
    plan = fold.plan
    later = bool(plan.drawn)
    plan.drawn.append((event.value_on, event.amount))
    fold.move(event, event.amount, ())
    _ask_down_payment(fold, event)
    if event.value_on > plan.matures_on:
        row = fold.row_after_end(event.value_on)
        row.level = row.agreed_level = event.amount - _down_payment(fold, event)
        plan.settle()
    elif later and fold.terms.full_term_tranches:
        _add_full_term(fold, event)
    elif plan.cumulative:
        _relevel_whole(plan)
    else:
        plan.relevel_as_unpaid(plan.index_on(event.value_on))
    if not later and fold.terms.full_term_tranches:
        plan.agree_levels(0)
    if fold.held:
        held, fold.held = fold.held, NOTHING
        lay(fold, event, held, ReceiptKind.REPAYMENT)


def _relevel_whole(plan: Plan) -> None:
    """One level over all that was drawn, for instalments that are due already too."""
    down = [row for row in plan.rows if row.down_payment]
    rows = [row for row in plan.rows if not row.down_payment]
    lent = plan.total_drawn - sum((row.principal for row in down), NOTHING)
    level = cumulative_level(plan.terms, lent, len(rows))
    for row in rows:
        row.level = row.agreed_level = level
    plan.settle()


def _add_full_term(fold: DailyFold, event: Drawdown) -> None:
    """A tranche with as many instalments of its own as the first had, laid onto the plan."""
    rows, first = fold.plan.rows, fold.plan.index_on(event.value_on)
    fold.add_rows(first + fold.terms.schedule.instalments - len(rows))
    own = [DailyInstalment(row.period) for row in rows[first:]]
    alone = replace(fold.plan.copied(), rows=own, drawn=[(event.value_on, event.amount)])
    whole = own[0].period
    if event.value_on > whole.start_on:
        own[0].period = replace(whole, start_on=event.value_on)
        share = Decimal((whole.due_on - event.value_on).days) / whole.days
        alone.clock.stretched = {**alone.clock.stretched, whole.due_on: share}
    alone.relevel(0)
    for row, part in zip(rows[first:], own, strict=True):
        row.level += part.level
    fold.plan.agree_levels(first)
    fold.plan.settle()


def _down_payment(fold: DailyFold, event: Drawdown) -> Decimal:
    schedule = fold.terms.schedule
    part = event.amount * schedule.down_payment_share
    return schedule.rounding.instalment(part, schedule.currency) if part else NOTHING


def _ask_down_payment(fold: DailyFold, event: Drawdown) -> None:
    rows, amount = fold.plan.rows, _down_payment(fold, event)
    if not amount:
        return
    period = Period(0, event.value_on, event.value_on, 0)
    row = DailyInstalment(period, amount, amount, amount, down_payment=True)
    rows.insert(fold.plan.index_on(event.value_on), row)
