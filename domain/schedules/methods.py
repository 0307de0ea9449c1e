"""How principal comes back: each repayment method over given periods and their rates."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal

from domain.schedules.annuity import AnnuityRow, annuity_rows
from domain.schedules.terms import Amortisation, RepaymentMethod, ScheduleTerms

_NOTHING = Decimal(0)
Rows = tuple[AnnuityRow, ...]
Method = Callable[[ScheduleTerms, Decimal, Sequence[Decimal]], Rows]


def _equal_instalment(terms: ScheduleTerms, balance: Decimal, rates: Sequence[Decimal]) -> Rows:
    return annuity_rows(balance, rates, terms.rounding, terms.currency)


def _balloon(terms: ScheduleTerms, balance: Decimal, rates: Sequence[Decimal]) -> Rows:
    """Level instalments that leave the balloon, which the last row adds."""
    left = terms.balloon or _NOTHING
    return annuity_rows(balance, rates, terms.rounding, terms.currency, remaining=left)


def _equal_principal(terms: ScheduleTerms, balance: Decimal, rates: Sequence[Decimal]) -> Rows:
    part = terms.rounding.instalment(balance / len(rates), terms.currency)
    return with_interest(terms, balance, _filled(balance, part, len(rates)), rates)


def _bullet(terms: ScheduleTerms, balance: Decimal, rates: Sequence[Decimal]) -> Rows:
    return with_interest(terms, balance, [_NOTHING] * (len(rates) - 1) + [balance], rates)


def _step_up(terms: ScheduleTerms, balance: Decimal, rates: Sequence[Decimal]) -> Rows:
    parts = [terms.rounding.amount(balance * share, terms.currency) for share in terms.step_shares]
    parts[-1] = balance - sum(parts[:-1], _NOTHING)
    return with_interest(terms, balance, parts, rates)


def _custom(terms: ScheduleTerms, balance: Decimal, rates: Sequence[Decimal]) -> Rows:
    return with_interest(terms, balance, [row.principal for row in terms.custom], rates)


def _flat(terms: ScheduleTerms, balance: Decimal, rates: Sequence[Decimal]) -> Rows:
    """Interest on the original principal in every period.

    Progressive: the instalment is level and the principal varies with the days. Cumulative: the
    principal is level, interest is charged on all of the principal, a down payment included, and
    its rounding falls into the last row.
    """
    if terms.amortisation is Amortisation.CUMULATIVE:
        return _cumulative_flat(terms, balance, rates)
    interest = [terms.rounding.amount(balance * rate, terms.currency) for rate in rates]
    total = balance + sum(interest, _NOTHING)
    level = terms.rounding.instalment(total / len(rates), terms.currency)
    return _rows(balance, [level - part for part in interest], interest)


def _cumulative_flat(terms: ScheduleTerms, balance: Decimal, rates: Sequence[Decimal]) -> Rows:
    total = terms.rounding.amount(terms.principal * sum(rates, _NOTHING), terms.currency)
    each = terms.rounding.amount(total / len(rates), terms.currency)
    part = terms.rounding.instalment(balance / len(rates), terms.currency)
    return _rows(balance, _filled(balance, part, len(rates)), _filled(total, each, len(rates)))


def with_interest(
    terms: ScheduleTerms, balance: Decimal, principal: Sequence[Decimal], rates: Sequence[Decimal]
) -> Rows:
    """Complete the principal of each period with the interest on the balance before it."""
    interest: list[Decimal] = []
    left, exact = balance, _NOTHING
    for part, rate in zip(principal, rates, strict=True):
        exact += left * rate
        interest.append(terms.rounding.amount(left * rate, terms.currency))
        left -= part
    if terms.settlement_day is not None:
        # settled by the day: the last settlement carries what rounding left over
        whole = terms.rounding.amount(exact, terms.currency)
        interest[-1] = max(whole - sum(interest[:-1], _NOTHING), _NOTHING)
    return _rows(balance, principal, interest)


def _rows(balance: Decimal, principal: Sequence[Decimal], interest: Sequence[Decimal]) -> Rows:
    """Rows of given parts; the last principal is what is left, none takes more than is left."""
    rows: list[AnnuityRow] = []
    for n, (part, cost) in enumerate(zip(principal, interest, strict=True), start=1):
        taken = balance if n == len(principal) else min(max(part, _NOTHING), balance)
        balance -= taken
        rows.append(AnnuityRow(taken, cost, balance))
    return tuple(rows)


def _filled(total: Decimal, part: Decimal, count: int) -> list[Decimal]:
    """`count` equal parts, never more than the total, the last taking what is left."""
    parts: list[Decimal] = []
    for _ in range(count - 1):
        parts.append(min(part, total))
        total -= parts[-1]
    return [*parts, total]


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
