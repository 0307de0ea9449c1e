"""Day end: each day's steps as they go, and the book it leaves behind."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends
from starlette.requests import Request
from starlette.responses import Response

from domain.people import Act
from doorway.admission import needs
from doorway.refusals import NotFound
from doorway.services import HasServices
from doorway.sessions import Person
from persistence.queries.day_end import day_ends, portfolios
from web.flashes import to_page
from web.rendering import render

router = APIRouter(include_in_schema=False)
Watcher = Annotated[Person, Depends(needs(Act.READ_DAY_END))]
Runner = Annotated[Person, Depends(needs(Act.RUN_DAY_END))]


@router.get("/day-end")
async def show_day_ends(request: Request, services: HasServices, person: Watcher) -> Response:
    """The last days, live while one runs."""
    async with services.database.reading() as session:
        days = await day_ends(session)
    may_run = person.actor.may(Act.RUN_DAY_END)
    return render(request, "day_end/page.html", days=days, may_run=may_run)


@router.get("/day-end/portfolio")
async def show_portfolio(request: Request, services: HasServices, _person: Watcher) -> Response:
    """The book on its last closed day, by class and by ageing."""
    async with services.database.reading() as session:
        found = await portfolios(session)
    return render(request, "day_end/portfolio.html", portfolios=found)


@router.post("/day-end/{business_on}/again")
async def run_again(
    request: Request, services: HasServices, _person: Runner, business_on: date
) -> Response:
    """Run the last closed day again; an earlier one stands, as later ones build on it."""
    async with services.database.reading() as session:
        days = await day_ends(session)
    if not any(day.business_on == business_on and day.last for day in days):
        raise NotFound
    await services.process.run_day_end(business_on)
    return to_page(request, "/day-end", "day_end_asked")
