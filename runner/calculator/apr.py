"""`corploan apr`: what a loan costs a year, by the European or the United States rule."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from domain.annual_rates import (
    Flow,
    UnitPeriod,
    effective_rate,
    rounded_percent,
    unit_period_rate,
)
from runner.calculator.cases import Answer, Case
from runner.calculator.cost_tables import table_rate
from runner.calculator.fields import Fields, refused

_PAYMENTS_MAX = 40_000
_DECIMALS_MAX = 12
_NOMINAL_DECIMALS = 2
_EFFECTIVE_DECIMALS = 1
_DECIMALS_SAID = re.compile(r"rounded to ([0-9]) decimal")
_UNITS = {
    "day": UnitPeriod.DAY,
    "week": UnitPeriod.WEEK,
    "semi-month": UnitPeriod.SEMI_MONTH,
    "month": UnitPeriod.MONTH,
}


def answer_apr(case: Case) -> Answer:
    """The yearly rate of one case in percent, rounded as its inputs ask."""
    inputs = case.inputs
    rule = inputs.text("apr_rule")
    inputs.ignore(("currency",))
    if inputs.has("cash_flows") and rule.startswith("actuarial"):
        percent = _nominal(inputs)
    elif inputs.has("payments") and rule.startswith("EU"):
        percent = _effective(inputs)
    elif inputs.has("method") and rule.startswith("EU"):
        percent = _of_a_table(inputs, rule)
    elif inputs.has("method") or inputs.has("cash_flows") or inputs.has("payments"):
        raise refused("not_offered", inputs.place("apr_rule"))
    else:
        raise refused("rows_unknown", "inputs")
    return {"apr_percent": f"{percent:f}"}


def _effective(inputs: Fields) -> Decimal:
    days_in_year = inputs.number("days_in_year")
    if days_in_year <= 0:
        raise refused("malformed", inputs.place("days_in_year"))
    flows = [Flow(Decimal(0), inputs.number("principal"))]
    for payment in inputs.parts("payments"):
        flows += [Flow(day / days_in_year, -amount) for day, amount in _payments(payment)]
    decimals = _decimals(inputs)
    inputs.nothing_else()
    return rounded_percent(effective_rate(flows), decimals)


def _of_a_table(inputs: Fields, rule: str) -> Decimal:
    said = _DECIMALS_SAID.search(rule)
    rate = table_rate(inputs)
    decimals = _decimals(inputs, int(said[1]) if said else _EFFECTIVE_DECIMALS)
    inputs.nothing_else()
    return rounded_percent(rate, decimals)


def _decimals(inputs: Fields, default: int = _EFFECTIVE_DECIMALS) -> int:
    decimals = inputs.integer("decimals", default)
    if not 0 <= decimals <= _DECIMALS_MAX:
        raise refused("malformed", inputs.place("decimals"))
    return decimals


def _payments(payment: Fields) -> Iterator[tuple[Decimal, Decimal]]:
    """One payment, or a row of equal ones, as day and amount."""
    amount = payment.number("amount")
    if payment.has("day"):
        payment.nothing_else()
        yield payment.number("day"), amount
        return
    first, step = payment.number("first_day"), payment.number("every_days")
    count = payment.integer("count")
    payment.nothing_else()
    if not 1 <= count <= _PAYMENTS_MAX:
        raise refused("malformed", payment.place("count"))
    for n in range(count):
        yield first + step * n, amount


def _nominal(inputs: Fields) -> Decimal:
    paid = []
    for flow in inputs.parts("cash_flows"):
        paid.append((flow.day("date"), flow.number("amount")))
        flow.nothing_else()
    inputs.ignore(("n_installments",))
    unit = inputs.choice("period_unit", _UNITS)
    every = inputs.integer("period_every", 1)
    lent, lent_on = inputs.number("principal"), inputs.day("disbursement_date")
    inputs.nothing_else()
    rate = unit_period_rate(lent, lent_on, sorted(paid), unit, every)
    return rounded_percent(rate, _NOMINAL_DECIMALS)
