"""Watching a customer: every signal is looked at after each event and once a month."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from domain.customers import Work, WorkKind
from domain.process import CaseStatus
from domain.schedules.periods import months_after
from domain.watch.signals import Assessment, Reading, assess
from persistence.alerts import climb_alert, raise_alert
from persistence.audit import record
from persistence.clock import business_date
from persistence.covenants import judge_covenants
from persistence.customer_work import add_work
from persistence.queries.customer_ratings import rating_in_force
from persistence.reviews import plan_periodic_review
from persistence.tables import CustomerReview, Loan
from persistence.watch_facts import facts_to_watch
from persistence.watch_rules import catalogue_on
from persistence.watch_statements import statements_to_watch

_ALERT = "alert"


async def read_signals(
    session: AsyncSession, customer_id: UUID, at: datetime
) -> tuple[Reading, ...]:
    """Every signal of the catalogue in force, looked at with what is known now."""
    today = await business_date(session, at)
    return assess(catalogue_on(today), await facts_to_watch(session, customer_id, at))


async def watch(session: AsyncSession, customer_id: UUID, work: Work, at: datetime) -> str:
    """A rung of an alert's deadline, or a look at everything; answers with what came of it."""
    if work.cause.startswith(f"{_ALERT}:"):
        _, alert_id, level = work.cause.split(":")
        return await climb_alert(session, UUID(alert_id), level, at)
    statements = await statements_to_watch(session, customer_id)
    await judge_covenants(session, customer_id, statements, at)
    readings = await read_signals(session, customer_id, at)
    fired = [one for one in readings if one.result is Assessment.FIRES]
    for reading in fired:
        params = {**reading.fired_on, "basis": reading.basis}
        await raise_alert(session, customer_id, reading.signal.id, at, params)
    unknown = sum(one.result is Assessment.NOT_ASSESSABLE for one in readings)
    record(
        session,
        "customer.watched",
        at,
        subject=str(customer_id),
        cause=work.cause,
        fired=[one.signal.id for one in fired],
        not_assessable=unknown,
    )
    await _plan_next(session, customer_id, at)
    return f"fired {len(fired)}, not assessable {unknown}"


async def _plan_next(session: AsyncSession, customer_id: UUID, at: datetime) -> None:
    """A month from now, as long as the bank lends to it or has anything planned."""
    if not await _lends_to(session, customer_id):
        return
    on = months_after(await business_date(session, at), 1)
    await add_work(session, customer_id, WorkKind.WATCH, f"monthly:{on:%Y-%m}", at, due_on=on)
    if not await _has_review(session, customer_id):
        rating = await rating_in_force(session, customer_id)
        await plan_periodic_review(session, customer_id, rating.grade if rating else None, at)


async def _lends_to(session: AsyncSession, customer_id: UUID) -> bool:
    running = select(col(Loan.id)).where(
        col(Loan.customer_id) == customer_id, col(Loan.status) == CaseStatus.ACTIVE
    )
    return (await session.execute(running.limit(1))).first() is not None


async def _has_review(session: AsyncSession, customer_id: UUID) -> bool:
    ahead = select(col(CustomerReview.id)).where(
        col(CustomerReview.customer_id) == customer_id, col(CustomerReview.status) != "done"
    )
    return (await session.execute(ahead.limit(1))).first() is not None
