"""What a loan would cost on given terms: its schedule, its totals and what it costs a year."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import pairwise

from domain.accounts import AccountLine, AccountTerms, fold
from domain.accounts.events import Drawdown
from domain.annual_rates import (
    Flow,
    UnitPeriod,
    effective_rate,
    years_between,
)
from domain.money import checked_amount
from domain.repayments import Bucket
from domain.schedules import (
    PeriodUnit,
    RepaymentMethod,
    ScheduleLine,
    ScheduleTerms,
    build_schedule,
)
from domain.unit_periods import unit_period_rate
from domain.violations import LoanRuleViolation

TRANCHES_MAX = 60
_NOTHING = Decimal(0)
_UNITS = {
    PeriodUnit.DAY: (UnitPeriod.DAY, 1),
    PeriodUnit.WEEK: (UnitPeriod.WEEK, 1),
    PeriodUnit.MONTH: (UnitPeriod.MONTH, 1),
    PeriodUnit.QUARTER: (UnitPeriod.MONTH, 3),
    PeriodUnit.YEAR: (UnitPeriod.MONTH, 12),
}


@dataclass(frozen=True)
class Tranche:
    """A later drawdown of the loan. Unit: the terms' currency."""

    drawn_on: date
    amount: Decimal


@dataclass(frozen=True)
class Quote:
    """A schedule with its totals. Unit: the terms' currency; rates are yearly fractions.

    `drawdowns` holds the first one too. `effective_rate` (实际年利率) is None where no single rate
    explains the payments, `unit_period_rate` also where money is drawn more than once.
    """

    terms: ScheduleTerms
    fee: Decimal
    drawdowns: tuple[Tranche, ...]
    lines: tuple[ScheduleLine, ...]
    effective_rate: Decimal | None
    unit_period_rate: Decimal | None

    @property
    def interest(self) -> Decimal:
        """All interest together."""
        return sum((line.interest for line in self.lines), _NOTHING)

    @property
    def total(self) -> Decimal:
        """All instalments together, without the fee."""
        return sum((line.total for line in self.lines), _NOTHING)

    @property
    def cost(self) -> Decimal:
        """What the loan costs in all: interest and the fee."""
        return self.interest + self.fee

    @property
    def down_payment(self) -> Decimal:
        """What the borrower pays himself as money is drawn."""
        days = {tranche.drawn_on for tranche in self.drawdowns}
        own = (line for line in self.lines if line.period_start_on == line.due_on)
        return sum((line.principal for line in own if line.due_on in days), _NOTHING)


def quote(
    terms: ScheduleTerms,
    fee: Decimal,
    working_day: Callable[[date], bool] | None = None,
    tranches: Sequence[Tranche] = (),
) -> Quote:
    """The quote of these terms; the fee is paid on the day of drawdown.

    With `tranches` the terms' principal is all of them and the first drawdown together; the
    account engine lays each over what is not yet due.

    Unit: the terms' currency. Range: fee from 0 to below the first drawdown. Rounding: as the
    terms say. Violations: `terms.*`, `amount.*`, `account.matured` for a tranche after the end.
    """
    if tranches and terms.method is RepaymentMethod.CUSTOM:
        raise LoanRuleViolation("terms.tranche_method")
    drawdowns = _drawdowns(terms, tranches)
    charged = checked_amount(fee, terms.currency)
    if not 0 <= charged < drawdowns[0].amount:
        raise LoanRuleViolation("amount.range", limit=str(drawdowns[0].amount))
    if tranches:
        lines = _lines_of(terms, drawdowns, working_day)
    else:
        lines = build_schedule(terms, working_day)
    paid = [(line.due_on, line.total) for line in lines]
    return Quote(
        terms=terms,
        fee=charged,
        drawdowns=drawdowns,
        lines=lines,
        effective_rate=_effective_rate(terms, charged, drawdowns, paid),
        unit_period_rate=None if tranches else _unit_period_rate(terms, charged, paid),
    )


def _drawdowns(terms: ScheduleTerms, tranches: Sequence[Tranche]) -> tuple[Tranche, ...]:
    later = [Tranche(one.drawn_on, checked_amount(one.amount, terms.currency)) for one in tranches]
    days = [terms.drawn_on, *(one.drawn_on for one in later)]
    first = terms.principal - sum((one.amount for one in later), _NOTHING)
    if len(later) > TRANCHES_MAX or first <= 0 or any(one.amount <= 0 for one in later):
        raise LoanRuleViolation("terms.tranches", max=str(TRANCHES_MAX))
    if any(day >= after for day, after in pairwise(days)):
        raise LoanRuleViolation("terms.tranche_dates")
    return Tranche(terms.drawn_on, first), *later


def _lines_of(
    terms: ScheduleTerms,
    drawdowns: Sequence[Tranche],
    working_day: Callable[[date], bool] | None,
) -> tuple[ScheduleLine, ...]:
    """The rows once everything is drawn, as the account engine lays them."""
    events = [
        Drawdown(
            key=f"tranche:{n}",
            value_on=one.drawn_on,
            recorded_on=one.drawn_on,
            amount=one.amount,
        )
        for n, one in enumerate(drawdowns, start=1)
    ]
    account = fold(AccountTerms(schedule=terms), events, drawdowns[-1].drawn_on, working_day)
    return tuple(_line(line) for line in account.lines)


def _line(line: AccountLine) -> ScheduleLine:
    return ScheduleLine(
        line.n,
        line.period_start_on,
        line.due_on,
        line.owed.get(Bucket.PRINCIPAL, _NOTHING),
        line.owed.get(Bucket.INTEREST, _NOTHING),
        line.balance_after,
    )


def _effective_rate(
    terms: ScheduleTerms,
    fee: Decimal,
    drawdowns: Sequence[Tranche],
    paid: Sequence[tuple[date, Decimal]],
) -> Decimal | None:
    unit, _ = _UNITS[terms.unit]
    drawn = [(terms.drawn_on, -fee), *((one.drawn_on, one.amount) for one in drawdowns)]
    dated = [*drawn, *((day, -amount) for day, amount in paid)]
    flows = [Flow(years_between(terms.drawn_on, day, unit), amount) for day, amount in dated]
    return _if_any(lambda: effective_rate(_net(flows)))


def _net(flows: Sequence[Flow]) -> list[Flow]:
    """What moves at one time moves together: a fee and a down payment only lessen what is lent."""
    sums: defaultdict[Decimal, Decimal] = defaultdict(Decimal)
    for flow in flows:
        sums[flow.time] += flow.amount
    return [Flow(time, amount) for time, amount in sums.items()]


def _unit_period_rate(
    terms: ScheduleTerms, fee: Decimal, paid: Sequence[tuple[date, Decimal]]
) -> Decimal | None:
    """Source: US Regulation Z, appendix J; the down payment lowers what is lent."""
    unit, times = _UNITS[terms.unit]
    lent = terms.principal - terms.down_payment - fee
    later = [(day, amount) for day, amount in paid if day > terms.drawn_on]
    return _if_any(lambda: unit_period_rate(lent, terms.drawn_on, later, unit, terms.every * times))


def _if_any(solved: Callable[[], Decimal]) -> Decimal | None:
    try:
        return solved()
    except LoanRuleViolation as refused:
        if refused.code in ("rate.no_solution", "rate.several"):
            return None
        raise
