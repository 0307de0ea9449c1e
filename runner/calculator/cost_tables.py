"""The yearly rate of a table of costs: its rows follow from terms, its costs are paid at the start.

Time is counted in whole periods, each its share of a year, as the tables are made.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from itertools import pairwise

from domain.annual_rates import Flow, effective_rate
from domain.schedules import PeriodUnit, RepaymentMethod, ScheduleLine
from runner.calculator.fields import Fields, refused
from runner.calculator.plain import plain_lines
from runner.calculator.schedule_terms import UNITS

_NOT_GIVEN = re.compile(r"\b(regular|recurring|periodic)\b")
"""Notes on costs beside the rows, whose amounts no entry gives."""
_AT_MATURITY = RepaymentMethod.MATURITY.value
_A_YEAR = {
    PeriodUnit.DAY: 365,
    PeriodUnit.WEEK: 52,
    PeriodUnit.MONTH: 12,
    PeriodUnit.QUARTER: 4,
    PeriodUnit.YEAR: 1,
}


def table_rate(inputs: Fields) -> Decimal:
    """The effective yearly rate as a fraction. Violations: `input.*`, `terms.*`, `rate.*`."""
    if inputs.has("note") and _NOT_GIVEN.search(inputs.text("note")):
        raise refused("rows_unknown", inputs.place("note"))
    lines = plain_lines(inputs)
    return effective_rate([Flow(Decimal(0), _paid_out(inputs, lines)), *_repaid(inputs, lines)])


def _repaid(inputs: Fields, lines: Sequence[ScheduleLine]) -> list[Flow]:
    unit = inputs.choice("period_unit", UNITS)
    period = Decimal(inputs.integer("period_every", 1)) / _A_YEAR[unit]
    down = lines[0].due_on == lines[0].period_start_on
    ends = inputs.integer("n_installments") if inputs.text("method") == _AT_MATURITY else None
    counted = [line.n - down if ends is None or line.n == down else ends for line in lines]
    return [Flow(n * period, -line.total) for n, line in zip(counted, lines, strict=True)]


def _paid_out(inputs: Fields, lines: Sequence[ScheduleLine]) -> Decimal:
    """What the borrower has in hand at the start: the drawdown less the costs of that day.

    A row of costs ends with that amount and its present value, which are equal on the first day;
    what it lacks of the drawdown is the costs, which the row names too.
    """
    key = "cost_row_at_period_0"
    if not inputs.has(key):
        return lines[0].principal + lines[0].balance_after
    row = inputs.numbers(key)
    for one, same in reversed(tuple(pairwise(row[2:]))):
        if one == same and row[0] - one in row[2:]:
            return one
    raise refused("rows_unknown", inputs.place(key))
