"""The live board of all cases by stage, for those who watch over them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Query
from starlette.requests import Request
from starlette.responses import Response

from domain.people import Act
from doorway.admission import needs
from doorway.services import HasServices
from doorway.sessions import Person
from persistence.queries.board import board
from web.rendering import render

router = APIRouter(include_in_schema=False)
Supervisor = Annotated[Person, Depends(needs(Act.READ_BOARD))]


@router.get("/board")
async def show_board(
    request: Request,
    services: HasServices,
    person: Supervisor,
    product: Annotated[str, Query(max_length=40, pattern="^[A-Za-z0-9_]*$")] = "",
) -> Response:
    """Every open case, of one product or of all."""
    async with services.database.reading() as session:
        shown = await board(session, person.actor, product or None, datetime.now(UTC))
    return render(request, "board/page.html", board=shown)
