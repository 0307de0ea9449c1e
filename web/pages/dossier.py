"""The dossier of a customer: its facts on a day, what is missing, and how it came about."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends
from starlette.requests import Request
from starlette.responses import Response

from domain.applications.readers import read_date
from domain.customers.dossier import SECTIONS, Requirement
from domain.people import Act
from domain.violations import LoanRuleViolation
from doorway.admission import needs
from doorway.services import HasServices
from doorway.sessions import Person
from persistence.clock import business_date
from persistence.queries.dossier import difference_between, end_of_day, history_of
from persistence.queries.dossier_state import dossier_state
from web.pages.customer_parts import head_of, print_customer

router = APIRouter(include_in_schema=False)
Reader = Annotated[Person, Depends(needs(Act.READ_CUSTOMERS))]
TAB, HISTORY = "/dossier", "/history"


@router.get("/customers/{customer_id:uuid}/dossier")
async def show_dossier(
    request: Request, services: HasServices, person: Reader, customer_id: UUID
) -> Response:
    """The facts with their sources and both names; `as_of` shows an earlier day."""
    head = await head_of(services, person, customer_id)
    asked, wrong = asked_day(request.query_params, "as_of")
    async with services.database.reading() as session:
        state = await dossier_state(session, customer_id, datetime.now(UTC), asked)
    return print_customer(
        request,
        "customers/dossier.html",
        head,
        TAB,
        status_code=422 if wrong else 200,
        state=state,
        sections=tuple(SECTIONS.values()),
        wrong=wrong,
        links={one.what: link_of(one) for one in state.completeness.missing},
        may_keep=person.may(Act.KEEP_DOSSIER) and not state.is_past,
    )


@router.get("/customers/{customer_id:uuid}/history")
async def show_history(
    request: Request, services: HasServices, person: Reader, customer_id: UUID
) -> Response:
    """What changed, when and by whom; with two days, the difference between them."""
    head = await head_of(services, person, customer_id)
    earlier, wrong_from = asked_day(request.query_params, "from")
    later, wrong_to = asked_day(request.query_params, "to")
    async with services.database.reading() as session:
        today = await business_date(session, datetime.now(UTC))
        history = await history_of(session, customer_id)
        difference = None
        if earlier is not None:
            until = min(later or today, today)
            start, end = await end_of_day(session, earlier), await end_of_day(session, until)
            difference = await difference_between(session, customer_id, start, end)
    return print_customer(
        request,
        "customers/history.html",
        head,
        HISTORY,
        status_code=422 if wrong_from or wrong_to else 200,
        history=history,
        difference=difference,
        earlier=earlier,
        later=later or today,
        wrong=wrong_from or wrong_to,
    )


def asked_day(query: Mapping[str, str], name: str) -> tuple[date | None, bool]:
    """A day in an address: nothing where none is named; True where it is none."""
    text = query.get(name, "").strip()
    if not text:
        return None, False
    try:
        return read_date(text), False
    except LoanRuleViolation:
        return None, True


def link_of(requirement: Requirement) -> str:
    """Where one fills in what is missing, behind the customer's own address."""
    if requirement.section == "identity":
        return f"/dossier/identity/{requirement.what}"
    if requirement.section in SECTIONS:
        return f"/dossier/{requirement.section}/new"
    return f"/{requirement.section}"
