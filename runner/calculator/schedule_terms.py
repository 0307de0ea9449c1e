"""From a case's inputs to the terms of a schedule. A convention not on offer is refused by name."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal

from domain.day_counts import DayCount
from domain.money import Currency
from domain.schedules import (
    Amortisation,
    CustomRow,
    HolidayRule,
    MonthEnd,
    PeriodUnit,
    RepaymentMethod,
    Rounding,
    RoundingMode,
    ScheduleTerms,
    due_date,
)
from domain.schedules.periods import MONTHS
from domain.schedules.terms import EVERY_MAX
from runner.calculator.fields import Fields, refused

DAY_COUNTS: Mapping[str, DayCount] = {
    "30/360_PERIOD": DayCount.THIRTY_360,
    "EQUAL_PERIODS": DayCount.EQUAL_PERIODS,
    "ACT/360": DayCount.ACT_360,
    "ACT/364": DayCount.ACT_364,
    "ACT/365F": DayCount.ACT_365F,
    "ACT/365L": DayCount.ACT_365L,
    "ACT/ACT_DEC31": DayCount.ACT_ACT_DEC31,
    "ACT/ACT_JAN1": DayCount.ACT_ACT_JAN1,
    "ACT/ACT_ISDA": DayCount.ACT_ACT_JAN1,
    "ACT/ACT_AFB": DayCount.ACT_ACT_AFB,
    "30/360_BOND": DayCount.THIRTY_360_BOND,
    "30/360_US": DayCount.THIRTY_360_US,
    "30E/360": DayCount.THIRTY_E_360,
}
METHODS: Mapping[str, RepaymentMethod] = {
    "annuity": RepaymentMethod.EQUAL_INSTALMENT,
    "annuity_with_principal_grace": RepaymentMethod.EQUAL_INSTALMENT,
    "equal_installment": RepaymentMethod.EQUAL_INSTALMENT,
    "equal_principal": RepaymentMethod.EQUAL_PRINCIPAL,
    "equal_principal_with_principal_grace": RepaymentMethod.EQUAL_PRINCIPAL,
    "interest_only_bullet": RepaymentMethod.INTEREST_FIRST_BULLET,
    "bullet": RepaymentMethod.INTEREST_FIRST_BULLET,
    "maturity": RepaymentMethod.MATURITY,
    "balloon": RepaymentMethod.BALLOON,
    "step_up": RepaymentMethod.STEP_UP,
    "custom": RepaymentMethod.CUSTOM,
    "flat": RepaymentMethod.FLAT,
    **{method.value: method for method in RepaymentMethod},
}
UNITS: Mapping[str, PeriodUnit] = {unit.value: unit for unit in PeriodUnit}
MONTH_ENDS: Mapping[str, MonthEnd] = {
    "LAST_DAY_OF_MONTH": MonthEnd.LAST_DAY,
    "FIRST_DAY_OF_NEXT_MONTH": MonthEnd.FIRST_OF_NEXT,
}
AMORTISATIONS: Mapping[str, Amortisation] = {kind.value: kind for kind in Amortisation}
ROUNDINGS: Mapping[str, RoundingMode] = {
    "HALF_UP": RoundingMode.HALF_UP,
    "HALF_EVEN": RoundingMode.HALF_EVEN,
    "none": RoundingMode.NONE,
}
_YEAR_SPLITS = {"DEC31": DayCount.ACT_ACT_DEC31, "JAN1": DayCount.ACT_ACT_JAN1}
_REMARKS = ("conventions", "variant", "apr_rule", "down_payment_auto", "periods")
_ROWS_NOT_GIVEN = ("odd first period", "fixed then variable rate")
"""Notes on tables whose rows follow from a day or a rate that the inputs do not give."""
_LENGTH_MAX = {
    PeriodUnit.DAY: 36_600,
    PeriodUnit.WEEK: 5_220,
    PeriodUnit.MONTH: 1_200,
    PeriodUnit.QUARTER: 400,
    PeriodUnit.YEAR: 100,
}
"""A fixed length is a century at most."""
_DATELESS = date(2001, 1, 1)
"""Tables by period number name no day; their day count looks at none either."""


def schedule_terms(
    inputs: Fields, methods: Mapping[str, RepaymentMethod] = METHODS
) -> ScheduleTerms:
    """The terms. Violations: `input.*` by the input's name, `terms.*` by the rule."""
    drawn_on = inputs.day("disbursement_date") if inputs.has("disbursement_date") else _DATELESS
    method = inputs.choice("method", methods)
    _check_note(inputs)
    inputs.ignore(_REMARKS)
    return ScheduleTerms(
        principal=_principal(inputs),
        currency=inputs.choice("currency", {one.value: one for one in Currency}),
        yearly_rate=inputs.percent("rate_percent_per_year"),
        method=method,
        drawn_on=drawn_on,
        instalments=inputs.integer("n_installments"),
        unit=inputs.choice("period_unit", UNITS),
        every=_every(inputs),
        first_due_on=_first_due_on(inputs),
        settlement_day=_whole_or_none(inputs, "settlement_day"),
        matures_on=_matures_on(inputs, drawn_on),
        day_count=_day_count(inputs),
        rounding=_rounding(inputs),
        month_end=inputs.choice("month_end_rule", MONTH_ENDS, MonthEnd.LAST_DAY),
        holiday=inputs.choice("holiday_rule", {"none": HolidayRule.NONE}, HolidayRule.NONE),
        principal_grace=inputs.integer("grace_principal", 0),
        interest_payment_grace=inputs.integer("grace_interest", 0),
        interest_free=inputs.integer("interest_free", 0),
        balloon=inputs.number("balloon") if inputs.has("balloon") else None,
        step_shares=tuple(inputs.numbers("step_shares")),
        custom=tuple(
            CustomRow(row.day("due_date"), row.number("principal"))
            for row in inputs.parts("custom")
        ),
        down_payment_share=_down_payment_share(inputs),
        amortisation=inputs.choice("engine", AMORTISATIONS, Amortisation.PROGRESSIVE),
    )


