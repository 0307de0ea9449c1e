"""`corploan schedule`: the rows of a loan, from its terms, or as they stand after each event."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import ROUND_HALF_EVEN, Decimal

from domain.schedules import ScheduleLine, build_schedule
from runner.calculator.cases import Answer, Case
from runner.calculator.due_dates import due_date_rows
from runner.calculator.schedule_terms import schedule_terms

_CENT = Decimal("0.01")
_NOTHING = Decimal(0)
Row = Mapping[str, object]


def answer_schedule(case: Case) -> Answer:
    """The schedule of one case, with its checkpoints where something happened since."""
    if not case.inputs.has("method"):
        return {"schedule": due_date_rows(case.inputs)}
    terms = schedule_terms(case.inputs)
    dated = case.inputs.has("disbursement_date")
    case.inputs.nothing_else()
    return {"schedule": [schedule_row(line, dated=dated) for line in build_schedule(terms)]}


def schedule_row(line: ScheduleLine, *, dated: bool = True) -> Row:
    """One line as the answer writes it; a table by period number has no dates."""
    due = {"due_date": line.due_on.isoformat()} if dated else {}
    return {
        "n": line.n,
        **due,
        "principal": money(line.principal),
        "interest": money(line.interest),
        "fees": money(_NOTHING),
        "penalties": money(_NOTHING),
        "total": money(line.total),
        "balance_after": money(line.balance_after),
    }


def money(amount: Decimal) -> str:
    """An amount with two places; only a table without rounding has more to drop."""
    shown = amount.quantize(_CENT, rounding=ROUND_HALF_EVEN)
    return f"{abs(shown) if shown.is_zero() else shown:f}"
