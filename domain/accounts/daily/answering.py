"""A plan and its movements as the account pages, books and papers read."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from domain.accounts.account import Account, AccountLine, AccrualStatus
from domain.accounts.daily.instalment import NOTHING, DailyInstalment
from domain.accounts.daily.plan import Plan
from domain.accounts.daily.state import DailyFold
from domain.accounts.positions import positions
from domain.accounts.rates import RateTimeline
from domain.accounts.rows import Row
from domain.accounts.running import Running, Totals
from domain.repayments import Bucket


def account_of(fold: DailyFold, as_of: date) -> Account:
    """The answer of a fold on a day."""
    plan = fold.plan
    late = _days_past_due(plan, as_of)
    doubtful = late > fold.terms.lateness.non_accrual_after_days
    status = AccrualStatus.NON_ACCRUAL if doubtful else AccrualStatus.ACCRUAL
    return Account(
        as_of=as_of,
        lines=_lines(plan),
        movements=tuple(fold.movements),
        outstanding=plan.open_principal,
        accrued_interest=_accrued(plan, as_of),
        held=fold.held,
        days_past_due=late,
        accrual_status=status,
        yearly_rate=plan.clock.contract_rate(as_of),
        accelerated_on=fold.accelerated_on,
        written_off_on=fold.written_off_on,
        positions=positions(_as_running(fold, status), as_of),
    )


def _as_running(fold: DailyFold, status: AccrualStatus) -> Running:
    """The same account in the words the ledger's balances are told from."""
    plan = fold.plan
    pauses = [(start, end - timedelta(days=1)) for start, end in plan.clock.paused]
    rates = RateTimeline(fold.terms.schedule, sorted(plan.clock.set_on), pauses)
    running = Running(fold.terms, rates, [_as_row(row) for row in plan.rows], fold.held)
    running.status, running.written_off_on = status, fold.written_off_on
    back = plan.credited
    gone = fold.refunded + fold.charged_back - back
    running.totals = Totals(plan.total_drawn, fold.received, gone, charged_back=back)
    return running


def _as_row(row: DailyInstalment) -> Row:
    lump = {bucket: row.owed(bucket) for bucket in Bucket}
    paid = {bucket: row.already(bucket) for bucket in Bucket}
    # Interest taken back was income once already: it is owed again, not earned again.
    lump[Bucket.INTEREST] -= row.credited_interest
    paid[Bucket.INTEREST] -= row.credited_interest
    return Row(row.period, row.period.due_on, NOTHING, lump, paid)


def _lines(plan: Plan) -> tuple[AccountLine, ...]:
    lines: list[AccountLine] = []
    repaid = NOTHING
    for n, row in enumerate(plan.rows, start=1):
        last = n == len(plan.rows)
        repaid += row.principal - row.credited
        lent = sum((a for day, a in plan.drawn if last or _lent_before(day, row)), NOTHING)
        lines.append(_line(n, row, max(lent - repaid, NOTHING)))
    return tuple(lines)


def _lent_before(day: date, row: DailyInstalment) -> bool:
    """A tranche of the due date itself belongs to the next instalment."""
    return day < row.period.due_on or (row.down_payment and day == row.period.due_on)


def _line(n: int, row: DailyInstalment, balance_after: Decimal) -> AccountLine:
    settled = row.open_total == 0
    return AccountLine(
        n,
        row.period.start_on,
        row.period.due_on,
        {bucket: row.owed(bucket) for bucket in Bucket if row.owed(bucket)},
        {bucket: row.already(bucket) for bucket in Bucket if row.already(bucket)},
        balance_after,
        row.last_paid_on if settled else None,
        row.in_advance,
        row.late,
        row.down_payment,
    )


def _days_past_due(plan: Plan, as_of: date) -> int:
    buckets = (Bucket.PRINCIPAL, Bucket.INTEREST)
    late = (
        row.period.due_on
        for row in plan.rows
        if row.period.due_on < as_of and any(row.open_amount(bucket) > 0 for bucket in buckets)
    )
    return (as_of - min(late, default=as_of)).days


def _accrued(plan: Plan, as_of: date) -> Decimal:
    """Interest of the instalment in progress, earned to the day and not paid."""
    tried = plan.copied()
    tried.clock.ended_on = as_of
    tried.settle()
    ahead = (row for row in tried.rows if row.period.due_on > as_of)
    return sum((row.open_amount(Bucket.INTEREST) for row in ahead), NOTHING)
