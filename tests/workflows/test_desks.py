"""Reviewer and approver: two persons, one after the other, by the law of four eyes."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest

from domain.people import Role
from domain.process import CaseStatus, Stage, Verdict
from persistence.tables import DecisionRow, StageEntry, Task
from tests.workflows.world import World


async def test_a_referred_case_passes_reviewer_and_approver(world: World) -> None:
    loan_id = await world.referred()
    assert (await world.decided(loan_id, "reviewer", Stage.REVIEW)).accepted
    assert (await world.decided(loan_id, "approver", Stage.APPROVAL)).accepted
    await world.at_stage(loan_id, Stage.CONTRACT)
    decisions = await world.book.all_of(DecisionRow, loan_id)
    makers = [row.maker for row in sorted(decisions, key=lambda row: row.id)]
    assert makers == ["engine", "reviewer", "approver"]
    assert await world.book.open_tasks(loan_id) == ["sign_contract"]


@pytest.mark.parametrize("stage", [Stage.REVIEW, Stage.APPROVAL])
async def test_a_no_ends_the_road(world: World, stage: Stage) -> None:
    loan_id = await world.referred()
    if stage is Stage.APPROVAL:
        await world.decided(loan_id, "reviewer", Stage.REVIEW)
    who = "reviewer" if stage is Stage.REVIEW else "approver"
    assert (await world.decided(loan_id, who, stage, Verdict.DECLINE)).accepted
    loan = await world.ended(loan_id)
    assert (loan.status, loan.closed_reason) == (CaseStatus.DECLINED, f"{stage}_declined")
    assert await world.book.open_tasks(loan_id) == []


async def test_the_law_of_hands_refuses_who_may_not(world: World) -> None:
    loan_id = await world.referred()
    book = world.book
    again = await book.second_account("manager", Role.REVIEWER)
    opinion = await world.opinion(loan_id, again, Stage.REVIEW)
    assert (await world.process.decide(opinion)).code == "duty.second_hand"
    assert (await world.decided(loan_id, "manager", Stage.REVIEW)).code == "duty.role"
    assert (await world.decided(loan_id, "approver", Stage.REVIEW)).code == "duty.role"
    assert (await world.decided(loan_id, "reviewer", Stage.REVIEW)).accepted

    again = await book.second_account("reviewer", Role.APPROVER)
    await world.at_stage(loan_id, Stage.APPROVAL)
    opinion = await world.opinion(loan_id, again, Stage.APPROVAL)
    assert (await world.process.decide(opinion)).code == "duty.second_hand"
    await book.stripped("approver")
    assert (await world.decided(loan_id, "approver", Stage.APPROVAL)).code == "duty.role"
    assert (await book.loan(loan_id)).stage == Stage.APPROVAL


async def test_a_stale_or_wordless_or_misplaced_verdict_is_refused(world: World) -> None:
    loan_id = await world.referred()
    actor = world.book.people["reviewer"]
    opinion = await world.opinion(loan_id, actor, Stage.REVIEW)
    stale = replace(opinion, command_id="stale", seen_version=opinion.seen_version - 1)
    assert (await world.process.decide(stale)).code == "case.changed"
    wordless = replace(opinion, command_id="wordless", comment="  ")
    assert (await world.process.decide(wordless)).code == "decision.comment"
    misplaced = replace(opinion, command_id="misplaced", stage=Stage.APPROVAL)
    assert (await world.process.decide(misplaced)).code == "task.not_open"
    refer = replace(opinion, command_id="refer", verdict=Verdict.REFER)
    assert (await world.process.decide(refer)).code == "decision.verdict"
    assert (await world.process.decide(opinion)).accepted


async def test_a_task_another_has_claimed_is_not_mine(world: World) -> None:
    loan_id = await world.referred()
    other = await world.book.hired("reviewer2", Role.REVIEWER)
    async with world.book.database.transaction() as session:
        [task] = [t for t in await world.book.tasks(loan_id) if t.closed_at is None]
        (await session.get_one(Task, task.id)).claimed_by = UUID(other.staff_id)
    refused = await world.decided(loan_id, "reviewer", Stage.REVIEW)
    assert refused.code == "task.claimed_by_another"
    assert (await world.decided(loan_id, "reviewer2", Stage.REVIEW)).accepted


async def test_two_reviewers_at_once_and_only_one_is_heard(world: World) -> None:
    loan_id = await world.referred()
    other = await world.book.hired("reviewer2", Role.REVIEWER)
    yes = await world.opinion(loan_id, world.book.people["reviewer"], Stage.REVIEW)
    no = await world.opinion(loan_id, other, Stage.REVIEW, Verdict.DECLINE)
    answers = await asyncio.gather(world.process.decide(yes), world.process.decide(no))
    assert sorted(answer.accepted for answer in answers) == [False, True]


async def test_a_double_click_decides_once_and_gets_one_answer(world: World) -> None:
    loan_id = await world.referred()
    opinion = await world.opinion(loan_id, world.book.people["reviewer"], Stage.REVIEW)
    answers = await asyncio.gather(*(world.process.decide(opinion) for _ in range(3)))
    assert all(answer == answers[0] and answer.accepted for answer in answers)
    assert await world.book.audited(loan_id, "review.recorded") == 1


@pytest.mark.parametrize("stage", [Stage.REVIEW, Stage.APPROVAL])
async def test_a_return_stops_the_clock_and_the_case_comes_back_to_the_same_desk(
    world: World, stage: Stage
) -> None:
    loan_id = await world.referred()
    who = "reviewer"
    if stage is Stage.APPROVAL:
        await world.decided(loan_id, "reviewer", Stage.REVIEW)
        who = "approver"
    await world.at_stage(loan_id, stage)
    await world.skip(timedelta(hours=5))
    assert (await world.decided(loan_id, who, stage, Verdict.RETURN)).accepted
    desk = next(t for t in await world.book.tasks(loan_id) if t.kind == stage)
    left = desk.paused_seconds_left
    assert left is not None
    assert abs((desk.due_at - await world.now()).total_seconds() - left) < 60

    overtaking = await world.opinion(loan_id, world.book.people[who], stage)
    assert (await world.process.decide(overtaking)).code in {"task.not_open", "case.changed"}
    await world.skip(timedelta(days=4))
    assert (await world.supplemented(loan_id, "reviewer")).code == "duty.role"
    before = await world.now()
    assert (await world.supplemented(loan_id)).accepted
    assert (await world.supplemented_again(loan_id)).code == "supplement.not_asked"

    async def resumed() -> Task | None:
        tasks = await world.book.tasks(loan_id)
        return next((t for t in tasks if t.kind == stage and not t.paused_seconds_left), None)

    task = await world.until(resumed)
    assert abs((task.due_at - before).total_seconds() - left) < 5
    assert (await world.book.loan(loan_id)).stage == stage
    stays = await world.book.all_of(StageEntry, loan_id)
    assert [stay.returned for stay in sorted(stays, key=lambda s: s.id) if stay.stage == stage] == [
        True,
        False,
    ]
    assert (await world.decided(loan_id, who, stage)).accepted


async def test_a_verdict_while_the_customer_has_the_file_is_refused(world: World) -> None:
    loan_id = await world.referred()
    await world.decided(loan_id, "reviewer", Stage.REVIEW, Verdict.RETURN)

    async def asked() -> bool:
        return "supplement" in await world.book.open_tasks(loan_id)

    await world.until(asked)
    assert (await world.decided(loan_id, "reviewer", Stage.REVIEW)).code == "task.not_open"
    assert (await world.supplemented(loan_id)).accepted

    async def back() -> bool:
        return (await world.book.loan(loan_id)).wait_reason == "reviewer"

    await world.until(back)
    assert (await world.decided(loan_id, "reviewer", Stage.REVIEW)).accepted
