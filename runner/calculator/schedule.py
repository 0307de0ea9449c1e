"""`corploan schedule`: the rows of a loan, from its terms, or as they stand after each event."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from domain.schedules import ScheduleLine, build_schedule
from runner.calculator.account_terms import (
    account_terms,
    after_charge_off,
    moves_instalments,
)
from runner.calculator.amounts import money
from runner.calculator.cases import Answer, Case
from runner.calculator.checkpoints import checkpoints, planned_row
from runner.calculator.due_dates import due_date_rows
from runner.calculator.fields import refused
from runner.calculator.happened import with_product_rules
from runner.calculator.history import moments
from runner.calculator.plain import plain_lines
from runner.calculator.time_value import answer_time_value

_NOTHING = Decimal(0)
Row = Mapping[str, object]


def answer_schedule(case: Case) -> Answer:
    """The schedule of one case, with its checkpoints where something happened since."""
    if case.inputs.has("function"):
        return answer_time_value(case.inputs)
    if not case.inputs.has("method"):
        return {"schedule": due_date_rows(case.inputs)}
    if case.events:
        return _answer_account(case)
    case.inputs.ignore(("principal_approved", "loan_settings", "payment_strategy"))
    lines = plain_lines(case.inputs)
    dated = case.inputs.has("disbursement_date")
    case.inputs.nothing_else()
    return {"schedule": [schedule_row(line, dated=dated) for line in lines]}


def _answer_account(case: Case) -> Answer:
    """The loan after every entry; the last one is also the schedule."""
    terms = with_product_rules(account_terms(case.inputs), case.events)
    only_on_time = moves_instalments(case.inputs)
    pays_down = case.inputs.flag("down_payment_auto")
    charged_off = after_charge_off(case.inputs)
    case.inputs.nothing_else()
    lived = moments(terms, case.events, pays_down=pays_down, charged_off=charged_off)
    answers = checkpoints(terms, lived)
    if only_on_time and any(_in_advance(answer) for answer in answers):
        raise refused("not_offered", "inputs.loan_settings.advance_payment_adjustment")
    planned = [planned_row(line) for line in build_schedule(terms.schedule)]
    ahead = [
        {"after_events": count, "schedule": planned, "transactions": []}
        for count in range(len(lived) + 1 - len(answers))
    ]
    return {"schedule": answers[-1]["schedule"], "checkpoints": [*ahead, *answers]}


def _in_advance(answer: Mapping[str, object]) -> bool:
    rows = answer["schedule"]
    return isinstance(rows, list) and any(row["paid_in_advance"] != money(_NOTHING) for row in rows)


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
