"""`corploan schedule`: what one entry of a case does to entries before it, and what it shows."""

from __future__ import annotations

from typing import Any

import pytest

from tests.runner.test_calculator_events import DRAWN, answer

DAILY = {"interest_recalculation": True}
DUE_FIRST = "DUE_PENALTY_FEE_INTEREST_PRINCIPAL_IN_ADVANCE_PRINCIPAL_PENALTY_FEE_INTEREST"


def entry(kind: str, day: str, **more: Any) -> dict[str, Any]:
    return {"type": kind, "business_date": day, "date": day, **more}


def last(*events: dict[str, Any], **changed: Any) -> dict[str, Any]:
    answered = answer(DRAWN, *events, **changed)
    assert "error" not in answered, answered
    point: dict[str, Any] = answered["checkpoints"][-1]
    return point


def test_an_undone_repayment_is_the_nth_of_all_not_of_its_day() -> None:
    point = last(
        entry("repayment", "2024-02-01", amount="100"),
        entry("repayment", "2024-03-01", amount="50"),
        entry("undo_repayment", "2024-03-01", nth=1),
    )
    taken = [(row["amount"], row["reverted"]) for row in point["transactions"][1:]]
    assert taken == [("100.00", True), ("50.00", False)]


def test_a_replayed_day_replays_what_came_after_on_it() -> None:
    point = last(
        entry("repayment", "2024-03-01", amount="300"),
        entry("repayment", "2024-03-01", amount="10"),
        {**entry("repayment", "2024-03-02", amount="256.28"), "date": "2024-02-01"},
        loan_settings=DAILY,
    )
    replayed = [(row["amount"], row["replayed"]) for row in point["transactions"][1:]]
    assert replayed == [("256.28", False), ("300.00", True), ("10.00", True)]


def test_a_charge_due_by_its_own_day_is_paid_before_principal_ahead() -> None:
    fee = {
        "type": "charge",
        "business_date": "2024-01-10",
        "charge": "LOAN_SNOOZE_FEE",
        "kind": "fee",
        "amount": "10",
    }
    due = {**fee, "due_date": "2024-01-12"}
    to_come = {**fee, "due_date": "2024-01-20"}
    point = last(
        due,
        to_come,
        entry("repayment", "2024-01-15", amount="100"),
        engine="cumulative",
        payment_strategy=DUE_FIRST,
        loan_settings={"interest_recalculation": False},
    )
    split = point["transactions"][-1]
    assert (split["fees"], split["principal"]) == ("10.00", "90.00")


def test_a_loan_closed_as_lost_asks_for_nothing_more() -> None:
    point = last(entry("write_off", "2024-02-10"), loan_settings=DAILY)
    assert {row["outstanding"] for row in point["schedule"]} == {"0.00"}
    assert {row["paid_date"] for row in point["schedule"]} == {"2024-02-10"}
    assert {row["paid"] for row in point["schedule"]} == {"0.00"}


@pytest.mark.parametrize(
    ("behaviour", "rows"), [("REGULAR", 4), ("ZERO_INTEREST", 4), ("ACCELERATE_MATURITY", 2)]
)
@pytest.mark.parametrize("daily", [True, False])
def test_a_loan_charged_off_asks_for_what_its_contract_says(
    behaviour: str, rows: int, *, daily: bool
) -> None:
    settings = {"interest_recalculation": daily, "charge_off_behaviour": behaviour}
    point = last(entry("charge_off", "2024-02-16"), loan_settings=settings)
    schedule = point["schedule"]
    assert len(schedule) == rows
    assert sum(float(row["principal"]) for row in schedule) == pytest.approx(1000)
    ahead = [row["interest"] for row in schedule if row["due_date"] > "2024-03-01"]
    assert all((interest == "0.00") == (behaviour == "ZERO_INTEREST") for interest in ahead)
    off = point["transactions"][-1]
    assert (off["type"], off["principal"]) == ("Charge-off", "1000.00")


def test_an_unknown_charge_off_behaviour_is_refused_by_name() -> None:
    answered = answer(DRAWN, loan_settings={**DAILY, "charge_off_behaviour": "FORGET"})
    assert answered["error"].startswith("input.not_offered (inputs.loan_settings.charge_off")


def test_capitalised_income_is_principal_lent() -> None:
    point = last(entry("capitalized_income", "2024-01-02", amount="100"), loan_settings=DAILY)
    split = point["transactions"][-1]
    assert (split["principal"], split["loan_balance"]) == ("100.00", "1100.00")


def test_a_payoff_of_scheduled_interest_pays_all_of_it() -> None:
    point = last(entry("payoff", "2024-01-20"), loan_settings={"interest_recalculation": False})
    planned = answer(DRAWN, loan_settings={"interest_recalculation": False})["schedule"]
    assert [row["interest"] for row in point["schedule"]] == [row["interest"] for row in planned]
    assert {row["outstanding"] for row in point["schedule"]} == {"0.00"}
    split = point["transactions"][-1]
    assert float(split["amount"]) == pytest.approx(sum(float(row["total"]) for row in planned))
