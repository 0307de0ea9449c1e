"""A loan's account on any day."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends

from api.schemas.accounts import AccountTold
from api.schemas.strict import asked_day
from api.security import api_needs
from domain.people import Act
from doorway.refusals import NotFound
from doorway.services import HasServices
from doorway.sessions import Person
from persistence.queries.accounts import AccountPage, account_page
from persistence.queries.case_access import may_see_case
from persistence.queries.ledger import ledger

router = APIRouter(prefix="/loans/{loan_id}/account", tags=["accounts"])
Reader = Annotated[Person, Depends(api_needs(Act.READ_OWN_CASES, Act.READ_ALL_CASES))]
_OF_ACCOUNT = (
    "outstanding",
    "accrued_interest",
    "held",
    "misused",
    "days_past_due",
    "accrual_status",
)


@router.get("")
async def read(services: HasServices, person: Reader, loan_id: UUID, on: str = "") -> AccountTold:
    """The account at the start of a day, today where none is named; a day ahead is a forecast."""
    day, now = asked_day("on", on) if on else None, datetime.now(UTC)
    async with services.database.reading() as session:
        if not await may_see_case(session, person.actor, loan_id):
            raise NotFound
        found = await account_page(session, loan_id, day, now)
        books = await ledger(session, loan_id, found.on)
    return AccountTold.model_validate({**_told(found), "journals": books.journals})


def _told(found: AccountPage) -> dict[str, object]:
    account = found.account
    return {
        **{name: getattr(found, name) for name in AccountTold.model_fields if hasattr(found, name)},
        **{name: getattr(account, name) for name in _OF_ACCOUNT},
        "next_due_on": found.next_due.due_on if found.next_due else None,
        "yearly_rate": account.yearly_rate,
    }
