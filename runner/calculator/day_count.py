"""`corploan day-count`: the years between two days by a named convention."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from domain.day_counts import DayCount, year_fraction
from domain.quoted_day_counts import QuotedDayCount, quoted_year_fraction
from runner.calculator.cases import Answer, Case
from runner.calculator.fields import Fields

_PLACES = Decimal("1e-18")
CONVENTIONS: Mapping[str, DayCount | QuotedDayCount] = {
    "30/360": DayCount.THIRTY_360_BOND,
    "30/360_BOND": DayCount.THIRTY_360_BOND,
    "30/360_ISMA": DayCount.THIRTY_360_BOND,
    "30/360_US": DayCount.THIRTY_360_US,
    "30/360_USA": DayCount.THIRTY_360_US,
    "30/360_ITALIAN": QuotedDayCount.THIRTY_360_ITALIAN,
    "30/360_NASD": QuotedDayCount.THIRTY_360_NASD,
    "30/360_EUROPEAN": DayCount.THIRTY_E_360,
    "30/360_EUROBOND": DayCount.THIRTY_E_360,
    "30/360_GERMAN": DayCount.THIRTY_E_360_ISDA,
    "30E/360": DayCount.THIRTY_E_360,
    "30E/360_ISDA": DayCount.THIRTY_E_360_ISDA,
    "30E+/360": QuotedDayCount.THIRTY_E_PLUS_360,
    "30/365": QuotedDayCount.THIRTY_365,
    "ACT/360": DayCount.ACT_360,
    "ACT/360_INCLUDING_LAST_DAY": QuotedDayCount.ACT_360_LAST_DAY,
    "ACT/364": DayCount.ACT_364,
    "ACT/365F": DayCount.ACT_365F,
    "ACT/365L": DayCount.ACT_365L,
    "ACT/365_CANADIAN": QuotedDayCount.ACT_365_CANADIAN,
    "ACT/365_NO_LEAP": QuotedDayCount.ACT_365_NO_LEAP,
    "NL/365": QuotedDayCount.ACT_365_NO_LEAP,
    "ACT/365.25": QuotedDayCount.ACT_365_25,
    "ACT/366": QuotedDayCount.ACT_366,
    "ACT/ACT_ISDA": DayCount.ACT_ACT_JAN1,
    "ACT/ACT_HISTORICAL": DayCount.ACT_ACT_JAN1,
    "ACT/ACT_JAN1": DayCount.ACT_ACT_JAN1,
    "ACT/ACT_DEC31": DayCount.ACT_ACT_DEC31,
    "ACT/ACT_ISMA": DayCount.ACT_ACT_ISMA,
    "ACT/ACT_ICMA": DayCount.ACT_ACT_ISMA,
    "ACT/ACT_BOND": DayCount.ACT_ACT_ISMA,
    "ACT/ACT_AFB": DayCount.ACT_ACT_AFB,
    "ACT/ACT_EURO": DayCount.ACT_ACT_AFB,
    "SIMPLE": QuotedDayCount.SIMPLE,
    "1/1": QuotedDayCount.ONE,
}


def answer_day_count(case: Case) -> Answer:
    """The year fraction of one case, to 18 places."""
    inputs = case.inputs
    convention = inputs.choice("convention", CONVENTIONS)
    start_on, end_on = inputs.day("start"), inputs.day("end")
    reference = _reference(inputs)
    ends = inputs.day("termination_date") if inputs.has("termination_date") else None
    inputs.nothing_else()
    if isinstance(convention, QuotedDayCount):
        years = quoted_year_fraction(convention, start_on, end_on, reference=reference)
    else:
        years = year_fraction(
            convention, start_on, end_on, reference=reference, termination_on=ends
        )
    return {"year_fraction": f"{years.quantize(_PLACES):f}"}


def _reference(inputs: Fields) -> tuple[date, date] | None:
    """The coupon period; half of one is a mistake."""
    if not (inputs.has("ref_start") or inputs.has("ref_end")):
        return None
    return inputs.day("ref_start"), inputs.day("ref_end")
