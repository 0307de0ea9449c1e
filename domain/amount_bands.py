"""Bands of amounts, for those who filter cases without reading exact figures."""

from __future__ import annotations

from decimal import Decimal

_BANDS: tuple[tuple[Decimal, str], ...] = (
    (Decimal(100_000), "up_to_100k"),
    (Decimal(1_000_000), "up_to_1m"),
    (Decimal(10_000_000), "up_to_10m"),
)
_ABOVE = "above_10m"


def amount_band(amount: Decimal) -> str:
    """The band of an amount, its upper bound included. Unit: the case's own currency.

    Range: above zero. Rounding: none. Source: the bank's own cut for its lists.
    """
    return next((name for top, name in _BANDS if amount <= top), _ABOVE)
