"""The early-warning board (预警): open alerts of all customers, reviews that are due, messages."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Query
from starlette.requests import Request
from starlette.responses import Response

from domain.people import Act
from domain.watch.signals import Colour
from doorway.admission import needs
from doorway.services import HasServices
from doorway.sessions import Person
from persistence.queries.alerts import AlertFilters, alert_board
from persistence.queries.watch import reviews_due, unread_notices
from web.forms.acts import ActForm
from web.printing import print_page

router = APIRouter(include_in_schema=False)
Reader = Annotated[Person, Depends(needs(Act.READ_CUSTOMERS))]
_SHOWN = ("", "mine", "overdue")


@router.get("/watch")
async def show_board(
    request: Request,
    services: HasServices,
    person: Reader,
    colour: Annotated[str, Query(max_length=10)] = "",
    show: Annotated[str, Query(max_length=10)] = "",
) -> Response:
    """Open alerts, what happened apart from what may, overdue first."""
    wanted = Colour(colour) if colour in tuple(Colour) else None
    shown = show if show in _SHOWN else ""
    now = datetime.now(UTC)
    filters = AlertFilters(wanted, mine=shown == "mine", overdue=shown == "overdue")
    async with services.database.reading() as session:
        board = await alert_board(session, person.actor, filters, now)
        reviews = await reviews_due(session, person.actor, now, mine=shown == "mine")
        unread = await unread_notices(session, person.actor)
    return print_page(
        request,
        "watch/board.html",
        board=board,
        reviews=reviews,
        unread=unread,
        colours=tuple(one.value for one in Colour),
        colour=wanted.value if wanted else "",
        show=shown,
        form=ActForm(),
    )
