"""The figures of each paper, picked from an account. Unit: the note's currency, throughout."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from domain.accounts import Account, AccountLine, Movement
from domain.accounts.accruing import accruals
from domain.changes import PayoffQuote, payoff_quote
from domain.papers.loan import PaperSource
from domain.papers.segments import Segment, segments_of
from domain.repayments import Bucket
from domain.violations import LoanRuleViolation

NOTHING = Decimal(0)
PAY_WITHIN_WORKING_DAYS = 5
"""What a dunning letter gives the borrower: working days after its day. A rule of the house."""


def drawn(account: Account) -> Decimal:
    """All that went out to the borrower."""
    return _sum(
        movement.amount
        for movement in account.movements
        if movement.kind == "drawdown" and not movement.reversed
    )


@dataclass(frozen=True)
class PlanTotals:
    """A plan's sums. `fees` are what was charged on its rows besides."""

    principal: Decimal
    interest: Decimal
    fees: Decimal

    @property
    def total(self) -> Decimal:
        """All that the plan asks for; what lateness costs is no part of it."""
        return self.principal + self.interest + self.fees


def plan_totals(account: Account) -> PlanTotals:
    """The sums of a repayment plan."""
    owed = {
        bucket: _sum(line.owed.get(bucket, NOTHING) for line in account.lines) for bucket in Bucket
    }
    return PlanTotals(owed[Bucket.PRINCIPAL], owed[Bucket.INTEREST], owed[Bucket.FEE])


@dataclass(frozen=True)
class LateRow:
    """An instalment past its due date; `open` holds what is still owed, by bucket."""

    n: int
    due_on: date
    days_past_due: int
    open: Mapping[Bucket, Decimal]

    @property
    def total(self) -> Decimal:
        """All that is still owed on it."""
        return _sum(self.open.values())


@dataclass(frozen=True)
class Arrears:
    """What is overdue on a day. `late_rate` is the yearly rate on it, None where it has none."""

    rows: tuple[LateRow, ...]
    late_rate: Decimal | None
    pay_by: date

    def open_amount(self, bucket: Bucket) -> Decimal:
        """What is overdue in one bucket."""
        return _sum(row.open[bucket] for row in self.rows)

    @property
    def total(self) -> Decimal:
        """All that is overdue."""
        return _sum(row.total for row in self.rows)


def arrears(source: PaperSource) -> Arrears:
    """What is overdue on the paper's day. Violation: `paper.nothing_overdue`."""
    late = [line for line in source.account.lines if line.due_on < source.on]
    rows = tuple(_late_row(line, source.on) for line in late if line.open_total > 0)
    if not rows:
        raise LoanRuleViolation("paper.nothing_overdue")
    pay_by = source.calendar.add_working_days(source.on, PAY_WITHIN_WORKING_DAYS)
    return Arrears(rows, _late_rate(source), pay_by)


def _late_row(line: AccountLine, on: date) -> LateRow:
    still_open = {bucket: line.open_amount(bucket) for bucket in Bucket}
    return LateRow(line.n, line.due_on, (on - line.due_on).days, still_open)


def _late_rate(source: PaperSource) -> Decimal | None:
    if not source.terms.lateness.penalised or not source.as_scheduled:
        return None
    return accruals(source.terms, source.events, source.on).late_rate


@dataclass(frozen=True)
class InterestDue:
    """The interest of the next instalment; the segments' sum is what the row asks for."""

    line: AccountLine
    segments: tuple[Segment, ...]
    interest: Decimal
    paid: Decimal

    @property
    def open(self) -> Decimal:
        """What of it is still to be paid."""
        return self.interest - self.paid


def interest_due(source: PaperSource) -> InterestDue:
    """The interest of the first instalment due on the paper's day or later that bears any.

    Violation: `paper.no_interest`.
    """
    coming = (
        line
        for line in source.account.lines
        if line.due_on >= source.on and line.owed.get(Bucket.INTEREST)
    )
    line = next(coming, None)
    if line is None:
        raise LoanRuleViolation("paper.no_interest")
    interest = line.owed[Bucket.INTEREST]
    paid = line.paid.get(Bucket.INTEREST, NOTHING)
    return InterestDue(line, segments_of(source, line), interest, paid)


def payoff(source: PaperSource) -> PayoffQuote:
    """What ends the loan on the paper's day. Violation: `paper.settled`."""
    if source.account.settled:
        raise LoanRuleViolation("paper.settled")
    return payoff_quote(source.terms, source.events, source.on, working_day=source.working_day)


@dataclass(frozen=True)
class Settled:
    """A loan that is repaid: what was paid, by bucket, and on which day the last of it came."""

    paid: Mapping[Bucket, Decimal]
    last_paid_on: date

    @property
    def total(self) -> Decimal:
        """All that was paid."""
        return _sum(self.paid.values())


def settled(source: PaperSource) -> Settled:
    """The proof that nothing is owed any more: by the account, and by the case being closed.

    Violation: `paper.not_settled`.
    """
    account, closed_on = source.account, source.loan.closed_on
    days = [line.paid_on for line in account.lines if line.paid_on is not None]
    if not account.settled or account.outstanding or closed_on is None or closed_on > source.on:
        raise LoanRuleViolation("paper.not_settled")
    paid = {
        bucket: _sum(line.paid.get(bucket, NOTHING) for line in account.lines) for bucket in Bucket
    }
    return Settled(paid, max(days, default=closed_on))


def receipt_movement(source: PaperSource) -> Movement:
    """How the engine took the receipt apart. Violations: `paper.receipt`, `paper.reversed`."""
    key = source.receipt.key if source.receipt else None
    movement = next((each for each in source.account.movements if each.key == key), None)
    if movement is None:
        raise LoanRuleViolation("paper.receipt")
    if movement.reversed:
        raise LoanRuleViolation("paper.reversed")
    return movement


def _sum(amounts: Iterable[Decimal]) -> Decimal:
    return sum(amounts, NOTHING)
