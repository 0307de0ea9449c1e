"""`corploan schedule` with events: published accounts as they stand after what happened."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest

from language.catalogue import Language
from runner.calculator.cases import calculate
from runner.calculator.schedule import answer_schedule
from tests.vectors import FOLDER, read

# cases of each file whose last schedule must come out to the cent; the others follow conventions
# of that system's own that the bank does not offer, or tables that contradict their own inputs
AT_LEAST = {
    "fineract_events_charge_off_termination.json": 10,
    "fineract_events_chargeback.json": 8,
    "fineract_events_down_payment.json": 6,
    "fineract_events_fees_penalties_allocation.json": 20,
    "fineract_events_interest_pause.json": 7,
    "fineract_events_late_payment.json": 21,
    "fineract_events_on_time_repayment.json": 6,
    "fineract_events_prepayment.json": 18,
    "fineract_events_rate_change.json": 13,
    "fineract_events_re_age_re_amortize.json": 8,
    "fineract_events_reschedule_dates_terms.json": 13,
    "fineract_events_tranches.json": 16,
    "fineract_unit_emi_calculator.json": 15,
}
FIGURES = (
    "principal",
    "interest",
    "fees",
    "penalties",
    "total",
    "balance_after",
    "paid",
    "outstanding",
)
LOAN: dict[str, Any] = {
    "principal": "1000",
    "currency": "EUR",
    "rate_percent_per_year": "12",
    "n_installments": 4,
    "period_unit": "month",
    "method": "annuity",
    "day_count": "30/360_PERIOD",
    "disbursement_date": "2024-01-01",
    "rounding": {"mode": "HALF_EVEN"},
}
DRAWN = {"type": "disburse", "date": "2024-01-01", "amount": "1000"}


def answers(cases: list[dict[str, Any]]) -> list[dict[str, Any]]:
    questions = [{key: case[key] for key in ("id", "inputs", "events")} for case in cases]
    text, _ = calculate(json.dumps(questions).encode(), answer_schedule, Language.EN)
    answered: list[dict[str, Any]] = json.loads(text)
    return answered


def answer(*events: dict[str, Any], **changed: Any) -> dict[str, Any]:
    case = {"id": "a", "inputs": {**LOAN, **changed}, "events": list(events)}
    return answers([case])[0]


@pytest.mark.skipif(
    not FOLDER.is_dir(), reason="the published vectors are not here; set LOAN_VECTORS"
)
@pytest.mark.parametrize(("name", "at_least"), AT_LEAST.items())
def test_published_accounts_come_out_to_the_cent(name: str, at_least: int) -> None:
    cases = read(name)
    right = [
        case["id"]
        for case, one in zip(cases, answers(cases), strict=True)
        if "error" not in one and _same(case["expected"], one["schedule"])
    ]
    assert len(right) >= at_least, sorted({case["id"] for case in cases} - set(right))


def _same(expected: list[dict[str, Any]], rows: list[dict[str, Any]]) -> bool:
    return len(expected) == len(rows) and all(
        row["due_date"] == wanted["due_date"]
        and all(Decimal(row[key]) == Decimal(wanted[key]) for key in FIGURES if key in wanted)
        for wanted, row in zip(expected, rows, strict=True)
    )


def test_every_event_has_a_checkpoint_and_the_last_one_is_the_answer() -> None:
    paid = {"type": "repayment", "date": "2024-02-01", "amount": "256.28"}
    answered = answer(DRAWN, {**paid, "business_date": "2024-02-01"})
    assert [one["after_events"] for one in answered["checkpoints"]] == [0, 1, 2]
    assert answered["schedule"] == answered["checkpoints"][-1]["schedule"]
    first = answered["schedule"][0]
    assert (first["paid"], first["outstanding"], first["paid_date"]) == (
        "256.28",
        "0.00",
        "2024-02-01",
    )
    assert [row["type"] for row in answered["checkpoints"][-1]["transactions"]] == [
        "Disbursement",
        "Repayment",
    ]


def test_a_payment_taken_back_stays_in_sight_and_counts_no_more() -> None:
    paid = {"type": "repayment", "date": "2024-02-01", "amount": "256.28"}
    undone = {"type": "undo_repayment", "date": "2024-02-01", "nth": "1"}
    on = {"business_date": "2024-02-01"}
    last = answer(DRAWN, {**paid, **on}, {**undone, **on})["checkpoints"][-1]
    assert last["schedule"][0]["paid"] == "0.00"
    assert [row["reverted"] for row in last["transactions"]] == [False, True]


@pytest.mark.parametrize(
    ("event", "named"),
    [
        ({"type": "teleport"}, "input.not_offered (events[1].type)"),
        ({"type": "repayment", "amount": "1"}, "input.missing (events[1].date)"),
        (
            {
                "type": "re_age",
                "startDate": "2024-02-01",
                "numberOfInstallments": 2,
                "frequencyType": "MONTHS",
                "frequencyNumber": 1,
                "reAgeInterestHandling": "WAIVE_INTEREST",
            },
            "input.not_offered (events[1].reAgeInterestHandling)",
        ),
        (
            {"type": "undo_repayment", "date": "2024-02-01"},
            "input.event_order (events[1].nth)",
        ),
        ({"type": "close_of_business", "extra": 1}, "input.unknown (events[1].extra)"),
    ],
)
def test_an_event_that_cannot_be_taken_is_refused_with_its_place(
    event: dict[str, Any], named: str
) -> None:
    answered = answer(DRAWN, event)
    assert answered["error"].startswith(named)
    assert "schedule" not in answered


def test_a_loan_nothing_was_paid_out_of_has_no_account() -> None:
    assert answer({"type": "approve"})["error"].startswith("input.missing (events.disburse)")


def test_a_table_without_rounding_has_no_account() -> None:
    answered = answer(DRAWN, rounding={"mode": "none"})
    assert answered["error"].startswith("terms.rounding")
