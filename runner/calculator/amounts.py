"""Amounts as an answer writes them."""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, Decimal

_CENT = Decimal("0.01")


def money(amount: Decimal) -> str:
    """An amount with two places; only a table without rounding has more to drop."""
    shown = amount.quantize(_CENT, rounding=ROUND_HALF_EVEN)
    return f"{abs(shown) if shown.is_zero() else shown:f}"
