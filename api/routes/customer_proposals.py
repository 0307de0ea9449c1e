"""Proposals for a customer: made by one person, decided by others."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends
from starlette.requests import Request
from starlette.responses import Response

from api.acts import Key, command_id_of
from api.schemas.customer_proposals import (
    AskProposal,
    DecideOnProposal,
    ProposalsTold,
    ProposalTold,
)
from api.schemas.strict import body_of
from api.security import api_needs
from api.strict_json import JsonBody
from domain.commands import Receipt
from domain.customers import RULES, DecideProposal, ProposeForCustomer, WithdrawProposal
from domain.people import Act
from domain.violations import DutyViolation
from doorway.errors import printed
from doorway.refusals import NotFound, refusal_in
from doorway.services import HasServices, Services
from doorway.sessions import Person
from persistence.queries.customer_head import customer_head
from persistence.queries.customer_proposals import (
    ProposalView,
    proposal_named,
    proposals_of_customer,
)

router = APIRouter(prefix="/customers/{customer_id}/proposals", tags=["customers"])
Reader = Annotated[Person, Depends(api_needs(Act.READ_CUSTOMERS))]


@router.get("")
async def index(services: HasServices, person: Reader, customer_id: UUID) -> ProposalsTold:
    """A customer's proposals, open ones first."""
    async with services.database.reading() as session:
        if await customer_head(session, person.actor, customer_id) is None:
            raise NotFound
        found = await proposals_of_customer(session, person.actor, customer_id)
    return ProposalsTold.model_validate({"proposals": found})


@router.post("", status_code=201, response_model=ProposalTold, openapi_extra=body_of(AskProposal))
async def propose(
    request: Request,
    services: HasServices,
    person: Reader,
    key: Key,
    customer_id: UUID,
    asked: Annotated[AskProposal, Depends(JsonBody(AskProposal))],
    response: Response,
) -> Response | ProposalTold:
    """Lay something before those who decide it."""
    if not person.may(RULES[asked.kind].proposer):
        raise DutyViolation("role_missing")
    command = ProposeForCustomer(
        command_id_of(person, key),
        customer_id,
        person.actor,
        asked.kind,
        asked.content,
        asked.reason,
    )
    receipt = await services.process.propose_for_customer(command)
    if not receipt.accepted:
        return printed(request, refusal_in(receipt))
    proposal_id = UUID(receipt.params["proposal"])
    response.headers["Location"] = f"/api/v1/customers/{customer_id}/proposals/{proposal_id}"
    return ProposalTold.model_validate(await _proposal(services, person, customer_id, proposal_id))


@router.get("/{proposal_id}")
async def read(
    services: HasServices, person: Reader, customer_id: UUID, proposal_id: UUID
) -> ProposalTold:
    """One proposal."""
    return ProposalTold.model_validate(await _proposal(services, person, customer_id, proposal_id))


@router.post(
    "/{proposal_id}/decision",
    response_model=ProposalTold,
    openapi_extra=body_of(DecideOnProposal),
)
async def decide(
    request: Request,
    services: HasServices,
    person: Reader,
    key: Key,
    customer_id: UUID,
    proposal_id: UUID,
    asked: Annotated[DecideOnProposal, Depends(JsonBody(DecideOnProposal))],
) -> Response | ProposalTold:
    """Approve or reject another person's proposal."""
    await _proposal(services, person, customer_id, proposal_id)
    command = DecideProposal(
        command_id_of(person, key),
        customer_id,
        person.actor,
        proposal_id,
        asked.approve,
        asked.comment,
    )
    receipt = await services.process.decide_proposal(command)
    return await _answer(request, services, person, receipt, proposal_id)


@router.post("/{proposal_id}/withdrawal", response_model=ProposalTold)
async def withdraw(
    request: Request,
    services: HasServices,
    person: Reader,
    key: Key,
    customer_id: UUID,
    proposal_id: UUID,
) -> Response | ProposalTold:
    """The proposer takes it back."""
    await _proposal(services, person, customer_id, proposal_id)
    command = WithdrawProposal(command_id_of(person, key), customer_id, person.actor, proposal_id)
    receipt = await services.process.withdraw_proposal(command)
    return await _answer(request, services, person, receipt, proposal_id)


async def _answer(
    request: Request, services: Services, person: Person, receipt: Receipt, proposal_id: UUID
) -> Response | ProposalTold:
    if not receipt.accepted:
        return printed(request, refusal_in(receipt))
    async with services.database.reading() as session:
        return ProposalTold.model_validate(await proposal_named(session, person.actor, proposal_id))


async def _proposal(
    services: Services, person: Person, customer_id: UUID, proposal_id: UUID
) -> ProposalView:
    async with services.database.reading() as session:
        found = await proposal_named(session, person.actor, proposal_id)
    if found is None or found.customer_id != customer_id:
        raise NotFound
    return found
