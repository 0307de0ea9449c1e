"""How a schedule rounds, and to what."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal
from enum import StrEnum

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
        unit = currency.smallest_unit
        if self.mode is RoundingMode.NONE:
            unit = unit.scaleb(-_FINER_PLACES)
        return exact.quantize(unit, rounding=_DECIMAL_MODE[self.mode])

    def instalment(self, exact: Decimal, currency: Currency) -> Decimal:
        """A level instalment: to the multiple, or to the smallest unit where that gives nothing."""
        step = self.instalment_multiple_of
        if step:
            whole = (exact / step).quantize(Decimal(1), rounding=_DECIMAL_MODE[self.mode]) * step
            if whole > 0:
                return whole.quantize(currency.smallest_unit)
        return self.amount(exact, currency)


HOUSE_ROUNDING = Rounding()
"""Ties go up, no re-balancing."""
