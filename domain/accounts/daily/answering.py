"""A plan and its movements as the account pages, books and papers read."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from domain.accounts.account import Account, AccountLine, AccrualStatus, Movement
from domain.accounts.daily.instalment import NOTHING, DailyInstalment
from domain.accounts.daily.plan import Plan
from domain.accounts.terms import AccountTerms
from domain.repayments import Bucket


def account_of(
    terms: AccountTerms, plan: Plan, movements: list[Movement], held: Decimal, as_of: date
) -> Account:
    """The answer of a fold on a day."""
    late = _days_past_due(plan, as_of)
    doubtful = late > terms.lateness.non_accrual_after_days
    return Account(
        as_of=as_of,
        lines=_lines(plan),
        movements=tuple(movements),
        outstanding=plan.open_principal,
        accrued_interest=_accrued(plan, as_of),
        held=held,
        days_past_due=late,
        accrual_status=AccrualStatus.NON_ACCRUAL if doubtful else AccrualStatus.ACCRUAL,
        yearly_rate=plan.clock.contract_rate(as_of),
        accelerated_on=None,
        written_off_on=None,
        positions={},
    )


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
