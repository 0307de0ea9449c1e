"""Human acts on a case; each is a noun under the case, sent once per key."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, Depends
from starlette.responses import Response

from api.acts import AskedAct, asked_act, perform
from api.schemas.acts import (
    Accepted,
    AskWithdrawal,
    GiveDecision,
    GiveSupplement,
    GiveTime,
    SignRelease,
)
from api.schemas.strict import body_of
from domain.commands import Decide, ExtendDeadline, Release, Supplement, Withdraw
from domain.people import Act
from domain.process import Stage
from doorway.admission import refuse_without_act

router = APIRouter(prefix="/loans/{loan_id}", tags=["acts"])
ACT_OF_STAGE = {Stage.REVIEW: Act.REVIEW, Stage.APPROVAL: Act.APPROVE}
Decision = Annotated[
    AskedAct[GiveDecision], Depends(asked_act(GiveDecision, Act.REVIEW, Act.APPROVE))
]
Answer = Annotated[AskedAct[GiveSupplement], Depends(asked_act(GiveSupplement, Act.SUPPLEMENT))]
Signature = Annotated[AskedAct[SignRelease], Depends(asked_act(SignRelease, Act.RELEASE))]
Retreat = Annotated[AskedAct[AskWithdrawal], Depends(asked_act(AskWithdrawal, Act.WITHDRAW))]
MoreTime = Annotated[AskedAct[GiveTime], Depends(asked_act(GiveTime, Act.EXTEND_DEADLINE))]


@router.post("/decision", response_model=Accepted, openapi_extra=body_of(GiveDecision))
async def decide(asked: Decision) -> Response:
    """A reviewer's recommendation, or an approver's decision."""
    given, act = asked.body, ACT_OF_STAGE[asked.body.stage]
    await refuse_without_act(asked.request, asked.person, (act,))
    return await perform(
        replace(asked, act=act),
        lambda command_id: asked.services.process.decide(
            Decide(
                command_id,
                asked.loan_id,
                asked.person.actor,
                given.stage,
                given.verdict,
                given.comment,
                given.seen_version,
            )
        ),
    )


@router.post("/supplement", response_model=Accepted, openapi_extra=body_of(GiveSupplement))
async def supplement(asked: Answer) -> Response:
    """Answer a return; the case goes back to the stage that asked."""
    return await perform(
        asked,
        lambda command_id: asked.services.process.supplement(
            Supplement(command_id, asked.loan_id, asked.person.actor, asked.body.note)
        ),
    )


@router.post("/release", response_model=Accepted, openapi_extra=body_of(SignRelease))
async def release(asked: Signature) -> Response:
    """Sign one drawdown's release, or refuse to."""
    signed = asked.body
    return await perform(
        asked,
        lambda command_id: asked.services.process.release(
            Release(
                command_id,
                asked.loan_id,
                asked.person.actor,
                signed.drawdown,
                signed.terms_sha256,
                signed.approve,
                signed.comment,
            )
        ),
    )


@router.post("/withdrawal", response_model=Accepted, openapi_extra=body_of(AskWithdrawal))
async def withdraw(asked: Retreat) -> Response:
    """Withdraw before any money has left."""
    return await perform(
        asked,
        lambda command_id: asked.services.process.withdraw(
            Withdraw(command_id, asked.loan_id, asked.person.actor, asked.body.reason)
        ),
    )


@router.post("/deadline", response_model=Accepted, openapi_extra=body_of(GiveTime))
async def extend(asked: MoreTime) -> Response:
    """Give the open task more working days."""
    given = asked.body
    return await perform(
        asked,
        lambda command_id: asked.services.process.extend_deadline(
            ExtendDeadline(
                command_id, asked.loan_id, asked.person.actor, given.working_days, given.reason
            )
        ),
    )
