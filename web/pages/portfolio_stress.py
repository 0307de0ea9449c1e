"""Stress: a shock over every firm, rated again, beside how the book stands."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from decimal import Decimal

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from domain.portfolio.stress import Shock, distribution, movers
from domain.portfolio.stressing import Stressed, stress_book
from domain.violations import LoanRuleViolation
from doorway.services import HasServices, Services
from persistence.queries.portfolio import portfolio_book
from persistence.queries.statement_book import book_of_statements
from persistence.statement_ratings import house_rater
from web.forms.portfolio import asked_shock
from web.pages.portfolio import RiskReader, tabs_for
from web.pages.portfolio_charts import columns_of
from web.rendering import render

router = APIRouter(include_in_schema=False)
MOVERS_SHOWN = 50
EXAMPLES: tuple[tuple[str, str, str], ...] = (("-20", "0", "0"), ("0", "3", "0"), ("-15", "2", "1"))


@router.get("/portfolio/stress")
async def show_stress(request: Request, services: HasServices, _person: RiskReader) -> Response:
    """The form, and what the shock asked for would do. Nothing is written."""
    query = request.query_params
    asked = {name: query.get(name, "")[:8] for name in ("sales", "margin", "interest")}
    refused, found, shock = None, None, Shock()
    try:
        shock = asked_shock(query)
    except LoanRuleViolation as violation:
        refused = violation
    if refused is None and not shock.is_none:
        found = await _stressed(services, shock)
    shifts = distribution(found.firms) if found else ()
    moved = movers(found.firms) if found else ()
    return render(
        request,
        "portfolio/stress.html",
        status_code=422 if refused else 200,
        asked=asked,
        refused=refused,
        found=found,
        shifts=shifts,
        chart=columns_of(
            [(one.grade, (Decimal(one.before), Decimal(one.after))) for one in shifts]
        ),
        movers=moved[:MOVERS_SHOWN],
        moved=len(moved),
        examples=EXAMPLES,
        tabs=tabs_for("/portfolio/stress"),
    )


async def _stressed(services: Services, shock: Shock) -> Stressed:
    """Rated in a thread of its own: the door answers others meanwhile."""
    async with services.database.reading() as session:
        book = await portfolio_book(session, datetime.now(UTC))
        held = await book_of_statements(session)
    return await asyncio.to_thread(
        stress_book,
        held.years,
        held.names,
        book.notes,
        shock,
        book.policy,
        book.as_of,
        house_rater(),
    )
