"""What an auditor's report or a lawyer's opinion states of a customer, entered from the paper."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends
from starlette.requests import Request
from starlette.responses import Response

from domain.commands import Receipt
from domain.customers import ProposalKind
from domain.customers.opinions import LICENCE_STATES, READERS
from domain.people import Act
from doorway.admission import needs
from doorway.refusals import NotFound
from doorway.services import HasServices, Services
from doorway.sessions import Person
from web.flashes import to_page
from web.forms.acts import ActForm
from web.forms.asking import RefusedForm, ask_from_form
from web.forms.entries import EntryReader
from web.pages.customer_parts import Asking, head_of, print_customer
from web.pages.customer_verification import TAB

router = APIRouter(include_in_schema=False)
Keeper = Annotated[Person, Depends(needs(Act.KEEP_DOSSIER))]
_AMOUNTS = frozenset(
    {"revenue", "net_profit", "total_assets", "equity", "tax", "registered_capital"}
)


@router.get("/customers/{customer_id:uuid}/verification/opinions/{kind}")
async def ask_for_opinion(
    request: Request, services: HasServices, person: Keeper, customer_id: UUID, kind: str
) -> Response:
    """The form for one kind of paper."""
    return await _print(request, services, person, customer_id, kind)


@router.post("/customers/{customer_id:uuid}/verification/opinions/{kind}")
async def propose_opinion(
    request: Request, services: HasServices, person: Keeper, customer_id: UUID, kind: str
) -> Response:
    """Propose what a paper states; a second person compares it with the paper."""
    readers = READERS.get(kind)
    if readers is None:
        raise NotFound
    entries = EntryReader(await request.form())

    async def ask() -> Receipt:
        content = {
            "kind": kind,
            "issuer": entries.text("issuer"),
            "issued_on": entries.text("issued_on"),
            "values": {name: entries.text(name) for name in readers},
        }
        asking = Asking(services, person, customer_id, entries)
        return await asking.propose(ProposalKind.OPINION, content)

    refused = await ask_from_form("opinion", entries, ask)
    if refused is None:
        return to_page(request, f"/customers/{customer_id}{TAB}", "proposal_made")
    return await _print(request, services, person, customer_id, kind, refused)


async def _print(
    request: Request,
    services: Services,
    person: Person,
    customer_id: UUID,
    kind: str,
    refused: RefusedForm | None = None,
) -> Response:
    if kind not in READERS:
        raise NotFound
    return print_customer(
        request,
        "customers/opinion.html",
        await head_of(services, person, customer_id),
        TAB,
        status_code=refused.status if refused else 200,
        kind=kind,
        fields=tuple(READERS[kind]),
        amounts=_AMOUNTS,
        states=LICENCE_STATES,
        form=refused.form if refused else ActForm(),
    )
