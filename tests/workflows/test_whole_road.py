"""The whole road, once, on the engine with time skipped."""

from __future__ import annotations

from domain.process import CaseStatus, Stage
from tests.workflows.world import World


async def test_a_loan_goes_from_submission_to_repayment(world: World) -> None:
    loan_id = await world.in_repayment()
    loan = await world.at_stage(loan_id, Stage.REPAYMENT)
    assert loan.status == CaseStatus.ACTIVE
    assert world.rail.pay_calls == [f"disb:{loan_id}:1"]
