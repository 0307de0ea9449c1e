"""Drawdowns of a loan drawn in parts: told, previewed, asked for."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from starlette.responses import Response

from api.acts import AskedAct, asked_act, perform
from api.schemas.acts import Accepted
from api.schemas.changes import PreviewTold
from api.schemas.drawdowns import AskDrawdown, AskedAmount, DrawdownsTold
from api.schemas.strict import body_of
from api.security import api_needs
from domain.drawdowns import RequestDrawdown
from domain.people import Act
from doorway.services import HasServices
from doorway.sessions import Person
from doorway.sight import refuse_unseen
from persistence.queries.drawdowns import loan_drawdowns, shown_drawdown

router = APIRouter(prefix="/loans/{loan_id}/drawdowns", tags=["drawdowns"])
Reader = Annotated[Person, Depends(api_needs(Act.READ_OWN_CASES, Act.READ_ALL_CASES))]
Request = Annotated[AskedAct[AskDrawdown], Depends(asked_act(AskDrawdown, Act.REQUEST_DRAWDOWN))]


@router.get("")
async def index(services: HasServices, person: Reader, loan_id: UUID) -> DrawdownsTold:
    """How far the loan is drawn, and each drawdown, the newest first."""
    await refuse_unseen(services, person, loan_id)
    async with services.database.reading() as session:
        found = await loan_drawdowns(session, loan_id)
    told = {"commitment": found.commitment, "drawdowns": list(found.lines)}
    return DrawdownsTold.model_validate(told)


@router.get("/preview")
async def show(
    services: HasServices, person: Reader, loan_id: UUID, asked: Annotated[AskedAmount, Query()]
) -> PreviewTold:
    """What a drawdown paid out today would do, row by row; nothing is stored."""
    await refuse_unseen(services, person, loan_id)
    async with services.database.reading() as session:
        shown = await shown_drawdown(session, loan_id, asked.amount, datetime.now(UTC))
    facts = {name: getattr(shown.difference, name) for name in ("lines", "before", "after")}
    return PreviewTold.model_validate({"seen_events": shown.seen_events, **facts})


@router.post("", response_model=Accepted, openapi_extra=body_of(AskDrawdown))
async def request(asked: Request) -> Response:
    """Ask for a later drawdown; two release officers decide on it."""
    given = asked.body
    return await perform(
        asked,
        lambda command_id: asked.services.process.request_drawdown(
            RequestDrawdown(
                command_id, asked.loan_id, asked.person.actor, given.amount, given.seen_events
            )
        ),
    )
