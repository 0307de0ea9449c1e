"""A customer's proposals under four eyes: the list, one of them, a verdict, taking one back."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends
from starlette.requests import Request
from starlette.responses import Response

from domain.commands import Receipt
from domain.customers import DecideProposal, ProposalKind, WithdrawProposal
from domain.people import Act
from doorway.admission import needs
from doorway.refusals import NotFound
from doorway.services import HasServices, Services
from doorway.sessions import Person
from persistence.queries.customer_proposals import (
    ProposalView,
    proposal_named,
    proposals_of_customer,
)
from web.flashes import to_page
from web.forms.acts import ActForm
from web.forms.asking import RefusedForm, ask_from_form
from web.forms.entries import EntryReader
from web.pages.customer_parts import Asking, head_of, print_customer
from web.pages.dossier_proposals import OWN_CONTENT, dossier_content
from web.pages.limit_proposals import limit_proposal
from web.pages.proposal_contents import content_shown

router = APIRouter(include_in_schema=False)
Reader = Annotated[Person, Depends(needs(Act.READ_CUSTOMERS))]
Stopper = Annotated[Person, Depends(needs(Act.STOP_LENDING))]
TAB = "/proposals"
ANSWERS = ("approve", "reject")
WITH_OWN_TEMPLATE = (
    ProposalKind.DISPOSITION,
    ProposalKind.OPINION,
    ProposalKind.ALERT_CLOSURE,
    ProposalKind.ALERT_DOWNGRADE,
    ProposalKind.COVENANT,
    ProposalKind.COVENANT_WAIVER,
    ProposalKind.LADDER,
)
STANDINGS = (ProposalKind.STOP_LENDING, ProposalKind.LOCK, ProposalKind.UNLOCK)


@router.get("/customers/{customer_id:uuid}/proposals")
async def show_proposals(
    request: Request, services: HasServices, person: Reader, customer_id: UUID
) -> Response:
    """What was proposed for a customer, open ones first."""
    return await _print_list(request, services, person, customer_id)


@router.post("/customers/{customer_id:uuid}/standing")
async def propose_standing(
    request: Request, services: HasServices, person: Stopper, customer_id: UUID
) -> Response:
    """Propose to stop lending, to lock, or to let go again."""
    entries = EntryReader(await request.form())

    async def ask() -> Receipt:
        kind = entries.choice("kind", STANDINGS)
        evidence = entries.paragraph("evidence")
        entries.paragraph("reason")
        entries.refuse_findings()
        asking = Asking(services, person, customer_id, entries)
        return await asking.propose(ProposalKind(kind), {"evidence": evidence})

    refused = await ask_from_form("standing", entries, ask)
    if refused is None:
        return to_page(request, f"/customers/{customer_id}/proposals", "proposal_made")
    return await _print_list(request, services, person, customer_id, refused)


@router.get("/customers/{customer_id:uuid}/proposals/{proposal_id:uuid}")
async def show_proposal(
    request: Request, services: HasServices, person: Reader, customer_id: UUID, proposal_id: UUID
) -> Response:
    """One proposal: what, why, who, and the verdict form."""
    return await _print_one(request, services, person, customer_id, proposal_id)


@router.post("/customers/{customer_id:uuid}/proposals/{proposal_id:uuid}/decision")
async def decide(
    request: Request, services: HasServices, person: Reader, customer_id: UUID, proposal_id: UUID
) -> Response:
    """Approve or reject another person's proposal."""
    entries = EntryReader(await request.form())

    async def ask() -> Receipt:
        answer = entries.choice("answer", ANSWERS)
        entries.refuse_findings()
        command = DecideProposal(
            entries.token,
            customer_id,
            person.actor,
            proposal_id,
            answer == "approve",
            entries.text("comment"),
        )
        return await services.process.decide_proposal(command)

    refused = await ask_from_form("verdict", entries, ask)
    if refused is None:
        return to_page(
            request, f"/customers/{customer_id}/proposals/{proposal_id}", "proposal_spoken"
        )
    return await _print_one(request, services, person, customer_id, proposal_id, refused)


@router.post("/customers/{customer_id:uuid}/proposals/{proposal_id:uuid}/withdrawal")
async def take_back(
    request: Request, services: HasServices, person: Reader, customer_id: UUID, proposal_id: UUID
) -> Response:
    """The proposer takes it back."""
    entries = EntryReader(await request.form())

    async def ask() -> Receipt:
        command = WithdrawProposal(entries.token, customer_id, person.actor, proposal_id)
        return await services.process.withdraw_proposal(command)

    refused = await ask_from_form("withdrawal", entries, ask)
    if refused is None:
        return to_page(request, f"/customers/{customer_id}/proposals", "proposal_withdrawn")
    return await _print_one(request, services, person, customer_id, proposal_id, refused)


async def _print_list(
    request: Request,
    services: Services,
    person: Person,
    customer_id: UUID,
    refused: RefusedForm | None = None,
) -> Response:
    head = await head_of(services, person, customer_id)
    async with services.database.reading() as session:
        proposals = await proposals_of_customer(session, person.actor, customer_id)
    return print_customer(
        request,
        "customers/proposals.html",
        head,
        TAB,
        status_code=refused.status if refused else 200,
        proposals=proposals,
        form=refused.form if refused else ActForm(),
        may_stop=person.may(Act.STOP_LENDING),
        standings=tuple(kind.value for kind in STANDINGS),
    )


async def _print_one(
    request: Request,
    services: Services,
    person: Person,
    customer_id: UUID,
    proposal_id: UUID,
    refused: RefusedForm | None = None,
) -> Response:
    head = await head_of(services, person, customer_id)
    async with services.database.reading() as session:
        proposal = await proposal_named(session, person.actor, proposal_id)
    if proposal is None or proposal.customer_id != customer_id:
        raise NotFound
    limit = await limit_proposal(services, proposal)
    shown = await content_shown(services, proposal)
    return print_customer(
        request,
        "customers/proposal.html",
        head,
        TAB,
        status_code=refused.status if refused else 200,
        proposal=proposal,
        lines=() if limit["setting"] or shown else _lines(proposal),
        shown=shown,
        **limit,
        dossier=await dossier_content(services, proposal),
        form=refused.form if refused else ActForm(),
    )


def _lines(proposal: ProposalView) -> tuple[tuple[str, object], ...]:
    """The content's own plain values; a kind with more to show has a template of its own."""
    if proposal.kind in OWN_CONTENT or proposal.kind in WITH_OWN_TEMPLATE:
        return ()
    plain = (str, int, bool)
    return tuple(
        (name, value) for name, value in proposal.content.items() if isinstance(value, plain)
    )
