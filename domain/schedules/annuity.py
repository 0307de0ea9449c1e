"""The level instalment (等额本息) over periods of any rate, and the rows that follow from it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Context, Decimal, localcontext

from domain.money import Currency
from domain.schedules.rounding import Rounding

EXACT = Context(prec=34)
_NOTHING = Decimal(0)
REBALANCING_ROUNDS_MAX = 3


@dataclass(frozen=True, init=False)
class AnnuityRow:
    """One instalment. Unit: the currency, in its smallest unit."""

    principal: Decimal
    interest: Decimal
    balance_after: Decimal

    def __init__(self, principal: Decimal, interest: Decimal, balance_after: Decimal) -> None:
        # a frozen dataclass's own costs four times as much, and schedules are made of rows
        members = self.__dict__
        members["principal"] = principal
        members["interest"] = interest
        members["balance_after"] = balance_after


def equal_instalment(
    balance: Decimal,
    period_rates: Sequence[Decimal],
    rounding: Rounding,
    currency: Currency,
    *,
    remaining: Decimal = _NOTHING,
    added: Decimal = _NOTHING,
) -> Decimal:
    """The instalment that repays `balance` down to `remaining` in as many periods as rates.

    `added` is what every instalment bears besides.

    A = (P x product(1+r) - B) / F with F(1) = 1 and F(k) = 1 + F(k-1) x (1+r(k)); equal rates make
    it the annuity formula. Unit: the currency. Rounding: as the product says.
    """
    with localcontext(EXACT):
        growth, factor = Decimal(1), _NOTHING
        for rate in period_rates:
            grown = 1 + rate
            growth *= grown
            factor = 1 + factor * grown
        exact = (balance * growth - remaining) / factor
        if added:
            exact = rounding.amount(exact, currency) + rounding.amount(added, currency)
        return rounding.instalment(exact, currency)


def rows_of(
    balance: Decimal,
    period_rates: Sequence[Decimal],
    instalment: Decimal,
    rounding: Rounding,
    currency: Currency,
) -> tuple[AnnuityRow, ...]:
    """The rows of one instalment; the last takes the remainder, none repays more than is left.

    An instalment rounded below the interest of a period pays that interest and no principal.
    """
    rows: list[AnnuityRow] = []
    last = len(period_rates) - 1
    for n, rate in enumerate(period_rates):
        interest = rounding.interest(balance, rate, currency)
        part = instalment - interest
        if n == last or part > balance:
            part = balance
        elif part < 0:
            part = _NOTHING
        balance -= part
        rows.append(AnnuityRow(part, interest, balance))
    return tuple(rows)


def annuity_rows(
    balance: Decimal,
    period_rates: Sequence[Decimal],
    rounding: Rounding,
    currency: Currency,
    *,
    remaining: Decimal = _NOTHING,
) -> tuple[AnnuityRow, ...]:
    """Level rows over the periods, re-balanced where the product asks for it.

    Re-balancing spreads what the last instalment differs by over all of them, at most four times,
    and keeps a try only if the difference shrinks.
    """
    level = equal_instalment(balance, period_rates, rounding, currency, remaining=remaining)
    rows = rows_of(balance, period_rates, level, rounding, currency)
    return _rebalanced(balance, period_rates, rounding, currency, level, rows)


def _rebalanced(
    balance: Decimal,
    rates: Sequence[Decimal],
    rounding: Rounding,
    currency: Currency,
    level: Decimal,
    rows: tuple[AnnuityRow, ...],
) -> tuple[AnnuityRow, ...]:
    count = len(rates)
    for _ in range(REBALANCING_ROUNDS_MAX if rounding.rebalance else 0):
        gap = rows[-1].principal + rows[-1].interest - level
        if abs(gap) * 100 <= count // 2:
            break
        share = rounding.amount(gap / count, currency)
        tried_level = rounding.instalment(level + share, currency)
        tried = rows_of(balance, rates, tried_level, rounding, currency)
        if abs(tried[-1].principal + tried[-1].interest - tried_level) >= abs(gap):
            break
        level, rows = tried_level, tried
    return rows