def _check_note(inputs: Fields) -> None:
    if inputs.has("note") and inputs.text("note").startswith(_ROWS_NOT_GIVEN):
        raise refused("rows_unknown", inputs.place("note"))


def _principal(inputs: Fields) -> Decimal:
    """The amount that bears interest; a table of costs names it where a premium is financed."""
    row = inputs.numbers("cost_row_at_period_0")
    inputs.ignore(("principal",))
    return row[1] if len(row) > 1 else inputs.number("principal")


def _every(inputs: Fields) -> int:
    """How many units a period has; a table that lists its periods may leave that to them."""
    listed = inputs.items("periods")
    every = inputs.integer("period_every", 1)
    if (
        not 1 <= every <= EVERY_MAX
        or not listed
        or inputs.choice("period_unit", UNITS) is not PeriodUnit.MONTH
    ):
        return every
    ends = [str(one[1]) for one in listed if isinstance(one, list) and len(one) == 2]
    drawn_on = inputs.day("disbursement_date")
    for months in (every, 1, 2, 3, 4, 6, 12):
        if ends == [due_date(drawn_on, months * n).isoformat() for n in range(1, len(ends) + 1)]:
            return months
    return every


def _whole_or_none(inputs: Fields, key: str) -> int | None:
    return inputs.integer(key) if inputs.has(key) else None


def _first_due_on(inputs: Fields) -> date | None:
    return inputs.day("first_due_date") if inputs.has("first_due_date") else None


def _down_payment_share(inputs: Fields) -> Decimal:
    key = "down_payment_percent"
    return inputs.percent(key) if inputs.has(key) else Decimal(0)


def _matures_on(inputs: Fields, drawn_on: date) -> date | None:
    if inputs.has("maturity_date"):
        return inputs.day("maturity_date")
    if not inputs.has("fixed_length"):
        return None
    length = inputs.part("fixed_length")
    value, unit = length.integer("value"), length.choice("unit", UNITS)
    length.nothing_else()
    if not 1 <= value <= _LENGTH_MAX[unit]:
        raise refused("malformed", length.place("value"))
    if unit in (PeriodUnit.DAY, PeriodUnit.WEEK):
        return drawn_on + timedelta(days=value * (7 if unit is PeriodUnit.WEEK else 1))
    return due_date(drawn_on, value * MONTHS[unit])


def _day_count(inputs: Fields) -> DayCount:
    named = inputs.choice("day_count", DAY_COUNTS)
    split = inputs.choice("year_split", _YEAR_SPLITS, DayCount.ACT_ACT_DEC31)
    if inputs.has("days_in_year_custom"):
        return inputs.choice("days_in_year_custom", {"FEB_29_PERIOD_ONLY": DayCount.ACT_365L})
    return split if named is DayCount.ACT_ACT_DEC31 else named


def _rounding(inputs: Fields) -> Rounding:
    """The house rounds half up without re-balancing; the published tables name another mode."""
    if not inputs.has("rounding"):
        return Rounding()
    fields = inputs.part("rounding")
    fields.ignore(("note", "decimals_shown", "math_precision"))
    if fields.integer("decimals", 2) != 2:
        raise refused("not_offered", fields.place("decimals"))
    multiple = (
        fields.number("installment_multiple_of") if fields.has("installment_multiple_of") else None
    )
    mode = fields.choice("mode", ROUNDINGS)
    fields.nothing_else()
    level = inputs.choice("engine", AMORTISATIONS, Amortisation.PROGRESSIVE)
    rebalance = mode is RoundingMode.HALF_EVEN and level is Amortisation.PROGRESSIVE
    return Rounding(mode, multiple, rebalance=rebalance)
