"""The JSON door: its routes, its way of printing refusals, and its description."""

from __future__ import annotations

from fastapi import APIRouter, FastAPI

from api.problems import print_problem
from api.routes import (
    accounts,
    acts,
    calendar,
    callbacks,
    changes,
    customer_limits,
    customer_proposals,
    customer_ratings,
    customer_statements,
    customer_verification,
    customers,
    dossier,
    drafts,
    drawdowns,
    loans,
    papers,
    quotes,
    rates,
    sessions,
    statements,
    suspense,
    tasks,
    watch,
)
from doorway.errors import print_errors

PREFIX = "/api/v1"
PARTS = (
    sessions,
    customer_limits,
    customer_proposals,
    customer_ratings,
    customer_statements,
    customer_verification,
    customers,
    dossier,
    drafts,
    loans,
    accounts,
    acts,
    changes,
    drawdowns,
    papers,
    quotes,
    calendar,
    rates,
    statements,
    suspense,
    tasks,
    watch,
)


def install(app: FastAPI) -> None:
    """Put the JSON door and the providers' callbacks into the application."""
    versioned = APIRouter(prefix=PREFIX)
    for part in PARTS:
        versioned.include_router(part.router)
    app.include_router(versioned)
    app.include_router(callbacks.router)
    for prefix in ("/api/", "/callbacks/", "/healthz"):
        print_errors(app, prefix, print_problem)
