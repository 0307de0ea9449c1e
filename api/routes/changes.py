"""Changes of a running loan: previewed, proposed, decided; and what paying off costs."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from starlette.requests import Request
from starlette.responses import Response

from api.acts import AskedAct, Key, perform
from api.schemas.acts import Accepted
from api.schemas.changes import (
    AskChange,
    ChangeTerms,
    ChangeTold,
    DecideOnChange,
    PreviewTold,
    QuoteTold,
    TakeBack,
)
from api.schemas.strict import body_of
from api.security import api_needs
from api.strict_json import JsonBody
from domain.changes.commands import DecideChange, ProposeChange, WithdrawChange
from domain.people import Act
from doorway.refusals import NotFound
from doorway.services import HasServices, Services
from doorway.sessions import Person
from persistence.changes import quote_payoff
from persistence.queries.case_access import may_see_case
from persistence.queries.changes import changes_of, shown_change

router = APIRouter(prefix="/loans/{loan_id}", tags=["changes"])
Reader = Annotated[Person, Depends(api_needs(Act.READ_OWN_CASES, Act.READ_ALL_CASES))]
Proposer = Annotated[Person, Depends(api_needs(Act.PROPOSE_CHANGE))]
Approver = Annotated[Person, Depends(api_needs(Act.APPROVE_CHANGE))]


@router.get("/changes")
async def index(services: HasServices, person: Reader, loan_id: UUID) -> list[ChangeTold]:
    """The loan's changes, newest first."""
    await _refuse_unseen(services, person, loan_id)
    async with services.database.reading() as session:
        found = await changes_of(session, person.actor, datetime.now(UTC), loan_id)
    return [ChangeTold.model_validate(view) for view in found]


@router.get("/changes/preview")
async def show(
    services: HasServices, person: Reader, loan_id: UUID, terms: Annotated[ChangeTerms, Query()]
) -> PreviewTold:
    """What a change would do today, row by row; nothing is stored."""
    await _refuse_unseen(services, person, loan_id)
    async with services.database.reading() as session:
        shown = await shown_change(session, loan_id, terms.change(), datetime.now(UTC))
    difference = shown.preview.difference
    facts = {name: getattr(difference, name) for name in ("lines", "before", "after")}
    return PreviewTold.model_validate({"seen_events": shown.seen_events, **facts})


@router.get("/payoff-quote")
async def payoff(services: HasServices, person: Reader, loan_id: UUID, on: date) -> QuoteTold:
    """What would end the loan on a day."""
    await _refuse_unseen(services, person, loan_id)
    async with services.database.reading() as session:
        return QuoteTold.model_validate(await quote_payoff(session, loan_id, on))


@router.post("/changes", response_model=Accepted, openapi_extra=body_of(AskChange))
async def propose(
    request: Request,
    services: HasServices,
    person: Proposer,
    key: Key,
    loan_id: UUID,
    asked: Annotated[AskChange, Depends(JsonBody(AskChange))],
) -> Response:
    """Lay a change before those who approve it."""
    change = asked.terms.change()
    return await perform(
        AskedAct(request, person, key, Act.PROPOSE_CHANGE, loan_id, asked),
        lambda command_id: services.process.propose_change(
            ProposeChange(
                command_id, loan_id, person.actor, change, asked.reason, asked.seen_events
            )
        ),
    )


@router.post(
    "/changes/{change_id}/decision",
    response_model=Accepted,
    openapi_extra=body_of(DecideOnChange),
)
async def decide(
    request: Request,
    services: HasServices,
    person: Approver,
    key: Key,
    loan_id: UUID,
    change_id: UUID,
    asked: Annotated[DecideOnChange, Depends(JsonBody(DecideOnChange))],
) -> Response:
    """Approve a change as it now shows, or reject it."""
    return await perform(
        AskedAct(request, person, key, Act.APPROVE_CHANGE, loan_id, asked),
        lambda command_id: services.process.decide_change(
            DecideChange(
                command_id,
                loan_id,
                person.actor,
                change_id,
                asked.approve,
                asked.comment,
                asked.seen_events,
            )
        ),
    )


@router.post(
    "/changes/{change_id}/withdrawal", response_model=Accepted, openapi_extra=body_of(TakeBack)
)
async def withdraw(
    request: Request,
    services: HasServices,
    person: Proposer,
    key: Key,
    loan_id: UUID,
    change_id: UUID,
    asked: Annotated[TakeBack, Depends(JsonBody(TakeBack))],
) -> Response:
    """Take one's own proposal back."""
    return await perform(
        AskedAct(request, person, key, Act.PROPOSE_CHANGE, loan_id, asked),
        lambda command_id: services.process.withdraw_change(
            WithdrawChange(command_id, loan_id, person.actor, change_id)
        ),
    )


async def _refuse_unseen(services: Services, person: Person, loan_id: UUID) -> None:
    async with services.database.reading() as session:
        if not await may_see_case(session, person.actor, loan_id):
            raise NotFound
