"""How principal comes back: each repayment method over given periods and their rates."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal

from domain.schedules import cumulative
from domain.schedules.annuity import AnnuityRow, annuity_rows
from domain.schedules.parts import filled, rows_from_parts
from domain.schedules.terms import Amortisation, RepaymentMethod, ScheduleTerms

_NOTHING = Decimal(0)
Rows = tuple[AnnuityRow, ...]
Method = Callable[[ScheduleTerms, Decimal, Sequence[Decimal]], Rows]


def _equal_instalment(terms: ScheduleTerms, balance: Decimal, rates: Sequence[Decimal]) -> Rows:
    if terms.amortisation is Amortisation.CUMULATIVE and terms.settlement_day is None:
        return cumulative.equal_instalment_rows(terms, balance, rates)
    return annuity_rows(balance, rates, terms.rounding, terms.currency)


def _balloon(terms: ScheduleTerms, balance: Decimal, rates: Sequence[Decimal]) -> Rows:
    """Level instalments that leave the balloon, which the last row adds."""
    left = terms.balloon or _NOTHING
    return annuity_rows(balance, rates, terms.rounding, terms.currency, remaining=left)


def _equal_principal(terms: ScheduleTerms, balance: Decimal, rates: Sequence[Decimal]) -> Rows:
    level = terms.rounding.instalment
    if terms.amortisation is Amortisation.CUMULATIVE:
        level = terms.rounding.amount  # a multiple is one of the whole instalment, not of this part
    part = level(balance / len(rates), terms.currency)
    return with_interest(terms, balance, filled(balance, part, len(rates)), rates)


def _bullet(terms: ScheduleTerms, balance: Decimal, rates: Sequence[Decimal]) -> Rows:
    return with_interest(terms, balance, [_NOTHING] * (len(rates) - 1) + [balance], rates)


def _step_up(terms: ScheduleTerms, balance: Decimal, rates: Sequence[Decimal]) -> Rows:
    parts = [terms.rounding.amount(balance * share, terms.currency) for share in terms.step_shares]
    parts[-1] = balance - sum(parts[:-1], _NOTHING)
    return with_interest(terms, balance, parts, rates)


def _custom(terms: ScheduleTerms, balance: Decimal, rates: Sequence[Decimal]) -> Rows:
    return with_interest(terms, balance, [row.principal for row in terms.custom], rates)


def _flat(terms: ScheduleTerms, balance: Decimal, rates: Sequence[Decimal]) -> Rows:
    """Flat from the first day on; a down payment bears interest in the cumulative family only."""
    whole = terms.amortisation is Amortisation.CUMULATIVE
    return flat_rows(terms, balance, rates, terms.principal if whole else balance)


def flat_rows(
    terms: ScheduleTerms, balance: Decimal, rates: Sequence[Decimal], base: Decimal
) -> Rows:
    """Interest on the original principal, `base`, in every period.

    The instalment is level and the principal varies with the days; the cumulative family has
    tables of its own.
    """
    if terms.amortisation is Amortisation.CUMULATIVE:
        return cumulative.flat_rows(terms, balance, rates, base=base)
    interest = [terms.rounding.interest(base, rate, terms.currency) for rate in rates]
    total = balance + sum(interest, _NOTHING)
    level = terms.rounding.instalment(total / len(rates), terms.currency)
    return rows_from_parts(balance, [level - part for part in interest], interest)


def with_interest(
    terms: ScheduleTerms, balance: Decimal, principal: Sequence[Decimal], rates: Sequence[Decimal]
) -> Rows:
    """Complete the principal of each period with the interest on the balance before it."""
    interest: list[Decimal] = []
    left, exact = balance, _NOTHING
    for part, rate in zip(principal, rates, strict=True):
        exact += left * rate
        interest.append(terms.rounding.interest(left, rate, terms.currency))
        left -= part
    if terms.settlement_day is not None:
        # settled by the day: the last settlement carries what rounding left over
        whole = terms.rounding.amount(exact, terms.currency)
        interest[-1] = max(whole - sum(interest[:-1], _NOTHING), _NOTHING)
    return rows_from_parts(balance, principal, interest)


METHODS: Mapping[RepaymentMethod, Method] = {
    RepaymentMethod.EQUAL_INSTALMENT: _equal_instalment,
    RepaymentMethod.EQUAL_PRINCIPAL: _equal_principal,
    RepaymentMethod.INTEREST_FIRST_BULLET: _bullet,
    RepaymentMethod.MATURITY: _bullet,
    RepaymentMethod.BALLOON: _balloon,
    RepaymentMethod.STEP_UP: _step_up,
    RepaymentMethod.CUSTOM: _custom,
    RepaymentMethod.FLAT: _flat,
}
