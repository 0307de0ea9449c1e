"""The HTML door: its pages, its files, and how it prints refusals."""

from __future__ import annotations

from fastapi import FastAPI

from doorway.errors import print_errors
from web.assets import VersionedFiles
from web.pages import (
    account,
    acts,
    board,
    calendar,
    case,
    cases,
    changes,
    changes_deciding,
    changes_payoff,
    customer_covenants,
    customer_limits,
    customer_opinions,
    customer_papers,
    customer_proposals,
    customer_rating,
    customer_reviews,
    customer_statement_form,
    customer_statements,
    customer_verification,
    customer_watch,
    customers,
    day_end,
    dossier,
    dossier_edit,
    draft_submission,
    drafts,
    drawdowns,
    history,
    home,
    incidents,
    money_held,
    money_in,
    money_reversal,
    ownership,
    papers,
    quote,
    rates,
    rates_deciding,
    refresh,
    sign_in,
    signing,
    staff,
    tasks,
    watch,
)
from web.problems import print_refusal

ROUTERS = (
    sign_in.router,
    home.router,
    customers.router,
    customer_limits.router,
    customer_proposals.router,
    customer_statements.router,
    customer_statement_form.router,
    customer_rating.router,
    dossier.router,
    dossier_edit.router,
    ownership.router,
    customer_papers.router,
    customer_verification.router,
    customer_opinions.router,
    customer_watch.router,
    customer_covenants.router,
    customer_reviews.router,
    watch.router,
    drafts.router,
    draft_submission.router,
    cases.router,
    quote.router,
    rates.router,
    rates_deciding.router,
    calendar.router,
    tasks.router,
    staff.router,
    case.router,
    account.router,
    papers.router,
    acts.router,
    changes.router,
    changes_deciding.router,
    changes_payoff.router,
    drawdowns.router,
    board.router,
    history.router,
    incidents.router,
    money_in.router,
    money_held.router,
    money_reversal.router,
    day_end.router,
    signing.router,
    refresh.router,
)


def install(app: FastAPI) -> None:
    """Put the pages and their files into the application."""
    for router in ROUTERS:
        app.include_router(router)
    app.mount("/static", VersionedFiles(), name="static")
    print_errors(app, "/", print_refusal)
