"""The picture of a change: each instalment before beside after, and both balances."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from domain.changes.difference import LineDifference, LineSide
from web.pages.schedule_chart import HEIGHT, WIDTH

_TENTH = Decimal("0.1")
_GAP = Decimal("0.25")  # of a row's own place


@dataclass(frozen=True, slots=True)
class Stack:
    """One side of a row: principal at the foot, interest on it."""

    x: Decimal
    width: Decimal
    principal_y: Decimal
    principal_height: Decimal
    interest_y: Decimal
    interest_height: Decimal


@dataclass(frozen=True, slots=True)
class Pair:
    """A row before and after."""

    due_on: date
    before: Stack | None
    after: Stack | None


@dataclass(frozen=True, slots=True)
class ChangePicture:
    """The rows in the picture's own units, and the points of both balances on one scale."""

    width: Decimal
    height: Decimal
    pairs: tuple[Pair, ...]
    balance_before: str
    balance_after: str


def picture_of_change(lines: Sequence[LineDifference]) -> ChangePicture:
    """The picture of at least one row."""
    sides = [side for line in lines for side in (line.before, line.after) if side]
    tallest = max(side.principal + side.interest for side in sides) or Decimal(1)
    place = WIDTH / len(lines)
    half = place * (1 - _GAP) / 2
    whole = max(side.balance_after + side.principal for side in sides) or Decimal(1)
    pairs = tuple(
        _pair(line, place * (index + _GAP / 2), half, tallest) for index, line in enumerate(lines)
    )
    return ChangePicture(
        width=WIDTH,
        height=HEIGHT,
        pairs=pairs,
        balance_before=_points([line.before for line in lines], place, whole),
        balance_after=_points([line.after for line in lines], place, whole),
    )


def _pair(line: LineDifference, x: Decimal, half: Decimal, tallest: Decimal) -> Pair:
    side = line.after or line.before
    if side is None:
        raise ValueError("a row stands on one side at least")
    return Pair(
        due_on=side.due_on,
        before=_stack(line.before, x, half, tallest),
        after=_stack(line.after, x + half, half, tallest),
    )


def _stack(side: LineSide | None, x: Decimal, width: Decimal, tallest: Decimal) -> Stack | None:
    if side is None:
        return None
    principal = _tenth(side.principal / tallest * HEIGHT)
    interest = _tenth(side.interest / tallest * HEIGHT)
    return Stack(
        x=_tenth(x),
        width=_tenth(width),
        principal_y=HEIGHT - principal,
        principal_height=principal,
        interest_y=max(HEIGHT - principal - interest, Decimal(0)),
        interest_height=interest,
    )


def _points(sides: Sequence[LineSide | None], place: Decimal, whole: Decimal) -> str:
    """A balance from before its first row on; rows of the other side alone are passed over."""
    points: list[tuple[Decimal, Decimal]] = []
    for index, side in enumerate(sides):
        if side is None:
            continue
        if not points:
            points.append((place * index, side.balance_after + side.principal))
        points.append((place * (index + 1), side.balance_after))
    return " ".join(f"{_tenth(x)},{_tenth(HEIGHT - left / whole * HEIGHT)}" for x, left in points)


def _tenth(value: Decimal) -> Decimal:
    return value.quantize(_TENTH, ROUND_HALF_UP)
