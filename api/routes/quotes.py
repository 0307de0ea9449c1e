"""What a loan would cost on any terms; nothing is stored."""

from __future__ import annotations

import asyncio
from typing import Annotated

from fastapi import APIRouter, Depends

from api.schemas.quotes import AskQuote, LoanQuoteTold
from api.schemas.strict import body_of
from api.security import api_needs
from api.strict_json import JsonBody
from domain.people import Act
from domain.quotes import quote
from doorway.services import HasServices
from doorway.sessions import Person
from persistence.clock import working_calendar

router = APIRouter(prefix="/quotes", tags=["quotes"])
Reader = Annotated[Person, Depends(api_needs(Act.READ_OWN_CASES, Act.READ_ALL_CASES))]


@router.post("", openapi_extra=body_of(AskQuote))
async def compute(
    services: HasServices,
    _person: Reader,
    asked: Annotated[AskQuote, Depends(JsonBody(AskQuote))],
) -> LoanQuoteTold:
    """The schedule of these terms, its totals, and its yearly rates."""
    terms = asked.terms()
    async with services.database.reading() as session:
        calendar = await working_calendar(session)
    found = await asyncio.to_thread(quote, terms, asked.fee, calendar.is_working, asked.later())
    return LoanQuoteTold.model_validate(found)
