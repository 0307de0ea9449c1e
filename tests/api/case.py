"""A submitted case as the activities would have written it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from uuid import UUID, uuid4

from domain.people import Role
from domain.process import CaseStatus, Stage, TaskKind, WaitReason
from persistence.tables import Draft, Loan, Task
from tests.doorway.world import World

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


async def submitted_case(world: World, headers: dict[str, str]) -> UUID:
    """A case at review, made of a draft of the signed-in manager."""
    draft_id = UUID(await world.draft(headers))
    async with world.services.database.transaction() as session:
        draft = await session.get_one(Draft, draft_id)
        draft.submitted_at = NOW
        session.add(_loan(draft))
    return draft_id


async def open_task(world: World, loan_id: UUID, kind: TaskKind, role: Role) -> UUID:
    """An open task of a role."""
    task_id = uuid4()
    task = Task(
        id=task_id,
        loan_id=loan_id,
        kind=kind,
        role=role,
        version=1,
        opened_at=NOW,
        remind_at=NOW + timedelta(days=1),
        due_at=NOW + timedelta(days=2),
        next_level_at=NOW + timedelta(days=3),
        lapse_at=NOW + timedelta(days=4),
    )
    async with world.services.database.transaction() as session:
        session.add(task)
    return task_id


def _loan(draft: Draft) -> Loan:
    return Loan(
        id=draft.id,
        case_number=f"CL20260302-{draft.id.int % 1_000_000:06d}",
        customer_id=draft.customer_id,
        officer_id=draft.officer_id,
        origin="desk",
        product_code=draft.product_code,
        product_version=1,
        amount=Decimal("1500000.00"),
        currency="CNY",
        tenor_months=12,
        method="equal_instalment",
        facts={},
        statements={},
        stage=Stage.REVIEW,
        status=CaseStatus.ACTIVE,
        wait_reason=WaitReason.REVIEWER,
        entered_at=NOW,
        submitted_at=NOW,
        version=4,
    )
