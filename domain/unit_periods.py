"""The nominal yearly rate by the actuarial unit-period method.

Source: US Regulation Z, appendix J (b)(3) to (8).
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, localcontext

from domain.annual_rates import (
    EXACT,
    MONTHS_A_YEAR,
    UnitPeriod,
    discounts,
    months_before,
    only_force,
    turns_of,
)
from domain.violations import LoanRuleViolation

_DAYS = {UnitPeriod.DAY: 1, UnitPeriod.WEEK: 7}
_A_YEAR = {
    UnitPeriod.DAY: 365,
    UnitPeriod.WEEK: 52,
    UnitPeriod.SEMI_MONTH: 24,
    UnitPeriod.MONTH: MONTHS_A_YEAR,
}
_DAYS_A_MONTH, _DAYS_A_HALF, _DAYS_A_YEAR = 30, 15, 365
_DAYS_OFF_A_HALF = 2
"""Half-months are thirteen to sixteen days long."""
Dated = tuple[date, Decimal]
Time = tuple[Decimal, Decimal]
"""Whole unit-periods, and the odd fraction of one before them."""


def unit_period_rate(
    lent: Decimal,
    lent_on: date,
    payments: Sequence[Dated],
    unit: UnitPeriod,
    every: int = 1,
    *,
    later_advances: Sequence[Dated] = (),
) -> Decimal:
    """The unit-period's rate times the unit-periods of a year, as a yearly fraction.

    The rate i solves sum of advance / ((1 + e x i)(1 + i)^q) = sum of payment / ((1 + f x i)(1 +
    i)^t): time runs back from each flow to the first advance in whole unit-periods, the odd
    fraction before them earns simple interest. Payments one unit-period apart stay so whatever
    their months' lengths. One advance repaid at once has its term for unit-period, a year at most.
    Range: `every` from 1, a half-month is one. Rounding: some 20 digits are right.
    Violations: `rate.dates` for money that flows before the first advance, `rate.unit_period`, and
    as `effective_rate`.
    """
    if not payments:
        raise LoanRuleViolation("rate.no_solution")
    if any(day < lent_on for day, _ in (*payments, *later_advances)):
        raise LoanRuleViolation("rate.dates")
    counted = _Counted.of(unit, every)
    if len(payments) == 1 and not later_advances:
        counted = _term(lent_on, payments[0][0]) or counted
    with localcontext(EXACT):
        flows = [((Decimal(0), Decimal(0)), lent)]
        flows += [(counted.time(lent_on, day), amount) for day, amount in later_advances]
        times = _times(counted, lent_on, [day for day, _ in payments])
        flows += [(time, -amount) for time, (_, amount) in zip(times, payments, strict=True)]

        flows.sort(key=lambda flow: sum(flow[0]))
        odds = [(odd, amount) for (_, odd), amount in flows]
        at = discounts([whole for (whole, _), _ in flows])

        def worth(force: Decimal) -> Decimal:
            rate = force.exp() - 1
            parts = zip(odds, at(force), strict=True)
            return sum(
                (amount * one / (1 + odd * rate) for (odd, amount), one in parts), Decimal(0)
            )

        force = only_force(worth, turns=turns_of(amount for _, amount in flows))
        return (force.exp() - 1) * counted.a_year


@dataclass(frozen=True)
class _Counted:
    """A unit-period: so many days, half-months or months."""

    unit: UnitPeriod
    every: int
    a_year: Decimal

    @staticmethod
    def of(unit: UnitPeriod, every: int) -> _Counted:
        """`every` units long; longer than a year is a year."""
        if every < 1 or (unit is UnitPeriod.SEMI_MONTH and every > 1):
            raise LoanRuleViolation("rate.unit_period")
        units = _A_YEAR[unit]
        return _Counted(unit, min(every, units), Decimal(units) / min(every, units))

    def time(self, start_on: date, day: date) -> Time:
        """From one day to a later one, measured back from the later."""
        if self.unit in _DAYS:
            return _divided((day - start_on).days, self.every * _DAYS[self.unit])
        months, days = _months_and_days(start_on, day)
        if self.unit is UnitPeriod.SEMI_MONTH:
            return _divided(months * _DAYS_A_MONTH + days, _DAYS_A_HALF)
        if self.every == MONTHS_A_YEAR:
            return _years(start_on, day, months, days)
        whole, rest = divmod(months, self.every)
        return Decimal(whole), (rest + Decimal(days) / _DAYS_A_MONTH) / self.every

    def apart(self, first_on: date, day: date, anchor: int) -> int | None:
        """The unit-periods between two payments of one row; None where they are of none."""
        months = (day.year - first_on.year) * MONTHS_A_YEAR + day.month - first_on.month
        if self.unit in _DAYS:
            whole, odd = divmod((day - first_on).days, self.every * _DAYS[self.unit])
            return None if odd else whole
        if self.unit is UnitPeriod.SEMI_MONTH:
            halves = round(Decimal(day.day - first_on.day) / _DAYS_A_HALF)
            off = abs(day.day - first_on.day - halves * _DAYS_A_HALF)
            return months * 2 + halves if off <= _DAYS_OFF_A_HALF else None
        anchored = all(one.day == min(anchor, _last_day(one)) for one in (first_on, day))
        return months // self.every if anchored and months % self.every == 0 else None


def _times(counted: _Counted, lent_on: date, days: Sequence[date]) -> Iterator[Time]:
    first_on, anchor = min(days), max(day.day for day in days)
    first, odd = counted.time(lent_on, first_on)
    for day in days:
        apart = counted.apart(first_on, day, anchor)
        yield counted.time(lent_on, day) if apart is None else (first + apart, odd)


def _term(lent_on: date, day: date) -> _Counted | None:
    """The unit-period of one advance repaid at once: its term, or a year where that is longer."""
    months, days = _months_and_days(lent_on, day)
    if months >= MONTHS_A_YEAR:
        return _Counted.of(UnitPeriod.MONTH, MONTHS_A_YEAR)
    if not days and months:
        return _Counted.of(UnitPeriod.MONTH, months)
    return _Counted.of(UnitPeriod.DAY, (day - lent_on).days) if day > lent_on else None


def _divided(days: int, length: int) -> Time:
    whole, odd = divmod(days, length)
    return Decimal(whole), Decimal(odd) / length


def _years(start_on: date, day: date, months: int, days: int) -> Time:
    """Years; what is left is in months where it is whole months, and in days of 365 otherwise."""
    years, rest = divmod(months, MONTHS_A_YEAR)
    if not days:
        return Decimal(years), Decimal(rest) / MONTHS_A_YEAR
    odd = (months_before(day, years * MONTHS_A_YEAR) - start_on).days
    return Decimal(years), Decimal(odd) / _DAYS_A_YEAR


def _months_and_days(start_on: date, day: date) -> tuple[int, int]:
    """Whole months measured back from the later day, and the days left before them."""
    months = (day.year - start_on.year) * MONTHS_A_YEAR + day.month - start_on.month
    both_end = start_on.day == _last_day(start_on) and day.day == _last_day(day)
    if both_end or months_before(start_on, -months) == day:
        return months, 0
    while months_before(day, months) < start_on:
        months -= 1
    return months, (months_before(day, months) - start_on).days


def _last_day(day: date) -> int:
    return monthrange(day.year, day.month)[1]
