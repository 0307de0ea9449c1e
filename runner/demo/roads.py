"""How far each case of the demo book is taken along the bank's process."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping

from domain.agreements import EnvelopePurpose
from domain.process import Stage, Verdict, WaitReason
from runner.demo.desk import APPROVER, FIRST_OFFICER, REVIEWER, SECOND_OFFICER, Desk
from runner.demo.firms import DemoCase

Road = Callable[[Desk, DemoCase], Awaitable[None]]
SILENT_QUERIES = 14  # with the process's pauses between queries, a good half hour


async def draft(_desk: Desk, _case: DemoCase) -> None:
    """Nobody has pressed Submit."""


async def submitted(desk: Desk, case: DemoCase) -> None:
    """Waits for the authorisation to be signed."""
    await desk.submit(case)
    await desk.at(case, wait=WaitReason.BORROWER_SIGNATURE)


async def signed(desk: Desk, case: DemoCase) -> None:
    """Authorised: the sources are asked and the engine decides."""
    await submitted(desk, case)
    await desk.sign(case, EnvelopePurpose.AUTHORISATION)


async def source_pending(desk: Desk, case: DemoCase) -> None:
    """The tax office is down for this one firm; nothing else waits for it."""
    await desk.source_is_down(case, "tax", SILENT_QUERIES)
    await signed(desk, case)


async def withdrawn(desk: Desk, case: DemoCase) -> None:
    """The customer finds the money elsewhere before signing."""
    await submitted(desk, case)
    await desk.withdraw(case, "客户已通过其他渠道筹得资金")


async def reviewed(desk: Desk, case: DemoCase) -> None:
    """The reviewer recommends; it lies on the approver's desk."""
    await signed(desk, case)
    comment = "经营稳定，现金流可覆盖还款，建议同意"
    await desk.decide(case, REVIEWER, Stage.REVIEW, Verdict.APPROVE, comment)
    await desk.at(case, stage=Stage.APPROVAL)


async def returned(desk: Desk, case: DemoCase) -> None:
    """The reviewer asks the customer for more."""
    await signed(desk, case)
    comment = "请补充最近一期应收账款明细"
    await desk.decide(case, REVIEWER, Stage.REVIEW, Verdict.RETURN, comment)
    await desk.at(case, wait=WaitReason.SUPPLEMENT)


async def contracted(desk: Desk, case: DemoCase) -> None:
    """Contract signed, conditions met: waits for the first release officer."""
    await signed(desk, case)
    await desk.sign(case, EnvelopePurpose.CONTRACT)
    await desk.at(case, wait=WaitReason.RELEASE_REVIEW)


async def once_released(desk: Desk, case: DemoCase) -> None:
    """One release officer has signed."""
    await contracted(desk, case)
    await desk.release(case, FIRST_OFFICER, WaitReason.RELEASE_REVIEW)
    await desk.at(case, wait=WaitReason.RELEASE_RECHECK)


async def repaying(desk: Desk, case: DemoCase) -> None:
    """Paid out: the schedule runs."""
    if case.account is not None:
        await desk.borrower_behaves(case, case.account)
    await once_released(desk, case)
    await desk.release(case, SECOND_OFFICER, WaitReason.RELEASE_RECHECK)
    await desk.at(case, stage=Stage.REPAYMENT)


async def approved(desk: Desk, case: DemoCase) -> None:
    """Above what the engine may decide: people approve, and the money goes out."""
    await reviewed(desk, case)
    comment = "同意，按计划分次放款"
    await desk.decide(case, APPROVER, Stage.APPROVAL, Verdict.APPROVE, comment)
    await desk.sign(case, EnvelopePurpose.CONTRACT)
    await desk.at(case, wait=WaitReason.RELEASE_REVIEW)
    await desk.release(case, FIRST_OFFICER, WaitReason.RELEASE_REVIEW)
    await desk.release(case, SECOND_OFFICER, WaitReason.RELEASE_RECHECK)
    await desk.at(case, stage=Stage.REPAYMENT)


ROADS: Mapping[str, Road] = {
    "draft": draft,
    "submitted": submitted,
    "signed": signed,
    "source_pending": source_pending,
    "withdrawn": withdrawn,
    "reviewed": reviewed,
    "returned": returned,
    "contracted": contracted,
    "once_released": once_released,
    "repaying": repaying,
    "approved": approved,
}
