"""Customers: search, open a dossier, read one, start an application."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from domain.identifiers import RegistrationNumber
from domain.people import Act
from domain.violations import Finding
from doorway.admission import needs
from doorway.refusals import NotFound
from doorway.services import HasServices, Services
from doorway.sessions import Person
from doorway.verifying import open_and_verify
from persistence.customers import LookalikeViolation, find_customer
from persistence.drafts import create_draft
from persistence.queries.customers import customer_list, customer_page
from web.flashes import to_page
from web.forms.customer import CustomerForm, compared, name_finding, read_number
from web.forms.entries import EntryReader
from web.forms.lists import ListLinks, page_number, search_text
from web.forms.offers import offers
from web.pages.customer_parts import head_of, print_customer
from web.printing import print_page

router = APIRouter(include_in_schema=False)
Reader = Annotated[
    Person, Depends(needs(Act.OPEN_CUSTOMER, Act.READ_OWN_CASES, Act.READ_ALL_CASES))
]
Opener = Annotated[Person, Depends(needs(Act.OPEN_CUSTOMER))]
Editor = Annotated[Person, Depends(needs(Act.EDIT_DRAFT))]


@router.get("/customers")
async def show_customers(request: Request, services: HasServices, person: Reader) -> Response:
    """Customers by name or registration number."""
    text = search_text(request.query_params)
    async with services.database.reading() as session:
        found = await customer_list(session, person.actor, text, page_number(request.query_params))
    return print_page(
        request,
        "customers/list.html",
        found=found,
        text=text,
        links=ListLinks("/customers", {"q": text}),
        may_open=person.may(Act.OPEN_CUSTOMER),
    )


@router.get("/customers/new")
async def ask_for_customer(request: Request, _person: Opener) -> Response:
    """The form that opens a dossier."""
    return print_page(request, "customers/new.html", form=CustomerForm(), alike=())


@router.post("/customers")
async def open_dossier(request: Request, services: HasServices, person: Opener) -> Response:
    """Open a dossier, or go to the one the registration number already has."""
    values = EntryReader(await request.form()).typed
    number, name = read_number(values), name_finding(values)
    known = await _known(services, number)
    if known is not None:
        return to_page(request, f"/customers/{known}", "customer_known")
    if isinstance(number, Finding) or name is not None:
        findings = tuple(found for found in (number, name) if isinstance(found, Finding))
        form = CustomerForm(values, findings)
        return print_page(request, "customers/new.html", status_code=422, form=form, alike=())
    try:
        customer_id, is_new = await open_and_verify(
            services, number, values["name"], person.actor, compared(values)
        )
    except LookalikeViolation as refused:
        form = CustomerForm(values, (Finding("name", refused.code),))
        return print_page(
            request, "customers/new.html", status_code=409, form=form, alike=refused.lookalikes
        )
    flash = "customer_opened" if is_new else "customer_known"
    return to_page(request, f"/customers/{customer_id}", flash)


@router.get("/customers/{customer_id:uuid}")
async def show_customer(
    request: Request, services: HasServices, person: Reader, customer_id: UUID
) -> Response:
    """A dossier: identity, cases, drafts, and what can be applied for."""
    async with services.database.reading() as session:
        shown = await customer_page(session, person.actor, customer_id, datetime.now(UTC))
    if shown is None:
        raise NotFound
    head = await head_of(services, person, customer_id)
    return print_customer(
        request, "customers/page.html", head, "", customer=shown, offers=offers(shown.products)
    )


@router.post("/customers/{customer_id:uuid}/drafts")
async def start_application(
    request: Request, services: HasServices, person: Editor, customer_id: UUID
) -> Response:
    """Open a draft for a product."""
    product = EntryReader(await request.form()).text("product_code")
    async with services.database.transaction() as session:
        draft_id = await create_draft(
            session, customer_id, person.actor, product, datetime.now(UTC)
        )
    return RedirectResponse(f"/drafts/{draft_id}", 303)


async def _known(services: Services, number: RegistrationNumber | Finding) -> UUID | None:
    if isinstance(number, Finding):
        return None
    async with services.database.reading() as session:
        return await find_customer(session, number)
