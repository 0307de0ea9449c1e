"""What a person has to look at: incidents, and receipts that fit no loan."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, Field
from starlette.requests import Request
from starlette.responses import Response

from domain.people import Act
from doorway.admission import needs
from doorway.services import HasServices
from doorway.sessions import Person
from persistence.queries.incidents import IncidentFilters, incidents
from web.rendering import render

router = APIRouter(include_in_schema=False)
Watcher = Annotated[Person, Depends(needs(Act.MATCH_RECEIPT, Act.READ_BOARD))]


class AskedIncidents(BaseModel):
    """The page's filters."""

    kind: Annotated[str, Field(max_length=40, pattern="^[a-z_]*$")] = ""
    state: Literal["open", "closed"] = "open"
    page: Annotated[int, Field(ge=1, le=10_000)] = 1


@router.get("/incidents")
async def show_incidents(
    request: Request,
    services: HasServices,
    _person: Watcher,
    asked: Annotated[AskedIncidents, Query()],
) -> Response:
    """Open incidents first; closed ones on demand."""
    filters = IncidentFilters(asked.kind or None, asked.state == "closed", asked.page)
    async with services.database.reading() as session:
        shown = await incidents(session, filters)
    return render(request, "incidents/page.html", incidents=shown)
