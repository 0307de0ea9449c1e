"""Alerts: a signal fired; it has an owner, a deadline, an action, evidence, a second hand."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from domain.business_time import TaskDeadlines, deadline
from domain.customers import WorkKind
from domain.people import Act, Actor, Role
from domain.texts import clean_paragraph
from domain.violations import DutyViolation, LoanRuleViolation
from domain.watch.signals import Colour, Signal
from persistence.audit import plain, record
from persistence.clock import business_clock, business_date, working_calendar
from persistence.customer_work import add_work
from persistence.freezes import freeze_undrawn
from persistence.ladder_suggestions import suggest_rung
from persistence.notices import tell_staff
from persistence.relations import manager_of
from persistence.tables import Alert
from persistence.watch_rules import catalogue_on

MERGE_DAYS = 30
"""The same signal seen again within so many calendar days joins the alert that is open."""
LEVELS = ("reminded", "escalated", "next_level")
_HEARERS: Mapping[str, Role] = {
    "escalated": Role.RISK_OFFICER,
    "next_level": Role.APPROVER,
}


async def raise_alert(
    session: AsyncSession,
    customer_id: UUID,
    signal_id: str,
    at: datetime,
    params: Mapping[str, Any] | None = None,
) -> UUID:
    """A signal of the catalogue fires for a customer; answers with the alert it opened or joined.

    `params` are the figures it fired on; `params["basis"]` names what they rest on. The same
    signal joins an open alert of the last 30 days or of the same basis, and one that was closed
    on the same basis: that matter was dealt with. Red freezes what is undrawn at once.
    Violation: `alert.unknown_signal`.
    """
    signal = catalogue_on(await business_date(session, at)).named(signal_id)
    if signal is None:
        raise LoanRuleViolation("alert.unknown_signal")
    told = dict(plain(params or {}))
    basis = str(told.pop("basis", ""))[:300]
    known = await _joinable(session, customer_id, signal, basis, at)
    if known is not None:
        known.merged_count, known.last_seen_at = known.merged_count + 1, at
        known.params = told or known.params
        return known.id
    return await _open(session, customer_id, signal, basis, told, at)


async def _joinable(
    session: AsyncSession, customer_id: UUID, signal: Signal, basis: str, at: datetime
) -> Alert | None:
    statement = (
        select(Alert)
        .where(col(Alert.customer_id) == customer_id, col(Alert.signal_id) == signal.id)
        .order_by(col(Alert.closed_at).is_not(None), col(Alert.opened_at).desc())
        .with_for_update()
    )
    # business days may pass faster than the world's: thirty of them are counted by the clock
    span = (await business_clock(session)).stretch(timedelta(days=MERGE_DAYS))
    known = (await session.execute(statement)).scalars().all()
    same = (alert for alert in known if basis and alert.basis == basis)
    recent = (
        alert for alert in known if alert.closed_at is None and alert.last_seen_at + span >= at
    )
    return next(same, None) or next(recent, None)


async def _open(
    session: AsyncSession,
    customer_id: UUID,
    signal: Signal,
    basis: str,
    params: dict[str, Any],
    at: datetime,
) -> UUID:
    clock, calendar = await business_clock(session), await working_calendar(session)
    due_at = deadline(clock, calendar, at, signal.working_days)
    manager = await manager_of(session, customer_id)
    alert = Alert(
        id=uuid4(),
        customer_id=customer_id,
        signal_id=signal.id,
        catalogue=catalogue_on(clock.business_date(at)).version,
        signal_colour=signal.colour,
        colour=signal.colour,
        actual=signal.actual,
        freezes_undrawn=signal.freezes_undrawn,
        evidence_wanted=signal.evidence,
        params=params,
        basis=basis,
        owner_role=signal.owner,
        owner_id=manager if signal.owner is Role.CUSTOMER_MANAGER else None,
        opened_at=at,
        last_seen_at=at,
        due_at=due_at,
    )
    session.add(alert)
    await session.flush()
    record(
        session,
        "alert.opened",
        at,
        subject=str(customer_id),
        alert=alert.id,
        signal=signal.id,
        colour=signal.colour.value,
        basis=basis,
        params=params,
    )
    await _plan_ladder(session, alert, at)
    await _tell_opened(session, alert, manager, at)
    if signal.freezes_undrawn:
        await freeze_undrawn(session, customer_id, f"alert:{alert.id}", at)
    if signal.ladder is not None:
        await suggest_rung(session, customer_id, signal.ladder, f"alert:{alert.id}", at)
    return alert.id


async def _plan_ladder(session: AsyncSession, alert: Alert, at: datetime) -> None:
    """Its owner is reminded at 80 % of the time, others hear of it at 100 and 150 %."""
    ladder = TaskDeadlines.of(at, alert.due_at)
    instants = (ladder.remind_at, ladder.due_at, ladder.next_level_at)
    for level, due_at in zip(LEVELS, instants, strict=True):
        cause = f"alert:{alert.id}:{level}"
        await add_work(session, alert.customer_id, WorkKind.WATCH, cause, at, due_at)


async def _tell_opened(
    session: AsyncSession, alert: Alert, manager: UUID | None, at: datetime
) -> None:
    """Whom it concerns hears of it at once: its manager, and risk from orange up."""
    told = {"signal": alert.signal_id, "colour": alert.colour, "alert": alert.id}
    tell_staff(
        session,
        alert.customer_id,
        "alert_opened",
        at,
        role=Role.CUSTOMER_MANAGER,
        staff_id=manager,
        told=told,
    )
    if Colour(alert.colour).gravity >= Colour.ORANGE.gravity:
        tell_staff(
            session, alert.customer_id, "alert_opened", at, role=Role.RISK_OFFICER, told=told
        )


async def climb_alert(session: AsyncSession, alert_id: UUID, level: str, at: datetime) -> str:
    """An alert reached a rung of its deadline; each is noted once. Answers with the outcome."""
    alert = await session.get(Alert, alert_id, with_for_update=True)
    number = LEVELS.index(level) + 1
    if alert is None or alert.closed_at is not None or alert.level >= number:
        return "alert_closed"
    alert.level = number
    record(session, f"alert.{level}", at, subject=str(alert.customer_id), alert=alert.id)
    hearer = _HEARERS.get(level, Role(alert.owner_role))
    owner = alert.owner_id if level == LEVELS[0] else None
    tell_staff(
        session,
        alert.customer_id,
        f"alert_{level}",
        at,
        role=hearer,
        staff_id=owner,
        told={"signal": alert.signal_id, "colour": alert.colour, "alert": alert.id},
    )
    return level


async def note_action(
    session: AsyncSession,
    customer_id: UUID,
    alert_id: UUID,
    actor: Actor,
    action: str,
    at: datetime,
) -> None:
    """What is being done about an alert; the deadline runs on.

    Violations: `duty.role`, `alert.unknown`, `alert.closed`, those of `clean_paragraph`.
    """
    if not actor.may(Act.KEEP_WATCH):
        raise DutyViolation("duty.role")
    alert = await open_alert(session, customer_id, alert_id)
    alert.action, alert.action_by, alert.action_at = (
        clean_paragraph(action),
        UUID(actor.staff_id),
        at,
    )
    record(
        session,
        "alert.action",
        at,
        subject=str(customer_id),
        actor=actor,
        alert=alert.id,
        done=alert.action,
    )


async def open_alert(session: AsyncSession, customer_id: UUID, alert_id: UUID) -> Alert:
    """An alert that is still open, locked. Violations: `alert.unknown`, `alert.closed`."""
    alert = await session.get(Alert, alert_id, with_for_update=True)
    if alert is None or alert.customer_id != customer_id:
        raise LoanRuleViolation("alert.unknown")
    if alert.closed_at is not None:
        raise LoanRuleViolation("alert.closed")
    return alert
