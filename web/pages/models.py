"""Monitoring of the models: stability, discrimination, overrides, champion beside challenger."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from domain.portfolio.monitoring import (
    Agreement,
    Discrimination,
    Overrides,
    RatingFact,
    Stability,
    against_fitted,
    agreement,
    discrimination,
    overrides,
    stability,
    years_of,
)
from domain.portfolio.policy import PortfolioPolicy
from doorway.services import HasServices
from persistence.clock import business_date
from persistence.portfolio_policy import portfolio_policy
from persistence.queries.rating_facts import rating_facts
from persistence.scorecards import shipped_scorecard
from web.pages.portfolio import RiskReader, tabs_for
from web.rendering import render

router = APIRouter(include_in_schema=False)
YEARS_BACK = timedelta(days=5 * 366)


@dataclass(frozen=True, slots=True)
class Monitoring:
    """What the page shows; the stability is that of the newest year against the oldest.

    `fitted`: the newest year's ratings by the champion's card against those it was fitted on.
    """

    ratings: int
    models: tuple[tuple[str, int], ...]
    reference: int | None
    year: int | None
    stability: tuple[Stability, ...]
    fitted: tuple[Stability, ...]
    discrimination: tuple[Discrimination, ...]
    overrides: tuple[Overrides, ...]
    agreement: Agreement


@router.get("/models")
async def show_models(request: Request, services: HasServices, _person: RiskReader) -> Response:
    """All four measures of the last five years' ratings."""
    async with services.database.reading() as session:
        today = await business_date(session, datetime.now(UTC))
        policy = await portfolio_policy(session, today)
        facts = await rating_facts(session, today - YEARS_BACK, today)
    found = await asyncio.to_thread(_monitored, facts, policy)
    return render(
        request, "portfolio/models.html", found=found, policy=policy, tabs=tabs_for("/models")
    )


def _monitored(facts: Sequence[RatingFact], policy: PortfolioPolicy) -> Monitoring:
    years = years_of(facts)
    reference, year = (years[0], years[-1]) if len(years) > 1 else (None, None)
    stable = stability(facts, reference, year, policy) if reference and year else ()
    card = shipped_scorecard()
    own = [one for one in facts if one.model == card.version]
    models = sorted({one.model for one in facts})
    return Monitoring(
        ratings=len(facts),
        models=tuple((name, sum(one.model == name for one in facts)) for name in models),
        reference=reference,
        year=year,
        stability=stable,
        fitted=against_fitted(own, years_of(own)[-1], card, policy) if years_of(own) else (),
        discrimination=discrimination(facts, policy),
        overrides=overrides(facts),
        agreement=agreement(facts),
    )
