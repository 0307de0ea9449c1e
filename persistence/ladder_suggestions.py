"""What the deterioration ladder suggests after a rating or a default; people take it from there."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from domain.business_time import deadline
from domain.customers import RULES, ProposalKind
from domain.people import Role
from domain.violations import LoanRuleViolation
from domain.watch.ladder import OF_A_LOAN, Measure, MeasureKind, concerns, measures_for
from persistence.audit import record
from persistence.clock import business_clock, business_date, working_calendar
from persistence.ladder_ground import APPLIED, LadderGround, grounds_of
from persistence.notices import tell_staff
from persistence.relations import manager_of
from persistence.reviews import plan_review
from persistence.tables import LadderMeasure
from persistence.watch_rules import ladder_on

SUGGESTED = "suggested"
_UNDECIDED = (SUGGESTED, "proposed")


async def suggest_move(
    session: AsyncSession, customer_id: UUID, old: str, new: str, cause: str, at: datetime
) -> int:
    """What a move from one grade to another suggests; answers with how many measures."""
    ladder = ladder_on(await business_date(session, at))
    steps = measures_for(ladder, old, new)
    return await _suggest(session, customer_id, steps, cause, at, (old, new))


async def suggest_rung(
    session: AsyncSession, customer_id: UUID, rung_id: str, cause: str, at: datetime
) -> int:
    """What one rung suggests. Violation: `ladder.unknown_rung`."""
    rung = ladder_on(await business_date(session, at)).named(rung_id)
    if rung is None:
        raise LoanRuleViolation("ladder.unknown_rung")
    steps = [(rung.id, measure) for measure in rung.measures]
    return await _suggest(session, customer_id, steps, cause, at, (None, None))


async def _suggest(
    session: AsyncSession,
    customer_id: UUID,
    steps: Sequence[tuple[str, Measure]],
    cause: str,
    at: datetime,
    grades: tuple[str | None, str | None],
) -> int:
    grounds = await grounds_of(session, customer_id, at) if steps else ()
    made = [
        row
        for rung, measure in steps
        for row in await _rows(session, customer_id, rung, measure, cause, at, grades, grounds)
    ]
    session.add_all(made)
    await session.flush()
    for row in made:
        _note(session, row, at)
    if any(row.status == SUGGESTED for row in made):
        await _tell(session, customer_id, cause, len(made), at)
    return len(made)


async def _rows(
    session: AsyncSession,
    customer_id: UUID,
    rung: str,
    measure: Measure,
    cause: str,
    at: datetime,
    grades: tuple[str | None, str | None],
    grounds: Sequence[LadderGround],
) -> list[LadderMeasure]:
    targets: list[LadderGround | None] = [None]
    if measure.kind in OF_A_LOAN:
        targets = [ground for ground in grounds if concerns(measure, ground.standing)]
    rows = []
    for target in targets:
        loan_id = target.loan.id if target else None
        if await _waits_already(session, customer_id, measure.kind, loan_id, cause):
            continue
        row = await _row(session, customer_id, rung, measure, cause, at, grades, target)
        if measure.kind is MeasureKind.REVIEW:
            await _review(session, row, measure, at)
        rows.append(row)
    return rows


async def _row(
    session: AsyncSession,
    customer_id: UUID,
    rung: str,
    measure: Measure,
    cause: str,
    at: datetime,
    grades: tuple[str | None, str | None],
    target: LadderGround | None,
) -> LadderMeasure:
    clock, calendar = await business_clock(session), await working_calendar(session)
    days = RULES[ProposalKind.LADDER].working_days
    return LadderMeasure(
        id=uuid4(),
        customer_id=customer_id,
        loan_id=target.loan.id if target else None,
        cause=cause,
        old_grade=grades[0],
        new_grade=grades[1],
        ladder=ladder_on(clock.business_date(at)).version,
        rung=rung,
        kind=measure.kind,
        clause=measure.clause,
        terms=_terms(measure, target),
        status=SUGGESTED,
        suggested_at=at,
        due_at=deadline(clock, calendar, at, days),
    )


def _terms(measure: Measure, target: LadderGround | None) -> dict[str, Any]:
    """The measure's figures; taking a step back takes back what was added."""
    if measure.kind is MeasureKind.MARGIN_BACK and target is not None:
        return {"bp": target.standing.stepped_bp}
    found: dict[str, Any] = {}
    if measure.bp:
        found["bp"] = measure.bp
    if measure.share:
        found["share"] = str(measure.share)
    if measure.days:
        found["days"] = measure.days
    return found


async def _review(
    session: AsyncSession, row: LadderMeasure, measure: Measure, at: datetime
) -> None:
    """An early review is the bank's own affair: it needs nobody's approval."""
    due_on: date = await business_date(session, at) + timedelta(days=measure.days)
    await plan_review(session, row.customer_id, f"ladder:{row.cause}"[:120], due_on, at)
    row.status, row.decided_at, row.effective_on = APPLIED, at, due_on


async def _waits_already(
    session: AsyncSession, customer_id: UUID, kind: MeasureKind, loan_id: UUID | None, cause: str
) -> bool:
    """The same measure of the same loan is not suggested twice while it waits, nor for the same
    cause ever."""
    statement = select(col(LadderMeasure.status), col(LadderMeasure.cause)).where(
        col(LadderMeasure.customer_id) == customer_id,
        col(LadderMeasure.kind) == kind,
        col(LadderMeasure.loan_id) == loan_id
        if loan_id is not None
        else col(LadderMeasure.loan_id).is_(None),
    )
    rows = (await session.execute(statement)).all()
    waiting_twice = kind is not MeasureKind.MARGIN_STEP
    return any(known == cause or (waiting_twice and status in _UNDECIDED) for status, known in rows)


def _note(session: AsyncSession, row: LadderMeasure, at: datetime) -> None:
    record(
        session,
        "ladder.suggested",
        at,
        loan_id=row.loan_id,
        subject=None if row.loan_id else str(row.customer_id),
        measure=row.id,
        kind=row.kind,
        rung=row.rung,
        ladder=row.ladder,
        terms=row.terms,
    )


async def _tell(
    session: AsyncSession, customer_id: UUID, cause: str, count: int, at: datetime
) -> None:
    manager = await manager_of(session, customer_id)
    told = {"count": str(count), "cause": cause}
    tell_staff(
        session,
        customer_id,
        "measures_suggested",
        at,
        role=Role.CUSTOMER_MANAGER,
        staff_id=manager,
        told=told,
    )
    tell_staff(session, customer_id, "measures_suggested", at, role=Role.RISK_OFFICER, told=told)
