"""Customers."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends
from starlette.responses import Response

from api.schemas.customers import CustomerOpened, CustomersTold, DossierTold, OpenCustomer
from api.schemas.lists import PageNumber, SearchText
from api.schemas.strict import body_of
from api.security import api_needs
from api.strict_json import JsonBody
from domain.identifiers import RegistrationNumber, parse_registration_number
from domain.people import Act
from domain.violations import Finding, FindingsViolation, LoanRuleViolation
from doorway.refusals import NotFound
from doorway.services import HasServices
from doorway.sessions import Person
from doorway.verifying import open_and_verify
from persistence.customers import LookalikeViolation
from persistence.queries.customers import customer_list, customer_page

router = APIRouter(prefix="/customers", tags=["customers"])
Opener = Annotated[Person, Depends(api_needs(Act.OPEN_CUSTOMER))]
Reader = Annotated[
    Person, Depends(api_needs(Act.OPEN_CUSTOMER, Act.READ_ALL_CASES, Act.READ_OWN_CASES))
]


@router.post("", status_code=201, openapi_extra=body_of(OpenCustomer))
async def create(
    services: HasServices,
    person: Opener,
    asked: Annotated[OpenCustomer, Depends(JsonBody(OpenCustomer))],
    response: Response,
) -> CustomerOpened:
    """Open a dossier (201), or get the one its number already has (200)."""
    number = _number(asked)
    try:
        customer_id, created = await open_and_verify(
            services, number, asked.name, person.actor, asked.different_from
        )
    except LookalikeViolation as refused:
        others = ", ".join(str(one.id) for one in refused.lookalikes)
        raise LoanRuleViolation("customer.compare", customers=others) from refused
    response.status_code = 201 if created else 200
    response.headers["Location"] = f"/api/v1/customers/{customer_id}"
    return CustomerOpened(id=customer_id, created=created)


@router.get("")
async def index(
    services: HasServices, person: Reader, q: SearchText = "", page: PageNumber = 1
) -> CustomersTold:
    """Customers by name or number."""
    async with services.database.reading() as session:
        found = await customer_list(session, person.actor, q, page)
    return CustomersTold.model_validate({"customers": found.lines, "page": found.page})


@router.get("/{customer_id}")
async def read(services: HasServices, person: Reader, customer_id: UUID) -> DossierTold:
    """One customer, with the cases the caller may see."""
    async with services.database.reading() as session:
        found = await customer_page(session, person.actor, customer_id, datetime.now(UTC))
    if found is None:
        raise NotFound
    return DossierTold.model_validate(found)


def _number(asked: OpenCustomer) -> RegistrationNumber:
    try:
        return parse_registration_number(asked.scheme, asked.registration_number)
    except LoanRuleViolation as violation:
        finding = Finding("registration_number", violation.code, violation.params)
        raise FindingsViolation([finding]) from violation
