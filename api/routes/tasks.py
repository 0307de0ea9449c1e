"""Human tasks."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends

from api.schemas.acts import TaskClaimed
from api.schemas.lists import PageNumber
from api.schemas.tasks import TasksTold
from api.security import api_needs
from domain.people import Act
from domain.process import TaskKind
from doorway.claims import claim
from doorway.services import HasServices
from doorway.sessions import Person
from persistence.queries.tasks import Holder, TaskFilters, task_inbox

router = APIRouter(prefix="/tasks", tags=["tasks"])
Worker = Annotated[Person, Depends(api_needs(Act.SUPPLEMENT, Act.REVIEW, Act.APPROVE, Act.RELEASE))]


@router.get("")
async def index(
    services: HasServices,
    person: Annotated[Person, Depends(api_needs(Act.READ_OWN_CASES, Act.READ_ALL_CASES))],
    holder: Holder = Holder.ALL,
    kind: TaskKind | None = None,
    page: PageNumber = 1,
) -> TasksTold:
    """The open tasks of the caller's roles."""
    filters = TaskFilters(holder=holder, kind=kind, page=page)
    async with services.database.reading() as session:
        found = await task_inbox(session, person.actor, filters, datetime.now(UTC))
    return TasksTold.model_validate(
        {"tasks": found.lines, "page": found.page, "overdue": found.overdue}
    )


@router.post("/{task_id}/claim")
async def create_claim(services: HasServices, person: Worker, task_id: UUID) -> TaskClaimed:
    """Take a task from the common list; taking it twice is taking it once."""
    return TaskClaimed(loan_id=await claim(services, person, task_id, datetime.now(UTC)))
