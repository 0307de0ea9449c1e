"""The whole road, once, on the engine with time skipped."""

from __future__ import annotations

from domain.process import CaseStatus, Stage
from tests.workflows.conftest import World


async def test_a_loan_goes_from_submission_to_repayment(world: World) -> None:
    draft = await world.book.draft()
    receipt = await world.submitted(draft)
    assert receipt.accepted, receipt
    await world.to_repayment(draft)
    loan = await world.at_stage(draft, Stage.REPAYMENT)
    assert loan.status == CaseStatus.ACTIVE
    assert world.rail.pay_calls == [f"disb:{draft}:1"]
