"""From terms to a schedule. A new repayment method is one function in `methods`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal, localcontext

from domain.schedules.annuity import EXACT, AnnuityRow
from domain.schedules.cumulative import flat_rows, until_repaid
from domain.schedules.interest import period_rates
from domain.schedules.lines import ScheduleLine
from domain.schedules.methods import METHODS
from domain.schedules.periods import Period, WorkingDay, periods
from domain.schedules.terms import Amortisation, LoanTerms, RepaymentMethod, ScheduleTerms
from domain.violations import LoanRuleViolation

_NOTHING = Decimal(0)


def build_schedule(
    terms: ScheduleTerms | LoanTerms, working_day: WorkingDay | None = None
) -> tuple[ScheduleLine, ...]:
    """Every instalment of a note, in order; their principal sums exactly to the note's.

    Unit: the note's currency. Rounding: as the terms say; the last line takes the remainder. A
    down payment is line 1 on the day of drawdown. Violations: `terms.*`.
    Source: see each function of `methods`.
    """
    if isinstance(terms, LoanTerms):
        terms = terms.schedule_terms()
    with localcontext(EXACT):
        cut = periods(terms, working_day)
        in_all = len(cut)
        down = terms.down_payment
        rates = _rates(terms, cut)
        if terms.method is RepaymentMethod.MATURITY:
            cut, rates = (replace(cut[-1], n=1, start_on=cut[0].start_on),), [sum(rates, _NOTHING)]
        _refuse_misfit(terms, in_all, len(rates))
        rows = _graced(terms, terms.principal - down, rates)
        if terms.amortisation is Amortisation.CUMULATIVE:
            rows = until_repaid(rows)
        lines = lines_of(terms, cut[: len(rows)], rows)
        return _with_down_payment(terms, down, lines)


def _refuse_misfit(terms: ScheduleTerms, in_all: int, count: int) -> None:
    """Refuse what the terms alone could not tell: settlement days and maturity cut the periods.

    `in_all` are the periods, `count` the rows they are paid in.
    """
    if 0 < terms.interest_free >= in_all:
        raise LoanRuleViolation("terms.grace")
    if 0 < max(terms.principal_grace, terms.interest_payment_grace) >= count:
        raise LoanRuleViolation("terms.grace")
    if terms.step_shares and len(terms.step_shares) != count - terms.principal_grace:
        raise LoanRuleViolation("terms.step_shares")


def _rates(terms: ScheduleTerms, cut: Sequence[Period]) -> list[Decimal]:
    charged, free = period_rates(terms, cut), terms.interest_free
    return [_NOTHING] * min(free, len(charged)) + charged[free:]


def _graced(
    terms: ScheduleTerms, balance: Decimal, rates: Sequence[Decimal]
) -> tuple[AnnuityRow, ...]:
    """Rows without principal first, where the contract grants it (宽限期), then the method."""
    grace = terms.principal_grace
    if terms.method is RepaymentMethod.FLAT and terms.amortisation is Amortisation.CUMULATIVE:
        return flat_rows(
            terms,
            balance,
            rates,
            principal_grace=grace,
            interest_grace=terms.interest_payment_grace,
        )
    first = [
        AnnuityRow(_NOTHING, terms.rounding.interest(balance, rate, terms.currency), balance)
        for rate in rates[:grace]
    ]
    rows = [*first, *METHODS[terms.method](terms, balance, rates[grace:])]
    return _deferred(rows, terms.interest_payment_grace)


def _deferred(rows: list[AnnuityRow], grace: int) -> tuple[AnnuityRow, ...]:
    """Interest of the first rows falls due with the first row after them."""
    if grace == 0:
        return tuple(rows)
    put_off = sum((row.interest for row in rows[:grace]), _NOTHING)
    return tuple(
        replace(row, interest=_NOTHING if n < grace else row.interest + put_off * (n == grace))
        for n, row in enumerate(rows)
    )


def lines_of(
    terms: ScheduleTerms, cut: Sequence[Period], rows: Sequence[AnnuityRow]
) -> tuple[ScheduleLine, ...]:
    """One line for each period and its row. Rounding: to the currency's smallest unit."""
    unit = terms.currency.smallest_unit
    return tuple(
        ScheduleLine(
            period.n,
            period.start_on,
            period.due_on,
            row.principal.quantize(unit),
            row.interest.quantize(unit),
            row.balance_after.quantize(unit),
        )
        for period, row in zip(cut, rows, strict=True)
    )


def _with_down_payment(
    terms: ScheduleTerms, down: Decimal, lines: tuple[ScheduleLine, ...]
) -> tuple[ScheduleLine, ...]:
    if not terms.down_payment_share:
        return lines
    first = ScheduleLine(1, terms.drawn_on, terms.drawn_on, down, down * 0, terms.principal - down)
    return (first, *(replace(line, n=line.n + 1) for line in lines))
