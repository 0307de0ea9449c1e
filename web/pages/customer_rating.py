"""A customer's rating: why it is what it is, what would lift it, rating anew, an override."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends
from starlette.requests import Request
from starlette.responses import Response

from domain.commands import Receipt
from domain.customers import ProposalKind
from domain.people import Act
from doorway.admission import needs
from doorway.rating import rate_now
from doorway.services import HasServices, Services
from doorway.sessions import Person
from persistence.queries.rating_page import rating_page
from web.flashes import to_page
from web.forms.acts import ActForm
from web.forms.asking import RefusedForm, ask_from_form
from web.forms.entries import EntryReader
from web.pages.customer_parts import Asking, head_of, print_customer
from web.pages.rating_chart import chart_of

router = APIRouter(include_in_schema=False)
Reader = Annotated[Person, Depends(needs(Act.READ_CUSTOMERS))]
Rater = Annotated[Person, Depends(needs(Act.PROPOSE_RATING))]
TAB = "/rating"


@router.get("/customers/{customer_id:uuid}/rating")
async def show_rating(
    request: Request, services: HasServices, person: Reader, customer_id: UUID
) -> Response:
    """The rating in force, its grounds and its history."""
    return await _print(request, services, person, customer_id)


@router.post("/customers/{customer_id:uuid}/rating")
async def rate_anew(
    request: Request, services: HasServices, person: Rater, customer_id: UUID
) -> Response:
    """Put a rating on the customer's agenda and tell its process."""
    await head_of(services, person, customer_id)
    await rate_now(services, customer_id, person.actor)
    return to_page(request, f"/customers/{customer_id}/rating", "rating_asked")


@router.post("/customers/{customer_id:uuid}/rating/override")
async def propose_override(
    request: Request, services: HasServices, person: Rater, customer_id: UUID
) -> Response:
    """Lay another grade before two approvers."""
    entries = EntryReader(await request.form())
    async with services.database.reading() as session:
        shown = await rating_page(session, customer_id, datetime.now(UTC))

    async def ask() -> Receipt:
        grade = entries.choice("grade", shown.offered)
        entries.paragraph("reason")
        entries.refuse_findings()
        content = {"grade": grade, "rating": entries.text("rating")}
        asking = Asking(services, person, customer_id, entries)
        return await asking.propose(ProposalKind.RATING_OVERRIDE, content)

    refused = await ask_from_form("override", entries, ask)
    if refused is None:
        return to_page(request, f"/customers/{customer_id}/proposals", "proposal_made")
    return await _print(request, services, person, customer_id, refused)


async def _print(
    request: Request,
    services: Services,
    person: Person,
    customer_id: UUID,
    refused: RefusedForm | None = None,
) -> Response:
    head = await head_of(services, person, customer_id)
    async with services.database.reading() as session:
        shown = await rating_page(session, customer_id, datetime.now(UTC))
    return print_customer(
        request,
        "customers/rating.html",
        head,
        TAB,
        status_code=refused.status if refused else 200,
        shown=shown,
        chart=chart_of(shown.history),
        form=refused.form if refused else ActForm(),
        may_propose=person.may(Act.PROPOSE_RATING),
    )
