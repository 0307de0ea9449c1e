"""The coloured process map of one case, from its stays in the stages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from domain.business_time import fraction_left
from domain.process import ROAD, NodeFacts, Stage, WaitReason, node_colour
from persistence.tables import Loan, StageEntry


@dataclass(frozen=True, slots=True)
class ProcessNode:
    """One stage as the map draws it; instants are those of the last stay."""

    stage: str
    colour: str
    entered_at: datetime | None
    left_at: datetime | None
    due_at: datetime | None
    current: bool
    stays: int


async def process_map(
    session: AsyncSession, loan_id: UUID, now: datetime
) -> tuple[ProcessNode, ...]:
    """Every stage of the road in order, also those the case has not reached."""
    statement = select(StageEntry).where(col(StageEntry.loan_id) == loan_id)
    entries = (await session.execute(statement.order_by(col(StageEntry.version)))).scalars()
    stays: dict[str, list[StageEntry]] = {}
    for entry in entries:
        stays.setdefault(entry.stage, []).append(entry)
    waiting = select(col(Loan.wait_reason)).where(col(Loan.id) == loan_id)
    reason = (await session.execute(waiting)).scalar_one_or_none()
    return tuple(_node(stage, stays, reason == WaitReason.ARREARS, now) for stage in ROAD)


def _node(
    stage: Stage, stays: Mapping[str, Sequence[StageEntry]], arrears: bool, now: datetime
) -> ProcessNode:
    entries = stays.get(stage.value, ())
    if not entries:
        colour = node_colour(NodeFacts(entered=False, left=False))
        return ProcessNode(stage.value, colour.value, None, None, None, current=False, stays=0)
    last = entries[-1]
    is_open = last.left_at is None
    facts = NodeFacts(
        entered=True,
        left=not is_open,
        returned=last.returned,
        blocked=last.blocked or (is_open and arrears and stage is Stage.REPAYMENT),
        overridden=any(entry.overridden for entry in entries),
        time_left=_time_left(last, now) if is_open else None,
    )
    return ProcessNode(
        stage=stage.value,
        colour=node_colour(facts).value,
        entered_at=last.entered_at,
        left_at=last.left_at,
        due_at=last.deadline_at,
        current=is_open,
        stays=len(entries),
    )


def _time_left(entry: StageEntry, now: datetime) -> Decimal | None:
    if entry.deadline_at is None or _waits_for_a_date(entry, now):
        return None
    return fraction_left(entry.entered_at, entry.deadline_at, now)


def _waits_for_a_date(entry: StageEntry, now: datetime) -> bool:
    """A note in repayment uses up no time of the bank's; only a missed date is late."""
    return (
        entry.stage == Stage.REPAYMENT and entry.deadline_at is not None and entry.deadline_at > now
    )
