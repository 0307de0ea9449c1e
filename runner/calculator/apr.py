"""`corploan apr`: what a loan costs a year, by the European or the United States rule."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from domain.annual_rates import UnitPeriod, effective_rate, rounded_percent
from domain.unit_periods import unit_period_rate
from runner.calculator.cases import Answer, Case
from runner.calculator.cost_tables import table_rate
from runner.calculator.effective_flows import PAYMENTS_MAX, effective_flows
from runner.calculator.fields import Fields, refused
from runner.calculator.time_value import answer_time_value

_DECIMALS_MAX = 12
_NOMINAL_DECIMALS = 2
_EFFECTIVE_DECIMALS = 1
_DECIMALS_SAID = re.compile(r"rounded to ([0-9]) decimal")
_UNITS: Mapping[str, tuple[UnitPeriod, int]] = {
    "day": (UnitPeriod.DAY, 1),
    "week": (UnitPeriod.WEEK, 1),
    "semi-month": (UnitPeriod.SEMI_MONTH, 1),
    "month": (UnitPeriod.MONTH, 1),
    "quarter": (UnitPeriod.MONTH, 3),
    "half-year": (UnitPeriod.MONTH, 6),
    "year": (UnitPeriod.MONTH, 12),
}


def answer_apr(case: Case) -> Answer:
    """The yearly rate of one case in percent, rounded as its inputs ask."""
    inputs = case.inputs
    if inputs.has("function"):
        return answer_time_value(inputs)
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
    flows = effective_flows(inputs)
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


def _nominal(inputs: Fields) -> Decimal:
    inputs.ignore(("n_installments",))
    unit, units = inputs.choice("period_unit", _UNITS)
    every = inputs.integer("period_every", 1) * units
    lent, lent_on = inputs.number("principal"), inputs.day("disbursement_date")
    paid, lent_later = _dated(inputs, "cash_flows"), _dated(inputs, "advances")
    inputs.nothing_else()
    rate = unit_period_rate(lent, lent_on, paid, unit, every, later_advances=lent_later)
    return rounded_percent(rate, _NOMINAL_DECIMALS)


def _dated(inputs: Fields, key: str) -> list[tuple[date, Decimal]]:
    flows = []
    if len(inputs.items(key)) > PAYMENTS_MAX:
        raise refused("malformed", inputs.place(key))
    for flow in inputs.parts(key):
        flows.append((flow.day("date"), flow.number("amount")))
        flow.nothing_else()
    return sorted(flows)
