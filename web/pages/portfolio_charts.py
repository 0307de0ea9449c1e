"""Pictures of the portfolio: columns side by side, and curves; the tables beside them hold figures.

Places are in the picture's own units, as SVG writes them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

WIDTH, HEIGHT = Decimal(1000), Decimal(180)
SERIES_MAX = 6
"""So many curves have a colour of their own; more would not be told apart."""
_TENTH = Decimal("0.1")
_GAP = Decimal("0.3")  # of a group's own place


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a group; `series` numbers the colour from 1."""

    series: int
    value: Decimal
    x: Decimal
    y: Decimal
    width: Decimal
    height: Decimal


@dataclass(frozen=True, slots=True)
class Group:
    """The columns over one label."""

    label: str
    columns: tuple[Column, ...]


@dataclass(frozen=True, slots=True)
class Columns:
    """Groups of columns on one scale."""

    width: Decimal
    height: Decimal
    groups: tuple[Group, ...]


@dataclass(frozen=True, slots=True)
class Curve:
    """One curve and its colour's number."""

    series: int
    label: str
    points: str
    last: Decimal


@dataclass(frozen=True, slots=True)
class Curves:
    """Curves on one scale; `top` is the value at the upper edge."""

    width: Decimal
    height: Decimal
    top: Decimal
    curves: tuple[Curve, ...]


def columns_of(groups: Sequence[tuple[str, Sequence[Decimal]]]) -> Columns | None:
    """Groups of as many columns each; None where nothing is above 0."""
    tallest = max((value for _, values in groups for value in values), default=Decimal(0))
    if tallest <= 0:
        return None
    place = WIDTH / len(groups)
    made = (
        _group(label, values, place * index, place, tallest)
        for index, (label, values) in enumerate(groups)
    )
    return Columns(WIDTH, HEIGHT, tuple(made))


def curves_of(series: Sequence[tuple[str, Sequence[Decimal]]]) -> Curves | None:
    """Curves that begin at the left edge, each point one step on; None where none has two."""
    long = [(label, values) for label, values in series if len(values) > 1][-SERIES_MAX:]
    if not long:
        return None
    top = max(value for _, values in long for value in values) or Decimal("0.01")
    steps = max(len(values) for _, values in long) - 1
    curves = (
        Curve(index, label, _points(values, WIDTH / steps, top), values[-1])
        for index, (label, values) in enumerate(long, 1)
    )
    return Curves(WIDTH, HEIGHT, top, tuple(curves))


def _group(
    label: str, values: Sequence[Decimal], left: Decimal, place: Decimal, tallest: Decimal
) -> Group:
    width = place * (1 - _GAP) / len(values)
    columns = []
    for index, value in enumerate(values):
        height = _tenth(value / tallest * HEIGHT)
        x = _tenth(left + place * _GAP / 2 + width * index)
        columns.append(Column(index + 1, value, x, HEIGHT - height, _tenth(width), height))
    return Group(label, tuple(columns))


def _points(values: Sequence[Decimal], step: Decimal, top: Decimal) -> str:
    return " ".join(
        f"{_tenth(step * index)},{_tenth(HEIGHT - value / top * HEIGHT)}"
        for index, value in enumerate(values)
    )


def _tenth(value: Decimal) -> Decimal:
    return value.quantize(_TENTH, ROUND_HALF_UP)
