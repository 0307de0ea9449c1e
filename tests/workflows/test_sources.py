"""Sources compared at once: none holds up the others, and adverse facts decline."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from uuid import UUID

from domain.process import CaseStatus, Stage
from persistence.tables import ComparisonRow, DecisionRow, SourceReportRow
from tests.workflows.world import World


async def _status(world: World, loan_id: UUID, source: str) -> str:
    reports = await world.book.all_of(SourceReportRow, loan_id)
    return next(str(report.status) for report in reports if report.source == source)


async def test_all_sources_are_asked_at_the_same_time(world: World) -> None:
    world.sources.together = asyncio.Barrier(6)  # none answers before all are asked
    loan_id = await world.opened()
    await world.signed(loan_id, "authorisation")
    await world.at_stage(loan_id, Stage.CONTRACT)
    assert len(world.sources.asked) == 6


async def test_a_source_that_is_down_is_pending_and_refers_and_is_compared_when_it_comes(
    world: World,
) -> None:
    loan_id = await world.without_answer_of("tax")
    assert await _status(world, loan_id, "tax") == "pending"
    [engine] = await world.book.all_of(DecisionRow, loan_id)
    assert engine.verdict == "refer"
    assert "sources_pending" in engine.reasons

    world.sources.down.clear()
    await world.skip(timedelta(minutes=30))

    async def compared() -> bool:
        cells = await world.book.all_of(ComparisonRow, loan_id)
        return any(cell.source == "tax" and cell.verdict == "match" for cell in cells)

    await world.until(compared)
    assert await _status(world, loan_id, "tax") == "answered"
    assert await world.book.audited(loan_id, "sources.collected") == 2
    [engine] = await world.book.all_of(DecisionRow, loan_id)
    assert engine.verdict == "refer", "a late answer changes no decision by itself"


async def test_a_source_that_never_answers_becomes_an_incident(world: World) -> None:
    loan_id = await world.without_answer_of("courts")
    await world.skip(timedelta(hours=25))
    await world.until(world.book.incidents)
    assert await world.book.incidents() == ["failing_step"]
    assert await _status(world, loan_id, "courts") == "pending"


async def test_adverse_facts_decline_with_their_reasons(world: World) -> None:
    world.sources.adverse["courts"] = {"dishonest_debtor": "true"}
    world.sources.adverse["tax"] = {"grade": "D"}
    loan_id = await world.opened()
    await world.signed(loan_id, "authorisation")
    loan = await world.ended(loan_id)
    assert (loan.status, loan.closed_reason) == (CaseStatus.DECLINED, "engine_declined")
    [engine] = await world.book.all_of(DecisionRow, loan_id)
    assert set(engine.reasons) == {"dishonest_debtor", "tax_grade_d"}
    assert (engine.policy_code, engine.policy_version) == ("corporate", 1)
    assert await world.book.open_tasks(loan_id) == []


async def test_a_good_case_within_the_limit_is_approved_without_a_person(world: World) -> None:
    loan_id = await world.opened()
    await world.signed(loan_id, "authorisation")
    await world.at_stage(loan_id, Stage.CONTRACT)
    [engine] = await world.book.all_of(DecisionRow, loan_id)
    assert (engine.maker, engine.verdict) == ("engine", "approve")


async def test_a_case_above_the_limit_is_referred(world: World) -> None:
    loan_id = await world.referred()
    [engine] = await world.book.all_of(DecisionRow, loan_id)
    assert (engine.verdict, engine.reasons) == (
        "refer",
        ["first_loan_above_automatic_limit", "above_automatic_limit"],
    )
