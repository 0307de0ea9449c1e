"""Adding, changing or removing one item of a dossier: a proposal another person verifies."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends
from starlette.requests import Request
from starlette.responses import Response

from domain.commands import Receipt
from domain.customers import ProposalKind
from domain.customers.dossier import SOURCES
from domain.people import Act
from doorway.admission import needs
from doorway.refusals import NotFound
from doorway.services import HasServices, Services
from doorway.sessions import Person
from persistence.clock import business_date
from persistence.queries.customer_head import CustomerHead
from persistence.queries.dossier import dossier_of
from web.flashes import to_page
from web.forms.acts import ActForm
from web.forms.asking import ask_from_form
from web.forms.dossier import ItemForm, at_fields, filled_in, item_form, read_entry
from web.forms.entries import EntryReader
from web.pages.customer_parts import Asking, head_of, print_customer
from web.pages.dossier import TAB

router = APIRouter(include_in_schema=False)
Keeper = Annotated[Person, Depends(needs(Act.KEEP_DOSSIER))]


@router.get("/customers/{customer_id:uuid}/dossier/{section}/{item}")
async def show_form(
    request: Request,
    services: HasServices,
    person: Keeper,
    customer_id: UUID,
    section: str,
    item: str,
) -> Response:
    """The form of one item, filled in with what stands."""
    head = await head_of(services, person, customer_id)
    asked, today = await _form(services, customer_id, section, item)
    form = filled_in(asked, today, dict(request.query_params))
    return _print(request, head, asked, form)


@router.post("/customers/{customer_id:uuid}/dossier/{section}/{item}")
async def propose(
    request: Request,
    services: HasServices,
    person: Keeper,
    customer_id: UUID,
    section: str,
    item: str,
) -> Response:
    """Propose the item as typed, or its removal."""
    head = await head_of(services, person, customer_id)
    asked, today = await _form(services, customer_id, section, item)
    entries = EntryReader(await request.form())

    async def ask() -> Receipt:
        entry = read_entry(entries, asked, customer_id, today)
        asking = Asking(services, person, customer_id, entries)
        return await asking.propose(ProposalKind.FACTS, {"entries": [entry.as_content()]})

    refused = await ask_from_form("fact", entries, ask)
    if refused is None:
        return to_page(request, f"/customers/{customer_id}/dossier", "proposal_made")
    return _print(request, head, asked, at_fields(refused.form, asked), refused.status)


async def _form(
    services: Services, customer_id: UUID, section: str, item: str
) -> tuple[ItemForm, date]:
    async with services.database.reading() as session:
        today = await business_date(session, datetime.now(UTC))
        fact = (await dossier_of(session, customer_id)).fact(section, item)
    form = item_form(section, item, fact)
    if form is None or (fact is None and item != "new" and not form.section.single):
        raise NotFound
    return form, today


def _print(
    request: Request, head: CustomerHead, asked: ItemForm, form: ActForm, status: int = 200
) -> Response:
    return print_customer(
        request,
        "customers/dossier_edit.html",
        head,
        TAB,
        status_code=status,
        asked=asked,
        form=form,
        sources=SOURCES,
    )
