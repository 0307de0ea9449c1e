"""The bar of a limit: what is owed, in flight and frozen of it, as places in a picture."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from persistence.queries.limits import LimitView

WIDTH = Decimal(1000)
_TENTH = Decimal("0.1")


@dataclass(frozen=True, slots=True)
class Part:
    """One part of the bar, in the picture's own units."""

    name: str
    x: Decimal
    width: Decimal


@dataclass(frozen=True, slots=True)
class Bar:
    """The parts from left to right, and where the limit itself lies if more is used than it."""

    parts: tuple[Part, ...]
    limit_x: Decimal


def bar_of(limit: LimitView) -> Bar:
    """The bar of a limit; as long as the limit, or as what is used where that is more."""
    taken = (
        ("owed", limit.outstanding),
        ("flying", limit.in_flight),
        ("frozen", limit.frozen),
    )
    whole = max(limit.amount, sum((amount for _, amount in taken), Decimal(0)))
    parts, x = [], Decimal(0)
    for name, amount in taken:
        width = _place(amount, whole)
        parts.append(Part(name, x, width))
        x += width
    return Bar(tuple(parts), _place(limit.amount, whole))


def _place(amount: Decimal, whole: Decimal) -> Decimal:
    if whole == 0:
        return Decimal(0)
    return (amount / whole * WIDTH).quantize(_TENTH, ROUND_HALF_UP)
