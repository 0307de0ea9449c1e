"""Who stands behind a customer: drawn, as a table, with owners, controller, group and circles."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends
from starlette.requests import Request
from starlette.responses import Response

from domain.customers.dossier import Party
from domain.people import Act
from doorway.admission import needs
from doorway.services import HasServices
from doorway.sessions import Person
from persistence.clock import business_date
from persistence.queries.dossier import end_of_day
from persistence.queries.ownership import OwnershipView, ownership_of
from web.pages.customer_parts import head_of, print_customer
from web.pages.dossier import asked_day
from web.pages.ownership_picture import as_decimal, draw

router = APIRouter(include_in_schema=False)
Reader = Annotated[Person, Depends(needs(Act.READ_CUSTOMERS))]
TAB = "/ownership"


@dataclass(frozen=True, slots=True)
class StakeRow:
    """One party above the firm, as the table shows it; `bases` say why it is an owner."""

    party: Party
    direct: Decimal | None
    effective: Decimal | None
    votes: Decimal | None
    bases: tuple[str, ...]
    customer: UUID | None


@router.get("/customers/{customer_id:uuid}/ownership")
async def show_ownership(
    request: Request, services: HasServices, person: Reader, customer_id: UUID
) -> Response:
    """The ownership now, or as it was known at the end of a day."""
    head = await head_of(services, person, customer_id)
    asked, wrong = asked_day(request.query_params, "as_of")
    async with services.database.reading() as session:
        today = await business_date(session, datetime.now(UTC))
        is_past = asked is not None and asked < today
        instant = await end_of_day(session, asked) if asked is not None and is_past else None
        view = await ownership_of(session, customer_id, instant)
    return print_customer(
        request,
        "customers/ownership.html",
        head,
        TAB,
        status_code=422 if wrong else 200,
        view=view,
        drawn=draw(view),
        rows=_rows(view),
        names={key: party.name for key, party in view.graph.parties.items()},
        unknown=as_decimal(view.picture.unknown),
        on=asked if is_past else today,
        is_past=is_past,
        wrong=wrong,
        may_keep=person.may(Act.KEEP_DOSSIER) and not is_past,
    )


def _rows(view: OwnershipView) -> tuple[StakeRow, ...]:
    bases = {one.party.key: one.bases for one in view.picture.beneficial_owners}
    stakes = [
        StakeRow(
            party=one.party,
            direct=as_decimal(one.direct) if one.direct else None,
            effective=as_decimal(one.effective),
            votes=as_decimal(one.votes),
            bases=tuple(basis.value for basis in bases.pop(one.party.key, ())),
            customer=view.customers.get(one.party.key),
        )
        for one in view.picture.stakes
    ]
    others = [
        StakeRow(one.party, None, None, None, tuple(basis.value for basis in one.bases), None)
        for one in view.picture.beneficial_owners
        if one.party.key in bases
    ]
    return (*stakes, *others)
