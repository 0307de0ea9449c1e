"""What money costs a year: the rate at which what was paid out equals what comes back.

The effective yearly rate (European Union), of flows at any times or dates; the nominal rate of the
United States rests on the same solver (`domain.unit_periods`).
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Context, Decimal, localcontext
from enum import StrEnum
from itertools import pairwise

from domain.violations import LoanRuleViolation

EXACT = Context(prec=34)
_ROUGH = Context(prec=12)
_SMALL = Decimal("1e-25")
_MOMENT = Decimal("1e-24")
_TRIES_MAX = 400
MONTHS_A_YEAR = 12
_FORCES = [Decimal(n) / 4 for n in range(-20, 161)]
"""Where a root is looked for: growth from e^-5 to e^40 a year."""


@dataclass(frozen=True)
class Flow:
    """Money at a time. `amount` above zero goes to the borrower; `time` in years or periods."""

    time: Decimal
    amount: Decimal


class UnitPeriod(StrEnum):
    """The unit-period of the nominal rule, and what time between dates is counted in."""

    DAY = "day"
    WEEK = "week"
    SEMI_MONTH = "semi_month"
    MONTH = "month"


def effective_rate(flows: Iterable[Flow]) -> Decimal:
    """The X that solves sum of amount x (1+X)^-time = 0, time in years (实际年利率).

    Unit: a yearly fraction. Range: above -1. Rounding: some 20 digits are right.
    Violations: `rate.no_solution` where no rate does it, `rate.several` where more than one does.
    Source: Directive 2008/48/EC annex I; Directive (EU) 2023/2225 annex III.
    """
    given = tuple(sorted(flows, key=lambda flow: flow.time))
    with localcontext(EXACT):
        at = discounts([flow.time for flow in given])

        def worth(force: Decimal) -> Decimal:
            return sum(
                (flow.amount * one for flow, one in zip(given, at(force), strict=True)), Decimal(0)
            )

        return only_force(worth, turns=turns_of(flow.amount for flow in given)).exp() - 1


def discounts(times: Sequence[Decimal]) -> Callable[[Decimal], Iterator[Decimal]]:
    """For times in order: what one then is worth now, at a force of interest.

    Equal steps from one time to the next are discounted once for all, so that a long row of
    payments costs little. Rounding: times to 24 places, worth as the context in force.
    """
    nearly = [time.quantize(_MOMENT) for time in times]
    steps = [after - before for before, after in pairwise([Decimal(0), *nearly])]

    def at(force: Decimal) -> Iterator[Decimal]:
        known: dict[Decimal, Decimal] = {}
        worth = Decimal(1)
        for step in steps:
            if step not in known:
                known[step] = (-force * step).exp()
            worth *= known[step]
            yield worth

    return at


def only_force(worth: Callable[[Decimal], Decimal], *, turns: int) -> Decimal:
    """The one force of interest at which something is worth nothing.

    `turns` says how often money changes its direction: once means one force at most.
    Violations: `rate.no_solution`, `rate.several`.
    """
    if turns == 1:
        return _between(worth, *_bracket(worth, _FORCES))
    return _only_root(worth, _FORCES)


def effective_rate_of_dates(flows: Sequence[tuple[date, Decimal]]) -> Decimal:
    """The effective rate of dated flows, a year counted as 365 days from the first date."""
    if not flows:
        raise LoanRuleViolation("rate.no_solution")
    first = min(day for day, _ in flows)
    return effective_rate(Flow(Decimal((day - first).days) / 365, amount) for day, amount in flows)


def years_between(first_on: date, day: date, unit: UnitPeriod = UnitPeriod.MONTH) -> Decimal:
    """The time between two dates in years as the effective rate counts it.

    Equal months (or weeks, 1/52 each) counted back from the later date, the odd days before them
    over the days of the year that ends with them. Range: `day` not before `first_on`.
    Rounding: 34 digits. Source: Directive (EU) 2023/2225 annex III, part I (c) and (g).
    """
    with localcontext(EXACT):
        if unit is UnitPeriod.DAY:
            return Decimal((day - first_on).days) / 365
        if unit is UnitPeriod.WEEK:
            weeks, odd = divmod((day - first_on).days, 7)
            return Decimal(weeks) / 52 + _odd_years(odd, first_on + timedelta(days=odd))
        months = (day.year - first_on.year) * MONTHS_A_YEAR + day.month - first_on.month
        if months_before(first_on, -months) == day:  # the last day of a month that is too short
            return Decimal(months) / MONTHS_A_YEAR
        while months_before(day, months) < first_on:
            months -= 1
        begun_on = months_before(day, months)
        return Decimal(months) / MONTHS_A_YEAR + _odd_years((begun_on - first_on).days, begun_on)


def _odd_years(days: int, ends_on: date) -> Decimal:
    return Decimal(days) / (ends_on - months_before(ends_on, MONTHS_A_YEAR)).days


def rounded_percent(rate: Decimal, decimals: int) -> Decimal:
    """A yearly fraction as a percentage of so many decimals, nought without a sign.

    Rounding: HALF_UP.
    """
    percent = (rate * 100).quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)
    return abs(percent) if percent.is_zero() else percent


def _only_root(worth: Callable[[Decimal], Decimal], grid: Sequence[Decimal]) -> Decimal:
    """The one root on the grid: looked for roughly first, and exactly where that is not plain."""
    with localcontext(_ROUGH):
        rough = _crossings([worth(force) for force in grid])
    if len(rough) == 1:
        ends = [(grid[n], worth(grid[n])) for n in (rough[0], rough[0] + 1)]
        if _crossings([value for _, value in ends]):
            return _between(worth, ends[0], ends[1])
    values = [worth(force) for force in grid]
    found = _crossings(values)
    if len(found) != 1:
        raise LoanRuleViolation("rate.several" if found else "rate.no_solution")
    n = found[0]
    return _between(worth, (grid[n], values[n]), (grid[n + 1], values[n + 1]))


def _crossings(values: Sequence[Decimal]) -> list[int]:
    return [
        n
        for n, (one, after) in enumerate(pairwise(values))
        if (one <= 0 < after) or (one >= 0 > after)
    ]


def turns_of(amounts: Iterable[Decimal]) -> int:
    """How often money that flows turns its direction; once means one rate at most (Descartes)."""
    ways = [amount > 0 for amount in amounts if amount]
    return sum(one != after for one, after in pairwise(ways))


def _bracket(
    worth: Callable[[Decimal], Decimal], grid: Sequence[Decimal]
) -> tuple[tuple[Decimal, Decimal], tuple[Decimal, Decimal]]:
    """Two neighbours of the grid with the one root there can be between them, by halving."""
    low, high = (0, worth(grid[0])), (len(grid) - 1, worth(grid[-1]))
    if (low[1] > 0) == (high[1] > 0):
        raise LoanRuleViolation("rate.no_solution")
    while high[0] - low[0] > 1:
        middle = (low[0] + high[0]) // 2
        value = worth(grid[middle])
        if (value > 0) == (low[1] > 0):
            low = (middle, value)
        else:
            high = (middle, value)
    return (grid[low[0]], low[1]), (grid[high[0]], high[1])


def _between(
    worth: Callable[[Decimal], Decimal],
    low: tuple[Decimal, Decimal],
    high: tuple[Decimal, Decimal],
) -> Decimal:
    """Regula falsi with the Illinois rule: the end that stays counts half."""
    kept = 0
    for _ in range(_TRIES_MAX):
        if low[1] == high[1]:
            break
        middle = (low[0] * high[1] - high[0] * low[1]) / (high[1] - low[1])
        value = worth(middle)
        if value == 0 or abs(high[0] - low[0]) < _SMALL:
            return middle
        if (value > 0) == (high[1] > 0):
            high = (middle, value)
            low = (low[0], low[1] / 2) if kept == 1 else low
            kept = 1
        else:
            low = (middle, value)
            high = (high[0], high[1] / 2) if kept == -1 else high
            kept = -1
        if abs(value) < _SMALL:
            return middle
    return low[0]


def months_before(day: date, months: int) -> date:
    """The day so many months earlier; a month without that day uses its last."""
    years, index = divmod(day.month - 1 - months, 12)
    year = day.year + years
    return date(year, index + 1, min(day.day, monthrange(year, index + 1)[1]))
