"""The picture of a schedule: principal and interest of each instalment, and the balance left."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Protocol

from persistence.queries.schedule import Schedule

WIDTH, HEIGHT = Decimal(1000), Decimal(160)
_TENTH = Decimal("0.1")
_GAP = Decimal("0.25")  # of a bar's own place
BARS_MAX = 240
"""More bars than this run into each other: neighbours are drawn as one."""


class Line(Protocol):
    """What a picture needs of an instalment."""

    @property
    def principal(self) -> Decimal: ...
    @property
    def interest(self) -> Decimal: ...
    @property
    def balance_after(self) -> Decimal: ...


@dataclass(frozen=True, slots=True)
class Neighbours:
    """Instalments that are drawn as one."""

    principal: Decimal
    interest: Decimal
    balance_after: Decimal


@dataclass(frozen=True, slots=True)
class Bar:
    """One instalment; places in the picture's own units, as SVG writes them."""

    line: Line
    x: Decimal
    width: Decimal
    principal_y: Decimal
    principal_height: Decimal
    interest_y: Decimal
    interest_height: Decimal


@dataclass(frozen=True, slots=True)
class Chart:
    """The bars, and the line of the balance on its own scale."""

    width: Decimal
    height: Decimal
    bars: tuple[Bar, ...]
    balance: str


def chart_of(schedule: object) -> Chart | None:
    """The picture of a schedule; None while there is none."""
    if not isinstance(schedule, Schedule) or not schedule.lines:
        return None
    return picture_of(schedule.lines)


def gathered(lines: Sequence[Line]) -> Sequence[Line]:
    """The instalments as a picture can show them; a few are left as they are."""
    together = -(-len(lines) // BARS_MAX)
    if together == 1:
        return lines
    groups = (lines[first : first + together] for first in range(0, len(lines), together))
    return [
        Neighbours(
            sum((line.principal for line in group), Decimal(0)),
            sum((line.interest for line in group), Decimal(0)),
            group[-1].balance_after,
        )
        for group in groups
    ]


def picture_of(lines: Sequence[Line]) -> Chart:
    """The picture of at least one instalment."""
    place = WIDTH / len(lines)
    tallest = max(line.principal + line.interest for line in lines) or Decimal(1)
    bars = tuple(_bar(line, index, place, tallest) for index, line in enumerate(lines))
    return Chart(WIDTH, HEIGHT, bars, _balance(lines, place))


def _bar(line: Line, index: int, place: Decimal, tallest: Decimal) -> Bar:
    principal = _tenth(line.principal / tallest * HEIGHT)
    interest = _tenth(line.interest / tallest * HEIGHT)
    return Bar(
        line=line,
        x=_tenth(place * (index + _GAP / 2)),
        width=_tenth(place * (1 - _GAP)),
        principal_y=HEIGHT - principal,
        principal_height=principal,
        interest_y=max(HEIGHT - principal - interest, Decimal(0)),
        interest_height=interest,
    )


def _balance(lines: Sequence[Line], place: Decimal) -> str:
    """The points of the balance, from the first drawdown down to nothing."""
    left = [lines[0].balance_after + lines[0].principal, *(line.balance_after for line in lines)]
    whole = max(left) or Decimal(1)
    points = (
        f"{_tenth(place * index)},{_tenth(HEIGHT - balance / whole * HEIGHT)}"
        for index, balance in enumerate(left)
    )
    return " ".join(points)


def _tenth(value: Decimal) -> Decimal:
    return value.quantize(_TENTH, ROUND_HALF_UP)
