"""Human acts on a case; each is a noun under the case, sent once per key."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends
from starlette.requests import Request
from starlette.responses import Response

from api.acts import AskedAct, Key, perform
from api.schemas.acts import (
    Accepted,
    AskWithdrawal,
    GiveDecision,
    GiveSupplement,
    GiveTime,
    SignRelease,
)
from api.schemas.strict import body_of
from api.security import api_needs
from api.strict_json import JsonBody
from domain.commands import Decide, ExtendDeadline, Release, Supplement, Withdraw
from domain.people import Act
from domain.process import Stage
from doorway.admission import refuse_without_act
from doorway.services import HasServices
from doorway.sessions import Person

router = APIRouter(prefix="/loans/{loan_id}", tags=["acts"])
ACT_OF_STAGE = {Stage.REVIEW: Act.REVIEW, Stage.APPROVAL: Act.APPROVE}


@router.post("/decision", response_model=Accepted, openapi_extra=body_of(GiveDecision))
async def decide(
    request: Request,
    services: HasServices,
    person: Annotated[Person, Depends(api_needs(Act.REVIEW, Act.APPROVE))],
    key: Key,
    loan_id: UUID,
    asked: Annotated[GiveDecision, Depends(JsonBody(GiveDecision))],
) -> Response:
    """A reviewer's recommendation, or an approver's decision."""
    act = ACT_OF_STAGE[asked.stage]
    await refuse_without_act(request, person, (act,))
    return await perform(
        AskedAct(request, person, key, act, loan_id, asked),
        lambda command_id: services.process.decide(
            Decide(
                command_id,
                loan_id,
                person.actor,
                asked.stage,
                asked.verdict,
                asked.comment,
                asked.seen_version,
            )
        ),
    )


@router.post("/supplement", response_model=Accepted, openapi_extra=body_of(GiveSupplement))
async def supplement(
    request: Request,
    services: HasServices,
    person: Annotated[Person, Depends(api_needs(Act.SUPPLEMENT))],
    key: Key,
    loan_id: UUID,
    asked: Annotated[GiveSupplement, Depends(JsonBody(GiveSupplement))],
) -> Response:
    """Answer a return; the case goes back to the stage that asked."""
    return await perform(
        AskedAct(request, person, key, Act.SUPPLEMENT, loan_id, asked),
        lambda command_id: services.process.supplement(
            Supplement(command_id, loan_id, person.actor, asked.note)
        ),
    )


@router.post("/release", response_model=Accepted, openapi_extra=body_of(SignRelease))
async def release(
    request: Request,
    services: HasServices,
    person: Annotated[Person, Depends(api_needs(Act.RELEASE))],
    key: Key,
    loan_id: UUID,
    asked: Annotated[SignRelease, Depends(JsonBody(SignRelease))],
) -> Response:
    """Sign one drawdown's release, or refuse to."""
    return await perform(
        AskedAct(request, person, key, Act.RELEASE, loan_id, asked),
        lambda command_id: services.process.release(
            Release(
                command_id,
                loan_id,
                person.actor,
                asked.drawdown,
                asked.terms_sha256,
                asked.approve,
                asked.comment,
            )
        ),
    )


@router.post("/withdrawal", response_model=Accepted, openapi_extra=body_of(AskWithdrawal))
async def withdraw(
    request: Request,
    services: HasServices,
    person: Annotated[Person, Depends(api_needs(Act.WITHDRAW))],
    key: Key,
    loan_id: UUID,
    asked: Annotated[AskWithdrawal, Depends(JsonBody(AskWithdrawal))],
) -> Response:
    """Withdraw before any money has left."""
    return await perform(
        AskedAct(request, person, key, Act.WITHDRAW, loan_id, asked),
        lambda command_id: services.process.withdraw(
            Withdraw(command_id, loan_id, person.actor, asked.reason)
        ),
    )


@router.post("/deadline", response_model=Accepted, openapi_extra=body_of(GiveTime))
async def extend(
    request: Request,
    services: HasServices,
    person: Annotated[Person, Depends(api_needs(Act.EXTEND_DEADLINE))],
    key: Key,
    loan_id: UUID,
    asked: Annotated[GiveTime, Depends(JsonBody(GiveTime))],
) -> Response:
    """Give the open task more working days."""
    return await perform(
        AskedAct(request, person, key, Act.EXTEND_DEADLINE, loan_id, asked),
        lambda command_id: services.process.extend_deadline(
            ExtendDeadline(command_id, loan_id, person.actor, asked.working_days, asked.reason)
        ),
    )
