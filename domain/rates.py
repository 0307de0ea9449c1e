"""Floating rates: an index and a margin, fixings over time, and the days a loan is repriced on."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from domain.accounts.events import Event, RateSet, Restructure, Reversal
from domain.people import Actor
from domain.strict_data import StrictReader
from domain.violations import LoanRuleViolation

MARGIN_BP_MAX = 5000
RATE_MAX = Decimal(1)
LAST_YEAR = 2100
_BASIS_POINT = Decimal("0.0001")
_PUBLICATION_DAY = 20
_CODE = "rate.floating_malformed"
_MONTHS_A_YEAR = 12


class Repricing(StrEnum):
    """When a floating loan takes the index's newest fixing (重定价日)."""

    MONTHLY = "1m"
    QUARTERLY = "3m"
    HALF_YEARLY = "6m"
    YEARLY = "12m"
    """These count from the day of drawdown."""
    NEW_YEAR = "new_year"
    """Each 1 January."""


_MONTHS: Mapping[Repricing, int] = {
    Repricing.MONTHLY: 1,
    Repricing.QUARTERLY: 3,
    Repricing.HALF_YEARLY: 6,
    Repricing.YEARLY: 12,
}


@dataclass(frozen=True)
class Fixing:
    """An index's published rate. `yearly_rate` is a fraction, `effective_on` its first day.

    Of two with the same first day the later in the list counts: a correction is a new fixing.
    """

    key: str
    index: str
    published_on: date
    effective_on: date
    yearly_rate: Decimal


@dataclass(frozen=True, kw_only=True)
class FloatingRate:
    """What a contract says about its rate. Margin in basis points; cap and floor are fractions."""

    index: str
    margin_bp: int
    repricing: Repricing
    cap: Decimal | None = None
    floor: Decimal | None = None

    def __post_init__(self) -> None:
        if abs(self.margin_bp) > MARGIN_BP_MAX:
            raise LoanRuleViolation("rate.margin_range")
        if self.cap is not None and self.floor is not None and self.cap < self.floor:
            raise LoanRuleViolation("rate.cap_below_floor")

    def over(self, index_rate: Decimal) -> Decimal:
        """The loan's rate over an index rate: plus the margin, not above cap nor below floor.

        Unit: a yearly fraction, never below zero. Rounding: none.
        """
        rate = max(index_rate + self.margin_bp * _BASIS_POINT, self.floor or Decimal(0))
        return rate if self.cap is None else min(rate, self.cap)


@dataclass(frozen=True)
class MarginStep:
    """A margin agreed while the loan runs: from which day on, and by which event."""

    key: str
    from_on: date
    margin_bp: int


@dataclass(frozen=True)
class DecideFixing:
    """One person's verdict on another's fixing."""

    command_id: str
    fixing_id: UUID
    actor: Actor
    approve: bool


def floating_from_data(data: object) -> FloatingRate:
    """Read a contract's floating rate. Rates are texts. Violation: `rate.floating_malformed`."""
    reader = StrictReader(data, _CODE, "floating")
    reader.only(frozenset({"index", "margin_bp", "repricing"}), frozenset({"cap", "floor"}))
    try:
        repricing = Repricing(reader.text("repricing"))
    except ValueError as error:
        raise reader.refuse("repricing", "unknown_choice") from error
    return FloatingRate(
        index=reader.text("index"),
        margin_bp=reader.whole("margin_bp", -MARGIN_BP_MAX),
        repricing=repricing,
        cap=reader.number("cap") if reader.has("cap") else None,
        floor=reader.number("floor") if reader.has("floor") else None,
    )


def publication_on(year: int, month: int, is_working: Callable[[date], bool]) -> date:
    """The day the index of a month is published: the 20th, or the next working day after it.

    Source: National Interbank Funding Center, rules of the loan prime rate.
    """
    day = date(year, month, _PUBLICATION_DAY)
    while not is_working(day):
        day += timedelta(days=1)
    return day


def repricing_dates(floating: FloatingRate, drawn_on: date, to_on: date) -> tuple[date, ...]:
    """The repricing dates after the drawdown, up to a day and with it.

    A day the month lacks is the month's last; the next date is again counted from the drawdown.
    """
    return tuple(_until(floating, drawn_on, to_on))


def next_repricing(floating: FloatingRate, drawn_on: date, after_on: date) -> date:
    """The first repricing date after a day."""
    return next(day for day in _repricing(floating, drawn_on) if day > after_on)


def fixing_on(index: str, fixings: Sequence[Fixing], day: date) -> Fixing:
    """The fixing of an index that counts on a day. Violation: `rate.no_fixing`."""
    known = [each for each in fixings if each.index == index and each.effective_on <= day]
    if not known:
        raise LoanRuleViolation("rate.no_fixing", index=index, day=day.isoformat())
    newest = max(each.effective_on for each in known)
    return [each for each in known if each.effective_on == newest][-1]


