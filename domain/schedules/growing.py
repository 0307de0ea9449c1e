"""Instalments that grow or fall by a share once a year (等比递增还款): a quote's table of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal, localcontext

from domain.schedules.annuity import EXACT, AnnuityRow
from domain.schedules.building import lines_of
from domain.schedules.interest import period_years
from domain.schedules.lines import ScheduleLine
from domain.schedules.parts import rows_from_parts
from domain.schedules.periods import MONTHS, periods
from domain.schedules.terms import PeriodUnit, RepaymentMethod, ScheduleTerms
from domain.violations import LoanRuleViolation

_NOTHING = Decimal(0)
_PERIODS_A_YEAR = {PeriodUnit.DAY: 365, PeriodUnit.WEEK: 52}
_MONTHS_A_YEAR = 12


def growing_schedule(terms: ScheduleTerms, yearly_growth: Decimal) -> tuple[ScheduleLine, ...]:
    """Instalments level within each year, each year's `1 + yearly_growth` times the last one's.

    Unit: the currency; `yearly_growth` as a fraction, negative where instalments fall. Range:
    above -1, at most 1. Rounding: as the terms say; the last line takes the remainder.
    Violations: `terms.growth` for another range, a method that has no instalment, a grace or a year
    that holds no whole number of periods.
    Source: the first instalment A solves sum of A x g(k) / product(1+r) = P, g(k) by whole years.
    """
    a_year = _periods_a_year(terms)
    plain = replace(terms, principal_grace=0, interest_payment_grace=0, interest_free=0)
    if not -1 < yearly_growth <= 1 or not a_year or plain != terms or not _level(terms):
        raise LoanRuleViolation("terms.growth")
    with localcontext(EXACT):
        cut = periods(terms)
        rates = [terms.yearly_rate * period_years(terms, period) for period in cut]
        grown = [(1 + yearly_growth) ** (n // a_year) for n in range(len(cut))]
        return lines_of(terms, cut, _rows(terms, rates, grown))


def _level(terms: ScheduleTerms) -> bool:
    return terms.method is RepaymentMethod.EQUAL_INSTALMENT and not terms.down_payment_share


def _periods_a_year(terms: ScheduleTerms) -> int:
    units = _PERIODS_A_YEAR.get(terms.unit)
    whole = units or _MONTHS_A_YEAR
    each = terms.every if units else terms.every * MONTHS[terms.unit]
    return 0 if whole % each else whole // each


def _rows(
    terms: ScheduleTerms, rates: Sequence[Decimal], grown: Sequence[Decimal]
) -> tuple[AnnuityRow, ...]:
    growth, worth = Decimal(1), _NOTHING
    for rate, times in zip(rates, grown, strict=True):
        growth *= 1 + rate
        worth = worth * (1 + rate) + times
    first, left = terms.principal * growth / worth, terms.principal
    principal, interest = [], []
    for rate, times in zip(rates, grown, strict=True):
        cost = terms.rounding.interest(left, rate, terms.currency)
        part = terms.rounding.instalment(first * times, terms.currency) - cost
        principal.append(part)
        interest.append(cost)
        left -= part
    return _refused_if_negative(rows_from_parts(terms.principal, principal, interest), principal)


def _refused_if_negative(
    rows: tuple[AnnuityRow, ...], principal: Sequence[Decimal]
) -> tuple[AnnuityRow, ...]:
    """An instalment below its interest repays nothing: such growth is no repayment."""
    if any(part < 0 for part in principal[:-1]):
        raise LoanRuleViolation("terms.growth")
    return rows
