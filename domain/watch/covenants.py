"""Covenants (约定事项): what a customer has undertaken, tested on its dates, kept or broken."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum

from domain.financials import FinancialStatement
from domain.schedules.periods import months_after
from domain.violations import Finding, FindingsViolation

GRACE_DAYS_MAX = 180


class CovenantKind(StrEnum):
    """A floor or a ceiling under a ratio, or statements by a day."""

    AT_LEAST = "at_least"
    AT_MOST = "at_most"
    STATEMENT_DELIVERY = "statement_delivery"


class CovenantState(StrEnum):
    """What a test came to. Grace is time to cure; a waiver is people's forbearance."""

    MET = "met"
    IN_GRACE = "in_grace"
    WAIVED = "waived"
    BREACHED = "breached"
    NOT_ASSESSABLE = "not_assessable"


EVERY_MONTHS = (3, 6, 12)


def _share(top: str, bottom: str) -> Callable[[FinancialStatement], Decimal | None]:
    def of(statement: FinancialStatement) -> Decimal | None:
        above, below = statement.line(top), statement.line(bottom)
        return None if above is None or not below else above / below

    return of


RATIOS: Mapping[str, Callable[[FinancialStatement], Decimal | None]] = {
    "debt_ratio": _share("total_liabilities", "total_assets"),
    "current_ratio": _share("current_assets", "current_liabilities"),
    "interest_cover": _share("ebit", "interest_expense"),
    "net_margin": _share("net_profit", "revenue"),
}
"""Ratios a covenant may bound. Unit: fractions or times. Rounding: none."""


@dataclass(frozen=True, kw_only=True)
class CovenantTerms:
    """One covenant. `bound` is the ratio's own unit; `first_test_on` starts the row of dates.

    For statement delivery the test date is the day by which the statement of the year that ended
    last must be there. Grace is in calendar days after the test date.
    """

    kind: CovenantKind
    ratio: str | None
    bound: Decimal | None
    every_months: int
    first_test_on: date
    grace_days: int = 0


@dataclass(frozen=True)
class Tested:
    """A test's result: the state, the figure it rests on, and the statement's year."""

    state: CovenantState
    value: Decimal | None = None
    statement_year: int | None = None


def refuse_malformed(terms: CovenantTerms) -> None:
    """Findings: `choice.unknown`, `covenant.bound`, `covenant.grace`."""
    found = []
    if terms.kind is not CovenantKind.STATEMENT_DELIVERY:
        if terms.ratio not in RATIOS:
            found.append(Finding("ratio", "choice.unknown"))
        if terms.bound is None or not terms.bound.is_finite() or abs(terms.bound) > 1000:
            found.append(Finding("bound", "covenant.bound"))
    if terms.every_months not in EVERY_MONTHS:
        found.append(Finding("every_months", "choice.unknown"))
    if not 0 <= terms.grace_days <= GRACE_DAYS_MAX:
        found.append(Finding("grace_days", "covenant.grace", {"max": str(GRACE_DAYS_MAX)}))
    if found:
        raise FindingsViolation(found)


def dates_of_test(terms: CovenantTerms, to_on: date) -> tuple[date, ...]:
    """The test dates up to a day and with it, counted from the first: ends of months are kept."""
    dates, n = [], 0
    while (day := months_after(terms.first_test_on, terms.every_months * n)) <= to_on:
        dates.append(day)
        n += 1
    return tuple(dates)


def next_test_on(terms: CovenantTerms, after_on: date) -> date:
    """The first test date after a day."""
    n = 0
    while (day := months_after(terms.first_test_on, terms.every_months * n)) <= after_on:
        n += 1
    return day


def judge(
    terms: CovenantTerms,
    statement: FinancialStatement | None,
    tested_on: date,
    today: date,
    waived_to_on: date | None = None,
) -> Tested:
    """How a covenant of a test date stands today, by the newest statement there is.

    A waiver covers test dates up to and with its last day. Without the figures it is not
    assessable, which is no pass.
    """
    result = _bare(terms, statement, tested_on)
    if result.state is not CovenantState.BREACHED:
        return result
    if waived_to_on is not None and tested_on <= waived_to_on:
        return Tested(CovenantState.WAIVED, result.value, result.statement_year)
    if today <= tested_on + timedelta(days=terms.grace_days):
        return Tested(CovenantState.IN_GRACE, result.value, result.statement_year)
    return result


def _bare(terms: CovenantTerms, statement: FinancialStatement | None, tested_on: date) -> Tested:
    if terms.kind is CovenantKind.STATEMENT_DELIVERY:
        year = statement.year if statement else None
        there = year is not None and year >= tested_on.year - 1
        return Tested(CovenantState.MET if there else CovenantState.BREACHED, None, year)
    if statement is None or terms.ratio is None or terms.bound is None:
        return Tested(CovenantState.NOT_ASSESSABLE)
    value = RATIOS[terms.ratio](statement)
    if value is None:
        return Tested(CovenantState.NOT_ASSESSABLE, None, statement.year)
    floor = terms.kind is CovenantKind.AT_LEAST
    kept = value >= terms.bound if floor else value <= terms.bound
    return Tested(CovenantState.MET if kept else CovenantState.BREACHED, value, statement.year)
