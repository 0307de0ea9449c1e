"""What is drawn and what is paid, and when, of a case that asks for the effective yearly rate."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from domain.annual_rates import Flow, years_between
from runner.calculator.fields import Fields, refused

PAYMENTS_MAX = 40_000
_A_YEAR = {"week": Decimal(52), "month": Decimal(12), "year": Decimal(1)}
"""Equal parts of a year; days are counted over the days the case gives it."""


def effective_flows(inputs: Fields) -> list[Flow]:
    """The principal at the start, later advances, and payments as negative amounts."""
    if inputs.has("days_in_year"):
        _days_in_year(inputs)
    inputs.ignore(("disbursement_date",))
    flows = [Flow(Decimal(0), inputs.number("principal"))]
    for advance in inputs.parts("advances"):
        flows += _flows(inputs, advance)
    for payment in inputs.parts("payments"):
        flows += [Flow(flow.time, -flow.amount) for flow in _flows(inputs, payment)]
        if len(flows) > PAYMENTS_MAX:
            raise refused("malformed", inputs.place("payments"))
    return flows


def _flows(inputs: Fields, entry: Fields) -> Iterator[Flow]:
    """One amount at a time, or a row of equal ones at equal distances."""
    amount = entry.number("amount")
    if entry.has("date"):
        since, on = inputs.day("disbursement_date"), entry.day("date")
        entry.nothing_else()
        if on < since:
            raise refused("event_order", entry.place("date"))
        yield Flow(years_between(since, on), amount)
        return
    unit = next((one for one in ("day", *_A_YEAR) if _names(entry, one)), "day")
    a_year = _A_YEAR.get(unit) or _days_in_year(inputs)
    for time in _times(entry, unit):
        yield Flow(time / a_year, amount)


def _names(entry: Fields, unit: str) -> bool:
    return entry.has(unit) or entry.has(f"first_{unit}")


def _days_in_year(inputs: Fields) -> Decimal:
    days = inputs.number("days_in_year")
    if days <= 0:
        raise refused("malformed", inputs.place("days_in_year"))
    return days


def _times(entry: Fields, unit: str) -> list[Decimal]:
    if entry.has(unit):
        entry.nothing_else()
        return [_not_negative(entry, unit)]
    first, step = _not_negative(entry, f"first_{unit}"), _not_negative(entry, f"every_{unit}s")
    count = entry.integer("count")
    entry.nothing_else()
    if not 1 <= count <= PAYMENTS_MAX:
        raise refused("malformed", entry.place("count"))
    return [first + step * n for n in range(count)]


def _not_negative(entry: Fields, key: str) -> Decimal:
    """Nothing flows before the first advance."""
    value = entry.number(key)
    if value < 0:
        raise refused("malformed", entry.place(key))
    return value
