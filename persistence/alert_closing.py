"""Closing an alert and lowering its colour: each takes a second signature."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from domain.customers import ProposalKind, ProposalStatus
from domain.people import Role
from domain.texts import clean_paragraph
from domain.violations import DutyViolation, Finding, FindingsViolation, LoanRuleViolation
from domain.watch.signals import Colour
from persistence.alerts import open_alert
from persistence.audit import record
from persistence.customer_proposals import Effect, Proposed
from persistence.freezes import lift_freeze
from persistence.tables import CustomerProposal, Staff


async def _check_closure(session: AsyncSession, proposed: Proposed, _at: datetime) -> None:
    alert = await open_alert(session, proposed.customer_id, _alert_id(proposed.content))
    await refuse_second(session, proposed, ProposalKind.ALERT_CLOSURE, {"alert": str(alert.id)})
    _texts(proposed.content, "action", "evidence")


async def _close(session: AsyncSession, proposed: Proposed, at: datetime) -> tuple[UUID, ...]:
    alert = await open_alert(session, proposed.customer_id, _alert_id(proposed.content))
    alert.action, alert.evidence = _texts(proposed.content, "action", "evidence")
    alert.closed_at, alert.closure_proposal_id = at, proposed.id
    await lift_freeze(session, proposed.customer_id, f"alert:{alert.id}", at)
    record(
        session,
        "alert.closed",
        at,
        subject=str(proposed.customer_id),
        alert=alert.id,
        signal=alert.signal_id,
        done=alert.action,
        evidence=alert.evidence,
        proposal=proposed.id,
    )
    return ()


async def _check_downgrade(session: AsyncSession, proposed: Proposed, _at: datetime) -> None:
    alert = await open_alert(session, proposed.customer_id, _alert_id(proposed.content))
    await refuse_second(session, proposed, ProposalKind.ALERT_DOWNGRADE, {"alert": str(alert.id)})
    if _colour(proposed.content).gravity >= Colour(alert.colour).gravity:
        raise FindingsViolation([Finding("colour", "alert.not_lower")])


async def _downgrade(session: AsyncSession, proposed: Proposed, at: datetime) -> tuple[UUID, ...]:
    """Risk's signature is on it: of the proposer or of the last approver."""
    alert = await open_alert(session, proposed.customer_id, _alert_id(proposed.content))
    colour = _colour(proposed.content)
    if colour.gravity >= Colour(alert.colour).gravity:
        raise LoanRuleViolation("alert.not_lower")
    if not await _risk_signed(session, proposed):
        raise DutyViolation("alert.risk_signature")
    before, alert.colour = alert.colour, colour
    await lift_freeze(session, proposed.customer_id, f"alert:{alert.id}", at)
    record(
        session,
        "alert.lowered",
        at,
        subject=str(proposed.customer_id),
        alert=alert.id,
        before=before,
        after=colour.value,
        proposal=proposed.id,
    )
    return ()


async def _risk_signed(session: AsyncSession, proposed: Proposed) -> bool:
    signers = [proposed.proposed_by, proposed.decided_by]
    found = select(col(Staff.roles)).where(col(Staff.id).in_([s for s in signers if s]))
    return any(Role.RISK_OFFICER in roles for roles in (await session.execute(found)).scalars())


async def refuse_second(
    session: AsyncSession, proposed: Proposed, kind: ProposalKind, named: Mapping[str, str]
) -> None:
    """One open proposal of a kind for one thing. Violation: `proposal.open_already`."""
    statement = select(col(CustomerProposal.id)).where(
        col(CustomerProposal.customer_id) == proposed.customer_id,
        col(CustomerProposal.kind) == kind,
        col(CustomerProposal.status) == ProposalStatus.OPEN,
        col(CustomerProposal.content).contains(dict(named)),
    )
    if (await session.execute(statement.limit(1))).first() is not None:
        raise LoanRuleViolation("proposal.open_already")


def _alert_id(content: Mapping[str, Any]) -> UUID:
    return id_in(content, "alert")


def id_in(content: Mapping[str, Any], name: str) -> UUID:
    """An id in a proposal's content. Violation: findings `choice.unknown`."""
    try:
        return UUID(str(content.get(name, "")))
    except ValueError as error:
        raise FindingsViolation([Finding(name, "choice.unknown")]) from error


def _colour(content: Mapping[str, Any]) -> Colour:
    try:
        return Colour(str(content.get("colour", "")))
    except ValueError as error:
        raise FindingsViolation([Finding("colour", "choice.unknown")]) from error


def _texts(content: Mapping[str, Any], *names: str) -> tuple[str, ...]:
    findings, found = [], []
    for name in names:
        try:
            found.append(clean_paragraph(str(content.get(name, ""))))
        except LoanRuleViolation as refused:
            findings.append(Finding(name, refused.code, refused.params))
    if findings:
        raise FindingsViolation(findings)
    return tuple(found)


CLOSURE = Effect(_check_closure, _close)
DOWNGRADE = Effect(_check_downgrade, _downgrade)
