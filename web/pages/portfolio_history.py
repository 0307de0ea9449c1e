"""The portfolio over time: where grades have moved, and how each quarter's loans have aged."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from urllib.parse import urlencode

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from domain.portfolio.exposure import UNRATED
from domain.portfolio.migration import migration_of
from domain.portfolio.vintages import vintages_of
from doorway.services import HasServices
from persistence.clock import business_date
from persistence.queries.paging import page_of
from persistence.queries.portfolio import RatedCustomer, lent_notes, rated_customers
from web.forms.lists import ListLinks, page_number
from web.forms.portfolio import asked_day, asked_grade
from web.pages.portfolio import RiskReader, tabs_for
from web.pages.portfolio_charts import SERIES_MAX, curves_of
from web.rendering import render

router = APIRouter(include_in_schema=False)
YEAR = timedelta(days=365)


@router.get("/portfolio/migration")
async def show_migration(request: Request, services: HasServices, _person: RiskReader) -> Response:
    """The migration matrix of a period."""
    since, until, found = await _rated(request, services)
    matrix = migration_of((one.before, one.after) for one in found)
    period = urlencode({"since": since.isoformat(), "until": until.isoformat()})
    return render(
        request,
        "portfolio/migration.html",
        matrix=matrix,
        since=since,
        until=until,
        period=period,
        tabs=tabs_for("/portfolio/migration"),
    )


@router.get("/portfolio/migration/customers")
async def show_moved(request: Request, services: HasServices, _person: RiskReader) -> Response:
    """The customers of one cell of the matrix."""
    query = request.query_params
    before, after = asked_grade(query, "from"), asked_grade(query, "to")
    since, until, rated = await _rated(request, services)
    found = [one for one in rated if _is(one.before, before) and _is(one.after, after)]
    page = page_of(page_number(query), len(found))
    asked = {
        "since": since.isoformat(),
        "until": until.isoformat(),
        "from": before or "",
        "to": after or "",
    }
    return render(
        request,
        "portfolio/moved.html",
        customers=found[page.offset : page.last],
        since=since,
        until=until,
        page_shown=page,
        links=ListLinks("/portfolio/migration/customers", asked),
        tabs=tabs_for("/portfolio/migration"),
    )


@router.get("/portfolio/vintages")
async def show_vintages(request: Request, services: HasServices, _person: RiskReader) -> Response:
    """The share of each quarter's loans that ever ran more than 30 days late, by age."""
    async with services.database.reading() as session:
        today = await business_date(session, datetime.now(UTC))
        lent = await lent_notes(session, today)
    parts = []
    for currency, notes in sorted(lent.items()):
        quarters = vintages_of(notes, today)
        series = [(f"{one.year}-Q{one.quarter}", one.curve) for one in quarters]
        parts.append((currency, quarters, curves_of(series)))
    tabs = tabs_for("/portfolio/vintages")
    return render(request, "portfolio/vintages.html", parts=parts, series_max=SERIES_MAX, tabs=tabs)


async def _rated(
    request: Request, services: HasServices
) -> tuple[date, date, tuple[RatedCustomer, ...]]:
    async with services.database.reading() as session:
        today = await business_date(session, datetime.now(UTC))
        until = asked_day(request.query_params, "until", today)
        since = asked_day(request.query_params, "since", until - YEAR)
        since, until = min(since, until), max(since, until)
        return since, until, await rated_customers(session, since, until)


def _is(grade: str | None, asked: str | None) -> bool:
    return asked is None or (grade or UNRATED) == asked
