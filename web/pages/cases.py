"""The list of cases."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Depends
from starlette.requests import Request
from starlette.responses import Response

from domain.people import Act
from domain.process import CaseStatus, Stage
from doorway.admission import needs
from doorway.services import HasServices
from doorway.sessions import Person
from persistence.queries.cases import case_list
from web.forms.lists import ListLinks, asked_again, case_filters
from web.printing import print_page

router = APIRouter(include_in_schema=False)
Reader = Annotated[Person, Depends(needs(Act.READ_OWN_CASES, Act.READ_ALL_CASES))]


@router.get("/cases")
async def show_cases(request: Request, services: HasServices, person: Reader) -> Response:
    """The cases this person may see, filtered, sorted and paged by the address."""
    filters = case_filters(request.query_params, person.actor)
    async with services.database.reading() as session:
        found = await case_list(session, person.actor, filters, datetime.now(UTC))
    asked = asked_again(filters)
    return print_page(
        request,
        "cases/list.html",
        found=found,
        filters=filters,
        asked=asked,
        links=ListLinks("/cases", asked),
        stages=tuple(Stage),
        statuses=tuple(CaseStatus),
    )
