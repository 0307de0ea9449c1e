"""The whole road, once, on the engine with time skipped."""

from __future__ import annotations

from domain.process import CaseStatus, Stage
from tests.workflows.world import World


async def test_a_loan_goes_from_submission_to_repayment(world: World) -> None:
    loan_id = await world.in_repayment()
    loan = await world.at_stage(loan_id, Stage.REPAYMENT)
    assert loan.status == CaseStatus.ACTIVE
    assert world.rail.pay_calls == [f"disb:{loan_id}:1"]


async def test_operators_may_filter_by_what_a_case_is_and_where_it_stands(world: World) -> None:
    loan_id = await world.in_repayment()
    await world.end_of(loan_id)
    shown = (await world.handle(loan_id).describe()).typed_search_attributes
    found = {pair.key.name: pair.value for pair in shown}
    assert found == {
        "Stage": "closed",
        "Product": "TAX_MICRO",
        "Grade": "AAA",
        "AmountBand": "up_to_1m",
        "OfficerId": world.book.people["manager"].staff_id,
    }
