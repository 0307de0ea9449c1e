"""Changes of a running loan: previewed, proposed, decided; and what paying off costs."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from starlette.responses import Response

from api.acts import AskedAct, asked_act, perform
from api.schemas.acts import Accepted
from api.schemas.changes import (
    AskChange,
    AskedDay,
    ChangeTold,
    DecideOnChange,
    PreviewTold,
    QuoteTold,
    TakeBack,
    TriedTerms,
)
from api.schemas.strict import body_of
from api.security import api_needs
from domain.changes.commands import DecideChange, ProposeChange, WithdrawChange
from domain.people import Act
from doorway.services import HasServices
from doorway.sessions import Person
from doorway.sight import refuse_unseen
from persistence.changes import quote_payoff
from persistence.queries.changes import changes_of, shown_change

router = APIRouter(prefix="/loans/{loan_id}", tags=["changes"])
Reader = Annotated[Person, Depends(api_needs(Act.READ_OWN_CASES, Act.READ_ALL_CASES))]
Proposal = Annotated[AskedAct[AskChange], Depends(asked_act(AskChange, Act.PROPOSE_CHANGE))]
Retreat = Annotated[AskedAct[TakeBack], Depends(asked_act(TakeBack, Act.PROPOSE_CHANGE))]
Verdict = Annotated[
    AskedAct[DecideOnChange], Depends(asked_act(DecideOnChange, Act.APPROVE_CHANGE))
]


@router.get("/changes")
async def index(services: HasServices, person: Reader, loan_id: UUID) -> list[ChangeTold]:
    """The loan's changes, newest first."""
    await refuse_unseen(services, person, loan_id)
    async with services.database.reading() as session:
        found = await changes_of(session, person.actor, datetime.now(UTC), loan_id)
    return [ChangeTold.model_validate(view) for view in found]


@router.get("/changes/preview")
async def show(
    services: HasServices, person: Reader, loan_id: UUID, terms: Annotated[TriedTerms, Query()]
) -> PreviewTold:
    """What a change would do today, row by row; nothing is stored."""
    await refuse_unseen(services, person, loan_id)
    async with services.database.reading() as session:
        shown = await shown_change(session, loan_id, terms.change(), datetime.now(UTC))
    difference = shown.preview.difference
    facts = {name: getattr(difference, name) for name in ("lines", "before", "after")}
    return PreviewTold.model_validate({"seen_events": shown.seen_events, **facts})


@router.get("/payoff-quote")
async def payoff(
    services: HasServices, person: Reader, loan_id: UUID, day: Annotated[AskedDay, Query()]
) -> QuoteTold:
    """What would end the loan on a day."""
    await refuse_unseen(services, person, loan_id)
    async with services.database.reading() as session:
        return QuoteTold.model_validate(await quote_payoff(session, loan_id, day.on))


@router.post("/changes", response_model=Accepted, openapi_extra=body_of(AskChange))
async def propose(asked: Proposal) -> Response:
    """Lay a change before those who approve it."""
    given, change = asked.body, asked.body.terms.change()
    return await perform(
        asked,
        lambda command_id: asked.services.process.propose_change(
            ProposeChange(
                command_id,
                asked.loan_id,
                asked.person.actor,
                change,
                given.reason,
                given.seen_events,
            )
        ),
    )


@router.post(
    "/changes/{change_id}/decision",
    response_model=Accepted,
    openapi_extra=body_of(DecideOnChange),
)
async def decide(asked: Verdict, change_id: UUID) -> Response:
    """Approve a change as it now shows, or reject it."""
    given = asked.body
    return await perform(
        asked,
        lambda command_id: asked.services.process.decide_change(
            DecideChange(
                command_id,
                asked.loan_id,
                asked.person.actor,
                change_id,
                given.approve,
                given.comment,
                given.seen_events,
            )
        ),
    )


@router.post(
    "/changes/{change_id}/withdrawal", response_model=Accepted, openapi_extra=body_of(TakeBack)
)
async def withdraw(asked: Retreat, change_id: UUID) -> Response:
    """Take one's own proposal back."""
    return await perform(
        asked,
        lambda command_id: asked.services.process.withdraw_change(
            WithdrawChange(command_id, asked.loan_id, asked.person.actor, change_id)
        ),
    )
