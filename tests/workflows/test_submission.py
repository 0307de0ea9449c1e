"""From draft to case: gaps, double clicks, other people's drafts, drafts that are never sent."""

from __future__ import annotations

import uuid

from domain.commands import Submit
from domain.process import CaseStatus, Stage
from tests.workflows.world import World


async def test_a_draft_with_gaps_is_answered_with_them_and_goes_on_once_corrected(
    world: World,
) -> None:
    draft = await world.book.draft(purpose="", payee_account="")
    refused = await world.submitted(draft)
    assert not refused.accepted
    assert refused.code == "findings"
    assert {finding.field for finding in refused.findings} >= {"purpose", "payee_account"}
    assert await world.book.maybe_loan(draft) is None

    await world.book.corrected(draft, purpose="采购", payee_account="6222020200112233445")
    assert (await world.submitted(draft)).accepted
    await world.at_stage(draft, Stage.AUTHORISATION)


async def test_pressing_submit_twice_gives_the_same_case_number(world: World) -> None:
    draft = await world.book.draft()
    command = Submit(str(uuid.uuid4()), draft, world.book.people["manager"])
    first = await world.process.submit(command)
    again = await world.process.submit(command)
    from_another_window = await world.submitted(draft)
    assert first.accepted
    assert first.case_number == again.case_number == from_another_window.case_number
    assert await world.book.audited(draft, "loan.submitted") == 1


async def test_anothers_draft_is_unknown(world: World) -> None:
    draft = await world.book.draft()
    command = Submit(str(uuid.uuid4()), draft, world.book.people["reviewer"])
    refused = await world.process.submit(command)
    assert not refused.accepted
    assert refused.code == "case.unknown"
    assert (await world.submitted(draft)).accepted, "the owner is not kept out by it"


async def test_a_draft_that_is_never_completed_expires(world: World) -> None:
    draft = await world.book.draft(purpose="")
    await world.submitted(draft)
    end = await world.end_of(draft)
    assert (end.status, end.reason) == (CaseStatus.EXPIRED, "never_submitted")
    assert (await world.submitted(draft)).code == "case.closed"


async def test_a_person_who_lost_the_role_cannot_submit(world: World) -> None:
    draft = await world.book.draft()
    await world.book.stripped("manager")
    assert (await world.submitted(draft)).code == "duty.role"
