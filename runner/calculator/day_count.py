"""`corploan day-count`: the years between two days by a named convention."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from domain.day_counts import DayCount, year_fraction
from runner.calculator.cases import Answer, Case

_PLACES = Decimal("1e-18")
CONVENTIONS: Mapping[str, DayCount] = {
    "30/360": DayCount.THIRTY_360_BOND,
    "30/360_BOND": DayCount.THIRTY_360_BOND,
    "30/360_US": DayCount.THIRTY_360_US,
    "30E/360": DayCount.THIRTY_E_360,
    "30E/360_ISDA": DayCount.THIRTY_E_360_ISDA,
    "ACT/360": DayCount.ACT_360,
    "ACT/364": DayCount.ACT_364,
    "ACT/365F": DayCount.ACT_365F,
    "ACT/365L": DayCount.ACT_365L,
    "ACT/ACT_ISDA": DayCount.ACT_ACT_JAN1,
    "ACT/ACT_JAN1": DayCount.ACT_ACT_JAN1,
    "ACT/ACT_DEC31": DayCount.ACT_ACT_DEC31,
    "ACT/ACT_ISMA": DayCount.ACT_ACT_ISMA,
    "ACT/ACT_AFB": DayCount.ACT_ACT_AFB,
}


def answer_day_count(case: Case) -> Answer:
    """The year fraction of one case, to 18 places."""
    inputs = case.inputs
    convention = inputs.choice("convention", CONVENTIONS)
    start_on, end_on = inputs.day("start"), inputs.day("end")
    reference = None
    if inputs.has("ref_start") and inputs.has("ref_end"):
        reference = inputs.day("ref_start"), inputs.day("ref_end")
    ends = inputs.day("termination_date") if inputs.has("termination_date") else None
    inputs.nothing_else()
    years = year_fraction(convention, start_on, end_on, reference=reference, termination_on=ends)
    return {"year_fraction": f"{years.quantize(_PLACES):f}"}