def rate_on(floating: FloatingRate, fixings: Sequence[Fixing], day: date) -> Decimal:
    """The rate a loan repriced on a day bears. Unit: a yearly fraction."""
    return floating.over(fixing_on(floating.index, fixings, day).yearly_rate)


def margin_steps(events: Sequence[Event]) -> tuple[MarginStep, ...]:
    """The margins agreed while the loan ran, in the order they count; undone ones left out."""
    undone = {event.reversed_key for event in events if isinstance(event, Reversal)}
    agreed = [
        MarginStep(event.key, event.value_on, event.margin_bp)
        for event in events
        if isinstance(event, RateSet | Restructure)
        and event.margin_bp is not None
        and event.key not in undone
    ]
    return tuple(sorted(agreed, key=lambda step: step.from_on))


def step_on(steps: Sequence[MarginStep], day: date) -> MarginStep | None:
    """The agreed margin that counts on a day; None where it is still the contract's."""
    known = [step for step in steps if step.from_on <= day]
    return known[-1] if known else None


def floating_on(floating: FloatingRate, steps: Sequence[MarginStep], day: date) -> FloatingRate:
    """What counts of a floating rate on a day: the contract's, with the margin of that day."""
    step = step_on(steps, day)
    return floating if step is None else replace(floating, margin_bp=step.margin_bp)


def agreed_margin(
    floating: FloatingRate, index_rate: Decimal, yearly_rate: Decimal
) -> FloatingRate:
    """A floating rate whose margin makes a new rate of the index's, as people agreed it.

    Violations: `rate.points` where the margin is no whole number of basis points,
    `rate.beyond_collar` where the contract's cap or floor would not let the rate be,
    `rate.margin_range`.
    """
    points = (yearly_rate - index_rate) / _BASIS_POINT
    if points != points.to_integral_value():
        raise LoanRuleViolation("rate.points", index=f"{index_rate * 100:f}")
    changed = replace(floating, margin_bp=int(points))
    if changed.over(index_rate) != yearly_rate:
        raise LoanRuleViolation("rate.beyond_collar")
    return changed


def rate_events(
    floating: FloatingRate,
    fixings: Sequence[Fixing],
    drawn_on: date,
    to_on: date,
    recorded_on: date | None = None,
    steps: Sequence[MarginStep] = (),
) -> tuple[RateSet, ...]:
    """What the repricing dates up to a day do to an account.

    Until the first of them the rate the contract was signed with counts. An event's key names
    fixing, date and, where the margin was changed, what changed it: a corrected fixing or another
    margin is another event of the same day, which counts instead.
    Violation: `rate.no_fixing` where a date has none.
    """
    events = []
    for day in repricing_dates(floating, drawn_on, to_on):
        fixing, step = fixing_on(floating.index, fixings, day), step_on(steps, day)
        key = f"fixing:{fixing.key}:{day.isoformat()}"
        events.append(
            RateSet(
                key=key if step is None else f"{key}:{step.key}",
                value_on=day,
                recorded_on=recorded_on or day,
                yearly_rate=floating_on(floating, steps, day).over(fixing.yearly_rate),
            )
        )
    return tuple(events)


def index_rate_on(
    floating: FloatingRate,
    fixings: Sequence[Fixing],
    drawn_on: date,
    signed_rate: Decimal,
    day: date,
) -> Decimal:
    """The index as the loan has it on a day: of its last repricing date, else of its signing.

    Unit: a yearly fraction. Violation: `rate.no_fixing`.
    """
    taken = repricing_dates(floating, drawn_on, day)
    if not taken:
        return signed_rate - floating.margin_bp * _BASIS_POINT
    return fixing_on(floating.index, fixings, taken[-1]).yearly_rate


def _until(floating: FloatingRate, drawn_on: date, to_on: date) -> Iterator[date]:
    for day in _repricing(floating, drawn_on):
        if day > to_on:
            return
        yield day


def _repricing(floating: FloatingRate, drawn_on: date) -> Iterator[date]:
    if drawn_on.year >= LAST_YEAR:
        raise LoanRuleViolation("rate.beyond_calendar")
    if floating.repricing is Repricing.NEW_YEAR:
        yield from (date(year, 1, 1) for year in range(drawn_on.year + 1, LAST_YEAR + 2))
        return
    step, n = _MONTHS[floating.repricing], 0
    while (day := _months_after(drawn_on, step * (n := n + 1))).year <= LAST_YEAR + 1:
        yield day


def _months_after(day: date, months: int) -> date:
    years, index = divmod(day.month - 1 + months, _MONTHS_A_YEAR)
    year = day.year + years
    return date(year, index + 1, min(day.day, monthrange(year, index + 1)[1]))
