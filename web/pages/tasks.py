"""The inbox of tasks: take one, put it back."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from uuid import UUID

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from domain.process import TaskKind
from domain.violations import LoanRuleViolation
from doorway.admission import SignedInPerson
from doorway.claims import claim, put_back
from doorway.refusals import Refusal, refusal_of
from doorway.services import HasServices, Services
from doorway.sessions import Person
from persistence.queries.alerts import my_alerts
from persistence.queries.customer_proposals import proposals_to_decide
from persistence.queries.tasks import Holder, task_inbox
from persistence.queries.watch import reviews_due
from web.flashes import to_page
from web.forms.lists import ListLinks, task_filters
from web.printing import own_path, print_page

router = APIRouter(include_in_schema=False)
Step = Callable[[Services, Person, UUID, datetime], Awaitable[UUID]]


@router.get("/tasks")
async def show_tasks(request: Request, services: HasServices, person: SignedInPerson) -> Response:
    """The open tasks of this person's roles."""
    return await _inbox(request, services, person)


@router.post("/tasks/{task_id:uuid}/claim")
async def take(
    request: Request, services: HasServices, person: SignedInPerson, task_id: UUID
) -> Response:
    """Take a task; a colleague who was faster keeps it."""
    return await _move(request, services, person, task_id, step=claim, flash="task_taken")


@router.post("/tasks/{task_id:uuid}/put-back")
async def give_back(
    request: Request, services: HasServices, person: SignedInPerson, task_id: UUID
) -> Response:
    """Put a task back into the common list."""
    return await _move(request, services, person, task_id, step=put_back, flash="task_put_back")


async def _move(
    request: Request,
    services: Services,
    person: Person,
    task_id: UUID,
    *,
    step: Step,
    flash: str,
) -> Response:
    form = await request.form()
    try:
        await step(services, person, task_id, datetime.now(UTC))
    except LoanRuleViolation as refused:
        refusal = refusal_of(refused)
        if refusal.status == 404:
            raise
        return await _inbox(request, services, person, refusal)
    return to_page(request, own_path(form.get("next"), "/tasks"), flash)


async def _inbox(
    request: Request, services: Services, person: Person, refusal: Refusal | None = None
) -> Response:
    filters = task_filters(request.query_params)
    async with services.database.reading() as session:
        inbox = await task_inbox(session, person.actor, filters, datetime.now(UTC))
        proposals = await proposals_to_decide(session, person.actor)
        alerts = await my_alerts(session, person.actor, datetime.now(UTC))
        reviews = await reviews_due(session, person.actor, datetime.now(UTC), mine=True)
    asked = {
        "holder": "" if filters.holder is Holder.ALL else filters.holder.value,
        "kind": filters.kind or "",
    }
    return print_page(
        request,
        "tasks/list.html",
        status_code=refusal.status if refusal else 200,
        inbox=inbox,
        proposals=proposals,
        alerts=alerts,
        reviews=reviews,
        filters=filters,
        asked=asked,
        links=ListLinks("/tasks", asked),
        kinds=tuple(TaskKind),
        holders=tuple(Holder),
        refusal=refusal,
    )
