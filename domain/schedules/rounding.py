"""How a schedule rounds, and to what."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Context, Decimal
from enum import StrEnum
from functools import cache

from domain.money import Currency


class RoundingMode(StrEnum):
    """Where a tie goes."""

    HALF_UP = "half_up"
    HALF_EVEN = "half_even"
    NONE = "none"
    """No rounding to the smallest unit: for comparing published tables, never for booking."""


_DECIMAL_MODE = {
    RoundingMode.HALF_UP: ROUND_HALF_UP,
    RoundingMode.HALF_EVEN: ROUND_HALF_EVEN,
    RoundingMode.NONE: ROUND_HALF_EVEN,
}
_FINER_PLACES = 12
"""What "no rounding" keeps below the smallest unit, so that a figure stays finite."""
_WIDE = Context(prec=60)
_NEAR_A_TIE = Decimal("1e-18")
"""No interest of a bookable amount comes nearer to a tie than this without being one."""


@dataclass(frozen=True)
class Rounding:
    """A product's rounding.

    `instalment_multiple_of`: the level instalment is a multiple of this amount, in the currency;
    None means of the smallest unit. `rebalance`: where the last instalment would differ much from
    the others, the difference is spread over them.
    """

    mode: RoundingMode = RoundingMode.HALF_UP
    instalment_multiple_of: Decimal | None = None
    rebalance: bool = False

    def amount(self, exact: Decimal, currency: Currency) -> Decimal:
        """An exact figure in the currency's smallest unit, or twelve places finer if unrounded."""
        return exact.quantize(*_grid(self.mode, currency), _WIDE)

    def interest(self, balance: Decimal, rate: Decimal, currency: Currency) -> Decimal:
        """What a balance costs in a period, rounded as any amount.

        A third of a year has no last digit: a figure that is a tie but for the last digits of a
        quotient is one, whichever way those digits fell.
        """
        nearly = (balance * rate).quantize(_NEAR_A_TIE, ROUND_HALF_EVEN, _WIDE)
        return self.amount(nearly, currency)

    def instalment(self, exact: Decimal, currency: Currency) -> Decimal:
        """A level instalment: to the multiple, or to the smallest unit where that gives nothing."""
        if self.instalment_multiple_of:
            whole = self.multiple(exact)
            if whole > 0:
                return whole.quantize(currency.smallest_unit)
        return self.amount(exact, currency)

    def multiple(self, amount: Decimal) -> Decimal:
        """An amount to the nearest multiple of an instalment, nought included."""
        step = self.instalment_multiple_of
        if not step:
            return amount
        return (amount / step).quantize(Decimal(1), rounding=_DECIMAL_MODE[self.mode]) * step


@cache
def _grid(mode: RoundingMode, currency: Currency) -> tuple[Decimal, str]:
    """What a figure is rounded to, and how a tie goes, as `Decimal.quantize` takes them."""
    unit = currency.smallest_unit
    if mode is RoundingMode.NONE:
        unit = unit.scaleb(-_FINER_PLACES)
    return unit, _DECIMAL_MODE[mode]


HOUSE_ROUNDING = Rounding()
"""Ties go up, no re-balancing."""
