"""Every wait has its ladder and its end; a deadline can be moved while it runs."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta
from functools import partial
from uuid import UUID

import pytest

from domain.process import CaseStatus, Stage, Verdict
from persistence.tables import Envelope, Task
from tests.workflows.world import World

RUNGS = ("task.reminded", "task.escalated", "task.next_level", "task.timed_out")


async def _at_review(world: World) -> UUID:
    return await world.referred()


async def _at_approval(world: World) -> UUID:
    loan_id = await world.referred()
    await world.decided(loan_id, "reviewer", Stage.REVIEW)
    await world.at_stage(loan_id, Stage.APPROVAL)
    return loan_id


async def _at_supplement(world: World) -> UUID:
    loan_id = await world.referred()
    await world.decided(loan_id, "reviewer", Stage.REVIEW, Verdict.RETURN)
    return loan_id


async def _at_contract(world: World) -> UUID:
    loan_id = await world.opened()
    await world.signed(loan_id, "authorisation")
    await world.sent(loan_id, "contract")
    return loan_id


WAITS: dict[str, tuple[Callable[[World], Awaitable[UUID]], str]] = {
    "review": (_at_review, "review_timed_out"),
    "approval": (_at_approval, "approval_timed_out"),
    "supplement": (_at_supplement, "supplement_timed_out"),
    "contract": (_at_contract, "contract_not_signed"),
}


@pytest.mark.parametrize("wait", WAITS)
async def test_a_wait_that_nobody_ends_expires_with_its_reason(world: World, wait: str) -> None:
    there, reason = WAITS[wait]
    loan_id = await there(world)
    end = await world.end_of(loan_id)
    assert (end.status, end.reason) == (CaseStatus.EXPIRED, reason)
    loan = await world.book.loan(loan_id)
    assert (loan.status, loan.closed_reason) == (CaseStatus.EXPIRED, reason)
    assert loan.version == end.version
    assert await world.book.open_tasks(loan_id) == []
    assert "sent" not in {row.status for row in await world.book.all_of(Envelope, loan_id)}


async def test_a_task_is_reminded_escalated_and_lapses_once_each_at_its_time(world: World) -> None:
    loan_id = await world.referred()
    [task] = [task for task in await world.book.tasks(loan_id) if task.kind == "review"]
    instants = (task.remind_at, task.due_at, task.next_level_at, task.lapse_at)
    for number, instant in enumerate(instants):
        await world.skip(instant - await world.now() - timedelta(minutes=1))
        assert await _climbed(world, loan_id) == number, "not before its time"
        await world.skip(timedelta(minutes=2))
        await world.until(partial(world.book.audited, loan_id, RUNGS[number]))
    await world.ended(loan_id)
    assert [await world.book.audited(loan_id, rung) for rung in RUNGS] == [1, 1, 1, 1]


async def _climbed(world: World, loan_id: UUID) -> int:
    return sum([await world.book.audited(loan_id, rung) for rung in RUNGS])


async def test_a_moved_deadline_begins_the_ladder_anew(world: World) -> None:
    loan_id = await world.referred()
    [first] = [task for task in await world.book.tasks(loan_id) if task.kind == "review"]
    await world.skip(first.due_at - await world.now() + timedelta(minutes=5))
    await world.until(lambda: world.book.audited(loan_id, "task.escalated"))
    assert (await world.extended(loan_id, 5)).accepted
    [moved] = [task for task in await world.book.tasks(loan_id) if task.kind == "review"]
    assert moved.due_at > first.due_at
    assert (await world.book.loan(loan_id)).deadline_at == moved.due_at

    await world.skip(first.lapse_at - await world.now() + timedelta(minutes=5))
    assert (await world.book.loan(loan_id)).status == CaseStatus.ACTIVE
    await world.skip(moved.due_at - await world.now() + timedelta(minutes=5))
    await world.until(lambda: _escalated_twice(world, loan_id))
    assert (await world.decided(loan_id, "reviewer", Stage.REVIEW)).accepted


async def _escalated_twice(world: World, loan_id: UUID) -> bool:
    return await world.book.audited(loan_id, "task.escalated") == 2


async def test_only_a_superior_moves_a_deadline_and_only_within_reason(world: World) -> None:
    loan_id = await world.referred()
    assert (await world.extended(loan_id, 3, "reviewer")).code == "duty.role"
    assert (await world.extended(loan_id, 0)).code == "deadline.days"
    assert (await world.extended(loan_id, 61)).code == "deadline.days"


async def test_more_time_to_sign_keeps_the_link_alive(world: World) -> None:
    loan_id = await world.opened()
    before = await world.sent(loan_id, "authorisation")
    assert (await world.extended(loan_id, 30)).accepted
    envelope = await world.sent(loan_id, "authorisation")
    assert envelope.expires_at > before.expires_at
    await world.skip(before.expires_at - await world.now() + timedelta(hours=1))
    await world.signed(loan_id, "authorisation")
    await world.at_stage(loan_id, Stage.CONTRACT)


async def test_release_tasks_that_lapse_open_again(world: World) -> None:
    loan_id = await world.to_release()
    await world.skip(timedelta(days=9))

    async def reopened() -> list[Task]:
        tasks = [t for t in await world.book.tasks(loan_id) if t.kind == "release_review"]
        return tasks if len(tasks) >= 2 and tasks[-1].closed_at is None else []

    tasks = await world.until(reopened)
    assert tasks[0].outcome == "timed_out"
    assert (await world.book.loan(loan_id)).status == CaseStatus.ACTIVE
    await world.both_release(loan_id)
    await world.at_stage(loan_id, Stage.REPAYMENT)
